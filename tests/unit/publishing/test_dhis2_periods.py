"""Periods of calendars that begin in other months, in the notation of DHIS2."""

import pytest

from plans.model import Calendar
from plans.reporting_calendar import period_from_code
from publishing.exports.dhis2_periods import dhis2_period, dhis2_period_types


def calendar(first_month: int, **fields: object) -> Calendar:
    stated = {"closing_day": 31, "due_working_days": {"province": 5}, "close_working_days": 5}
    stated |= {"year_starts_in": first_month, "periods": ["W", "M", "Q", "H", "Y"]}
    return Calendar.model_validate(stated | fields)


@pytest.mark.parametrize(
    ("first_month", "code", "expected"),
    [
        (7, "2023-M07", "202307"), (7, "2024-M01", "202401"),
        (7, "FY2024-Q1", "2023Q3"), (7, "FY2024-Q4", "2024Q2"),
        (7, "FY2024-H1", "2023S2"), (7, "FY2024-H2", "2024S1"), (7, "FY2024-Y", "2023July"),
        (4, "FY2024-Q4", "2024Q1"), (4, "FY2024-H1", "2023AprilS1"), (4, "FY2024-H2", "2023AprilS2"),
        (4, "FY2024-Y", "2023April"), (10, "FY2024-H1", "2023AprilS2"), (10, "FY2024-H2", "2024AprilS1"),
        (10, "FY2024-Y", "2023Oct"), (7, "2023-W30", "2023W30"),
        (1, "2020-W53", "2020W53"), (1, "2021-W01", "2021W1"),
    ],
)  # fmt: skip
def test_a_period_is_the_one_of_its_dates(first_month: int, code: str, expected: str) -> None:
    rules = calendar(first_month, year_named_by="end")
    assert dhis2_period(period_from_code(code, rules)) == expected


@pytest.mark.parametrize("closing_day", [14, 25])
def test_a_window_that_begins_earlier_is_of_the_month_in_which_it_ends(closing_day: int) -> None:
    rules = calendar(1, closing_day=closing_day)
    codes = {code: dhis2_period(period_from_code(code, rules)) for code in ("2024-M01", "2024-Q1", "2024-Y")}
    assert codes == {"2024-M01": "202401", "2024-Q1": "2024Q1", "2024-Y": "2024"}


def test_kinds_that_dhis2_has_no_type_for_are_left_out() -> None:
    assert dhis2_period_types(calendar(9)) == {"M": "Monthly", "W": "Weekly"}
    assert dhis2_period_types(calendar(7))["Y"] == "FinancialJuly"
    assert dhis2_period_types(calendar(4))["H"] == "SixMonthlyApril"
    assert dhis2_period_types(calendar(1))["H"] == "SixMonthly"
