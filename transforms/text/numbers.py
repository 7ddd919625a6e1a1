"""Numbers, yes/no and dates as people type them into Vietnamese sheets.

Each reader returns None for a blank cell and raises ValueError for what it cannot read.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import isfinite

from transforms.text.normalise import match_key, normalise

_FLOAT_NOISE = 1e-9  # of the number itself
_MOST_NOISE = 1e-6  # a larger rest is a fraction, however large the number
_LONGEST = 40  # characters; no figure of a report is longer, and the patterns never see more
_NOUGHT = frozenset({"-", "không", "ko", "k", "không có", "không phát sinh", "kps", "nil"})
# "ü", "þ" and "û" are the letters behind the ticks and crosses of the Wingdings font.
_YES = frozenset({"x", "v", "có", "co", "1", "đạt", "✓", "✔", "√", "☑", "✅", "yes", "true", "ü", "þ"})
_YES |= {
    "×",
    "●",
    "(x)",
    "[x]",
    "x.",
    "đã",
    "rồi",
    "có rồi",
    "đã có",
    "🗸",
    "\uf0fc",
    "\uf0fe",
}  # the same of Symbol fonts
_NO = frozenset(
    {"không", "khong", "ko", "0", "-", "k", "chưa", "no", "false", "không đạt", "✗", "✘", "☐", "û"}
)
_NO |= {"\uf0fb"}

_MARK_OF_TEXT = re.compile(r"^['’‘](?=[0-9])")  # what Excel has before a number kept as text
_SIGNED = re.compile(r"([+\-−]?)([0-9., ]+)|\(([0-9., ]+)\)")
# Groups of three set off by dots with a decimal comma, or by two commas and more.
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+(?:,[0-9]+)?|(?:,[0-9]{3}){2,})")
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?")  # 1 234,5
_PLAIN = re.compile(r"[0-9]+(?:,[0-9]+)?")
_POINTED = re.compile(r"0\.[0-9]+|[0-9]+\.(?![0-9]{3}$)[0-9]+")

_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119
_SERIAL_ZERO = date(1899, 12, 30)
_DAY_FIRST = re.compile(r"(?:ngày )?([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_IN_WORDS = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})")


def read_number(value: object) -> int | float | None:
    """Read a cell as a number, whole ones as int: "1.234" -> 1234, "2,5" -> 2.5, "-" -> 0, blank -> None.

    A dot sets off thousands, a comma decimals; a dot that is not followed by three digits is a decimal point.
    Raises ValueError for anything else, yes/no, dates and NaN included.
    """
    if value is None:
        return None
    if isinstance(value, float):  # what office programs store, so by far the most frequent
        return _without_noise(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("not a number")
    return value if isinstance(value, int) else _read_number_text(value)


# Small figures occur in cell after cell, and each cell is looked at several times.
@lru_cache(maxsize=4096)
def _read_number_text(text: str) -> int | float | None:
    if len(text) > _LONGEST:
        raise ValueError("too long for a number")
    words = normalise(text)
    if not words:
        return None
    words = _MARK_OF_TEXT.sub("", words, count=1)
    if match_key(words) in _NOUGHT:
        return 0
    if (signed := _SIGNED.fullmatch(words)) is None:
        raise ValueError("not a number")
    number = _read_digits((signed[2] or signed[3]).strip())
    return -number if signed[3] or signed[1] in ("-", "−") else number


def _read_digits(digits: str) -> int | float:
    if " " in digits and _SPACED.fullmatch(digits):
        digits = digits.replace(" ", "")
    if _POINTED.fullmatch(digits):
        return _whole_if_integral(float(digits))
    if not (_GROUPED.fullmatch(digits) or _PLAIN.fullmatch(digits)):
        raise ValueError("not a number")
    if digits.count(",") > 1:
        return int(digits.replace(",", ""))
    whole, _, fraction = digits.replace(".", "").partition(",")
    return int(whole) if not fraction.strip("0") else float(f"{whole}.{fraction}")


def _whole_if_integral(number: float) -> int | float:
    if number.is_integer():
        return int(number)
    if not isfinite(number):
        raise ValueError("not a finite number")
    return number


def _without_noise(number: float) -> int | float:
    """A stored number without what calculating with binary fractions leaves (15.999999999999998)."""
    number = _whole_if_integral(number)
    nearest = round(number)
    noise = min(_FLOAT_NOISE * abs(nearest), _MOST_NOISE)
    return nearest if abs(number - nearest) <= noise else number


def read_flag(value: object) -> bool | None:
    """Read a cell as yes or no ("x", "Có", 1; "Không", "-", 0); None for a blank one, else ValueError."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return value == 1
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError("neither yes nor no")
    word = match_key(value)
    if word in _YES or word in _NO:
        return word in _YES
    if word:
        raise ValueError("neither yes nor no")
    return None


def read_date(value: object) -> date | None:
    """Read a cell as a date, day before month; None for a blank one, else ValueError.

    Takes dates, spreadsheet serial numbers (days since 1899-12-30), "5/3/2020", "05.03.20", "2020-03-05" and
    "ngày 5 tháng 3 năm 2020"; two-digit years are of this century.
    """
    if value is None:
        return None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, str) and len(value) <= _LONGEST:
        return _read_date_text(match_key(value))
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and _FIRST_SERIAL <= value <= _LAST_SERIAL
    ):
        return _SERIAL_ZERO + timedelta(days=int(value))
    raise ValueError("not a date")


def _read_date_text(text: str) -> date | None:
    if not text:
        return None
    if parts := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, parts.groups())
    elif parts := _DAY_FIRST.fullmatch(text):
        day, month, year = int(parts[1]), int(parts[3]), int(parts[4])
    elif parts := _IN_WORDS.fullmatch(text):
        day, month, year = map(int, parts.groups())
    else:
        raise ValueError("not a date")
    return date(year + 2000 if year < 100 else year, month, day)
