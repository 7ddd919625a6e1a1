"""Sheets made of the tables of a document (Word, HTML): each with the text before it as its head."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.extract.file_safety import MAX_CELLS, MAX_COLUMN, MAX_ROW, MAX_SHEETS, too_large
from transforms.extract.rich_text import Run, shown_text
from transforms.extract.sheet import CellFlag, MergedRange, Position, Sheet
from transforms.text.normalise import ascii_key

_LETTERHEAD_WORDS = ("cong hoa xa hoi", "doc lap tu do", "noi nhan", "nguoi lap bieu", "thu truong don vi")
_LARGEST_LETTERHEAD = 8  # rows
_MOST_LINES_BETWEEN = 4  # two parts of a table
_HIGHEST_HEADER = 3  # rows
_LONGEST_ORDINAL = 3  # digits
_FIGURE = re.compile(r"-?\d[\d., ]*%?")
_HEAD_WORDS = ("bieu so", "mau so", "bieu mau", "ky bao cao", "thang ", "quy ", "nam 20")


@dataclass(slots=True)
class Table:
    """A table under construction; cells take the first free column, as their spans leave it."""

    rows: list[list[object]] = field(default_factory=list)
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    flags: dict[Position, CellFlag] = field(default_factory=dict)
    displayed: dict[Position, str] = field(default_factory=dict)
    width: int = 0
    _occupied: set[Position] = field(default_factory=set)
    _column: int = 0

    def start_row(self) -> None:
        """Begin a row."""
        if len(self.rows) >= MAX_ROW:
            too_large("too_many_rows")
        self.rows.append([])
        self._column = 0

    def skip(self, count: int) -> None:
        """Leave columns blank before the next cell."""
        self._column = min(self._column + max(count, 0), MAX_COLUMN)

    def add(self, value: object, columns: int = 1, rows: int = 1, runs: Sequence[Run] = ()) -> Position:
        """Add a cell that spans columns and rows; return its position.

        The runs are unseen where they have the colour of the cell, not only where they are white.
        """
        if not self.rows:
            self.start_row()
        row = len(self.rows) - 1
        while (row, self._column) in self._occupied:
            self._column += 1
        columns, rows = max(columns, 1), min(max(rows, 1), MAX_ROW)
        last = self._column + columns - 1
        if last >= MAX_COLUMN:
            too_large("too_many_columns")
        self.width = max(self.width, last + 1)
        position = (row, self._column)
        if columns > 1 or rows > 1:
            self.merged.append(MergedRange(row, self._column, row + rows - 1, last))
            self._occupy(row + 1, rows - 1, self._column, last)
        line = self.rows[row]
        line.extend([None] * (last + 1 - len(line)))
        line[self._column] = value
        self._column = last + 1
        written = [run for run in runs if run.text.strip()]
        shown = shown_text(runs)
        if written and all(run.is_unseen for run in written):
            self.flags[position] = CellFlag.INVISIBLE
        elif shown is not None:
            self.flags[position], self.displayed[position] = shown.flag, shown.text
        return position

    def _occupy(self, first_row: int, count: int, first: int, last: int) -> None:
        if len(self._occupied) + count * (last - first + 1) > MAX_CELLS:
            too_large("too_many_cells")
        self._occupied |= {
            (r, c) for r in range(first_row, first_row + count) for c in range(first, last + 1)
        }


@dataclass(slots=True)
class Document:
    """The lines and tables of a document in their order, and its text that belongs to neither."""

    blocks: list[Table] = field(default_factory=list)
    other_text: list[str] = field(default_factory=list)
    cells: int = 0

    def add_line(self, text: str) -> None:
        """Add a paragraph; its tabs separate cells."""
        parts = [part.strip() for part in text.split("\t")]
        if any(parts):
            table = Table()
            table.start_row()
            for part in parts[:MAX_COLUMN]:
                table.add(part or None)
            self._add(table)

    def add_table(self, table: Table) -> None:
        """Add a finished table."""
        if table.width:
            self._add(table)

    def add_page_headers(self, headers: Sequence["Document"]) -> None:
        """Put the text at the top of the pages before all else, each line once."""
        lines = {" ".join(map(str, row)): row for h in headers for b in h.blocks for row in _lines_of(b)}
        self.blocks = [Table(rows=[row], width=len(row)) for row in lines.values()] + self.blocks

    def _add(self, table: Table) -> None:
        self.cells += len(table.rows) * table.width
        if self.cells > MAX_CELLS or len(self.blocks) > MAX_ROW:
            too_large("too_many_cells")
        self.blocks.append(table)

    def sheets(self) -> list[Sheet]:
        """Return a sheet for each table of figures, with all that precedes it as its head.

        A table that goes on with the one before it, as behind a page break, is part of its sheet. What
        follows the last table comes below it, after a blank row.
        """
        groups: list[list[Table]] = [[]]
        for block in self.blocks:
            groups[-1].append(block)
            if not holds_figures(block):
                continue
            if len(groups) > 1 and _goes_on(groups[-2][-1], groups[-1]):
                further = groups.pop()
                groups[-1] += further
            groups.append([])
        tail = groups.pop()
        if not groups:
            groups = [tail]
        elif tail:
            groups[-1] += [Table(rows=[[]]), *tail]
        if len(groups) > MAX_SHEETS:
            too_large("too_many_sheets")
        return [_sheet(f"Bảng {i}", group) for i, group in enumerate(groups, 1) if group]


def holds_figures(table: Table) -> bool:
    """Whether a table is one of figures, not a frame around a letterhead or signatures."""
    if table.width < 3 or len(table.rows) < 2:
        return False
    if len(table.rows) > _LARGEST_LETTERHEAD:
        return True
    words = " ".join(ascii_key(str(value)) for row in table.rows for value in row if value is not None)
    return not any(phrase in words for phrase in _LETTERHEAD_WORDS)


def _goes_on(table: Table, blocks: Sequence[Table]) -> bool:
    """Whether the last of the blocks goes on with a table.

    It does below the same header, with the next number, or where it begins with figures, not with a header:
    rows of another shape get findings where they are read.

    What is between them must not be the head of a report of its own.
    """
    *between, following = blocks
    lines = [" ".join(ascii_key(str(v)) for v in row if v is not None) for b in between for row in b.rows]
    if len(lines) > _MOST_LINES_BETWEEN:
        return False
    if any(word in line for line in lines for word in _HEAD_WORDS):
        return False
    header = [_keys(row) for row in table.rows[:_HIGHEST_HEADER]]
    numbers = [_ordinal(row) for row in (table.rows[-1], table.rows[-2], following.rows[0])]
    follows = numbers[2] is not None and numbers[2] - 1 in numbers[:2]
    if _is_row_of_figures(following.rows[0]) and any(map(_is_row_of_figures, table.rows[-2:])):
        return True
    if following.width != table.width:
        return False
    return follows or (len(_keys(following.rows[0])) > 1 and _keys(following.rows[0]) in header)


def _is_row_of_figures(row: Sequence[object]) -> bool:
    """Whether a row has words and, behind its first cell, figures."""
    texts = [str(value).strip() for value in row if value is not None and str(value).strip()]
    figures = [text for text in texts[1:] if _FIGURE.fullmatch(text)]
    return bool(figures) and len(figures) < len(texts)


def _keys(row: Sequence[object]) -> list[str]:
    return [ascii_key(str(value)) for value in row if value is not None]


def _ordinal(row: Sequence[object]) -> int | None:
    """The number of a row in its first cell, None for none."""
    first = str(row[0]).strip().rstrip(".") if row else ""
    return int(first) if first.isdecimal() and len(first) <= _LONGEST_ORDINAL else None


def _sheet(name: str, blocks: Sequence[Table]) -> Sheet:
    """Return the blocks one below the other; a frame's lines become rows of their own."""
    sheet = Sheet(name, [])
    flags: dict[Position, CellFlag] = {}
    displayed: dict[Position, str] = {}
    hidden: set[int] = set()
    hidden_columns: set[int] = set()
    for block in blocks:
        first = len(sheet.rows)
        if block.width and not holds_figures(block):
            sheet.rows += _lines_of(block)
            continue
        sheet.rows += block.rows
        sheet.merged += [
            m._replace(first_row=m.first_row + first, last_row=m.last_row + first) for m in block.merged
        ]
        flags |= {(row + first, column): flag for (row, column), flag in block.flags.items()}
        displayed |= {(row + first, column): text for (row, column), text in block.displayed.items()}
        hidden |= {row + first for row in block.hidden_rows}
        hidden_columns |= block.hidden_columns
    width = max((len(row) for row in sheet.rows), default=0)
    for row in sheet.rows:
        row.extend([None] * (width - len(row)))
    height = len(sheet.rows)
    sheet.merged = [m._replace(last_row=min(m.last_row, height - 1)) for m in sheet.merged]
    sheet.flags, sheet.displayed, sheet.hidden_rows = flags, displayed, frozenset(hidden)
    sheet.hidden_columns = frozenset(column for column in hidden_columns if column < width)
    return sheet


def _lines_of(frame: Table) -> list[list[object]]:
    """Return the rows of a frame with each line of its cells in a row of its own."""
    rows: list[list[object]] = []
    for row, cells in enumerate(frame.rows):
        texts = [frame.displayed.get((row, column), value) for column, value in enumerate(cells)]
        split = [str(text).split("\n") if text is not None else [] for text in texts]
        for line in range(max((len(lines) for lines in split), default=0)):
            rows.append([lines[line].strip() or None if line < len(lines) else None for lines in split])
    return rows
