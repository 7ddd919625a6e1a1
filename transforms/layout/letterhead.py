"""What stands above the table of a sheet: form code, period, window and letterhead, wherever they are."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from plans.model import Plan
from plans.reporting_calendar import Period
from schemas.forms import BY_CODE, FORMS
from transforms.layout.period_words import InvalidPeriod, InvalidWindow, read_period, read_window
from transforms.text.normalise import ascii_key, match_key, normalise
from transforms.text.places import SHORT_KINDS

Grid = Sequence[Sequence[object]]

# "Biểu 03-PCMD", "Mẫu số: 3/PCMD"; not "Biểu báo cáo tháng 3 năm 2020".
_FORM_WORD = re.compile(
    r"\b(?:bieu|mau)\b(?: (?:so|mau|bao cao))* ?(?:[a-z]{2,} )?"
    r"(\d{1,3}) ?(?!(?:thang|nam)\b)([a-z]{2,10})\b"
)
_DIGIT = re.compile(r"\d")
_PERIOD_LABEL = "ky bao cao"
_CORRECTION = re.compile(
    r"\b(?:dinh chinh|dieu chinh so lieu|bao cao (?:dieu chinh|sua doi|bo sung|thay the)"
    r"|(?:thay the|dieu chinh|sua doi) bao cao)\b"
)
_TITLES = {ascii_key(form.title): form.code for form in FORMS}
_TOP_ROWS = 40  # nothing above a table is as long; a table may start this far down


class Mark(NamedTuple):
    """Something found in a cell: its text and where it stands (0-based)."""

    text: str
    row: int
    column: int


class PeriodMark(NamedTuple):
    """The period read, or why the words name none (`problem`)."""

    mark: Mark
    period: Period | None
    problem: str = ""


class WindowMark(NamedTuple):
    """The window stated as first and last day, or None where the dates are impossible."""

    mark: Mark
    days: tuple[date, date] | None


def texts(rows: Grid, first: int = 0, last: int | None = None) -> Iterator[Mark]:
    """Every text of the rows in reading order; a cell of several lines gives each line."""
    for r, row in enumerate(rows[first:last], first):
        for c, value in enumerate(row):
            if isinstance(value, str):
                for words in _lines(value):
                    yield Mark(words, r, c)


# What offices type stands in sheet after sheet: what was found in a text is remembered.
@lru_cache(maxsize=16384)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(words for line in text.splitlines() if (words := normalise(line)))


def find_form(rows: Grid) -> tuple[str | None, Mark | None]:
    """The known form code and where it stands; (None, mark) for an unknown code, (None, None) for none.

    The first known code in reading order counts; a code that no form bears only where there is no known one.
    """
    unknown: Mark | None = None
    for mark in texts(rows):
        code = _form_code(mark.text)
        if code in BY_CODE:
            return code, mark
        if code is not None:
            unknown = unknown or mark
    return None, unknown


@lru_cache(maxsize=16384)
def _form_code(text: str) -> str | None:
    """The form code that a text names, known or not; None where it names none."""
    if not _DIGIT.search(text):
        return None
    if found := _FORM_WORD.search(ascii_key(text)):
        return f"{int(found[1]):02}-{found[2].upper()}"
    code = match_key(text).upper()
    return code if code in BY_CODE else None


def find_title(rows: Grid) -> tuple[str | None, Mark | None]:
    """The form whose title stands in the sheet, for a hint where the code is missing."""
    for mark in texts(rows, last=_TOP_ROWS):
        if len(mark.text) > 12 and (code := _TITLES.get(ascii_key(mark.text))):
            return code, mark
    return None, None


def find_period(rows: Grid, last: int, plan: Plan) -> PeriodMark | None:
    """The reporting period named above row `last`: a "Kỳ báo cáo" line first, else any words of a period."""
    candidates = sorted(_period_words(rows, last), key=lambda c: not c[1].startswith(_PERIOD_LABEL))
    problem: PeriodMark | None = None
    for mark, words in candidates:
        try:
            period = read_period(words, plan.calendar)
        except InvalidPeriod as error:
            problem = problem or PeriodMark(mark, None, str(error))
            continue
        if period is not None:
            return PeriodMark(mark, period)
    return problem


def _period_words(rows: Grid, last: int) -> Iterator[tuple[Mark, str]]:
    """The texts that may name the period, each with its words from "Kỳ báo cáo" on where it has that.

    Where nothing follows the label in its cell, the next filled cell of the row does.
    """
    for mark in texts(rows, last=last):
        words = ascii_key(mark.text)
        before, label, after = words.partition(_PERIOD_LABEL)
        if label and not after:
            beside = (
                normalise(str(value)) for value in rows[mark.row][mark.column + 1 :] if value is not None
            )
            value = next(filter(None, beside), "")
            yield Mark(f"{mark.text.rstrip(': ')}: {value}", mark.row, mark.column), f"{label} {value}"
        elif label:
            yield mark, label + after
        elif not _FORM_WORD.search(before):
            yield mark, mark.text


def is_declared_correction(rows: Grid, last: int) -> bool:
    """Whether some words above row `last` call the report a correction of an earlier one."""
    return any(_says_correction(mark.text) for mark in texts(rows, last=last))


@lru_cache(maxsize=16384)
def _says_correction(text: str) -> bool:
    return _CORRECTION.search(ascii_key(text)) is not None


def find_window(rows: Grid, last: int) -> WindowMark | None:
    """The window stated above row `last` ("Số liệu từ ngày … đến ngày …"), if any."""
    for mark in texts(rows, last=last):
        if not _DIGIT.search(mark.text):
            continue
        try:
            days = read_window(mark.text)
        except InvalidWindow:
            return WindowMark(mark, None)
        if days is not None:
            return WindowMark(mark, days)
    return None


def letterheads(plan: Plan) -> dict[str, frozenset[str]]:
    """The bodies of the plan by each way in which a letterhead names them (bare text)."""
    province = ascii_key(plan.areas_by_code[plan.area].name)
    short = province.removeprefix("tinh ").removeprefix("thanh pho ")
    found: dict[str, set[str]] = {}
    for body in plan.all_bodies:
        for name in filter(None, (body.name, body.short_name)):
            for words in _spelled(ascii_key(name)):
                for way in (words, f"{words} {short}", f"{words} {province}"):
                    found.setdefault(way, set()).add(body.code)
    return {way: frozenset(codes) for way, codes in found.items()}


def _spelled(words: str) -> Iterator[str]:
    """A body's name with the committee and the kind of its area in full and shortened."""
    yield words
    area = words.removeprefix("ubnd ")
    if area != words:
        shortened = [
            ascii_key(short) + area.removeprefix(ascii_key(kind))
            for short, kind in SHORT_KINDS.items()
            if area.startswith(f"{ascii_key(kind)} ")
        ]
        for name in (area, *shortened):
            yield f"ubnd {name}"
            yield f"uy ban nhan dan {name}"


def other_body(rows: Grid, last: int, body_code: str, ways: dict[str, frozenset[str]]) -> Mark | None:
    """The letterhead's cell if it names another body of the plan and nowhere this one; else None.

    A commune's letterhead names its district above itself: naming the own body anywhere settles it. A name
    may fill several lines of a cell.
    """
    others: list[Mark] = []
    for mark in texts(rows, last=last):
        codes = ways.get(ascii_key(mark.text)) or ways.get(ascii_key(str(rows[mark.row][mark.column])))
        if codes is None:
            continue
        if body_code in codes:
            return None
        others.append(mark)
    return others[-1] if others else None
