"""Names of periods read back to their codes in each language and calendar; what is no period is refused."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.languages.catalog import SHIPPED
from plans.model import Calendar
from plans.reporting_calendar import Period, ad_hoc_period, scheduled_periods
from tests.support.languages import LAO, PLAN
from transforms.layout.sheet_head.period_words import InvalidPeriod, names_period, read_period
from transforms.text.reading_words import in_readers_words

KINDS = [("M", "Q", "H", "Y"), ("D", "W", "M", "Q", "H", "Y")]
YEARS: list[dict[str, object]] = [
    {},
    {"closing_day": 31},
    {"closing_day": 31, "year_starts_in": 7, "year_named_by": "end"},
    {"closing_day": 31, "year_starts_in": 4},
    {"year_starts_in": 9, "year_prefix": "SY"},
    {"year_starts_in": 9, "year_prefix": ""},
    {"year_starts_in": 10, "year_prefix": "BE", "year_named_by": "end"},
    {"year_prefix": "FY"},
]
# The shipped languages, two with texts of their own, and one of which CLDR has the months alone.
LANGUAGES = sorted({*(folder.name for folder in SHIPPED.iterdir() if any(folder.glob("*.yaml")))})
LANGUAGES += [PLAN.language, LAO.language, "de"]
LABELS = {"vi": ["Kỳ báo cáo: ", ""]}


def _calendar(language: str = "en", **rules: object) -> Calendar:
    given = {"due_working_days": {"commune": 2}, "close_working_days": 6, "language": language, **rules}
    return Calendar.model_validate(given)


STANDARD = _calendar(closing_day=31, periods=KINDS[1])
FISCAL = _calendar(closing_day=31, year_starts_in=7, year_named_by="end", periods=KINDS[1])


def _read(text: str, calendar: Calendar) -> Period | None:
    return read_period(in_readers_words(text, calendar.language), calendar)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rules", YEARS, ids=str)
@pytest.mark.parametrize("kinds", KINDS, ids="".join)
def test_each_name_reads_back(language: str, rules: dict[str, object], kinds: tuple[str, ...]) -> None:
    calendar = _calendar(language, periods=kinds, **rules)
    periods = (*scheduled_periods(2024, calendar), ad_hoc_period(date(2024, 3, 5), language))
    labels = LABELS.get(language, ["Reporting period: ", "Period: ", ""])
    read = {
        f"{label}{p.name_vi}": _read(f"{label}{p.name_vi}", calendar) for p, label in product(periods, labels)
    }
    expected = {f"{label}{p.name_vi}": p for p, label in product(periods, labels)}
    assert read == expected


@given(st.integers(1995, 2098), st.integers(1, 12), st.sampled_from(["start", "end"]), st.data())
def test_names_of_any_year_read_back(year: int, first_month: int, named_by: str, data: st.DataObject) -> None:
    calendar = _calendar(
        data.draw(st.sampled_from(LANGUAGES)), year_starts_in=first_month, year_named_by=named_by
    )
    period = data.draw(st.sampled_from(scheduled_periods(year, calendar)))
    assert _read(period.name_vi, calendar) == period


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Quarter 1 of 2023-24", "FY2024-Q1"),
        ("Second quarter 2023/24", "FY2024-Q2"),
        ("Q3 2023–24", "FY2024-Q3"),
        ("Half 1 2023/2024", "FY2024-H1"),
        ("Year 2023/24", "FY2024-Y"),
        ("Reporting period: 2023/24", "FY2024-Y"),
        ("Reporting period: FY2024", "FY2024-Y"),
        ("FY2023/24", "FY2024-Y"),
        ("FY2024-Q1", "FY2024-Q1"),
        ("Q1 FY2024", "FY2024-Q1"),
        ("Quarter 1, financial year 2023/24", "FY2024-Q1"),
        ("Q1 2024 - 15/04/2024", "FY2024-Q1"),
        ("Quarter 1 of FY2024 (July to September 2023)", "FY2024-Q1"),
        ("September 2023/24", "2023-M09"),
        ("March 2023/24", "2024-M03"),
        ("First 10 days of March 2024", "2024-M03-D1"),
        ("Reporting period: March 2024 (31 days)", "2024-M03"),
        ("Reporting period: Ad hoc, 5 March 2024", "2024-A-0305"),
        ("Week 9 of 2024", "2024-W09"),
    ],
)
def test_other_wordings_of_a_fiscal_calendar(text: str, code: str) -> None:
    period = _read(text, FISCAL)
    assert period is not None
    assert period.code == code


@pytest.mark.parametrize(
    "text",
    [
        "First half of March 2024",
        "second week of March 2024",
        "Week 9 (March 2024)",
        "weekly, March 2024",
        "mid-March 2024",
        "10 days of March 2024",
        "March 2024, second half",
        "March 2024 (week 2)",
        "January - March 2024",
        "Jan–Mar 2024",
        "Jan/Feb 2024",
        "Jan & Feb 2024",
        "January, February and March of 2024",
        "Quarter 1 (April to June 2024)",
        "6 months to December 2023",
        "Quarter ended March 2024",
        "Year to date March 2024",
        "March 2023 - March 2024",
        "Q1 and Q2 2024",
        "Q1-Q2 2024",
        "Quarters 1 and 2 of 2024",
        "First and second quarter of 2024",
        "Weeks 1 to 5 of 2024",
        "Week 1 and week 2 2024",
        "Second quarter 2023/24",
        "Q1 2023-2025",
        "March 2023/24",
    ],
)
def test_parts_of_a_month_and_several_periods_are_refused(text: str) -> None:
    with pytest.raises(InvalidPeriod):
        _read(f"Reporting period: {text}", STANDARD)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Quý II năm học 2023-24", "SY2023-Q2"),
        ("Tháng 3 năm học 2023-2024", "2024-M03"),
        ("Tháng 9 năm học 2023-2024", "2023-M09"),
        ("Quý I năm học 2023-2024 (tháng 9, tháng 10, tháng 11)", "SY2023-Q1"),
    ],
)
def test_a_school_year_in_vietnamese(text: str, code: str) -> None:
    calendar = _calendar("vi", closing_day=31, year_starts_in=9, year_prefix="SY")
    period = _read(text, calendar)
    assert period is not None
    assert period.code == code


def test_years_that_are_none_of_the_calendar_are_refused() -> None:
    school = _calendar("vi", closing_day=31, year_starts_in=9, year_prefix="SY")
    for text, calendar in [("Quý II năm 2023-2025", school), ("Quý II năm 2023-24", _calendar("vi"))]:
        with pytest.raises(InvalidPeriod):
            read_period(text, calendar)


@pytest.mark.parametrize("prefix", ["SY", "", "FY"])
def test_a_part_of_the_year_names_its_period_whatever_the_prefix(prefix: str) -> None:
    calendar = _calendar("vi", closing_day=31, year_starts_in=9, year_prefix=prefix)
    quarters = [p for p in scheduled_periods(2021, calendar) if p.kind == "Q"]
    assert [names_period("Quý II", period, calendar) for period in quarters] == [False, True, False, False]


def test_the_year_of_months_is_that_of_their_quarter_in_calendar_years_alone() -> None:
    period = _read("Reporting period: Quarter 1 (January to March 2024)", STANDARD)
    assert period is not None
    assert period.code == "2024-Q1"
    with pytest.raises(InvalidPeriod):  # July to September 2023 are a quarter of FY2024
        _read("Reporting period: Quarter 1 (July to September 2023)", FISCAL)
