"""Which sheets a body sends in one file, under which name, and the file itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from random import Random

from plans.languages.catalog import DEFAULT
from sampledata import clutter
from sampledata.faults import OF_FILE
from sampledata.layout import Grid, lay_out
from sampledata.mess import Typing, draw_typing
from sampledata.sheet import Entry, Sheet, entry_of
from sampledata.style import draw_style
from sampledata.writers import Page, add_macro, write_file

DAYS = (1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6)  # after the window closes; due within 4 working days
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")  # of sheets
LATER_STEMS = ("{stem} (sua)", "{stem} đính chính", "{stem}_v2")


@dataclass(frozen=True)
class Parcel:
    """A file to be: its sheets, its path below the drive's root and the day on which it is put there."""

    sheets: Sequence[Sheet]
    path: str
    sent: date


def pack(sheets: Iterable[Sheet], rng: Random, later_by: int = 0) -> list[Parcel]:
    """Put sheets of one body and day into files, together or apart; `later_by` days late: corrections."""

    def sender(sheet: Sheet) -> tuple[str, date, bool]:
        return sheet.body.code, sheet.period.window_end, sheet.period.kind == "A"

    parcels = []
    for _sender, group in groupby(sorted(sheets, key=sender), sender):
        for together in _split(list(group), rng):
            sent = together[0].period.window_end + timedelta(days=rng.choice(DAYS) + later_by)
            parcels.append(Parcel(together, _path(together, rng, is_later=bool(later_by)), sent))
    return parcels


def _split(sheets: list[Sheet], rng: Random) -> list[list[Sheet]]:
    """Sheets whose fault refuses the whole file do not take others with them that are to be judged."""
    apart = [s for s in sheets if s.code in OF_FILE]
    rest = [s for s in sheets if s.code not in OF_FILE]
    if any(s.code == "PII-SUSPECTED" for s in rest):
        apart += [s for s in rest if s.corrected_later or s.code not in (None, "PII-SUSPECTED")]
        rest = [s for s in rest if s not in apart]
    files = [[s] for s in apart]
    if rng.random() < 0.4:
        cut = rng.randint(0, len(rest))
        return [part for part in (*files, rest[:cut], *([s] for s in rest[cut:])) if part]
    return [part for part in (*files, rest) if part]


def _path(sheets: Sequence[Sheet], rng: Random, *, is_later: bool) -> str:
    day = sheets[0].period.window_end
    forms = "_".join(map(_short, sheets))
    words = rng.choice(clutter.FILE_NAMES).format(set=Path(sheets[0].plan.form_set).name.upper())
    stem = f"{words} {day.month:02}-{day.year} {forms}"
    if sheets[0].period.kind == "A":
        stem = f"Báo cáo nhanh {day:%d-%m-%Y}"
    if is_later:
        stem = rng.choice(LATER_STEMS).format(stem=stem)
    kind = rng.choice(clutter.KINDS)
    if kind == ".csv" and (len(sheets) > 1 or sheets[0].notes_sheet):
        kind = ".xlsx"
    if sheets[0].code in OF_FILE:
        kind = rng.choice((".xlsx", ".xlsm") if sheets[0].code == "FILE-MACRO" else (".xlsx", ".xls", ".ods"))
    place = rng.choice(clutter.SUBFOLDERS).format(
        year=day.year, month=day.month, quarter=(day.month + 2) // 3
    )
    if sheets[0].plan.language != DEFAULT:
        stem, place = _named_in_language(sheets, is_later=is_later), place and str(day.year)
    return str(Path(sheets[0].body.code, place, stem + kind))


def _named_in_language(sheets: Sequence[Sheet], *, is_later: bool) -> str:
    """Return the name of a file in the language of the plan: "March 2021 01"."""
    period = _NOT_IN_NAMES.sub("-", sheets[0].period.name_vi)
    return f"{period} {'_'.join(map(_short, sheets))}{'_v2' if is_later else ''}"


def _short(sheet: Sheet) -> str:
    """The number of the form, as clerks name files and sheets: "03" for 03-PCMD, "YT01" for YT-01."""
    first, _, rest = sheet.form.code.partition("-")
    return re.sub(r"[^\w.]+", "", first if first[:1].isdigit() else f"{first}{rest}")


def write_parcel(folder: Path, parcel: Parcel, rng: Random, mess: float) -> list[Entry]:
    """Write the file below `folder` and return the truth about its sheets."""
    path = folder / parcel.path
    path.parent.mkdir(parents=True, exist_ok=True)
    as_text, typing = path.suffix == ".csv", draw_typing(rng, mess)
    if parcel.sheets[0].plan.language != DEFAULT:  # the legacy fonts have the letters of that language alone
        typing = replace(typing, encoding="", other_vowel=False)
    pages: list[Page] = []
    entries = []
    pattern = rng.choice(clutter.SHEET_NAMES if rng.random() < mess else clutter.SHEET_NAMES[:1])
    for sheet in parcel.sheets:
        style = draw_style(rng, mess, merges=not as_text)
        grid = lay_out(sheet, style, parcel.sent, rng, as_text=as_text).typed(typing)
        code = _NOT_IN_NAMES.sub("-", sheet.form.code)
        named = pattern.format(n=_short(sheet), code=code)
        if sheet.plan.language != DEFAULT:
            named = code
        name = _unused(named, pages)
        pages.append(Page(name, grid))
        entries.append(entry_of(sheet, parcel.path, None if as_text else name, grid.address(sheet.mark)))
    for sheet in parcel.sheets:
        pages += _notes(sheet, pages, typing)
    if not as_text:
        beside = clutter.side_pages(parcel.sheets[0].form, typing, rng, mess)
        pages += beside if parcel.sheets[0].plan.language == DEFAULT else []
    write_file(path, pages, rng, plain_letters=not typing.encoding)
    return _judged_as_file(path, parcel, entries, rng)


def _unused(name: str, pages: Sequence[Page]) -> str:
    taken = [page.name for page in pages]
    return next(n for n in (name, *(f"{name} ({i})" for i in range(2, 99))) if n not in taken)


def _notes(sheet: Sheet, pages: Sequence[Page], typing: Typing) -> list[Page]:
    """The notes sheet of a sheet that has one."""
    if not sheet.notes_sheet:
        return []
    return [Page(_unused("Ghi chep", pages), Grid({(0, 0): sheet.notes_sheet}).typed(typing))]


def _judged_as_file(path: Path, parcel: Parcel, entries: list[Entry], rng: Random) -> list[Entry]:
    """The entries after the faults that refuse the whole file; what cannot be read has one, without sheet."""
    codes = {sheet.code for sheet in parcel.sheets}
    if codes & OF_FILE:
        if "FILE-MACRO" in codes:
            add_macro(path)
        else:
            clutter.damage(path, rng)
        return [entries[0] | {"sheet": None, "form": None, "period": None, "rows": []}]
    if "PII-SUSPECTED" in codes:
        return [entry | {"expect": "rejected", "code": "PII-SUSPECTED"} for entry in entries]
    return entries
