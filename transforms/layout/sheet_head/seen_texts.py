"""The texts of a sheet as a person reads them: what header, form code, period and units are read from."""

import re
from collections.abc import Mapping

from transforms.extract.sheet import CellFlag, Position, Sheet
from transforms.layout.found_text import Grid

# Raised digits are footnote marks, but for those of "m²" and "km³".
_FOOTNOTES = re.compile("(?<!\\b[mM])(?<!\\b[kcdKCD][mM])[\u00b9\u00b2\u00b3\u2070-\u207e\u2080-\u208e]+")
_PLAIN_DIGITS = str.maketrans("\u00b2\u00b3", "23")


def written_rows(sheet: Sheet) -> Grid:
    """Return the rows with their texts as written: without crossed-out parts and raised footnote marks."""
    texts = {
        (row, column): _FOOTNOTES.sub("", text).translate(_PLAIN_DIGITS).strip() or None
        for (row, column), text in sheet.displayed.items()
        if isinstance(sheet.rows[row][column], str)
    }
    return _with_cells(sheet.rows, texts)


def seen_rows(sheet: Sheet, written: Grid) -> Grid:
    """Return `written_rows` without the texts that nobody sees; the same object where all are seen."""
    unseen: list[Position] = [cell for cell, flag in sheet.flags.items() if flag is CellFlag.INVISIBLE]
    unseen += [(row, column) for row in sheet.hidden_rows for column in range(_width(written, row))]
    widest = max(map(len, written), default=0)
    columns = [column for column in sheet.hidden_columns if column < widest]
    unseen += [(row, column) for column in columns for row in range(len(written))]
    texts = [(row, column) for row, column in unseen if column < _width(written, row)]
    return _with_cells(written, dict.fromkeys(texts))


def is_unseen(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell is in a hidden row or column, or its text has the colour of the cell."""
    hidden = row in sheet.hidden_rows or column in sheet.hidden_columns
    return hidden or sheet.flags.get((row, column)) is CellFlag.INVISIBLE


def _width(rows: Grid, row: int) -> int:
    return len(rows[row]) if row < len(rows) else 0


def _with_cells(rows: Grid, cells: Mapping[Position, object]) -> Grid:
    """The rows with other values in some cells; the same object where there are none."""
    if not cells:
        return rows
    changed = {row: list(rows[row]) for row, _ in cells}
    for (row, column), value in cells.items():
        changed[row][column] = value
    return [changed.get(index, row) for index, row in enumerate(rows)]
