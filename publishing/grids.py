"""A sheet as the clerk sees it: rows and columns with headings, and the cells that were found faulty."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from transforms.readings import cell_name, column_letters
from transforms.workbook import UnreadableFile, read_sheets

MOST_ROWS, MOST_COLUMNS, LONGEST = 200, 40, 200
Grid = list[tuple[int, list[tuple[str, str]]]]


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


def draw(content: bytes | None, file_name: str, sheet_name: str) -> tuple[list[str], Grid]:
    """The column letters and the rows of a sheet, as text, bounded; nothing where it cannot be read."""
    if content is None:
        return [], []
    try:
        sheet = next((s for s in read_sheets(content, file_name) if s.name == sheet_name), None)
    except UnreadableFile:
        return [], []
    if sheet is None:
        return [], []
    width = min(max((len(row) for row in sheet.rows), default=0), MOST_COLUMNS)
    grid = [
        (number, [(cell_name(number, c), _shown(row[c] if c < len(row) else None)) for c in range(width)])
        for number, row in enumerate(sheet.rows[:MOST_ROWS], 1)
    ]
    return [column_letters(column) for column in range(width)], grid


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return str(value)[:LONGEST]
