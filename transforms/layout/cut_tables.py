"""Text files that end within the last row of their table: they may have been cut while they were copied."""

from schemas.declaration import Severity
from schemas.findings import Finding, FindingText
from transforms.cell_names import cell_name
from transforms.layout.cell_values import shown
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table import RowKind, Table, at

_SHORT = FindingText(
    Severity.ERROR,
    "Tệp bị cắt ngang: dòng cuối chỉ có {fields} trong {columns} cột của bảng. Hãy xuất lại tệp từ bản gốc "
    "rồi gửi lại.",
    "The file was cut: its last row has {fields} of the {columns} columns of the table. Write the file again "
    "from the original and send it again.",
)
_OPEN = FindingText(
    Severity.WARNING,
    "Tệp kết thúc ngay sau “{value}” trong dòng cuối của bảng mà không xuống dòng, nên có thể bị cắt ngang. "
    "Hãy kiểm tra số liệu của dòng này.",
    "The file ends after “{value}” in the last row of the table, without a line break, so it may have been "
    "cut. Check the figures of this row.",
)


def check_cut(reading: SheetReading, table: Table) -> None:
    """Note a text file without a line break after the last row of its table; an error if it is short."""
    sheet = table.sheet
    if sheet.open_fields == 0 or not sheet.rows:
        return
    row = len(sheet.rows) - 1
    if table.kinds.get(row) not in (RowKind.DATA, RowKind.TOTAL):
        return
    columns = max((*table.measures, *table.keys)) + 1
    last = sheet.open_fields - 1
    is_short = sheet.open_fields < columns
    finding = Finding(
        "CELL-UNACCOUNTED",
        reading.sheet_name,
        cell_name(row + 1, last),
        value_shown=shown(at(table.rows[row], last)),
        details={"fields": sheet.open_fields, "columns": columns},
        wording=_SHORT if is_short else _OPEN,
    )
    reading.findings.append(finding)
