"""Periods as sheets word them: "Quý I/2020", "Tháng 3 năm 2020", "6 tháng đầu năm 2020"."""

import re
import unicodedata
from functools import lru_cache

from plans.model import Calendar
from plans.reporting_calendar import Period, ad_hoc_period, period_from_code
from transforms.layout.sheet_head.stated_windows import DAY, ISO_DAY, WINDOW, day_of
from transforms.text.normalise import ascii_key

PERIOD_LABEL = re.compile(r"\bky (?:bao cao|so lieu|nay)\b(?: nay| hien tai)?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER_WORDS = {"mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4}
_MONTH_WORDS = {
    **{"mot": 1, "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8},
    **{"chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12},
}
_YEAR = r"(?:nam ?|n )?((?:19|20|21)\d\d)"
# The day of a letter or a decree, its numbers perhaps to be filled in by hand: no period.
_DAY_OF_PLACE = re.compile(r"\bngay (?:\d{1,2} )?thang (?:\d{1,2} )?nam(?: \d{4})?\b")
_AD_HOC = re.compile(rf"\b(?:dot xuat|bao cao nhanh|vu viec(?= ngay))\b.*?{DAY}\b")
_MONTH = re.compile(rf"\b(?:thang ?|thg ?|th ?|t ?)(\d{{1,4}}) {_YEAR}\b")
_ROMAN_MONTH = re.compile(rf"\bthang (x?i{{1,3}}|x?iv|vi{{0,3}}|ix|xi{{0,2}})(?= {_YEAR}\b)")
_ROMANS = {**_ROMAN, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}
_MONTH_IN_WORDS = re.compile(
    r"\bthang (muoi mot|muoi hai|muoi|mot|gieng|hai|ba|tu|bon|nam(?! (?:19|20|21)\d\d)|sau|bay|tam|chin"
    r"|chap)\b"
)
_MONTHS_NAMED = re.compile(r"\b(?:thang|thg|th|t) ?0?(\d{1,2})\b")
_UP_TO_MONTH = re.compile(r"\bnhieu thang den\b")
_QUARTER = re.compile(rf"\b(?:qu[yi]|q) ?(?:thu )?([ivx]+|\d{{1,2}}|mot|nhat|hai|ba|bon|tu) {_YEAR}\b")
_QUARTERS_NAMED = re.compile(r"\bqu[yi] ?(?:thu )?([ivx]+|\d|mot|nhat|hai|ba|bon)\b")
# "Quý I (từ tháng 1 đến tháng 3) năm 2020": its months before the year.
_MONTHS_BEFORE_YEAR = re.compile(
    rf"\b(qu[yi] ?(?:thu )?(?:[ivx]+|\d)) ((?:(?:tu|gom|cac|va|den|toi|het) )*thang ?\d{{1,2}}\b"
    rf"(?: (?:(?:tu|va|den|toi|het) )*(?:thang ?)?\d{{1,2}}\b)*) {_YEAR}\b"
)
_QUARTER_OF_MONTH = re.compile(
    r"\bthang ?0?(?P<month>\d{1,2})(?: (?:nam )?(?P<year>\d{4}))?(?: (?:thuoc|trong|cua))?"
    r" qu[yi] ?(?:thu )?(?P<quarter>[ivx]+|\d)\b(?: (?:nam )?(?P<last>\d{4}))?"
    r"|\bqu[yi] ?(?:thu )?(?P<quarter2>[ivx]+|\d)(?: (?:nam )?(?P<year2>\d{4}))?"
    r" thang ?0?(?P<month2>\d{1,2})\b(?: (?:nam )?(?P<last2>\d{4})\b)?"
)
_YEAR_BEFORE_QUARTER = re.compile(r"((?:19|20|21)\d\d) ?q([1-4])")
_MONTHS_OF_YEAR = re.compile(rf"\b(\d{{1,2}}|sau|ba|chin) thang (dau|cuoi)(?: nam)? {_YEAR}\b")
_PART_OF_MONTH = re.compile(
    r"\b(?:\d{1,2}|muoi|nua|tuan|tuan le)(?: ngay| thang)? (?:dau|cuoi|giua) (?:thang|quy)\b"
    r"|\btuan (?:\d|thu|mot|hai|ba|bon|dau|cuoi)|\bgiua thang\b|\b\d{1,2} ngay (?:dau|cuoi|giua)\b"
)
_WEEK = re.compile(rf"\btuan ?(?:le ?)?(?:thu |so )?(\d{{1,2}}) {_YEAR}\b")
_WEEKS_NAMED = re.compile(r"\btuan ?(?:le ?)?(?:thu |so )?(\d{1,2})\b")
_THIRD = re.compile(rf"\b(?:10|muoi|\d{{1,2}}|nhung) ngay (dau|giua|cuoi) thang ?(\d{{1,2}}) {_YEAR}\b")
_THIRDS = {"dau": 1, "giua": 2, "cuoi": 3}
# "Năm học 2020-2021", "2020/21": a year that begins in another month has two numbers.
_BOTH_YEARS = r"((?:19|20|21)\d\d) ((?:19|20|21)\d\d|\d\d)\b"
_OF_TWO_YEARS = rf"(?:nam hoc|nam tai chinh|nien do|nien khoa|nam)? ?{_BOTH_YEARS}"
_TWO_YEARS = re.compile(rf"\b{_OF_TWO_YEARS}")
_MONTH_OF_TWO_YEARS = re.compile(rf"\b(thang ?(\d{{1,2}})) {_OF_TWO_YEARS}")
_YEAR_AND_NEXT = re.compile(r"(?:19|20|21)\d\d[/–—-]\d\d(?![\d/.\-])")
_PART_OF_TWO_YEARS = re.compile(
    rf"(?:\b(?:thang|qu[yi]|q) ?\w+|\b(?:dau|cuoi)|^|^ky bao cao) ?(?:nam )?{_BOTH_YEARS}"
)
# "03/2020" and "2020-03" name a month only where a label introduces them or nothing else is in the cell.
_BARE_MONTH = re.compile(rf"(?:thang )?(?:t )?(0?[1-9]|1[0-2]) {_YEAR}")
_YEAR_FIRST = re.compile(r"((?:19|20|21)\d\d) (0?[1-9]|1[0-2])")
_SHORT_YEAR = re.compile(r"(?:\bthang|^ky bao cao t|^t) ?(0?[1-9]|1[0-2]) (\d\d)$")
_SHORT_YEAR_OF_QUARTER = re.compile(r"\b(qu[yi] ?(?:[ivx]+|[1-4])) (\d\d)$")
_OF_REPORT = re.compile(r"\b(thang|qu[yi]|nam) bao cao\b(?! truoc)")
# A year is in many lines; it is the period where the line has nothing else, or follows "Kỳ báo cáo".
_WHOLE_YEAR = re.compile(
    r"^(?:bao cao )?(?:ca )?nam ((?:19|20|21)\d\d)$"
    r"|^ky bao cao (?:bao cao )?(?:ca )?nam ((?:19|20|21)\d\d)\b(?!.*\b(?:thang|qu[yi])\b)"
)
_WITHOUT_YEAR = re.compile(
    r"(?:bao cao |so lieu |ky bao cao )?(?:(?:thang|t) ?(?:0?[1-9]|1[0-2])|(?:qu[yi]|q) ?(?:[ivx]+|[1-4])"
    r"|(?:0?6|sau) thang (?:dau|cuoi) nam)"
)
_BEFORE_PART = re.compile(r"(?:(?:thuc hien|phat sinh|ket qua|so lieu|trong) )+")
_KINDS = {"thang": "M", "quy": "Q", "6 thang": "H", "nam": "Y"}
# Words typed otherwise that mean the same: "Quý l" with a small L, "Q.I", "March 2020", "Quarter 1".
_ENGLISH_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH_MONTH = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)? (?=(?:19|20|21)\d\d\b)"
)
_ENGLISH_QUARTER = re.compile(
    r"\b(?:quarter ([1-4])|(1st|2nd|3rd|4th|first|second|third|fourth) quarter)(?: of)?\b"
)
_ENGLISH_ORDINALS = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4}
_SMALL_L = re.compile(r"\b(qu[yi] ?(?:thu )?)(l{1,3}|lv)(?= )")
# "2020-02-15" and "6 tháng/2020" in the order and the words of the others.
_HALF = re.compile(
    r"^((?:(?:ky bao cao|bao cao|so lieu|ket qua) )*)(?:(?:0?6|sau) th(?:ang)?(?: (?:dau|cua))?"
    r"|h1|ban nien|nua dau)(?: nam)? ((?:19|20|21)\d\d)$"
)
_ORDINAL_MONTH = re.compile(r"\bthang thu (?=\d)")


