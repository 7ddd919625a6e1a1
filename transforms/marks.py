"""What stands above the table of a sheet: form code, period, window and letterhead, wherever they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plans.model import Plan
from schemas.forms import BY_CODE, FORMS
from transforms.calendar import Period
from transforms.period_words import InvalidPeriod, InvalidWindow, read_period, read_window
from transforms.text import bare, clean

Grid = Sequence[Sequence[object]]

_FORM_WORD = re.compile(
    r"\b(?:bieu|mau)\b(?: (?:so|mau|bao cao))* ?(?:[a-z]{2,} )?(\d{1,3}) ?([a-z]{2,10})\b"
)
_TITLES = {bare(form.title): form.code for form in FORMS}
_TOP_ROWS = 40  # nothing above a table is as long; a table may start this far down


@dataclass(frozen=True, slots=True)
class Mark:
    """Something found in a cell: its text and where it stands (0-based)."""

    text: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class PeriodMark:
    """The period read, or why the words name none (`problem`)."""

    mark: Mark
    period: Period | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class WindowMark:
    """The window stated as first and last day, or None where the dates are impossible."""

    mark: Mark
    days: "tuple[object, object] | None"


def texts(rows: Grid, first: int = 0, last: int | None = None) -> Iterator[Mark]:
    """Every text of the rows in reading order; a cell of several lines gives each line."""
    for r, row in enumerate(rows[first:last], first):
        for c, value in enumerate(row):
            if isinstance(value, str):
                for line in value.splitlines():
                    if words := clean(line):
                        yield Mark(words, r, c)


def find_form(rows: Grid) -> tuple[str | None, Mark | None]:
    """The known form code and where it stands; (None, mark) for an unknown code, (None, None) for none.

    The first known code in reading order counts; a code that no form bears only where there is no known one.
    """
    unknown: Mark | None = None
    for mark in texts(rows):
        if not any(letter.isdigit() for letter in mark.text):
            continue
        words = bare(mark.text)
        if found := _FORM_WORD.search(words):
            code = _code(found[1], found[2])
            if code in BY_CODE:
                return code, mark
            unknown = unknown or mark
        elif (code := clean(mark.text).upper().replace(" ", "")) in BY_CODE:
            return code, mark
    return None, unknown


def _code(number: str, suffix: str) -> str:
    return f"{int(number):02}-{suffix.upper()}"


def find_title(rows: Grid) -> tuple[str | None, Mark | None]:
    """The form whose title stands in the sheet, for a hint where the code is missing."""
    for mark in texts(rows, last=_TOP_ROWS):
        if len(mark.text) > 12 and (code := _TITLES.get(bare(mark.text))):
            return code, mark
    return None, None


def find_period(rows: Grid, last: int, plan: Plan) -> PeriodMark | None:
    """The reporting period named above row `last`: a "Kỳ báo cáo" line first, else any words of a period."""
    candidates = sorted(_period_candidates(rows, last), key=lambda m: "ky bao cao" not in bare(m.text))
    problem: PeriodMark | None = None
    for mark in candidates:
        try:
            period = read_period(mark.text, plan.calendar)
        except InvalidPeriod as error:
            problem = problem or PeriodMark(mark, None, str(error))
            continue
        if period is not None:
            return PeriodMark(mark, period)
    return problem


def _period_candidates(rows: Grid, last: int) -> Iterator[Mark]:
    for mark in texts(rows, last=last):
        words = bare(mark.text)
        if _FORM_WORD.search(words):
            continue
        if words.rstrip().endswith("ky bao cao"):
            beside = next((clean(str(v)) for v in rows[mark.row][mark.column + 1 :] if v is not None), "")
            yield Mark(f"{mark.text.rstrip(':')}: {beside}", mark.row, mark.column)
        else:
            yield mark


def find_window(rows: Grid, last: int) -> WindowMark | None:
    """The window stated above row `last` ("Số liệu từ ngày … đến ngày …"), if any."""
    for mark in texts(rows, last=last):
        if not any(letter.isdigit() for letter in mark.text):
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
    province = bare(plan.areas_by_code[plan.area].name)
    short = province.removeprefix("tinh ").removeprefix("thanh pho ")
    found: dict[str, set[str]] = {}
    for body in plan.all_bodies:
        for name in filter(None, (body.name, body.short_name)):
            words = bare(name)
            spelled = words.replace("ubnd ", "uy ban nhan dan ", 1)
            for way in (words, spelled, f"{words} {short}", f"{words} {province}"):
                found.setdefault(way, set()).add(body.code)
    return {way: frozenset(codes) for way, codes in found.items()}


def other_body(rows: Grid, last: int, body_code: str, ways: dict[str, frozenset[str]]) -> Mark | None:
    """The letterhead's cell if it names another body of the plan and nowhere this one; else None.

    A commune's letterhead names its district above itself: naming the own body anywhere settles it.
    """
    others: list[Mark] = []
    for mark in texts(rows, last=last):
        codes = ways.get(bare(mark.text))
        if codes is None:
            continue
        if body_code in codes:
            return None
        others.append(mark)
    return others[-1] if others else None
