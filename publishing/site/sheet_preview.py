"""A sheet as the clerk sees it: rows and columns with headings, and marks on cells with findings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from publishing.i18n import Pair
from publishing.site.page_queries import FindingRow
from transforms.cell_names import cell_name, column_letters
from transforms.extract.file_safety import UnreadableFile

MOST_ROWS, MOST_COLUMNS, LONGEST = 200, 40, 200
_SHORT = 5  # characters of a text that fits its cell
_MOST_CHANGED = 0.3  # share of filled cells that differ between two sheets of the same layout


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A drawn cell: A1 name, text, and the number of rows and columns that it spans.

    A long text of a sparse row spans the blank cells to its right, as spreadsheet programs show it.
    `original`: the text as typed in a legacy font, None where it needed no decoding. `before`: the text in
    the submission that this one replaces, None where it is the same.
    """

    name: str
    text: str
    down: int
    across: int
    original: str | None = None
    before: str | None = None


@dataclass(slots=True)
class Mark:
    """The findings of a cell: whether one is an error, their codes and messages."""

    is_error: bool = False
    codes: str = ""
    message: Pair = ("", "")


Grid = list[tuple[int, list[PreviewCell]]]  # row number and cells


def marks_of(findings: Sequence[FindingRow]) -> Mapping[str, Mark]:
    """Return the mark of each cell that findings name, by its A1 name."""
    marks: dict[str, Mark] = {}
    for finding in findings:
        if not finding["cell"]:
            continue
        mark = marks.setdefault(finding["cell"], Mark())
        if finding["severity"] == "error":
            mark.is_error = True
        mark.codes = f"{mark.codes}; {finding['code']}".removeprefix("; ")
        vi, en = mark.message
        mark.message = (f"{vi} {finding['message_vi']}".strip(), f"{en} {finding['message_en']}".strip())
    return marks


def draw(
    content: bytes | None, file_name: str, sheet_name: str, marked: Collection[str]
) -> tuple[list[str], Grid]:
    """Return the column letters and rows of a sheet as text, bounded; empty if it cannot be read.

    Merged cells are drawn merged, unless that would hide a marked cell.
    """
    if content is None:
        return [], []
    # Imported where a page is due: the readers take longer than reading what has not changed.
    from transforms.extract.workbook import read_sheets
    from transforms.layout.sheet_parser import decode_sheet

    try:
        sheet = next((s for s in read_sheets(content, file_name) if s.name == sheet_name), None)
    except UnreadableFile:
        return [], []
    if sheet is None:
        return [], []
    width = min(max((len(row) for row in sheet.rows), default=0), MOST_COLUMNS)
    typed = sheet.rows[:MOST_ROWS]
    rows = decode_sheet(sheet).rows[:MOST_ROWS]
    spans, hidden = _merged(sheet.merged, len(rows), width, marked)
    grid: Grid = []
    for row, values in enumerate(rows):
        texts = [_as_text(values[column] if column < len(values) else None) for column in range(width)]
        cells = []
        for column, text in enumerate(texts):
            if (row, column) not in hidden:
                name, (down, across) = cell_name(row + 1, column), spans.get((row, column), (1, 1))
                raw = _as_text(typed[row][column]) if column < len(typed[row]) else ""
                original = raw if raw != text else None
                cells.append(PreviewCell(name, text, down, across, original))
        if _is_sparse(texts):
            cells = _spread(cells, marked)
        while cells and not cells[-1].text and cells[-1].name not in marked and cells[-1].across == 1:
            cells.pop()  # blank cells at the end of a row are not drawn
        grid.append((row + 1, cells))
    return [column_letters(column) for column in range(width)], grid


def with_changes(grid: Grid, earlier: Grid) -> Grid:
    """Add the earlier text to each cell that differs; `earlier` is the sheet of the replaced submission.

    Nothing is added to sheets of another layout, in which most cells differ.
    """
    texts = {cell.name: cell.text for _, cells in earlier for cell in cells}
    filled = [cell for _, cells in grid for cell in cells if cell.text]
    differing = sum(cell.text != texts.get(cell.name, "") for cell in filled)
    if differing > _MOST_CHANGED * len(filled):
        return grid
    return [
        (
            number,
            [
                replace(cell, before=texts.get(cell.name, ""))
                if cell.text != texts.get(cell.name, "")
                else cell
                for cell in cells
            ],
        )
        for number, cells in grid
    ]


def _merged(
    ranges: Sequence[tuple[int, int, int, int]], height: int, width: int, marked: Collection[str]
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Return the span of the first cell of each merged range, and the cells that the ranges hide."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    hidden: set[tuple[int, int]] = set()
    for top, left, bottom, right in ranges:
        end_row, end_column = min(bottom + 1, height), min(right + 1, width)
        inside = {(row, column) for row in range(top, end_row) for column in range(left, end_column)}
        others = inside - {(top, left)}
        if others and not inside & hidden and not any(cell_name(r + 1, c) in marked for r, c in others):
            spans[top, left] = (end_row - top, end_column - left)
            hidden |= others
    return spans, hidden


def _is_sparse(texts: Sequence[str]) -> bool:
    """Whether a row has few texts, as a letterhead has."""
    return sum(bool(text) for text in texts) <= 3


def _spread(cells: Sequence[PreviewCell], marked: Collection[str]) -> list[PreviewCell]:
    """Let each long text span the blank cells to its right."""
    spread: list[PreviewCell] = []
    for cell in cells:
        last = spread[-1] if spread else None
        is_plain = not cell.text and cell.down == cell.across == 1 and cell.name not in marked
        if is_plain and last and len(last.text) > _SHORT and last.down == 1:
            spread[-1] = replace(last, across=last.across + 1)
        else:
            spread.append(cell)
    return spread


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):  # as a program shows it that is set to the language of the pages
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return str(value)[:LONGEST]
