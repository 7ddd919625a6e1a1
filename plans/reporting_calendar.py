"""The reporting calendar: periods, their windows, and due days in working days.

Nghị định 09/2019/NĐ-CP, art. 12: figures are closed on the plan's closing day (the 14th), so that a month's
window runs from the 15th of the month before to the 14th. Weeks and thirds of months are those of the common
calendar. A year may begin in any month (fiscal and school years). The present is always an argument.
"""

import calendar as gregorian
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from plans.languages.catalog import DEFAULT
from plans.model import Cadence, Calendar, Level
from plans.period_names import names_in_year, period_names
from plans.public_holidays import public_holidays

PeriodKind = Cadence
MONTHS: dict[str, int] = {"M": 1, "Q": 3, "H": 6, "Y": 12}
_CODES = {
    kind: re.compile(pattern, re.ASCII)
    for kind, pattern in {
        "D": r"(?P<year>\d{4})-M(?P<month>\d\d)-D(?P<number>[123])",
        "W": r"(?P<year>\d{4})-W(?P<number>\d\d)",
        "M": r"(?P<year>\d{4})-M(?P<number>\d\d)",
        "Q": r"(?P<prefix>[A-Z]*)(?P<year>\d{4})-Q(?P<number>[1-4])",
        "H": r"(?P<prefix>[A-Z]*)(?P<year>\d{4})-H(?P<number>[12])",
        "Y": r"(?P<prefix>[A-Z]*)(?P<year>\d{4})-Y",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period; `year` is that of the plan, `number` the week, month, quarter or half (else 0).

    `name_vi` is its name in the language of the plan.
    """

    code: str
    kind: PeriodKind
    year: int
    number: int
    window_start: date
    window_end: date
    name_vi: str
    name_en: str

    @property
    def days(self) -> int:
        """How many days its window has."""
        return (self.window_end - self.window_start).days + 1


@dataclass(frozen=True, slots=True)
class _Rules:
    """What periods depend on, as a key: the calendar itself has parts that cannot be hashed."""

    closing_day: int
    first_month: int
    is_named_by_end: bool
    prefix: str
    week_closing_day: int
    kinds: tuple[PeriodKind, ...]
    language: str


def _rules(calendar: Calendar) -> _Rules:
    return _Rules(
        calendar.closing_day,
        calendar.year_starts_in,
        calendar.year_named_by == "end",
        calendar.code_prefix,
        calendar.week_closing_day,
        calendar.periods,
        calendar.language,
    )


def _closing(year: int, month: int, rules: _Rules) -> date:
    """Return the closing day of a month, at most its last day; months 0 and 13 are of other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(rules.closing_day, gregorian.monthrange(year, month)[1]))


def _first_year(year: int, rules: _Rules) -> int:
    """Return the calendar year in which a plan year begins."""
    return year - 1 if rules.is_named_by_end and rules.first_month > 1 else year


def _plan_year(day: date, rules: _Rules) -> int:
    """Return the plan year in whose window a day lies."""
    for year in (day.year - 1, day.year, day.year + 1):
        first, last = _year_window(year, rules)
        if first <= day <= last:
            return year
    raise ValueError(f"{day} lies in no plan year")


def _year_window(year: int, rules: _Rules) -> tuple[date, date]:
    begins = _first_year(year, rules)
    first = _closing(begins, rules.first_month - 1, rules) + timedelta(days=1)
    return first, _closing(begins, rules.first_month + 11, rules)


def _of_months(kind: PeriodKind, year: int, number: int, rules: _Rules) -> Period:
    """Return a quarter, half or year of a plan year; `number` counts from its beginning."""
    begins, length = _first_year(year, rules), MONTHS[kind]
    last = rules.first_month - 1 + length * max(number, 1)
    years = f"{begins}-{begins + 1}" if rules.first_month > 1 else f"{year}"
    of_year = "calendar" if rules.first_month == 1 else "school" if rules.prefix == "SY" else "fiscal"
    text = {"Q": "quarter", "H": "halves", "Y": "year"}[kind]
    names = names_in_year(rules.language, text, year, number, of_year, years=years, prefix=rules.prefix)
    start = _closing(begins, last - length, rules) + timedelta(days=1)
    code = f"{rules.prefix}{year}-{kind}{number or ''}"
    return Period(code, kind, year, number, start, _closing(begins, last, rules), *names)


def _month(year: int, month: int, rules: _Rules) -> Period:
    """Return a month of a calendar year."""
    start, end = _closing(year, month - 1, rules) + timedelta(days=1), _closing(year, month, rules)
    names = period_names(rules.language, "month", year, month=month)
    return Period(f"{year}-M{month:02}", "M", _plan_year(end, rules), month, start, end, *names)


def _third(year: int, month: int, number: int, rules: _Rules) -> Period:
    """Return the first, second or third ten days of a month of the ordinary calendar."""
    last_day = gregorian.monthrange(year, month)[1] if number == 3 else 10 * number
    start, end = date(year, month, 10 * number - 9), date(year, month, last_day)
    names = period_names(rules.language, "thirds", year, number, month)
    code = f"{year}-M{month:02}-D{number}"
    return Period(code, "D", _plan_year(end, rules), 3 * (month - 1) + number, start, end, *names)


def _week(year: int, number: int, rules: _Rules) -> Period:
    """Return the seven days that end on the closing day of an ISO week; ValueError if there is none."""
    end = date.fromisocalendar(year, number, rules.week_closing_day)
    names = period_names(rules.language, "week", year, number)
    start = end - timedelta(days=6)
    return Period(f"{year}-W{number:02}", "W", _plan_year(end, rules), number, start, end, *names)


def ad_hoc_period(day: date, language: str = DEFAULT) -> Period:
    """Return the period of an ad hoc report: the day itself, named in the language of the plan."""
    names = period_names(language, "ad_hoc", day.year, month=day.month, day=day)
    return Period(f"{day.year}-A-{day:%m%d}", "A", day.year, 0, day, day, *names)


def period_from_code(code: str, calendar: Calendar) -> Period:
    """Return the period of a code of the calendar: 2020-M03, 2020-W05, FY2020-Y. Raises ValueError."""
    period = _period(code, _rules(calendar))
    if period is None:
        examples = "2020-M03, 2020-Q1, 2020-H1, 2020-Y or 2020-A-0305"
        raise ValueError(f"{code!r} is no period; write {examples}")
    return period


@lru_cache(maxsize=4096)
def _period(code: str, rules: _Rules) -> Period | None:
    with suppress(ValueError, OverflowError):
        if re.fullmatch(r"\d{4}-A-\d{4}", code, re.ASCII):
            day = datetime.strptime(f"{code[:4]}{code[7:]}", "%Y%m%d").date()
            return ad_hoc_period(day, rules.language)
        for kind, pattern in _CODES.items():
            found = pattern.fullmatch(code)
            if found and kind in rules.kinds:
                return _from_parts(kind, {key: text or "" for key, text in found.groupdict().items()}, rules)
    return None


def _from_parts(kind: str, parts: dict[str, str], rules: _Rules) -> Period:
    year, number = int(parts["year"]), int(parts.get("number") or 0)
    if not 1 < year < 9998 or (kind == "M" and not 1 <= number <= 12):
        raise ValueError("no such year or month")
    if kind == "D":
        return _third(year, int(parts["month"]), number, rules)
    if kind == "W":
        return _week(year, number, rules)
    if kind == "M":
        return _month(year, number, rules)
    if parts["prefix"] != rules.prefix:
        raise ValueError("another calendar's code")
    return _of_months({"Q": "Q", "H": "H"}.get(kind, "Y"), year, number, rules)  # type: ignore[arg-type]


def scheduled_periods(year: int, calendar: Calendar) -> tuple[Period, ...]:
    """Return the periods of a plan year that the calendar has, by end of window, short ones first."""
    return _scheduled(year, _rules(calendar))


@lru_cache(maxsize=128)
def _scheduled(year: int, rules: _Rules) -> tuple[Period, ...]:
    begins = _first_year(year, rules)
    numbers = range(rules.first_month, rules.first_month + 12)
    months = [(begins + (number - 1) // 12, (number - 1) % 12 + 1) for number in numbers]
    made: dict[str, list[Period]] = {
        "M": [_month(*month, rules) for month in months],
        "Q": [_of_months("Q", year, number, rules) for number in (1, 2, 3, 4)],
        "H": [_of_months("H", year, number, rules) for number in (1, 2)],
        "Y": [_of_months("Y", year, 0, rules)],
        "D": _thirds_of(year, months, rules) if "D" in rules.kinds else [],
        "W": _weeks_of(year, rules) if "W" in rules.kinds else [],
    }
    periods = [period for kind in rules.kinds for period in made.get(kind, ())]
    return tuple(sorted(periods, key=lambda p: (p.window_end, -p.window_start.toordinal())))


def _thirds_of(year: int, months: list[tuple[int, int]], rules: _Rules) -> list[Period]:
    """Return the thirds of months that end within the plan year."""
    before = _closing(*months[0], rules).replace(day=1) - timedelta(days=1)
    around = [(before.year, before.month), *months]
    thirds = (_third(*month, number, rules) for month in around for number in (1, 2, 3))
    return [period for period in thirds if period.year == year]


def _weeks_of(year: int, rules: _Rules) -> list[Period]:
    """Return the weeks that end within the plan year."""
    first, last = _year_window(year, rules)
    days = (first + timedelta(days=7 * n) for n in range((last - first).days // 7 + 2))
    weeks = {day.isocalendar()[:2] for day in days}
    periods = (_week(*week, rules) for week in sorted(weeks))
    return [period for period in periods if period.year == year]


def year_window(year: int, calendar: Calendar) -> tuple[date, date]:
    """Return the first and last day of the plan year."""
    return _year_window(year, _rules(calendar))


def ad_hoc_periods(year: int, calendar: Calendar) -> tuple[Period, ...]:
    """Return an ad hoc period for each day of the plan year."""
    start, end = year_window(year, calendar)
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return tuple(ad_hoc_period(day, calendar.language) for day in days)


def is_working_day(day: date, rules: Calendar) -> bool:
    """Return whether offices work: no weekend, no public holiday; days moved by the plan take precedence."""
    if day in rules.extra_working_days:
        return True
    if day.isoweekday() in rules.weekend or day in rules.extra_days_off:
        return False
    return day not in public_holidays(rules.country, day.year)


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
