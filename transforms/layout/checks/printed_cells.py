"""Rows and columns of a table outside the print area: the signed printout lacks their figures."""

from schemas.declaration import Severity
from schemas.findings import Finding, Text, Words, joined
from transforms.cell_names import cell_name, column_letters
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table import RowKind, Table, cells, is_blank

_MOST_NAMED = 10  # rows


def check_printed(reading: SheetReading, table: Table) -> None:
    """Note a print area that leaves out columns of figures or keys, or rows with figures."""
    areas = table.sheet.printed
    if not areas:
        return
    data = [index for index, kind in table.kinds.items() if kind is RowKind.DATA]
    rows = [
        row
        for row in data
        if not any(area.first_row <= row <= area.last_row for area in areas)
        and not is_blank(cells(table.rows[row], table.measures))
    ]
    columns = [
        column
        for column in sorted({*table.keys, *table.measures})
        if not any(area.first_column <= column <= area.last_column for area in areas)
    ]
    if not data or not (rows or columns):
        return
    left_out: list[Text] = [
        Words("hidden.column", {"column": column_letters(column), "label": _label(table, column)})
        for column in columns
    ]
    if rows:
        names = ", ".join(str(row + 1) for row in rows[:_MOST_NAMED]) + (
            " …" if len(rows) > _MOST_NAMED else ""
        )
        left_out.append(Words("hidden.rows", {"rows": names}))
    cell = cell_name((rows or data)[0] + 1, (columns or sorted(table.measures))[0])
    finding = Finding(
        "CELL-HIDDEN",
        reading.sheet_name,
        cell,
        details={"hidden": joined(", ", left_out)},
        severity_override=Severity.WARNING,
        text_key="not-printed",
    )
    reading.findings.append(finding)


def _label(table: Table, column: int) -> str:
    key = next(key for key, position in table.header.columns.items() if position == column)
    return table.form.label_of(key)
