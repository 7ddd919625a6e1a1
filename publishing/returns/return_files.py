"""Build the workbook that a body gets back: its own file with faulty cells marked, and a list of findings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl.utils import column_index_from_string

from plans.languages.catalog import DEFAULT
from publishing.returns.return_annotations import clear_marks, mark_cell, write_list
from publishing.returns.return_copies import copy_of
from publishing.returns.sheet_results import SheetResult
from publishing.workbook_files import link_to, new_workbook, workbook_bytes
from schemas.form_set import FormSet
from transforms.extract.file_safety import MAX_COLUMN, MAX_ROW, UnreadableFile

Findings = Sequence[Mapping[str, Any]]
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MOST_LISTED = 2_000
_MOST_MARKED = 1_000  # cells


def return_workbook(
    content: bytes | None,
    file_name: str,
    findings: Findings,
    results: Sequence[SheetResult] = (),
    *,
    form_set: FormSet,
    language: str = DEFAULT,
) -> bytes:
    """Return the file as .xlsx: a sheet with the `results` and findings, then its sheets with marked cells.

    `findings` are rows as `audit.finding` has them: severity, code, sheet_name, cell, message_vi, of all
    submissions of the file. An .xlsx keeps its formatting; other files keep their values in the same cells.
    Only the list is written if the content is missing, unreadable or holds personal data.
    """
    listed = sorted(findings, key=lambda f: f["severity"] != "error")[:_MOST_LISTED]
    all_places = {number: _place_of(finding) for number, finding in enumerate(listed)}
    places = {number: place for number, place in all_places.items() if place is not None}
    try:
        if content is None or any(finding["code"] == "PII-SUSPECTED" for finding in findings):
            raise UnreadableFile("FILE-UNREADABLE", "withheld")
        book, sheets = copy_of(content, file_name, frozenset(places.values()), form_set, language)
    except UnreadableFile:
        book, sheets = new_workbook(), {}
    clear_marks(book, language)
    links = {
        number: link_to(sheets[finding["sheet_name"]].title, finding["cell"] if number in places else "A1")
        for number, finding in enumerate(listed)
        if finding["sheet_name"] in sheets and sheets[finding["sheet_name"]].sheet_state == "visible"
    }
    for (name, row, column), of_cell in _by_cell(listed, places):
        if name in sheets:
            mark_cell(sheets[name], row, column, of_cell, language)
    write_list(book, file_name, listed, links, len(findings) - len(listed), form_set, results, language)
    return workbook_bytes(book)


def _place_of(finding: Mapping[str, Any]) -> tuple[str, int, int] | None:
    """Return sheet, row and column (from 1) of a finding; None if it concerns more than one cell."""
    named = _CELL.fullmatch(finding["cell"] or "")
    if named is None:
        return None
    row, column = int(named[2]), column_index_from_string(named[1])
    return (finding["sheet_name"], row, column) if row <= MAX_ROW and column <= MAX_COLUMN else None


def _by_cell(
    listed: Findings, places: Mapping[int, tuple[str, int, int]]
) -> Iterator[tuple[tuple[str, int, int], Findings]]:
    """Yield each faulty cell with its findings, up to the limit."""
    cells: dict[tuple[str, int, int], list[Mapping[str, Any]]] = {}
    for number, place in places.items():
        cells.setdefault(place, []).append(listed[number])
    return iter(list(cells.items())[:_MOST_MARKED])
