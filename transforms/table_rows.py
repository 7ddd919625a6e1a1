"""From the grid below a header to typed rows: where the table ends, what is a total row, what fills down."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas.declaration import Dimension, Form, Measure
from schemas.findings import Finding
from transforms.cell_values import Cell, Place, expected_kind, read_cell, type_fault
from transforms.header import Header, is_number_row
from transforms.marks import Grid
from transforms.numbers import read_number
from transforms.readings import SheetReading, TotalRow, Value, cell_name
from transforms.text import bare, fold
from transforms.text_table import Sheet

TOTAL_WORDS = frozenset({"tong cong", "tong so", "cong", "tong", "toan tinh", "tong cong toan tinh"})
_FOOTER = re.compile(
    r"(?:nguoi lap|thu truong|thu tr|nguoi bao cao|noi nhan|lanh dao|giam doc|chu tich|tm |kt |tl |ghi chu"
    r"|ky ten|ky ghi ro|xac nhan)|.*\bngay \d{0,2} ?thang \d{0,2} ?nam\b"
)


def read_rows(reading: SheetReading, sheet: Sheet, header: Header, form: Form, place: Place) -> None:
    """Read all rows below the header into `reading`: rows, values, totals and the findings of cells."""
    first = header.last_row + 1
    while first < len(sheet.rows) and (_is_blank(sheet.rows[first]) or is_number_row(sheet.rows[first])):
        first += 1
    last = _last_row(sheet.rows, first, header, form, place)
    keys = _key_cells(sheet, first, last, header, form)
    data_row = first + 1
    for index in range(first, last + 1):
        row = sheet.rows[index]
        if _is_blank_for(row, header) or _repeats_header(row, sheet.rows, header):
            continue
        if _is_total(row, header, form):
            reading.totals.append(_read_total(reading, sheet, index, header, form, data_row))
            data_row = index + 2
            continue
        reading.rows.append(index + 1)
        reading.values.append(_read_row(reading, sheet, index, keys[index], header, form, place))
    if len(reading.totals) == 1 and reading.rows and reading.totals[0].row < reading.rows[0]:
        reading.totals[0].first_data_row = 1


def _is_blank(row: Sequence[object]) -> bool:
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in row)


def _is_blank_for(row: Sequence[object], header: Header) -> bool:
    return _is_blank([row[column] for column in header.columns.values() if column < len(row)])


def _measure_columns(header: Header, form: Form) -> list[int]:
    return [header.columns[m.key] for m in form.measures if m.key in header.columns]


def _key_columns(header: Header, form: Form) -> list[int]:
    return [header.columns[d.key] for d in form.dimensions if d.key in header.columns]


def _has_value(row: Sequence[object], columns: list[int]) -> bool:
    return not _is_blank([row[column] for column in columns if column < len(row)])


def _has_figure(row: Sequence[object], columns: list[int]) -> bool:
    for column in columns:
        value = row[column] if column < len(row) else None
        try:
            if read_number(value) is not None:
                return True
        except ValueError:
            continue
    return False


def _last_row(rows: Grid, first: int, header: Header, form: Form, place: Place) -> int:
    """The table's last row: above the footer, and above rows that name nothing and hold nothing."""
    measures = _measure_columns(header, form)
    last = first - 1
    for index in range(first, len(rows)):
        row = rows[index]
        if _is_blank(row):
            continue
        if not _has_figure(row, measures) and any(
            isinstance(value, str) and _FOOTER.match(bare(value)) for value in row if value is not None
        ):
            break
        if _has_value(row, measures) or _names_something(row, header, form, place):
            last = index
    return last


def _names_something(row: Sequence[object], header: Header, form: Form, place: Place) -> bool:
    """Whether a key is given and all given ones are known: the row was meant, though it holds nothing."""
    given = [
        read_cell(value, dimension, place).value
        for dimension in form.dimensions
        if dimension.key in header.columns
        and not _is_blank([value := _at(row, header.columns[dimension.key])])
    ]
    return bool(given) and None not in given


