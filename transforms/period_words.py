"""Periods and windows as sheets word them: "Quý I/2020", "từ ngày 15/02/2020 đến ngày 14/3/2020"."""

import re
from datetime import date

from plans.model import Calendar
from transforms.calendar import Period, ad_hoc_period, period_from_code
from transforms.text import bare

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:nam )?((?:19|20|21)\d\d)"
_DAY = r"(?:ngay )?(\d{1,2}) (?:thang )?(\d{1,2}) (?:nam )?(\d{4})"
_DAY_OF_PLACE = re.compile(r"\bngay \d{1,2} thang \d{1,2} nam \d{4}\b")
_AD_HOC = re.compile(rf"\bdot xuat\b.*?{_DAY}\b")
_MONTH = re.compile(rf"\b(?:thang ?|t ?)(\d{{1,2}}) {_YEAR}\b")
_QUARTER = re.compile(rf"\b(?:quy|q) ?([ivx]+|\d{{1,2}}) {_YEAR}\b")
_MONTHS_OF_YEAR = re.compile(rf"\b(\d{{1,2}}|sau|ba|chin) thang (dau|cuoi)(?: nam)? {_YEAR}\b")
_WHOLE_YEAR = re.compile(r"^(?:ky bao cao )?(?:bao cao )?(?:ca )?nam ((?:19|20|21)\d\d)$")
_WINDOW = re.compile(rf"\btu {_DAY} (?:den(?: het)? )?{_DAY}\b")


class InvalidPeriod(ValueError):  # noqa: N818 - a period, not an error, is invalid
    """Words that mean a period, but one that cannot be."""


class InvalidWindow(ValueError):  # noqa: N818
    """A window stated with days that cannot be."""


def read_period(text: str, calendar: Calendar) -> Period | None:
    """The period that a text names, or None if it names none; InvalidPeriod for one that cannot be."""
    words = bare(text)
    if _WINDOW.search(words):
        return None
    if found := _AD_HOC.search(words):
        return ad_hoc_period(_day(found, 1, InvalidPeriod))
    if _DAY_OF_PLACE.search(words):
        return None
    if found := _MONTHS_OF_YEAR.search(words):
        if found[1] not in ("6", "06", "sau"):
            raise InvalidPeriod("only halves of a year are reported")
        return _period(f"{found[3]}-H{1 if found[2] == 'dau' else 2}", calendar)
    if found := _QUARTER.search(words):
        number = _ROMAN.get(found[1]) or (int(found[1]) if found[1].isdigit() else 0)
        return _period(f"{found[2]}-Q{number}", calendar)
    if found := _MONTH.search(words):
        return _period(f"{found[2]}-M{int(found[1]):02}", calendar)
    if found := _WHOLE_YEAR.search(words):
        return _period(f"{found[1]}-Y", calendar)
    if words.startswith("ky bao cao") and words != "ky bao cao":
        raise InvalidPeriod("these words name no period")
    return None


def read_window(text: str) -> tuple[date, date] | None:
    """The first and last day of a window stated in a text, or None; InvalidWindow for days that cannot be."""
    found = _WINDOW.search(bare(text))
    if found is None:
        return None
    return _day(found, 1, InvalidWindow), _day(found, 4, InvalidWindow)


def _day(found: re.Match[str], first: int, error: type[ValueError]) -> date:
    day, month, year = (int(found[first + i]) for i in range(3))
    try:
        return date(year, month, day)
    except ValueError:
        raise error("there is no such day") from None


def _period(code: str, calendar: Calendar) -> Period:
    try:
        return period_from_code(code, calendar)
    except ValueError as error:
        raise InvalidPeriod(str(error)) from None
