"""Texts above the labels of a header: texts over several columns, quantities, units, unknown words."""

from collections.abc import Sequence

from schemas.declaration import Measure
from transforms.layout.cells.stated_units import StatedUnit, read_unit, units_of_line
from transforms.layout.found_text import Grid
from transforms.layout.table_header.header_words import (
    Labels,
    header_words,
    is_plain_above,
    may_be_group,
    quantity_above,
)

MergedRanges = Sequence[tuple[int, int, int, int]]


def spread(rows: Grid, merged: MergedRanges, row: int, last: int) -> dict[int, str]:
    """The text of a header's upper row that is above a column, by column.

    It reaches over the columns on its right that have a text below and nothing in this row; where its cell
    is merged, over blank columns inside it too (text tables and old files know no merged cells). A cell
    merged down to the last row is a label, and reaches over no other column.
    """
    ranges = {left: (bottom, right) for top, left, bottom, right in merged if top <= row <= bottom}
    texts: dict[int, str] = {}
    text, end = "", -1
    for column in range(max(len(line) for line in rows[row : last + 1])):
        upper = rows[row][column] if column < len(rows[row]) else None
        if isinstance(upper, str) and upper.strip():
            bottom, end = ranges.get(column, (row, -1))
            text = "" if bottom >= last and end <= column and bottom > row else upper
            texts[column] = upper
            continue
        if column > end and not has_text_above(rows, row + 1, last + 1, column):
            text = ""
        if text:
            texts[column] = text
    return texts


def has_text_above(rows: Grid, first: int, row: int, column: int) -> bool:
    """Whether a column has a text in the rows from `first` to the one before `row`."""
    return any(
        column < len(rows[r]) and isinstance(rows[r][column], str) and str(rows[r][column]).strip()
        for r in range(first, row)
    )


class OverHeader:
    """The texts of the row above a header that are over its measures ("Lũy kế từ đầu năm" over two of them).

    The row is the one above the first row of the header, or the next higher where that is blank. A row with
    a cell over another column, or with a number, is a line of the heading. Columns must be asked for from
    left to right.
    """

    def __init__(self, rows: Grid, merged: MergedRanges, first: int, last: int) -> None:
        row = next((r for r in (first - 1, first - 2) if r >= 0 and any(map(_is_filled, rows[r]))), -1)
        self.row = row
        cells = rows[row] if row >= 0 else ()
        if any(_is_filled(value) and not isinstance(value, str) for value in cells):
            cells = ()
        self._filled = [column for column, value in enumerate(cells) if _is_filled(value)]
        self._over = spread(rows, merged, row, last) if self._filled else {}
        is_alone = row == first - 1 and len(self._filled) == 1
        self._merged = {left for top, left, _, right in merged if top == row and right > left and is_alone}
        self._text = ""

    def text_over(self, column: int, *, is_measure: bool) -> str:
        """The text over a column, "" for none."""
        if self._filled and self._filled[0] <= column:
            if not is_measure or self._filled[0] < column:
                self._filled, self._over, self._text = [], {}, ""
                return ""
            self._text = self._over[self._filled.pop(0)]
        return self._text if self._text == self._over.get(column) else ""

    def is_unknown_group(self, column: int, text: str, labels: Labels) -> bool:
        """Whether the text that begins over a column is merged over labels and is no words of the form."""
        return column in self._merged and may_be_group(text) and bool(unknown_above([text], labels))


def _is_filled(value: object) -> bool:
    return value is not None and bool(str(value).strip())


def unit_above(above: Sequence[str], measure: Measure, labels: Labels) -> StatedUnit | None:
    """The unit that a cell above a label states: of money for an amount, a multiple for a count."""
    kinds = ("money", "scaled", "foreign") if measure.unit.money else ("scaled", "count")
    for text in above:
        found = (header_words(text, labels).unit, *units_of_line(text, labels.nouns))
        for unit in found:
            if unit is not None and unit.base in kinds and (measure.unit.money or unit.factor > 1):
                return unit
    return None


def unknown_above(above: Sequence[str], labels: Labels) -> list[int]:
    """The places in `above` of texts that may make the figures below them others ("Cấp xã")."""
    return [
        place
        for place, text in enumerate(above)
        if text
        and not quantity_above(text)
        and not is_plain_above(text, labels)
        and not read_unit(text, labels.nouns)
        and not units_of_line(text, labels.nouns)
    ]