class InvalidPeriod(ValueError):  # noqa: N818 - a period, not an error, is invalid
    """Words that mean a period, but one that cannot be."""


def read_period(text: str, calendar: Calendar) -> Period | None:
    """Return the period that a text names, or None if it names none.

    Windows and the days of letters are passed over. A text that begins with "Kỳ báo cáo" and goes on must
    name one. Raises InvalidPeriod for a period that cannot be, and for a part of a month.
    """
    typed = period_key(text)
    words = WINDOW.sub(" ", typed)
    if found := _AD_HOC.search(words):
        return ad_hoc_period(day_of(found, 1, InvalidPeriod), calendar.language)
    words = " ".join(_DAY_OF_PLACE.sub(" ", words).split())
    if calendar.year_starts_in == 1:  # elsewhere the year of months is not that of their quarter
        words = _MONTHS_BEFORE_YEAR.sub(r"\1 nam \3 \2", words)
    words = _MONTH_IN_WORDS.sub(lambda found: f"thang {_MONTH_WORDS[found[1]]}", words)
    words = _ROMAN_MONTH.sub(lambda found: f"thang {_ROMANS.get(found[1], 0)}", words)
    if code := _short_code(words, calendar):
        return _period(code, calendar)
    words = _with_one_year(_SHORT_YEAR_OF_QUARTER.sub(r"\1 20\2", words), calendar)
    code = _scheduled_code(words, calendar.year_starts_in)
    if code and _PART_OF_MONTH.search(words):
        raise InvalidPeriod("a part of a month is no period")
    if code and _is_of_two_years(words, text):
        raise InvalidPeriod("two years are no period")
    if code:
        prefix = calendar.code_prefix if code[5] in "QHY" else ""
        return _period(f"{prefix}{code}", calendar)
    if typed.startswith("ky bao cao") and typed != "ky bao cao":
        raise InvalidPeriod("these words name no period")
    return None


