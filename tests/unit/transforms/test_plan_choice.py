"""A file that is read for several plans: each sheet goes to the plans that require it."""

from datetime import date

from tests.support.forms import FORM_SET
from tests.support.reports import PLAN, district_rows, workbook
from transforms.layout.sheet_parser import reading_context
from transforms.plan_choice import read_for_plans

NEXT_YEAR = PLAN.model_copy(update={"code": "DN-2021", "year": 2021})
LATER = PLAN.model_copy(
    update={"code": "LATER", "calendar": PLAN.calendar.model_copy(update={"closing_day": 20})}
)
TODAY = date(2021, 3, 1)
THIS, NEXT, ANOTHER = (reading_context(plan, FORM_SET, TODAY) for plan in (PLAN, NEXT_YEAR, LATER))


def plans_of(
    period: str, *contexts: object, form: str = "01-PCMD", window: str = ""
) -> list[tuple[str, bool]]:
    content = workbook(form, "CAT", period, district_rows(form), window=window)
    reading = read_for_plans(content, "a.xlsx", "CAT", contexts)  # type: ignore[arg-type]
    return [(sheet.plan_code, not sheet.findings) for sheet in reading.sheets]


def test_a_sheet_goes_to_the_plan_of_its_period() -> None:
    assert plans_of("Tháng 12 năm 2020", NEXT, THIS) == [("DN-2020", True)]
    assert plans_of("Tháng 1 năm 2021", THIS, NEXT) == [("DN-2021", True)]


def test_a_sheet_that_two_plans_require_is_there_twice() -> None:
    assert plans_of("Tháng 3 năm 2020", THIS, ANOTHER) == [("DN-2020", True), ("LATER", True)]


def test_a_stated_window_decides_between_calendars() -> None:
    stated = "từ ngày 21/02/2020 đến ngày 20/03/2020"
    assert plans_of("Tháng 3 năm 2020", THIS, ANOTHER, window=stated) == [("LATER", True)]


def test_a_sheet_that_no_plan_requires_is_rejected_once_under_the_nearest() -> None:
    assert plans_of("Tháng 3 năm 2019", NEXT, THIS) == [("DN-2021", False)]
    assert plans_of("Quý I năm 2020", NEXT, THIS) == [("DN-2020", False)]  # the cadence is wrong


def test_a_file_without_forms_belongs_to_the_first_plan() -> None:
    reading = read_for_plans(b"no table", "a.xlsx", "CAT", [NEXT, THIS])
    assert (reading.sheets, reading.plan_code) == ([], "DN-2021")
