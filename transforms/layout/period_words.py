"""Periods and windows as sheets word them: "Quý I/2020", "từ ngày 15/02/2020 đến ngày 14/3/2020"."""

import re
from datetime import date
from functools import lru_cache

from plans.model import Calendar
from plans.reporting_calendar import Period, ad_hoc_period, period_from_code
from transforms.text.normalise import ascii_key

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:nam )?((?:19|20|21)\d\d)"
_DAY = r"(?:ngay )?\b(\d{1,4}) (?:thang )?(\d{1,4}) (?:nam )?(\d{4})"
_TO = r"(?:den|toi)(?: het)? "
# The day of a letter or a decree, its numbers perhaps to be filled in by hand: no period.
_DAY_OF_PLACE = re.compile(r"\bngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam(?: \d{4})?\b")
_AD_HOC = re.compile(rf"\bdot xuat\b.*?{_DAY}\b")
_MONTH = re.compile(rf"\b(?:thang ?|t ?)(\d{{1,4}}) {_YEAR}\b")
_MONTHS_NAMED = re.compile(r"\bthang ?0?(\d{1,2})\b")
_QUARTER = re.compile(rf"\b(?:qu[yi]|q) ?([ivx]+|\d{{1,2}}) {_YEAR}\b")
_MONTHS_OF_YEAR = re.compile(rf"\b(\d{{1,2}}|sau|ba|chin) thang (dau|cuoi)(?: nam)? {_YEAR}\b")
# A year stands in many lines; it is the period where it is all that is said, or follows "Kỳ báo cáo".
_WHOLE_YEAR = re.compile(
    r"^(?:bao cao )?(?:ca )?nam ((?:19|20|21)\d\d)$"
    r"|^ky bao cao (?:bao cao )?(?:ca )?nam ((?:19|20|21)\d\d)\b(?!.*\b(?:thang|qu[yi])\b)"
)
_WINDOW = re.compile(rf"(?:\bso lieu )?\b(tu )?{_DAY} (?(1)(?:{_TO})?|{_TO}){_DAY}\b")


class InvalidPeriod(ValueError):  # noqa: N818 - a period, not an error, is invalid
    """Words that mean a period, but one that cannot be."""


class InvalidWindow(ValueError):  # noqa: N818
    """A window stated with days that cannot be."""


def read_period(text: str, calendar: Calendar) -> Period | None:
    """The period that a text names, or None if it names none; InvalidPeriod for one that cannot be.

    Windows and the days of letters beside it are passed over. A text that begins with "Kỳ báo cáo" and
    goes on must name one.
    """
    said = ascii_key(text)
    words = _WINDOW.sub(" ", said)
    if found := _AD_HOC.search(words):
        return ad_hoc_period(_day(found, 1, InvalidPeriod))
    words = " ".join(_DAY_OF_PLACE.sub(" ", words).split())
    if code := _scheduled_code(words):
        return _period(code, calendar)
    if said.startswith("ky bao cao") and said != "ky bao cao":
        raise InvalidPeriod("these words name no period")
    return None


def _scheduled_code(words: str) -> str | None:
    """The code of the half, quarter, month or year that the words name, possible or not; None for none."""
    if found := _MONTHS_OF_YEAR.search(words):
        if found[1] not in ("6", "06", "sau"):
            raise InvalidPeriod("only halves of a year are reported")
        return f"{found[3]}-H{1 if found[2] == 'dau' else 2}"
    if found := _QUARTER.search(words):
        number = _ROMAN.get(found[1]) or (int(found[1]) if found[1].isdigit() else 0)
        return f"{found[2]}-Q{number}"
    if found := _MONTH.search(words):
        if len(set(_MONTHS_NAMED.findall(words))) > 1:
            raise InvalidPeriod("several months are no period")
        return f"{found[2]}-M{int(found[1]):02}"
    if found := _WHOLE_YEAR.search(words):
        return f"{found[1] or found[2]}-Y"
    return None


@lru_cache(maxsize=4096)
def read_window(text: str) -> tuple[date, date] | None:
    """The first and last day of a window stated in a text, or None; InvalidWindow for days that cannot be.

    Either "từ" or "đến" must tell the two days from any others.
    """
    found = _WINDOW.search(ascii_key(text))
    if found is None:
        return None
    return _day(found, 2, InvalidWindow), _day(found, 5, InvalidWindow)


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