def _at(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else None


def _repeats_header(row: Sequence[object], rows: Grid, header: Header) -> bool:
    """Whether the row says again what the header says, as below a page break."""
    said = [(_at(row, c), _at(rows[header.last_row], c)) for c in header.columns.values()]
    texts = [(fold(a), fold(b)) for a, b in said if isinstance(a, str) and isinstance(b, str)]
    return len(texts) >= 2 and len(texts) * 2 > len(said) and all(a == b for a, b in texts)


def _is_total(row: Sequence[object], header: Header, form: Form) -> bool:
    columns = _key_columns(header, form)
    if header.ordinal is not None:
        columns.append(header.ordinal)
    first_measure = min(_measure_columns(header, form), default=0)
    places = {*columns, *range(first_measure)}
    return any(bare(value) in TOTAL_WORDS for c in places if isinstance(value := _at(row, c), str))


def _read_total(
    reading: SheetReading, sheet: Sheet, index: int, header: Header, form: Form, data_row: int
) -> TotalRow:
    sums: dict[str, float] = {}
    for measure in form.measures:
        if not measure.is_additive or measure.key not in header.columns:
            continue
        column = header.columns[measure.key]
        value = _at(sheet.rows[index], column)
        try:
            number = read_number(value)
        except ValueError:
            _note(reading, type_fault(value, "number"), index, column, measure)
            continue
        if number is not None:
            sums[measure.key] = number
    return TotalRow(index + 1, data_row, sums)


def _key_cells(
    sheet: Sheet, first: int, last: int, header: Header, form: Form
) -> dict[int, dict[str, tuple[object, int]]]:
    """For each row its key cells, each with the row in which it is written, merged cells filled down."""
    keys: dict[int, dict[str, tuple[object, int]]] = {i: {} for i in range(first, last + 1)}
    for dimension in form.dimensions:
        column = header.columns.get(dimension.key)
        if column is None:
            continue
        above = {
            row: top
            for top, left, bottom, right in sheet.merged
            if left <= column <= right and bottom > top
            for row in range(max(top + 1, first), min(bottom, last) + 1)
        }
        grouped = sheet.is_text_table and _is_grouped(sheet.rows, first, last, column, header, form)
        written = first
        for index in range(first, last + 1):
            value = _at(sheet.rows[index], column)
            if not _is_blank([value]):
                written = index
            source = above.get(index, written if grouped else index)
            keys[index][dimension.key] = (_at(sheet.rows[source], column), source)
    return keys


def _is_grouped(rows: Grid, first: int, last: int, column: int, header: Header, form: Form) -> bool:
    """Whether a text table names each group once, in its first row: it has no merged cells to say so.

    Only where the column stands left of another key, some cells are blank and no name comes twice.
    """
    if column == max(_key_columns(header, form)):
        return False
    data = [row for row in rows[first : last + 1] if not _is_blank(row) and not _is_total(row, header, form)]
    names = [fold(value) for row in data if isinstance(value := _at(row, column), str) and value.strip()]
    starts_named = bool(data) and not _is_blank([_at(data[0], column)])
    return starts_named and len(set(names)) == len(names) and len(data) >= 2 * len(names)


def _read_row(
    reading: SheetReading,
    sheet: Sheet,
    index: int,
    keys: dict[str, tuple[object, int]],
    header: Header,
    form: Form,
    place: Place,
) -> list[Value]:
    """The typed values of a row by the form's columns; faults go to the reading."""
    row = sheet.rows[index]
    measures = _measure_columns(header, form)
    empty = not _has_value(row, measures) and not any(
        (index, column) in sheet.error_cells or (index, column) in sheet.formula_without_value
        for column in measures
    )
    values: list[Value] = []
    for column in form.columns.values():
        position = header.columns.get(column.key)
        if position is None:
            values.append(None)
            continue
        value, source = keys.get(column.key) or (_at(row, position), index)
        written = (source, position)
        cell = read_cell(value, column, place)
        if written in sheet.error_cells:
            cell = Cell(None, type_fault("#LỖI!", expected_kind(column)))
        elif written in sheet.formula_without_value:
            cell = Cell(None, Finding("VALUE-MISSING"))
        elif cell == (None, None) and not (empty and isinstance(column, Measure)):
            cell = _blank(column)
        if cell.fault is not None:
            _note(reading, cell.fault, index, position, column)
        values.append(cell.value)
    if empty and measures:
        first = next(m for m in form.measures if m.key in header.columns)
        _note(reading, Finding("VALUE-MISSING"), index, header.columns[first.key], first)
    return values


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
            details={"label": column.vi, **fault.details},
        )
    )
