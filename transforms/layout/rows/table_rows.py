"""From the classified rows of a table to typed rows and totals."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal

from schemas.declaration import Dimension, Measure, Severity
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import TypedValue, read_cell, type_fault
from transforms.layout.cells.figures_with_units import figure_alone
from transforms.layout.cells.number_style import AmbiguousNumber, ColumnTexts, Number, styled_numbers
from transforms.layout.cells.seen_values import figure_seen, flag_fault, text_seen
from transforms.layout.parsed_sheet import ColumnUnit, SheetReading, TotalRow, Value
from transforms.layout.rows.column_units import converted
from transforms.layout.table import RowKind, Table, at, cells, is_blank, is_empty
from transforms.text.normalise import match_key
from transforms.text.numbers import read_number

_SEPARATOR = re.compile("[.,．，]")
_READ = (RowKind.DATA, RowKind.TOTAL)
_DITTO = frozenset({'"', "''", "nt", "-nt-", "n.t", "như trên", "nhu tren", "như trên nt"})
Keys = dict[str, tuple[object, int]]
"""For each key column the value and the row in which it is written."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """A table being read: numbers kept as text, factors by measure, and whether cells need a closer look.

    `columns` are those of the form, each with its place in the sheet and whether it holds plain numbers.
    """

    reading: SheetReading
    table: Table
    numbers: Mapping[tuple[int, int], Number | AmbiguousNumber]
    factors: Mapping[str, Decimal]
    is_plain: bool
    columns: list[tuple[Dimension | Measure, int | None, bool]]


def read_rows(reading: SheetReading, table: Table, units: list[ColumnUnit]) -> None:
    """Read the rows of the table into `reading`: rows, values, totals and the findings of cells."""
    factors = {unit.key: unit.factor for unit in units if unit.factor != 1}
    numbers = _numbers_kept_as_text(table, factors)
    is_plain = not (table.sheet.flags or table.sheet.displayed)
    of_form = [
        (column, table.header.columns.get(key), is_plain and not factors and _is_number(column))
        for key, column in table.form.columns.items()
    ]
    reader = _Reader(reading, table, numbers, factors, is_plain, of_form)
    keys = _key_cells(table)
    columns = list(table.header.columns.values())
    first_data_row = table.header.last_row + 2
    for index, kind in table.kinds.items():
        if kind is RowKind.TOTAL:
            total = _read_total(reader, index, first_data_row, index)
            reading.totals += [total] if total.sums else []
            first_data_row = index + 2
        elif kind is RowKind.SECTION and not is_blank(cells(table.rows[index], table.measures)):
            total = _read_total(reader, index, index + 2, _end_of_section(table, index))
            total.is_heading = True
            reading.totals.append(total)
        elif kind is RowKind.DATA and not is_blank(cells(table.rows[index], columns)):
            reading.rows.append(index + 1)
            reading.values.append(_read_row(reader, index, keys[index]))


def _is_number(column: Dimension | Measure) -> bool:
    return isinstance(column, Measure) and column.is_number


def _numbers_kept_as_text(
    table: Table, factors: Mapping[str, Decimal]
) -> dict[tuple[int, int], Number | AmbiguousNumber]:
    """The numbers of measure cells that hold text, in the style of the whole table."""
    columns: list[ColumnTexts] = []
    has_plain_whole = False
    read = [index for index, kind in table.kinds.items() if kind in _READ]
    for measure in table.form.measures:
        position = table.header.columns.get(measure.key)
        if position is None or not measure.is_number:
            continue
        texts: dict[tuple[int, int], str] = {}
        has_plain = False
        for index in read:
            value = at(table.rows[index], position)
            if isinstance(value, str):
                if _SEPARATOR.search(value):
                    seen = text_seen(table.sheet, index, position, value)
                    text = seen if isinstance(seen, str) else value
                    alone = figure_alone(text, measure, factors.get(measure.key))
                    texts[index, position] = alone if isinstance(alone, str) else text
                    continue
                has_plain = has_plain or _is_plain_whole(value)
            elif isinstance(value, float | int) and value > 0:
                has_plain = True
        has_plain_whole = has_plain_whole or has_plain
        if texts:
            texts_of = _column_texts(texts, measure, factors.get(measure.key))
            columns.append(replace(texts_of, has_plain=has_plain))
    decimal = table.lookup.words.decimal
    return styled_numbers(columns, has_plain_whole=has_plain_whole, decimal=decimal) if columns else {}


def _is_plain_whole(text: str) -> bool:
    digits = text.strip()
    return digits.isascii() and digits.isdigit() and digits.strip("0") != ""


def _column_texts(texts: dict[tuple[int, int], str], measure: Measure, factor: Decimal | None) -> ColumnTexts:
    unit = measure.unit

    def is_plausible(number: Number) -> bool:
        figure = converted(number, factor) if factor else number
        return abs(figure) <= unit.max_value and (not unit.whole or float(figure).is_integer())

    is_amount = unit.money and unit.whole and not factor
    return ColumnTexts(texts, is_plausible, unit.whole and not factor, is_amount)


def _end_of_section(table: Table, heading: int) -> int:
    """The last row (1-based) below a section heading, before the next heading or total."""
    for index, kind in table.kinds.items():
        if index > heading and kind in (RowKind.SECTION, RowKind.TOTAL):
            return index
    return len(table.rows)


def _read_total(reader: _Reader, index: int, first: int, last: int) -> TotalRow:
    """The sums of a total row over the data rows from `first` to `last` (1-based)."""
    sums: dict[str, float] = {}
    for measure in reader.table.form.measures:
        position = reader.table.header.columns.get(measure.key)
        if position is None or not measure.is_additive:
            continue
        cell = _read_figure(reader, index, position, measure)
        if cell.fault is not None and cell.fault.code == "FORMULA-UNCALCULATED":
            cell = _uncalculated_total(at(reader.table.rows[index], position))
        if cell.fault is not None:
            _note(reader, cell.fault, index, position, measure)
        if isinstance(cell.value, int | float):
            sums[measure.key] = cell.value
    return TotalRow(index + 1, first, last, sums)


def _uncalculated_total(value: object) -> TypedValue:
    """A total that was never calculated: no figure depends on it, so a blank one is passed over."""
    if value is None:
        return TypedValue(None)
    return TypedValue(None, Finding("FORMULA-UNCALCULATED", severity_override=Severity.WARNING))


def _read_figure(reader: _Reader, index: int, position: int, measure: Measure) -> TypedValue:
    """The number of a measure cell in the measure's unit, as a person sees it; blank gives no value."""
    sheet = reader.table.sheet
    cell = None if reader.is_plain else flag_fault(sheet, index, position, measure)
    if cell is None:
        cell = _number_of(reader, index, position, measure)
    factor = reader.factors.get(measure.key)
    if factor is not None and isinstance(cell.value, int | float):
        return TypedValue(converted(cell.value, factor), cell.fault)
    return cell


