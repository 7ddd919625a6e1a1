"""Rows that name a key for the rows below them, which leave that key blank."""

from schemas.declaration import Dimension
from transforms.layout.cells.cell_values import read_cell
from transforms.layout.table import Table, at, cells, has_figure, is_blank, is_empty, row_summary


def is_section(table: Table, index: int) -> bool:
    """Whether a row names one of several keys for the rows below it, which leave that key blank.

    The heading may be in the key's own column or in any other; all headings of a table name the same key.
    """
    row, columns = table.rows[index], table.header.columns
    dimensions = [d for d in table.form.dimensions if d.key in columns]
    if len(dimensions) < 2:
        return False
    given = [d for d in dimensions if not is_empty(at(row, columns[d.key]))]
    if len(given) == 1 and _heads_rows(table, index, given[0], columns[given[0].key]):
        return True
    if len(given) == len(dimensions):
        return False
    for column, value in enumerate(row):
        if not isinstance(value, str) or not value.strip():
            continue
        for dimension in dimensions:
            named = dimension not in given and read_cell(value, dimension, table.lookup).value is not None
            if named and _heads_rows(table, index, dimension, column):
                return True
    return False


def _heads_rows(table: Table, index: int, dimension: Dimension, column: int) -> bool:
    """Whether the rows below leave the key blank that the cell in `column` names; if so, note the heading."""
    heads_already = {key for key, _ in table.headings.values()}
    if heads_already and dimension.key not in heads_already:
        return False
    position = table.header.columns[dimension.key]
    for below in table.rows[index + 1 :]:
        if not is_blank(below):
            others = cells(below, [key for key in table.keys if key != position])
            leaves_blank = is_empty(at(below, position)) and not is_blank(others)
            is_total = row_summary(below, table) is not None
            if leaves_blank and not is_total and has_figure(below, table.measures):
                table.headings[index] = (dimension.key, column)
                return True
            return False
    return False
