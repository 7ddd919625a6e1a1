"""Text files that end within the last row of their table: they may have been cut while they were copied."""

from schemas.declaration import Severity
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import shown
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table import RowKind, Table, at, is_empty


def check_cut(reading: SheetReading, table: Table) -> None:
    """Note a text file without a line break after the last row of its table; an error if it is short."""
    sheet = table.sheet
    if sheet.open_fields == 0 or not sheet.rows:
        return
    row = len(sheet.rows) - 1
    columns = max((*table.measures, *table.keys), default=-1) + 1
    is_short = sheet.open_fields < columns
    is_row = table.kinds.get(row) in (RowKind.DATA, RowKind.TOTAL)
    if not is_row and not (is_short and _starts_as_row(table, row)):
        return
    filled = [column for column in range(sheet.open_fields) if not is_empty(at(table.rows[row], column))]
    last = max(filled, default=sheet.open_fields - 1)
    finding = Finding(
        "CELL-UNACCOUNTED",
        reading.sheet_name,
        cell_name(row + 1, last),
        value_shown=shown(at(table.rows[row], last)),
        details={"fields": sheet.open_fields, "columns": columns},
        severity_override=Severity.ERROR if is_short else Severity.WARNING,
        text_key="file-cut" if is_short else "file-open",
    )
    reading.findings.append(finding)


def _starts_as_row(table: Table, row: int) -> bool:
    """Whether a line below a data row begins with a number, as the next row does: its figures are cut."""
    if table.kinds.get(row - 1) is not RowKind.DATA or table.header.ordinal is None:
        return False
    number = at(table.rows[row], table.header.ordinal)
    return isinstance(number, str) and number.strip(" .)").isdecimal()
