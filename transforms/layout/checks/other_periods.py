"""Titles above a table that name another period than the one that the sheet is read for."""

import re
from functools import lru_cache

from plans.model import Calendar, Plan
from plans.reporting_calendar import Period, period_from_code
from schemas.declaration import Severity
from schemas.findings import Finding, Named
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import shown
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.sheet_head.period_search import classify
from transforms.layout.sheet_head.period_words import InvalidPeriod, lacks_year, read_period
from transforms.text.normalise import ascii_key

_BEGINS_TITLE = re.compile(
    r"(?:bieu (?:so )?\S+ )?(?:bao cao|ket qua|tinh hinh|tong hop|so lieu|thong ke|danh gia|bang tong hop)\b"
)
_PERIOD_ALONE = re.compile(
    r"(?:(?:trong|cua) )?(?:(?:thang|qu[yi]|t|q) ?(?:thu )?(?:[0-9]{1,2}|[ivx]{1,4})"
    r"(?: (?:nam )?(?:19|20|21)\d\d)?"
    r"|(?:0?6|sau) thang (?:dau|cuoi) nam(?: (?:19|20|21)\d\d)?|nam (?:bao cao )?(?:19|20|21)\d\d)"
)
_YEAR_AT_END = re.compile(r"\bnam (?:bao cao )?((?:19|20|21)\d\d)$")
# A decree, a programme or an edition of the form is of any year.
_OF_ANY_YEAR = re.compile(
    r"\b(?:mau|sua doi|cap nhat|chi thi|luat|de an|du an|ke hoach|chuong trinh|nghi quyet|giai doan|dot"
    r"|theo|tu nam|den nam|chien dich|cao diem|tong ket|dan so|thang hanh dong|trich"
    r"|nop(?! phat)|thoi han|han (?:nop|cuoi|chot|gui)|lap (?:ngay|thang|vao|luc))\b"
)
_LEAST_WORDS = 3  # of a form's title that a longer text begins with


def check_other_periods(
    reading: SheetReading, rows: Grid, top: int, stated: FoundText, plan: Plan, title: str
) -> None:
    """Note a title of another period above row `top`; `stated` is the text of the sheet's period.

    It is a warning: the line of the period decides, and the title may have been left from an older sheet.
    """
    period = reading.period
    if period is None:
        return
    start = " ".join(ascii_key(title).split()[:_LEAST_WORDS])
    for found in texts(rows, last=top):
        if found == stated or not (words := _words_of_title(found.text, start)):
            continue
        other = _period_named(words, period, plan.calendar)
        if other is not None and not _goes_with(other, period):
            _note(reading, found, stated, period)
            return


@lru_cache(maxsize=16384)
def _words_of_title(text: str, start: str) -> str:
    """Return the words of a text that is a period alone or begins as a title does, "" for any other."""
    kind, words = classify(text)
    if kind != "plain" or _OF_ANY_YEAR.search(words.removeprefix(start)):
        return ""
    begins = (start and words.startswith(start)) or _BEGINS_TITLE.match(words)
    return words if begins or _PERIOD_ALONE.fullmatch(words) else ""


def _period_named(words: str, period: Period, calendar: Calendar) -> Period | None:
    """Return the period that a title names, one without a year in that of `period`; None for none."""
    year = period.code.removeprefix(calendar.code_prefix)[:4]
    try:
        read = read_period(f"{words} nam {year}" if lacks_year(words) else words, calendar)
        at_end = _YEAR_AT_END.search(words)
        if read is None and at_end is not None and calendar.year_starts_in == 1:
            read = period_from_code(f"{calendar.code_prefix}{at_end[1]}-Y", calendar)
    except (InvalidPeriod, ValueError):
        return None
    return read


def _goes_with(other: Period, period: Period) -> bool:
    """Whether a title of one period fits a report of the other: its year, a quarter beside its month."""
    if other.code == period.code:
        return True
    if "Y" in (other.kind, period.kind) or "A" in (other.kind, period.kind):
        return other.year == period.year
    holds = other.window_start <= period.window_start and period.window_end <= other.window_end
    return holds and other.kind == "Q"


def _note(reading: SheetReading, found: FoundText, stated: FoundText, period: Period) -> None:
    details = {
        "period": Named(period.name_vi, period.name_en),
        "stated": cell_name(stated.row + 1, stated.column),
    }
    cell, value = cell_name(found.row + 1, found.column), shown(found.text)
    finding = Finding(
        "PERIOD-INVALID",
        reading.sheet_name,
        cell,
        "",
        value,
        details,
        Severity.WARNING,
        text_key="other-period",
    )
    reading.findings.append(finding)