@lru_cache(maxsize=4096)
def period_key(text: str) -> str:
    """Return the comparison key of a text that may name a period: "Quý Ⅰ", "Tháng báo cáo: 3" as others."""
    plain = ISO_DAY.sub(r"\3/\2/\1", unicodedata.normalize("NFKC", text))
    words = _OF_REPORT.sub(r"\1", ascii_key(plain))
    words = _SMALL_L.sub(lambda found: f"{found[1]}{found[2].replace('l', 'i')}", words)
    words = _ENGLISH_MONTH.sub(lambda found: f"thang {_ENGLISH_MONTHS.index(found[1]) + 1} ", words)
    words = _ENGLISH_QUARTER.sub(lambda found: f"quy {found[1] or _ENGLISH_ORDINALS[found[2]]}", words)
    return _ORDINAL_MONTH.sub("thang ", _HALF.sub(r"\g<1>6 thang dau nam \2", words))


def month_of_quarter(words: str) -> str:
    """Return the key with a month beside its own quarter ("Tháng 3, quý I năm 2020") as the month alone."""
    found = _QUARTER_OF_MONTH.search(words)
    if found is None or len(set(_MONTHS_NAMED.findall(words))) > 1:
        return words
    month = int(found["month"] or found["month2"])
    years = {found[name] for name in ("year", "last", "year2", "last2")} - {None}
    if (month - 1) // 3 + 1 != _quarter(found["quarter"] or found["quarter2"]) or len(years) > 1:
        return words
    named = " ".join([f"thang {month}", *(f"nam {year}" for year in years)])
    return f"{words[: found.start()]}{named}{words[found.end() :]}"


def _short_code(words: str, calendar: Calendar) -> str | None:
    """The code of the week or third of a month that the words name, in a calendar that has such periods."""
    if "W" in calendar.periods and (found := _WEEK.search(words)):
        if len({*map(int, _WEEKS_NAMED.findall(words))}) > 1:
            raise InvalidPeriod("several weeks are no period")
        return f"{found[2]}-W{int(found[1]):02}"
    if "D" in calendar.periods and (found := _THIRD.search(words)):
        return f"{found[3]}-M{int(found[2]):02}-D{_THIRDS[found[1]]}"
    return None


def _with_one_year(words: str, calendar: Calendar) -> str:
    """The words with the year of a fiscal or school year by the one number that the plan names it by.

    A month of such a year lies in one of its two calendar years.
    """
    first_month = calendar.year_starts_in
    if first_month == 1:
        return words
    named = 1 if calendar.year_named_by == "start" else 2
    words = _MONTH_OF_TWO_YEARS.sub(
        lambda found: _one_of_years(found, 3, 1 if int(found[2]) >= first_month else 2, f"{found[1]} "), words
    )
    return " ".join(_TWO_YEARS.sub(lambda found: _one_of_years(found, 1, named, " "), words).split())


def _is_of_two_years(words: str, text: str) -> bool:
    """Whether the words name a period of two years, which are none of the calendar."""
    found = _PART_OF_TWO_YEARS.search(words)
    if found is None or found[1] == found[2]:
        return False
    # "Tháng 12/2019 - 20/12/2019" has a day behind the year.
    years = [(year[:4], year[-2:]) for year in _YEAR_AND_NEXT.findall(text)]
    return len(found[2]) == 4 or (found.groups() in years and _follows(found[1], found[2]))