def _number_of(reader: _Reader, index: int, position: int, measure: Measure) -> TypedValue:
    value = at(reader.table.rows[index], position)
    styled = reader.numbers.get((index, position))
    if isinstance(styled, AmbiguousNumber):
        details = {"first": _in_words(styled.first), "second": _in_words(styled.second)}
        return TypedValue(None, Finding("NUMBER-AMBIGUOUS", value_shown=styled.text, details=details))
    if styled is not None:
        return TypedValue(styled)
    if not reader.is_plain:
        value = text_seen(reader.table.sheet, index, position, value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            factor = reader.factors.get(measure.key)
            seen = figure_seen(reader.table.sheet, index, position, value, measure, factor)
            if seen is not None:
                return seen
    try:
        return TypedValue(read_number(value))
    except ValueError:
        return _with_unit(value, measure, reader.factors.get(measure.key))


def _with_unit(value: object, measure: Measure, factor: Decimal | None) -> TypedValue:
    """The figure of a cell that is no number: it may be typed with its unit."""
    alone = figure_alone(value, measure, factor) if isinstance(value, str) else None
    if isinstance(alone, Finding):
        return TypedValue(None, alone)
    with suppress(ValueError):  # "1.2.3 người"
        if alone is not None:
            return TypedValue(read_number(alone))
    return TypedValue(None, type_fault(value, "number"))


def _in_words(number: Number) -> str:
    return str(number).replace(".", ",")


def _key_cells(table: Table) -> dict[int, Keys]:
    """For each data row its key cells: merged cells, sections and groups of text tables filled down."""
    data = [index for index, kind in table.kinds.items() if kind is RowKind.DATA]
    keys: dict[int, Keys] = {index: {} for index in data}
    for dimension in table.form.dimensions:
        column = table.header.columns.get(dimension.key)
        if column is None:
            continue
        above = _merged_above(table, column)
        grouped = not above and _is_grouped(table, data, column)
        sections = _sections(table, dimension.key)
        written: int | None = None
        for index, kind in table.kinds.items():
            if kind in (RowKind.TOTAL, RowKind.SECTION):
                written = None
            if kind is not RowKind.DATA:
                continue
            value = at(table.rows[index], column)
            if _is_ditto(value) and written is not None:
                source = written
            elif is_empty(value):
                if index in sections:
                    keys[index][dimension.key] = sections[index]
                    continue
                source = above.get(index, written if grouped and written is not None else index)
            else:
                source = written = index
            keys[index][dimension.key] = (at(table.rows[source], column), source)
    return keys


def _is_ditto(value: object) -> bool:
    """Whether a cell repeats the one above by a ditto mark."""
    return isinstance(value, str) and match_key(value) in _DITTO


def _merged_above(table: Table, column: int) -> dict[int, int]:
    """For each row that a merged cell of the column reaches over, the row of its value."""
    above: dict[int, int] = {}
    for top, left, bottom, right in table.sheet.merged:
        if left <= column <= right and bottom > top > table.header.last_row:
            above.update(dict.fromkeys(range(top + 1, bottom + 1), top))
    return above


def _sections(table: Table, key: str) -> dict[int, tuple[object, int]]:
    """For each data row below a section heading that names this key, the heading's text and row."""
    sections: dict[int, tuple[object, int]] = {}
    heading: tuple[object, int] | None = None
    for index, kind in table.kinds.items():
        if kind is RowKind.SECTION:
            named, column = table.headings.get(index, ("", 0))
            heading = (at(table.rows[index], column), index) if named == key else None
        elif kind is RowKind.DATA and heading is not None:
            sections[index] = heading
    return sections


def _is_grouped(table: Table, data: list[int], column: int) -> bool:
    """Whether a column without merged cells names each group once, in its first row.

    Only where it is left of another key, some cells are blank and no name comes twice.
    """
    if column == max(table.keys):
        return False
    values = [at(table.rows[index], column) for index in data]
    names = [match_key(value) for value in values if isinstance(value, str) and value.strip()]
    starts_named = bool(values) and not is_blank(values[:1])
    if len(names) < 2 and not table.sheet.is_text_table:
        return False  # a workbook can merge cells: the one blank may be a key left out
    return starts_named and len(set(names)) == len(names) and len(values) >= 2 * len(names)


def _read_row(reader: _Reader, index: int, keys: Keys) -> list[Value]:
    """The typed values of a row by the form's columns; faults go to the reading."""
    table = reader.table
    row = table.rows[index]
    empty = is_blank(cells(row, table.measures)) and not any(
        (index, column) in table.sheet.flags for column in table.measures
    )
    values: list[Value] = []
    for column, position, is_plain in reader.columns:
        if position is None:
            values.append(None)
            continue
        if is_plain and isinstance(value := at(row, position), float) and value.is_integer():
            values.append(int(value))  # by far the most frequent cell: no further look
            continue
        cell = _read_column(reader, index, position, column, keys)
        if cell.value is None and cell.fault is None and not (empty and isinstance(column, Measure)):
            cell = _blank(column)
        if cell.fault is not None:
            _note(reader, cell.fault, index, position, column)
        values.append(cell.value)
    if empty and table.measures:
        first = next(m for m in table.form.measures if m.key in table.header.columns)
        _note(reader, Finding("VALUE-MISSING"), index, table.header.columns[first.key], first)
    return values


def _read_column(
    reader: _Reader, index: int, position: int, column: Dimension | Measure, keys: Keys
) -> TypedValue:
    table = reader.table
    if isinstance(column, Measure) and column.is_number:
        return _read_figure(reader, index, position, column)
    value, source = keys.get(column.key) or (at(table.rows[index], position), index)
    if not reader.is_plain:
        fault = flag_fault(table.sheet, source, position, column)
        if fault is not None:
            return fault
        value = text_seen(table.sheet, source, position, value)
    return read_cell(value, column, table.lookup)


def _blank(column: Dimension | Measure) -> TypedValue:
    """What a blank cell means in a row that has others: none of what is counted; else it must be given."""
    if isinstance(column, Measure) and column.is_additive:
        return TypedValue(0, Finding("VALUE-BLANK"))
    return TypedValue(None, Finding("VALUE-MISSING"))


def _note(reader: _Reader, fault: Finding, index: int, position: int, column: Dimension | Measure) -> None:
    reader.reading.findings.append(
        replace(
            fault,
            sheet_name=reader.reading.sheet_name,
            cell=cell_name(index + 1, position),
            column_key=column.key,
            details={"label": reader.table.form.label_of(column.key), **fault.details},
        )
    )
