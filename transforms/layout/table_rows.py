"""From the grid below a header to typed rows: where the table ends, what is a total row, what fills down."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas.declaration import Dimension, Form, Measure
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cell_values import Cell, Place, expected_kind, read_cell, type_fault
from transforms.layout.header import Header, is_number_row
from transforms.layout.letterhead import Grid
from transforms.layout.parsed_sheet import SheetReading, TotalRow, Value
from transforms.text.normalise import ascii_key, match_key
from transforms.text.numbers import read_number

TOTAL_WORDS = frozenset({"tong cong", "tong so", "cong", "tong", "toan tinh", "tong cong toan tinh"})
_FOOTER = re.compile(
    r"(?:nguoi lap|thu truong|thu tr|nguoi bao cao|noi nhan|lanh dao|giam doc|chu tich|tm |kt |tl |ghi chu"
    r"|ky ten|ky ghi ro|xac nhan)|.*\bngay \d{0,2} ?thang \d{0,2} ?nam\b"
)


@dataclass(frozen=True, slots=True)
class _Table:
    """A form's table in a sheet: what is the same for each of its rows.

    `measures` and `keys` are the sheet's columns of those that are there, `for_total` those in which a total
    row may say that it is one, `labels` the header's lowest texts by column; `marked`: some cell of the sheet
    holds an error, or a formula whose value was not saved.
    """

    sheet: Sheet
    header: Header
    form: Form
    place: Place
    measures: list[int]
    keys: list[int]
    for_total: list[int]
    labels: list[tuple[int, str]]
    marked: bool

    @property
    def rows(self) -> Grid:
        """All rows of the sheet."""
        return self.sheet.rows


def _table(sheet: Sheet, header: Header, form: Form, place: Place) -> _Table:
    measures = [header.columns[m.key] for m in form.measures if m.key in header.columns]
    keys = [header.columns[d.key] for d in form.dimensions if d.key in header.columns]
    ordinal = [] if header.ordinal is None else [header.ordinal]
    said = ((column, _at(sheet.rows[header.last_row], column)) for column in header.columns.values())
    return _Table(
        *(sheet, header, form, place, measures, keys),
        for_total=sorted({*keys, *ordinal, *range(min(measures, default=0))}),
        labels=[(column, match_key(text)) for column, text in said if isinstance(text, str)],
        marked=bool(sheet.error_cells or sheet.formula_without_value),
    )


def read_rows(reading: SheetReading, sheet: Sheet, header: Header, form: Form, place: Place) -> None:
    """Read all rows below the header into `reading`: rows, values, totals and the findings of cells."""
    table = _table(sheet, header, form, place)
    first = header.last_row + 1
    while first < len(sheet.rows) and (_is_blank(sheet.rows[first]) or is_number_row(sheet.rows[first])):
        first += 1
    last = _last_row(table, first)
    keys = _key_cells(table, first, last)
    columns = list(header.columns.values())
    data_row = first + 1
    for index in range(first, last + 1):
        row = sheet.rows[index]
        if _is_blank(_cells(row, columns)) or _repeats_header(row, table):
            continue
        if _is_total(row, table):
            reading.totals.append(_read_total(reading, table, index, data_row))
            data_row = index + 2
            continue
        reading.rows.append(index + 1)
        reading.values.append(_read_row(reading, table, index, keys[index]))
    if len(reading.totals) == 1 and reading.rows and reading.totals[0].row < reading.rows[0]:
        reading.totals[0].first_data_row = 1


def _is_blank(values: Iterable[object]) -> bool:
    for value in values:
        if value is not None and not (isinstance(value, str) and not value.strip()):
            return False
    return True


def _at(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else None


def _cells(row: Sequence[object], columns: list[int]) -> list[object]:
    width = len(row)
    return [row[column] for column in columns if column < width]


def _has_figure(row: Sequence[object], columns: list[int]) -> bool:
    for value in _cells(row, columns):
        try:
            if read_number(value) is not None:
                return True
        except ValueError:
            continue
    return False


def _last_row(table: _Table, first: int) -> int:
    """The table's last row: above the footer, and above rows that name nothing and hold nothing."""
    last = first - 1
    for index in range(first, len(table.rows)):
        row = table.rows[index]
        if _is_blank(row):
            continue
        if not _has_figure(row, table.measures) and any(
            isinstance(value, str) and _FOOTER.match(ascii_key(value)) for value in row
        ):
            break
        if not _is_blank(_cells(row, table.measures)) or _names_something(row, table):
            last = index
    return last


def _names_something(row: Sequence[object], table: _Table) -> bool:
    """Whether a key is given and all given ones are known: the row was meant, though it holds nothing."""
    columns = table.header.columns
    given = [
        read_cell(value, dimension, table.place).value
        for dimension in table.form.dimensions
        if dimension.key in columns and not _is_blank([value := _at(row, columns[dimension.key])])
    ]
    return bool(given) and None not in given