def _one_of_years(found: re.Match[str], group: int, named: int, before: str) -> str:
    """One of two consecutive years, as the words of a year; what was found where they are not consecutive."""
    first, second = found[group], found[group + 1]
    return f"{before}nam {int(first) + named - 1} " if _follows(first, second) else found[0]


def _follows(first: str, second: str) -> bool:
    """Whether the second year, of two or four digits, is the one after the first."""
    return str(int(first) + 1).endswith(second)


@lru_cache(maxsize=4096)
def lacks_year(text: str) -> bool:
    """Whether a text names a month, quarter or half and nothing else, without its year."""
    words = _MONTH_IN_WORDS.sub(lambda found: f"thang {_MONTH_WORDS[found[1]]}", period_key(text))
    return _WITHOUT_YEAR.fullmatch(words) is not None


@lru_cache(maxsize=4096)
def year_alone(text: str) -> int | None:
    """The year of a text that names a year and nothing else ("Năm 2020", "Năm báo cáo: 2020")."""
    found = re.fullmatch(r"(?:nam(?: bao cao| ke hoach)? )?((?:19|20|21)\d\d)", ascii_key(text))
    return int(found[1]) if found else None


@lru_cache(maxsize=16384)
def has_period_label(text: str) -> bool:
    """Whether a text has the label of a period ("Kỳ báo cáo")."""
    return PERIOD_LABEL.search(ascii_key(text)) is not None


def names_period(words: str, period: Period, calendar: Calendar) -> bool:
    """Whether words of a part of the year ("quý I", "trong quý", "T3/2020") name the given period.

    Its year alone leaves it open, so that it counts as named.
    """
    plain = _BEFORE_PART.sub("", ascii_key(words)).removesuffix(" nay").removesuffix(" bao cao")
    if plain in _KINDS:
        return period.kind == _KINDS[plain]
    year = period.code.removeprefix(calendar.code_prefix)[:4]
    if year_alone(plain) is not None:
        return plain.endswith(year)
    try:
        read = read_period(f"{plain} năm {year}" if lacks_year(plain) else plain, calendar)
    except InvalidPeriod:
        return False
    return read is not None and read.code == period.code


def _scheduled_code(words: str, first_month: int) -> str | None:
    """The code of the half, quarter, month or year that the words name, possible or not; None for none.

    `first_month`: that in which the year of the calendar begins.
    """
    if found := _MONTHS_OF_YEAR.search(words):
        if found[1] in ("3", "03", "ba") and found[2] == "dau":
            return f"{found[3]}-Q1"
        if found[1] not in ("6", "06", "sau"):
            raise InvalidPeriod("only halves of a year are reported")
        return f"{found[3]}-H{1 if found[2] == 'dau' else 2}"
    if found := _QUARTER.search(words):
        number = _quarter(found[1])
        begins = first_month + 3 * number - 4
        months = {(begins + n) % 12 + 1 for n in range(3)}  # "Quý I năm 2020 (tháng 1, tháng 2, tháng 3)"
        if {*map(_quarter, _QUARTERS_NAMED.findall(words))} > {number} or not months.issuperset(
            map(int, _MONTHS_NAMED.findall(words))
        ):
            raise InvalidPeriod("several periods are no period")
        return f"{found[2]}-Q{number}"
    return _month_code(words) or _year_code(words)


def _quarter(number: str) -> int:
    """The number of a quarter, 0 for none."""
    return _ROMAN.get(number) or _QUARTER_WORDS.get(number) or (int(number) if number.isdigit() else 0)


def _month_code(words: str) -> str | None:
    if found := _MONTH.search(words):
        several = (
            len({*_MONTHS_NAMED.findall(words)}) > 1
            or len({(int(m), y) for m, y in _MONTH.findall(words)}) > 1
        )
        if several or _UP_TO_MONTH.search(words):
            raise InvalidPeriod("several months are no period")
        return f"{found[2]}-M{int(found[1]):02}"
    if found := _SHORT_YEAR.search(words):
        return f"20{found[2]}-M{int(found[1]):02}"
    bare = PERIOD_LABEL.sub("", words, count=1).strip()
    if found := _YEAR_BEFORE_QUARTER.fullmatch(bare):
        return f"{found[1]}-Q{found[2]}"
    if found := _BARE_MONTH.fullmatch(bare):
        return f"{found[2]}-M{int(found[1]):02}"
    if found := _YEAR_FIRST.fullmatch(bare):
        return f"{found[1]}-M{int(found[2]):02}"
    return None


def _year_code(words: str) -> str | None:
    found = _WHOLE_YEAR.search(words)
    return f"{found[1] or found[2]}-Y" if found else None


def _period(code: str, calendar: Calendar) -> Period:
    try:
        return period_from_code(code, calendar)
    except ValueError as error:
        raise InvalidPeriod(str(error)) from None
