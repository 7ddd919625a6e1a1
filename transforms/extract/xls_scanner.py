"""Extents, errors, styles and hidden cells of the sheets of an .xls file (BIFF records)."""

import struct
from collections.abc import Iterator

from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import MAX_SHEETS, UnreadableFile, damaged, too_large
from transforms.extract.ole_file import workbook_stream
from transforms.extract.scan import Scan

_EOF, _FILEPASS, _BOUNDSHEET, _DIMENSIONS, _MULRK, _BOF = 0x000A, 0x002F, 0x0085, 0x0200, 0x00BD, 0x0809
_FORMULA_CELL, _BOOLEAN_OR_ERROR = 0x0006, 0x0205
# FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK: each starts with its row and column.
_VALUE_RECORDS = frozenset({0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})


def scan_xls(content: bytes) -> tuple[list[Scan], Styles]:
    """Return one scan for each sheet of an .xls file, in the order of the workbook. Raises UnreadableFile."""
    try:
        stream = workbook_stream(content)
        offsets: list[int] = []
        for record, data in _records(stream, 0):
            if record == _FILEPASS:
                raise UnreadableFile("FILE-UNREADABLE", "encrypted")
            if record == _BOUNDSHEET:
                offsets.append(struct.unpack_from("<I", data)[0])
        if len(offsets) > MAX_SHEETS:
            too_large("too_many_sheets")
        return [_scan_xls_sheet(stream, offset) for offset in offsets], Styles()
    except (struct.error, IndexError):
        damaged()


def _scan_xls_sheet(stream: bytes, offset: int) -> Scan:
    scan = Scan()
    for record, data in _records(stream, offset):
        if record in _VALUE_RECORDS:
            row, column = struct.unpack_from("<HH", data)
            count = (len(data) - 6) // 6 if record == _MULRK else 1
            scan.value_at(row, column, 1, count)
            if (record == _BOOLEAN_OR_ERROR and data[7] == 1) or (
                record == _FORMULA_CELL and data[6] == 2 and data[12:14] == b"\xff\xff"
            ):
                scan.errors.add((row, column))
        elif record == _DIMENSIONS:  # before 1997 with small row numbers
            layout = "<HHHH" if len(data) == 10 else "<IIHH"
            first_row, last_row, first_column, last_column = struct.unpack_from(layout, data)
            if last_row > 65_536 or last_column > 256 or first_row > last_row or first_column > last_column:
                damaged()  # calamine reserves as much memory as this record asks for
    return scan


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """Yield (type, data) from a position to the end of the substream, without the charts inside it."""
    depth = 0
    while position + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, position)
        depth += (record == _BOF) - (record == _EOF)
        if record == _EOF and depth <= 0:
            return
        if depth <= 1:
            yield record, stream[position + 4 : position + 4 + length]
        position += 4 + length