def _repeats_header(row: Sequence[object], table: _Table) -> bool:
    """Whether the row says again what the header says, as below a page break."""
    said = [(text, label) for column, label in table.labels if isinstance(text := _at(row, column), str)]
    if len(said) < 2 or len(said) * 2 <= len(table.header.columns):
        return False
    return all(match_key(text) == label for text, label in said)


def _is_total(row: Sequence[object], table: _Table) -> bool:
    return any(isinstance(v, str) and ascii_key(v) in TOTAL_WORDS for v in _cells(row, table.for_total))


def _read_total(reading: SheetReading, table: _Table, index: int, data_row: int) -> TotalRow:
    sums: dict[str, float] = {}
    for measure in table.form.measures:
        if not measure.is_additive or measure.key not in table.header.columns:
            continue
        column = table.header.columns[measure.key]
        value = _at(table.rows[index], column)
        try:
            number = read_number(value)
        except ValueError:
            _note(reading, type_fault(value, "number"), index, column, measure)
            continue
        if number is not None:
            sums[measure.key] = number
    return TotalRow(index + 1, data_row, sums)


def _key_cells(table: _Table, first: int, last: int) -> dict[int, dict[str, tuple[object, int]]]:
    """For each row its key cells, each with the row in which it is written, merged cells filled down."""
    keys: dict[int, dict[str, tuple[object, int]]] = {i: {} for i in range(first, last + 1)}
    for dimension in table.form.dimensions:
        column = table.header.columns.get(dimension.key)
        if column is None:
            continue
        above = {
            row: top
            for top, left, bottom, right in table.sheet.merged
            if left <= column <= right and bottom > top
            for row in range(max(top + 1, first), min(bottom, last) + 1)
        }
        grouped = table.sheet.is_text_table and _is_grouped(table, first, last, column)
        written = first
        for index in range(first, last + 1):
            value = _at(table.rows[index], column)
            if not _is_blank([value]):
                written = index
            source = above.get(index, written if grouped else index)
            keys[index][dimension.key] = (_at(table.rows[source], column), source)
    return keys


def _is_grouped(table: _Table, first: int, last: int, column: int) -> bool:
    """Whether a text table names each group once, in its first row: it has no merged cells to say so.

    Only where the column stands left of another key, some cells are blank and no name comes twice.
    """
    if column == max(table.keys):
        return False
    data = [row for row in table.rows[first : last + 1] if not _is_blank(row) and not _is_total(row, table)]
    names = [match_key(value) for row in data if isinstance(value := _at(row, column), str) and value.strip()]
    starts_named = bool(data) and not _is_blank([_at(data[0], column)])
    return starts_named and len(set(names)) == len(names) and len(data) >= 2 * len(names)


def _read_row(
    reading: SheetReading, table: _Table, index: int, keys: dict[str, tuple[object, int]]
) -> list[Value]:
    """The typed values of a row by the form's columns; faults go to the reading."""
    row = table.rows[index]
    empty = _is_blank(_cells(row, table.measures)) and not any(
        _is_marked(table, index, column) for column in table.measures
    )
    values: list[Value] = []
    for key, column in table.form.columns.items():
        position = table.header.columns.get(key)
        if position is None:
            values.append(None)
            continue
        value, source = keys.get(key) or (_at(row, position), index)
        if (
            isinstance(value, float)
            and value.is_integer()
            and not table.marked
            and expected_kind(column) == "number"
        ):
            values.append(int(value))  # nearly always, so without going through all that it could be
            continue
        cell = read_cell(value, column, table.place)
        if _is_marked(table, source, position):
            cell = _without_value(table.sheet, source, position, column)
        elif cell.value is None and cell.fault is None and not (empty and isinstance(column, Measure)):
            cell = _blank(column)
        if cell.fault is not None:
            _note(reading, cell.fault, index, position, column)
        values.append(cell.value)
    if empty and table.measures:
        first = next(m for m in table.form.measures if m.key in table.header.columns)
        _note(reading, Finding("VALUE-MISSING"), index, table.header.columns[first.key], first)
    return values


def _is_marked(table: _Table, row: int, column: int) -> bool:
    """Whether a cell holds an error, or a formula whose value was not saved."""
    if not table.marked:
        return False
    return (row, column) in table.sheet.error_cells or (row, column) in table.sheet.formula_without_value


def _without_value(sheet: Sheet, row: int, position: int, column: Dimension | Measure) -> Cell:
    if (row, position) in sheet.error_cells:
        return Cell(None, type_fault("#LỖI!", expected_kind(column)))
    return Cell(None, Finding("VALUE-MISSING"))


def _blank(column: Dimension | Measure) -> Cell:
    """What a blank cell means in a row that has others: none of what is counted; else it must be given."""
    if isinstance(column, Measure) and column.is_additive:
        return Cell(0, Finding("VALUE-BLANK"))
    return Cell(None, Finding("VALUE-MISSING"))


def _note(
    reading: SheetReading, fault: Finding, index: int, position: int, column: Dimension | Measure
) -> None:
    reading.findings.append(
        replace(
            fault,
            sheet_name=reading.sheet_name,
            cell=cell_name(index + 1, position),
            column_key=column.key,
            details={"label": column.label_vi, **fault.details},
        )
    )
