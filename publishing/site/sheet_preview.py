"""A sheet as the clerk sees it: rows and columns with headings, and the cells that were found faulty."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from transforms.cell_names import cell_name, column_letters
from transforms.extract.workbook import UnreadableFile, read_sheets

MOST_ROWS, MOST_COLUMNS, LONGEST = 200, 40, 200
Cell = tuple[str, str, int, int]  # A1 name, text, how many rows and columns it is merged over
Grid = list[tuple[int, list[Cell]]]


def marks_of(findings: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """How to mark each cell that findings name: by its A1 name, the worst mark, the codes and messages.

    The message is a pair, in Vietnamese and in English.
    """
    marks: dict[str, dict[str, Any]] = {}
    for finding in findings:
        if not finding["cell"]:
            continue
        mark = marks.setdefault(finding["cell"], {"mark": "doubtful", "codes": "", "message": ("", "")})
        if finding["severity"] == "error":
            mark["mark"] = "faulty"
        mark["codes"] = f"{mark['codes']}; {finding['code']}".removeprefix("; ")
        said = (finding["message_vi"], finding["message_en"])
        mark["message"] = tuple(
            f"{old} {new}".strip() for old, new in zip(mark["message"], said, strict=True)
        )
    return marks


def draw(
    content: bytes | None, file_name: str, sheet_name: str, marked: Collection[str]
) -> tuple[list[str], Grid]:
    """The column letters and the rows of a sheet, as text, bounded; nothing where it cannot be read.

    Merged cells are drawn merged, except where that would hide one that is marked.
    """
    if content is None:
        return [], []
    try:
        sheet = next((s for s in read_sheets(content, file_name) if s.name == sheet_name), None)
    except UnreadableFile:
        return [], []
    if sheet is None:
        return [], []
    width = min(max((len(row) for row in sheet.rows), default=0), MOST_COLUMNS)
    rows = sheet.rows[:MOST_ROWS]
    spans, hidden = _merged(sheet.merged, len(rows), width, marked)
    grid = [
        (
            row + 1,
            [
                (
                    cell_name(row + 1, column),
                    _shown(values[column] if column < len(values) else None),
                    *spans.get((row, column), (1, 1)),
                )
                for column in range(width)
                if (row, column) not in hidden
            ],
        )
        for row, values in enumerate(rows)
    ]
    return [column_letters(column) for column in range(width)], grid


def _merged(
    ranges: Sequence[tuple[int, int, int, int]], height: int, width: int, marked: Collection[str]
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """How far the first cell of each merged range reaches in what is drawn, and the cells under it."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    hidden: set[tuple[int, int]] = set()
    for top, left, bottom, right in ranges:
        below, beside = min(bottom + 1, height), min(right + 1, width)
        inside = {(row, column) for row in range(top, below) for column in range(left, beside)}
        others = inside - {(top, left)}
        if others and not inside & hidden and not any(cell_name(r + 1, c) in marked for r, c in others):
            spans[top, left] = (below - top, beside - left)
            hidden |= others
    return spans, hidden


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return str(value)[:LONGEST]
