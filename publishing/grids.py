"""A sheet as the clerk sees it: rows and columns with headings, and the cells that were found faulty."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from transforms.readings import cell_name, column_letters
from transforms.workbook import UnreadableFile, read_sheets

MOST_ROWS, MOST_COLUMNS, LONGEST = 200, 40, 200
Grid = list[tuple[int, list[tuple[str, str]]]]


def marks_of(findings: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """How to mark each cell that findings name: by its A1 name, the worst mark, the codes and messages."""
    marks: dict[str, dict[str, str]] = {}
    for finding in findings:
        if not finding["cell"]:
            continue
        mark = marks.setdefault(finding["cell"], {"mark": "doubtful", "codes": "", "message": ""})
        if finding["severity"] == "error":
            mark["mark"] = "faulty"
        for key, value in (("codes", finding["code"]), ("message", finding["message_vi"])):
            mark[key] = f"{mark[key]}; {value}".removeprefix("; ")
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
