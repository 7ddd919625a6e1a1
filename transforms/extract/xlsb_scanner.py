"""Extents, styles and hidden cells of an .xlsb workbook (BIFF12 records)."""

import re
import struct
from collections.abc import Iterator

from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import damaged, too_large
from transforms.extract.number_formats import BUILT_IN, parse_format
from transforms.extract.scan import Scan

_WIDE_TEXT = re.compile(
    rb"(?:[\x20-\xff]\x00|[\x00-\xff][\x01\x1e]|[\x13-\x1e\x26]\x20){4,}"
)  # Latin letters in UTF-16
MAX_RECORDS = 4_000_000
_ROW, _ERROR, _FORMULA_ERROR, _COLUMN, _FONT, _FORMAT, _XF = 0, 3, 11, 60, 43, 44, 47
_CELLS = range(2, 12)  # RK, error, boolean, number, text, shared text and the four results of formulas
_BEGIN_CELL_STYLES, _END_CELL_STYLES, _BUNDLE_SHEET = 617, 618, 156


def scan_xlsb_sheet(data: bytes) -> Scan:
    """Scan a binary worksheet part. Raises UnreadableFile."""
    scan = Scan()
    row = 0
    try:
        for record, body in _records(data):
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
            elif record == _COLUMN and struct.unpack_from("<H", body, 16)[0] & 1:
                first, last = struct.unpack_from("<II", body)
                scan.hidden_columns.update(range(first, min(last, 16_383) + 1))
    except (struct.error, IndexError):
        damaged()
    return scan


def read_xlsb_styles(data: bytes) -> Styles:
    """Read the cell styles of the part xl/styles.bin. Raises UnreadableFile."""
    styles, codes = Styles(), dict(BUILT_IN)
    fonts: list[tuple[bool, bool]] = []
    in_cell_styles = False
    try:
        for record, body in _records(data):
            if record == _FORMAT:
                number, length = struct.unpack_from("<HI", body)
                codes[number] = body[6 : 6 + 2 * length].decode("utf-16-le", "replace")
            elif record == _FONT:
                flags, position = struct.unpack_from("<H2xH", body, 2)
                fonts.append((bool(flags & 8), position in (1, 2)))
            elif record in (_BEGIN_CELL_STYLES, _END_CELL_STYLES):
                in_cell_styles = record == _BEGIN_CELL_STYLES
            elif record == _XF and in_cell_styles:
                number, font = struct.unpack_from("<HH", body, 2)
                look = fonts[font] if font < len(fonts) else (False, False)
                styles.add(parse_format(codes.get(number, "General")), *look)
    except struct.error:
        damaged()
    return styles


def sheet_relations(data: bytes) -> list[str]:
    """Return the relation ids of the sheets of the part xl/workbook.bin, in their order."""
    found: list[str] = []
    try:
        for record, body in _records(data):
            if record == _BUNDLE_SHEET:
                length = struct.unpack_from("<I", body, 8)[0]
                found.append(body[12 : 12 + 2 * length].decode("utf-16-le", "replace"))
    except struct.error:
        damaged()
    return found


def text_of_part(data: bytes) -> str:
    """Return the readable texts of a binary part, such as one of comments, in lines."""
    return "\n".join(match[0].decode("utf-16-le", "replace") for match in _WIDE_TEXT.finditer(data))


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, body); type and length are written in groups of seven bits."""
    position = count = 0
    while position < len(data):
        count += 1
        if count > MAX_RECORDS:
            too_large("too_many_records")
        record = data[position]
        position += 1
        if record & 0x80:
            record = (record & 0x7F) | (data[position] & 0x7F) << 7
            position += 1
        length = shift = 0
        for _ in range(4):
            part = data[position]
            position += 1
            length |= (part & 0x7F) << shift
            shift += 7
            if not part & 0x80:
                break
        yield record, data[position : position + length]
        position += length
