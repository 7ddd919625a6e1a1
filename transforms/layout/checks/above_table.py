"""Findings about texts above a table that are not read: rows of figures, formulas without a value."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.declaration import Severity
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import read_cell
from transforms.layout.checks.table_checks import note_cell
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table import Table, at, cells, has_number, is_blank, is_empty
from transforms.layout.table_header.number_rows import is_number_row

_LEAST_FIGURES = 2  # above columns of figures, for a row to be one of the table


def check_above(reading: SheetReading, table: Table) -> None:
    """Note rows above the header that look like rows of the table, and formulas that may state a unit."""
    for index, row in enumerate(table.rows[: table.header.first_row]):
        if is_blank(cells(row, table.measures)):
            continue
        figures = [column for column in table.measures if has_number(cells(row, [column]))]
        if not figures or len(figures) < min(_LEAST_FIGURES, len(table.measures)) or is_number_row(row):
            continue
        if _has_known_key(row, table) or (len(figures) >= _LEAST_FIGURES and _holds_figures_only(row)):
            note_cell(reading, index, figures[0], row[figures[0]], "row", Severity.ERROR)
    noted = {finding.cell for finding in reading.findings if finding.code == "FORMULA-UNCALCULATED"}
    for position in sorted(table.sheet.formula_without_value):
        cell = cell_name(position[0] + 1, position[1])
        if position[0] < table.header.first_row and cell not in noted:
            finding = Finding("FORMULA-UNCALCULATED", reading.sheet_name, cell)
            reading.findings.append(replace(finding, severity_override=Severity.WARNING))


def _holds_figures_only(row: Sequence[object]) -> bool:
    return all(is_empty(value) or has_number([value]) for value in row)


def _has_known_key(row: Sequence[object], table: Table) -> bool:
    """Whether a row has a key of the form in its column."""
    for dimension in table.form.dimensions:
        column = table.header.columns.get(dimension.key)
        value = None if column is None else at(row, column)
        if not is_empty(value) and read_cell(value, dimension, table.lookup).value is not None:
            return True
    return False
