"""The reporting calendar: periods, their windows, and due days in Vietnamese working days.

Nghị định 09/2019/NĐ-CP, art. 12: figures are closed on the plan's closing day (the 14th), so that a month's
window runs from the 15th of the month before to the 14th. The present is always an argument.
"""

import calendar as gregorian
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from plans.model import Calendar, Level

PeriodKind = Literal["M", "Q", "H", "Y", "A"]
MONTHS: dict[str, int] = {"M": 1, "Q": 3, "H": 6, "Y": 12}
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period; `number` is the month, quarter or half (0 for a year or a single day)."""

    code: str
    kind: PeriodKind
    year: int
    number: int
    window_start: date
    window_end: date
    name_vi: str
    name_en: str


def _closing(year: int, month: int, day: int) -> date:
    """Return the closing day of a month; month 0 is December of the previous year."""
    return date(year, month, day) if month else date(year - 1, 12, day)


@lru_cache(maxsize=1024)
def _scheduled(kind: PeriodKind, year: int, number: int, closing_day: int) -> Period:
    length = MONTHS[kind]
    last = length * max(number, 1)
    names = {
        "M": (f"{year}-M{number:02}", f"Tháng {number} năm {year}", f"{gregorian.month_name[last]} {year}"),
        "Q": (
            f"{year}-Q{number}",
            f"Quý {_ROMAN[(number - 1) % 4]} năm {year}",
            f"Quarter {number} of {year}",
        ),
        "H": (
            f"{year}-H{number}",
            f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}",
            f"{'First' if number == 1 else 'Second'} half of {year}",
        ),
        "Y": (f"{year}-Y", f"Năm {year}", f"Year {year}"),
    }
    code, name_vi, name_en = names[kind]
    start = _closing(year, last - length, closing_day) + timedelta(days=1)
    return Period(code, kind, year, number, start, _closing(year, last, closing_day), name_vi, name_en)


def ad_hoc_period(day: date) -> Period:
    """Return the period of an ad hoc report: the day itself."""
    code = f"{day.year}-A-{day:%m%d}"
    return Period(
        code, "A", day.year, 0, day, day, f"Đột xuất ngày {day:%d/%m/%Y}", f"Ad hoc, {day:%d %B %Y}"
    )


def period_from_code(code: str, rules: Calendar) -> Period:
    """Return the period of a code: 2020-M03, 2020-Q1, 2020-H1, 2020-Y, 2020-A-0305. Raises ValueError."""
    year, _, rest = code.partition("-")
    if len(year) == 4 and year.isdecimal() and year.isascii() and int(year) > 1:
        for period in scheduled_periods(int(year), rules):
            if period.code == code:
                return period
        if rest.startswith("A-"):
            with suppress(ValueError):
                of_day = ad_hoc_period(datetime.strptime(year + rest[2:], "%Y%m%d").date())
                if of_day.code == code:
                    return of_day
    raise ValueError(f"{code!r} is no period; write 2020-M03, 2020-Q1, 2020-H1, 2020-Y or 2020-A-0305")


def scheduled_periods(year: int, rules: Calendar) -> tuple[Period, ...]:
    """Return the 12 months, 4 quarters, 2 halves and the year, by end of window, short ones first."""
    kinds: tuple[PeriodKind, ...] = ("M", "Q", "H", "Y")
    periods = [
        _scheduled(kind, year, number if kind != "Y" else 0, rules.closing_day)
        for kind in kinds
        for number in range(1, 12 // MONTHS[kind] + 1)
    ]
    return tuple(sorted(periods, key=lambda p: (p.window_end, MONTHS[p.kind])))


def year_window(year: int, rules: Calendar) -> tuple[date, date]:
    """Return the first and last day of the plan year."""
    return _closing(year, 0, rules.closing_day) + timedelta(days=1), _closing(year, 12, rules.closing_day)


def ad_hoc_periods(year: int, rules: Calendar) -> tuple[Period, ...]:
    """Return an ad hoc period for each day of the plan year."""
    start, end = year_window(year, rules)
    return tuple(ad_hoc_period(start + timedelta(days=n)) for n in range((end - start).days + 1))


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    import holidays  # slow to import, and needed for due days only

    return frozenset(holidays.country_holidays("VN", years=year))


def is_working_day(day: date, rules: Calendar) -> bool:
    """Return whether offices work: no weekend, no public holiday; days moved by the plan take precedence."""
    if day in rules.extra_working_days:
        return True
    return day.weekday() < 5 and day not in rules.extra_days_off and day not in _public_holidays(day.year)


def add_working_days(day: date, count: int, rules: Calendar) -> date:
    """Return the working day `count` working days after `day`; `day` itself for a count of 0."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day, rules):
            count -= 1
    return day


def due_day(period: Period, level: Level, rules: Calendar) -> date:
    """Return the last day on which a body of the level reports in time."""
    return add_working_days(period.window_end, rules.due_working_days[level], rules)


def due_at(period: Period, level: Level, rules: Calendar) -> datetime:
    """Return the last second of the due day, in the plan's time zone."""
    return datetime.combine(due_day(period, level, rules), time(23, 59, 59), ZoneInfo(rules.timezone))


def is_due_day(day: date, rules: Calendar) -> bool:
    """Return whether a report of some level is due on this day."""
    periods = (p for year in (day.year, day.year + 1) for p in scheduled_periods(year, rules))
    return any(due_day(p, level, rules) == day for p in periods for level in rules.due_working_days)


def close_day(period: Period, rules: Calendar) -> date:
    """Return the day on which the province closes the period's figures."""
    return add_working_days(period.window_end, rules.close_working_days, rules)
