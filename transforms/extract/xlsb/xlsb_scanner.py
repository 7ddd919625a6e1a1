"""Extents, styles and hidden cells of an .xlsb workbook (BIFF12 records)."""

import re
import struct

from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import MAX_COLUMN, damaged
from transforms.extract.scan import Scan
from transforms.extract.xlsb.xlsb_records import records_of
from transforms.extract.xlsb.xlsb_styles import RULE_RECORDS, XlsbRules

_WIDE_TEXT = re.compile(
    rb"(?:[\x20-\xff]\x00|[\x00-\xff][\x01\x1e]|[\x13-\x1e\x26]\x20){4,}"
)  # Latin letters in UTF-16
_ROW, _ERROR, _FORMULA_ERROR, _COLUMN = 0, 3, 11, 60
_CELLS = range(2, 12)  # RK, error, boolean, number, text, shared text and the four results of formulas
_BUNDLE_SHEET = 156


def scan_xlsb_sheet(data: bytes, styles: Styles) -> Scan:
    """Scan a binary worksheet part. Raises UnreadableFile."""
    scan, rules = Scan(), XlsbRules(styles.conditional)
    row = 0
    try:
        for record, body in records_of(data):
            if record == _ROW:
                row = struct.unpack_from("<I", body)[0]
                if body[11] & 0x10:
                    scan.hidden_rows.add(row)
            elif record in _CELLS:
                column, style = struct.unpack_from("<II", body)
                scan.value_at(row, column)
                scan.styled[row, column] = style & 0xFFFFFF
                if record in (_ERROR, _FORMULA_ERROR):
                    scan.errors.add((row, column))
            elif record in RULE_RECORDS:
                rules.note(record, body)
            elif record == _COLUMN and struct.unpack_from("<H", body, 16)[0] & 1:
                first, last = struct.unpack_from("<II", body)
                scan.hidden_columns.update(range(first, min(last + 1, MAX_COLUMN)))
    except (struct.error, IndexError):
        damaged()
    scan.conditional = rules.found
    return scan


def sheet_relations(data: bytes) -> list[str]:
    """Return the relation ids of the sheets of the part xl/workbook.bin, in their order."""
    found: list[str] = []
    try:
        for record, body in records_of(data):
            if record == _BUNDLE_SHEET:
                length = struct.unpack_from("<I", body, 8)[0]
                found.append(body[12 : 12 + 2 * length].decode("utf-16-le", "replace"))
    except struct.error:
        damaged()
    return found


def text_of_part(data: bytes) -> str:
    """Return the readable texts of a binary part, such as one of comments, in lines."""
    return "\n".join(match[0].decode("utf-16-le", "replace") for match in _WIDE_TEXT.finditer(data))
