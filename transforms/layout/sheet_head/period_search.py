"""The period and the window that a sheet states above its table, wherever and however they are written."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from plans.model import Plan
from plans.reporting_calendar import Period, scheduled_periods
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.sheet_head.period_words import (
    PERIOD_LABEL,
    InvalidPeriod,
    lacks_year,
    month_of_quarter,
    period_key,
    read_period,
    year_alone,
)
from transforms.layout.sheet_head.stated_windows import find_window, without_window
from transforms.text.normalise import ascii_key, match_key, normalise

# Words of a text that speaks of another period than that of the report.
_OTHER_PERIOD = re.compile(
    r"\b(?:so sanh|so voi|cung ky|(?:ky|thang|quy|nam)(?: bao cao| lien| ke)* truoc|ky ke tiep|ky toi|ky sau"
    r"|luy ke|cong don|tham khao|doi chieu voi|tiep theo bao cao|quyet dinh|cong van|thong tu|nghi dinh"
    r"|nghi quyet|ke hoach so|van ban|can cu|ban hanh|ke tu|ap dung tu|uoc"
    r"|phuong huong|nhiem vu|chuong trinh cong tac|ke hoach(?= (?:cong tac|thang|quy|nam|6 thang)))\b"
)
# The same in brackets behind the period: "Quý I năm 2020 (Quý IV/2019: xem báo cáo trước)".
_ASIDE = re.compile(r"\([^()]*\)")
_COMPARES = re.compile(r"\b(?:xem|so sanh|so voi|cung ky|(?:ky|thang|quy|nam|bao cao)(?: lien ke)? truoc)\b")
_COMPARED = re.compile(r"\bso (?=(?:tháng|quý|năm|kỳ|cùng) )")  # "so tháng 2"; "hồ sơ", "số" have marks
_NAMED_PERIOD = re.compile(r"\b(?:thang|quy) (?:nay )?(?:[ivx]{1,4}|\d{1,2}) (?:nam )?(?:19|20|21)\d\d\b")
_REPLACES = re.compile(r"\b(?:thay the|dinh chinh|dieu chinh|sua doi|bo sung)\b")
_FORM_NAME = re.compile(
    r"\b(?:bieu|mau)\b(?: (?:so|mau|bao cao))* ?(?:[a-z]{2,} )?\d{1,3} ?(?!(?:thang|nam)\b)[a-z]{2,10}\b"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_PART = r"\b(?P<kind>thang|quy) ?(?P<number>\d{1,2}|iv|i{1,3})"
_MONTHS_OF_YEAR = re.compile(r"\b(?P<count>\d{1,2}) thang (?:dau )?nam (?P<year>(?:19|20|21)\d\d)\b")
_PART_AT_END = re.compile(rf"{_PART}$")
_PART_OF_YEAR = re.compile(rf"{_PART} (?:nam )?(?P<year>(?:19|20|21)\d\d)\b")
# "Tháng 3 và 3 tháng đầu năm 2020": a month beside the months up to it.
_MONTH_AND_SUM = re.compile(
    r"\b(thang 0?(\d{1,2}))(?: nam)?(?: (?:19|20|21)\d\d)?(?: va)?(?: uoc| luy ke)*"
    r" 0?\2 thang(?: dau)?(?: nam)?(?= (?:19|20|21)\d\d|$)"
)
_DIGIT = re.compile(r"\d")
_MONTH_LABEL = re.compile(r"(?:thang|quy)(?: bao cao)?")
# "Năm 2020 - Quý I" in the order of the others.
_YEAR_BEFORE = re.compile(
    r"^((?:ky bao cao )?)(?:nam )?((?:19|20|21)\d\d) ((?:thang|qu[yi]) ?(?:[ivx]{1,4}|\d{1,2}))$"
)
_BEGINS_WITH_NUMBER = re.compile(r"\d|tháng|[ivx]{1,4}\b")
_LABELLED, _PLAIN, _REPLACED = range(3)  # in this order the texts count


class FoundPeriod(NamedTuple):
    """The period read, or in `problem` why the words name none."""

    found: FoundText
    period: Period | None
    problem: str = ""


class _Candidate(NamedTuple):
    rank: int
    found: FoundText
    words: str


def find_period(rows: Grid, last: int, plan: Plan, frequency: str = "") -> FoundPeriod | None:
    """Return the period named above row `last`: by a "Kỳ báo cáo" line first, else by any other words.

    Words that speak of another period ("so sánh với", "kỳ trước") do not count. Where words of one rank
    name several periods, the stated window decides; else the answer is a problem that names them.
    `frequency`: that of the form; where it is monthly, a month named with the sum up to it counts alone.
    """
    candidates = sorted(_candidates(rows, last), key=lambda candidate: candidate.rank)
    problem: FoundPeriod | None = None
    for rank in (_LABELLED, _PLAIN, _REPLACED):
        read: dict[str, FoundPeriod] = {}
        for candidate in candidates:
            if candidate.rank != rank:
                continue
            if frequency == "M":
                candidate = candidate._replace(words=_month_alone(candidate.words))
            found = _read(candidate, rows, last, plan)
            if found is not None and found.period is not None:
                read.setdefault(found.period.code, found)
            elif found is not None:
                problem = problem or found
        if len(read) > 1:  # "Tháng 2" in one line and "Năm 2020" in another are one period
            read = {c: found for c, found in read.items() if year_alone(found.found.text) is None} or read
        if len(read) == 1:
            return next(iter(read.values()))
        if read:
            return _decide(rows, last, list(read.values()))
    return problem or _of_window(rows, last, plan) or _compared(rows, last)


@lru_cache(maxsize=4096)
def _month_alone(words: str) -> str:
    """The words with a month named beside its quarter, or with the sum up to it, as the month alone."""
    return month_of_quarter(_MONTH_AND_SUM.sub(r"\1 nam", words).removesuffix(" nam"))


def _compared(rows: Grid, last: int) -> FoundPeriod | None:
    """The text that names periods only beside words that compare them, where nothing else names one."""
    for found in texts(rows, last=last):
        words = period_key(_COMPARED.sub("so với ", match_key(found.text)))
        if _COMPARES.search(words) and _NAMED_PERIOD.search(words):
            return FoundPeriod(found, None, "the period is compared with another")
    return None


def _of_window(rows: Grid, last: int, plan: Plan) -> FoundPeriod | None:
    """The period whose window is stated, where no words name one."""
    stated = find_window(rows, last)
    for period in scheduled_periods(plan.year, plan.calendar) if stated and stated.days else ():
        if stated and stated.days == (period.window_start, period.window_end):
            return FoundPeriod(stated.found, period)
    return None


def _decide(rows: Grid, last: int, read: list[FoundPeriod]) -> FoundPeriod:
    """The one of several periods whose window is stated, or a problem."""
    stated = find_window(rows, last)
    fitting = [
        found
        for found in read
        if stated and found.period and stated.days == (found.period.window_start, found.period.window_end)
    ]
    if len(fitting) == 1:
        return fitting[0]
    codes = ", ".join(found.period.name_vi for found in read if found.period)
    return FoundPeriod(read[0].found, None, f"several periods: {codes}")


def _candidates(rows: Grid, last: int) -> Iterator[_Candidate]:
    """Yield the texts that may name the period, each with its words from "Kỳ báo cáo" on where it has that.

    Where nothing follows the label in its cell, the filled cells on its right do.
    """
    for found in texts(rows, last=last):
        candidate = _candidate(found, rows)
        if candidate is not None:
            yield candidate


def _candidate(found: FoundText, rows: Grid) -> _Candidate | None:
    kind, words = classify(found.text)
    if kind == "label":
        beside = _beside(rows, found)
        text = f"{found.text.rstrip(': ')}: {beside}" if beside else f"{found.text.rstrip(': ')}: "
        named = f"ky bao cao {words} {period_key(beside)}"
        return _Candidate(_LABELLED, FoundText(text, found.row, found.column), " ".join(named.split()))
    if kind == "month label":  # "Tháng:" with the number in the next cells
        beside = _beside(rows, found)
        if not beside or not _BEGINS_WITH_NUMBER.match(beside.lower()):
            return None
        text = f"{found.text.rstrip(': ')} {beside}"
        return _Candidate(_PLAIN, FoundText(text, found.row, found.column), f"{found.text} {beside}")
    if not kind:
        return None
    return _Candidate({"labelled": 0, "plain": 1, "replaced": 2}[kind], found, words)


@lru_cache(maxsize=16384)
def classify(text: str) -> tuple[str, str]:
    """What a text is to the search ("" for nothing) and the words to read in it."""
    words = _YEAR_BEFORE.sub(r"\1\3 nam \2", period_key(_without_asides(text)))
    label = PERIOD_LABEL.search(words)
    after = words[label.end() :].strip() if label else ""
    if label and (not after or after == "nay"):
        return "label", ""
    if label and after in ("thang", "quy"):  # the number is in the next cell
        return "label", after
    if label:
        after = _before_other_period(after)
        return ("labelled", f"ky bao cao {after}") if after else ("", "")
    words = _before_other_period(words)
    if _MONTH_LABEL.fullmatch(words):
        return "month label", ""
    if not (_DIGIT.search(words) or "thang" in words or "quy" in words) or _FORM_NAME.search(words):
        return "", ""
    return ("replaced" if _REPLACES.search(words) else "plain"), words


def _without_asides(text: str) -> str:
    """A text without brackets that speak of another period, where something is outside them."""
    plain = _COMPARED.sub("so với ", match_key(text))
    outside = _ASIDE.sub(lambda aside: "" if _COMPARES.search(ascii_key(aside[0])) else aside[0], plain)
    return outside if _DIGIT.search(outside) else plain


def _before_other_period(words: str) -> str:
    """The words up to those that speak of another period."""
    if words.startswith("truoc"):
        return ""
    found = _OTHER_PERIOD.search(words)
    if found is None:
        return words
    before = words[: found.start()].strip().removesuffix(" va")
    year = _year_of_next(before, words[found.start() :])
    return f"{before} nam {year}" if year else before


def _year_of_next(before: str, behind: str) -> str:
    """The year of both in "kết quả tháng 3 và nhiệm vụ tháng 4 năm 2020", "" where it may be another."""
    own, after = _PART_AT_END.search(before), _PART_OF_YEAR.search(behind)
    sum_of_months = _MONTHS_OF_YEAR.search(behind)
    if own and sum_of_months and (own["kind"], own["number"]) == ("thang", sum_of_months["count"]):
        return sum_of_months["year"]  # "tháng 3 và lũy kế 3 tháng đầu năm 2020"
    if own is None or after is None or own["kind"] != after["kind"]:
        return ""
    numbers = [_ROMAN.get(part["number"]) or int(part["number"]) for part in (own, after)]
    return after["year"] if numbers[0] < numbers[1] else ""


def _beside(rows: Grid, found: FoundText) -> str:
    """The filled cells on the right as one text; a first of a month as the month it was typed for."""
    parts = []
    for value in rows[found.row][found.column + 1 :]:
        if value is None or not (text := _as_text(value)):
            continue
        parts.append(text)
        if len(parts) > 1 and len(text) > 20:
            break
    for count in range(1, len(parts) + 1):
        joined = " ".join(parts[:count])
        if re.search(r"(?:19|20|21)\d\d", joined):
            return joined
    return parts[0] if parts else ""


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date) and value.day == 1:
        return f"tháng {value.month} năm {value.year}"  # "3/2020" typed into a cell becomes 1 March
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return normalise(str(value))


def _read(candidate: _Candidate, rows: Grid, last: int, plan: Plan) -> FoundPeriod | None:
    words = without_window(candidate.words)
    bare = words.removeprefix("ky bao cao").strip() if candidate.rank == _LABELLED else words
    if not bare and candidate.rank == _LABELLED and words != candidate.words:
        return _of_window(rows, last, plan) or FoundPeriod(candidate.found, None, "no period has this window")
    if lacks_year(bare):
        year = _year_of(rows, last)
        if year is None:
            return FoundPeriod(candidate.found, None, "the year is missing")
        words = f"{words} năm {year}"
    try:
        period = _period_of(words, plan)
    except InvalidPeriod as error:
        return FoundPeriod(candidate.found, None, str(error))
    return None if period is None else FoundPeriod(candidate.found, period)


# The same words occur in sheet after sheet.
@lru_cache(maxsize=4096)
def _period_of(words: str, plan: Plan) -> Period | None:
    return read_period(words, plan.calendar)


def _year_of(rows: Grid, last: int) -> int | None:
    """The year stated by itself above the table, or that in which the stated window ends."""
    years = {year for found in texts(rows, last=last) if (year := year_alone(found.text)) is not None}
    years |= {
        int(value)
        for row in rows[:last]
        for value in row
        if isinstance(value, int | float) and _is_year(value)
    }
    if len(years) == 1:
        return years.pop()
    stated = find_window(rows, last)
    return stated.days[1].year if stated and stated.days and not years else None


def _is_year(value: float) -> bool:
    return not isinstance(value, bool) and 1990 <= value <= 2199 and value == int(value)
