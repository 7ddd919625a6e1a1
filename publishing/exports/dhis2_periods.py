"""Periods as DHIS2 has them: their types, and their notation.

Weeks and months are those of the common calendar, whatever plan year they are of. Quarters, halves and years
of a plan year that begins in another month are periods of DHIS2 only where that has a type for them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from plans.model import Calendar
from plans.plan_types import Cadence
from plans.reporting_calendar import MONTHS, Period

# By kind of period and by the first month of the plan year.
_QUARTERS = dict.fromkeys((1, 4, 7, 10), "Quarterly")
_HALVES = {1: "SixMonthly", 4: "SixMonthlyApril", 7: "SixMonthly", 10: "SixMonthlyApril"}
_YEARS = {1: "Yearly", 4: "FinancialApril", 7: "FinancialJuly", 10: "FinancialOct"}
_SHIFTED: Mapping[Cadence, Mapping[int, str]] = MappingProxyType({"Q": _QUARTERS, "H": _HALVES, "Y": _YEARS})

# What follows the year in which a half or a year begins, by the month in which it begins.
_OF_HALF = {1: "S1", 4: "AprilS1", 7: "S2", 10: "AprilS2"}
_OF_YEAR = {1: "", 4: "April", 7: "July", 10: "Oct"}


def dhis2_period_types(calendar: Calendar) -> dict[Cadence, str]:
    """Return the period type of each kind of period of a calendar that DHIS2 has."""
    first = calendar.year_starts_in
    shifted = {kind: types[first] for kind, types in _SHIFTED.items() if first in types}
    return {"M": "Monthly", **shifted, "W": "Weekly"}


def dhis2_period(period: Period) -> str:
    """Return a period of such a type in DHIS2 notation: 202003, 2020Q1, 2020S1, 2020, 2020July, 2020W7.

    A month is the one in which the window ends. Windows do not change.
    """
    last = period.window_end
    if period.kind == "W":
        iso = last.isocalendar()
        return f"{iso.year}W{iso.week}"
    year, month = divmod(12 * last.year + last.month - MONTHS[period.kind], 12)
    month += 1
    if period.kind == "M":
        return f"{year}{month:02}"
    if period.kind == "Q":
        return f"{year}Q{month // 3 + 1}"
    return f"{year}{_OF_HALF[month] if period.kind == 'H' else _OF_YEAR[month]}"
