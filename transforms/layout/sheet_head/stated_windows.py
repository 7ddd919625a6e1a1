"""The window that a sheet states for its figures: "từ ngày 15/02/2020 đến ngày 14/3/2020"."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from transforms.layout.found_text import FoundText, Grid, texts
from transforms.text.normalise import ascii_key

_DIGIT = re.compile(r"\d")
DAY = r"(?:ngay )?\b(\d{1,4}) (?:thang )?(\d{1,4}) (?:nam )?(\d{4})"
_DAY_WITHOUT_YEAR = r"(?:ngay )?\b(\d{1,2}) (?:thang )?(\d{1,2})"
_TO = r"(?:den|toi)(?: het)? "
ISO_DAY = re.compile(r"(?<![\d\-/.])((?:19|20|21)\d\d)-(\d\d)-(\d\d)(?![\d\-/.])")
_WINDOW_WITHOUT_YEAR = re.compile(rf"\btu {_DAY_WITHOUT_YEAR} {_TO}{_DAY_WITHOUT_YEAR}\b(?! (?:nam )?\d)")
_OTHER_DAYS = re.compile(r"\b(?:hieu luc|nop|gui|quyet dinh|ke hoach|thong tu|cong van|chien dich|dot)\b")
# "Số liệu tính đến ngày 14/02/2020"; not "Hạn nộp: đến ngày …".
_LAST_DAY = re.compile(
    r"(?:^|\b(?:so lieu|tinh|chot|cap nhat|thong ke|tong hop|thuc hien|phat sinh|luy ke)"
    rf"(?: so lieu)?(?: bao cao)? ){_TO}(?:thoi diem )?{DAY}\b"
)
WINDOW = re.compile(rf"(?:\bso lieu )?\b(tu )?(?:{DAY}|{_DAY_WITHOUT_YEAR}) (?(1)(?:{_TO})?|{_TO}){DAY}\b")


class InvalidWindow(ValueError):  # noqa: N818
    """A window stated with days that cannot be."""


class FoundWindow(NamedTuple):
    """The window stated as first and last day, or None where the dates are impossible."""

    found: FoundText
    days: tuple[date, date] | None


def day_of(found: re.Match[str], first: int, error: type[ValueError]) -> date:
    """Return the day of which a match has day, month and year from group `first` on; raises `error`."""
    day, month, year = (int(found[first + i]) for i in range(3))
    try:
        return date(year, month, day)
    except ValueError:
        raise error("there is no such day") from None


def without_window(words: str) -> str:
    """Return the key of a text without the days of a window in it."""
    return " ".join(WINDOW.sub(" ", words).split())


@lru_cache(maxsize=4096)
def read_window(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a window stated in a text, or None.

    "từ" or "đến" must set the two days apart from any others. Raises InvalidWindow for days that cannot be.
    """
    found = WINDOW.search(ascii_key(ISO_DAY.sub(r"\3/\2/\1", text)))
    if found is None:
        return None
    last = day_of(found, 7, InvalidWindow)
    if found[4]:
        return day_of(found, 2, InvalidWindow), last
    day, month = int(found[5]), int(found[6])  # "từ 15/2 đến 14/3/2020"
    try:
        return date(last.year - ((month, day) > (last.month, last.day)), month, day), last
    except ValueError:
        raise InvalidWindow("there is no such day") from None


def read_window_without_year(text: str, year: int) -> tuple[date, date] | None:
    """Return the days of "từ 15/01 đến 14/02" that end in a year, or None."""
    words = ascii_key(text)
    found = _WINDOW_WITHOUT_YEAR.search(words)
    if found is None or _OTHER_DAYS.search(words):
        return None
    first, last = (int(found[2]), int(found[1])), (int(found[4]), int(found[3]))
    try:
        return date(year - (first > last), *first), date(year, *last)
    except ValueError:
        return None


def read_last_day(text: str) -> date | None:
    """Return the day up to which a text states its figures ("Số liệu đến hết ngày 14/3/2020"), or None."""
    found = _LAST_DAY.search(ascii_key(ISO_DAY.sub(r"\3/\2/\1", text)))
    try:
        return day_of(found, 1, InvalidWindow) if found else None
    except InvalidWindow:
        return None


def find_window(rows: Grid, last: int) -> FoundWindow | None:
    """Return the window stated above row `last` ("Số liệu từ ngày … đến ngày …"), if any."""
    for found in texts(rows, last=last):
        if not _DIGIT.search(found.text):
            continue
        try:
            days = read_window(found.text)
        except InvalidWindow:
            return FoundWindow(found, None)
        if days is not None:
            return FoundWindow(found, days)
    return None


def find_window_without_year(rows: Grid, last: int, year: int) -> FoundWindow | None:
    """Return the window stated above row `last` by days without a year, which end in the given one."""
    for found in texts(rows, last=last):
        if _DIGIT.search(found.text) and (days := read_window_without_year(found.text, year)):
            return FoundWindow(found, days)
    return None


def find_last_day(rows: Grid, last: int) -> tuple[FoundText, date] | None:
    """Return the day up to which a text above row `last` states the figures, if any."""
    for found in texts(rows, last=last):
        if _DIGIT.search(found.text) and (day := read_last_day(found.text)):
            return found, day
    return None
