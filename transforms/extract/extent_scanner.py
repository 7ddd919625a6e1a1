"""How far the values of each sheet reach, seen in the bytes, and the cells that calamine does not tell of."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from transforms.extract.file_safety import (
    MAX_CELLS,
    MAX_EXPANDED_BYTES,
    MAX_SHEETS,
    UnreadableFile,
    damaged,
    parse_xml,
    too_large,
)


@dataclass(slots=True)
class Scan:
    """What is seen of one sheet's bytes: how far its values reach, and cells that a reader shows as blank."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: set[tuple[int, int]] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def value_at(self, row: int, column: int, row_count: int = 1, column_count: int = 1) -> None:
        """Note a value at a 0-based place, repeated downwards and to the right."""
        self.rows = max(self.rows, row + row_count)
        self.columns = max(self.columns, column + column_count)
        self.cells += 1
        if self.cells > MAX_CELLS:
            too_large("too_many_cells")


# Every cell tag that is not in the plain shape all office programs write: such a sheet is parsed instead.
_ODD_CELL = re.compile(rb'<c(?![A-Za-z])(?! r="[A-Z]{1,3}[0-9]{1,7}"(?: [a-z]++="[^"<>]*+")*+ ?/?>)')
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
# Possessive (*+): a formatted cell without a value is passed over without going back through its attributes.
_VALUED = re.compile(rb'<c r="([A-Z]++)([0-9]++)"[^<>]*+(?<!/)>(?!</c>)')
_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^<>]* t="e"')
_FORMULA = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^<>]*(?<!/)>\s*<f(?: [^<>]*)?(?:/>|>[^<]*</f>)\s*(?:<v ?/>|<v></v>)?\s*</c>'
)
MAX_MERGED = 50_000  # ranges of a sheet; each costs calamine 5 microseconds
_REFERENCE = re.compile(r"([A-Za-z]+)([0-9]+)$")


def column_index(letters: str) -> int:
    """0-based column of its letters: A is 0, AA is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def scan_worksheet(data: bytes) -> Scan:
    """Extent of the cells that hold anything in a worksheet part, and its errors and unvalued formulas."""
    if data.count(b"mergeCell ") > MAX_MERGED:
        too_large("too_many_merged")
    if _ODD_CELL.search(data) or _PREFIXED_CELL.search(data):
        return _parse_worksheet(data)
    scan = Scan()
    letters: set[bytes] = set()
    numbers: set[bytes] = set()
    for match in _VALUED.finditer(data):
        letters.add(match[1])
        numbers.add(match[2])
        scan.cells += 1
        if scan.cells > MAX_CELLS:
            too_large("too_many_cells")
    scan.rows = max(map(int, numbers), default=0)
    scan.columns = max((column_index(column.decode()) + 1 for column in letters), default=0)
    if b' t="e"' in data:
        scan.errors = _places(_ERROR, data)
    if b"<f" in data:
        scan.formulas = _places(_FORMULA, data)
    return scan


def _places(pattern: re.Pattern[bytes], data: bytes) -> set[tuple[int, int]]:
    return {(int(match[2]) - 1, column_index(match[1].decode())) for match in pattern.finditer(data)}


def _parse_worksheet(data: bytes) -> Scan:
    """`scan_worksheet` for cells without references, prefixed tags and odd attributes: exact, but slow."""
    reader = _WorksheetReader()
    parse_xml(data, reader.start, reader.end, reader.text)
    return reader.scan


class _WorksheetReader:
    """Walks a worksheet as calamine does: a cell's own reference counts, else the one after the last."""

    def __init__(self) -> None:
        self.scan = Scan()
        self.row, self.column = -1, -1
        self.place = (0, 0)
        self.tag = ""
        self.seen = 0
        self.formula = self.value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag.rpartition(":")[2]
        reference = attributes.get("r")
        if self.tag == "row":
            self.row, self.column = (int(reference) - 1 if reference else self.row + 1), -1
        elif self.tag == "c":
            self.seen += 1
            if self.seen > MAX_CELLS:  # empty cells count here, for what they cost
                too_large("too_many_cells")
            self.place = (max(self.row, 0), self.column + 1)
            if reference:
                match = _REFERENCE.match(reference) or damaged()
                self.place = (int(match[2]) - 1, column_index(match[1]))
            self.column = self.place[1]
            self.formula = self.value = False
            if attributes.get("t") == "e":
                self.scan.errors.add(self.place)
        elif self.tag in ("v", "is", "f"):
            self.formula |= self.tag == "f"
            self.scan.value_at(*self.place)

    def text(self, _: str) -> None:
        self.value |= self.tag == "v"

    def end(self, tag: str) -> None:
        self.tag = ""
        if tag.rpartition(":")[2] == "c" and self.formula and not self.value:
            self.scan.formulas.add(self.place)


def scan_ods(data: bytes) -> list[Scan]:
    """One scan for each table of an .ods file's content.xml, with its merged cells, which calamine hides."""
    reader = _OdsReader()
    parse_xml(data, reader.start, reader.end, reader.text)
    if reader.expanded > MAX_EXPANDED_BYTES:
        too_large("expands_too_far")
    return reader.scans


class _OdsReader:
    """Walks the tables of content.xml; rows and cells stand there once with the number of their repeats."""

    def __init__(self) -> None:
        self.scans: list[Scan] = []
        self.row = self.column = 0
        self.row_count = 1
        self.seen = 0
        self.repeats = 1  # of the cell at hand
        self.expanded = 0  # characters that repeated values become

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += tag.startswith("table:table-")
        if self.seen > MAX_CELLS:  # empty rows and cells count here, for what they cost
            too_large("too_many_cells")
        if tag == "table:table":
            self.scans.append(Scan())
            self.row = 0
            if len(self.scans) > MAX_SHEETS:
                too_large("too_many_sheets")
        elif tag == "table:table-row":
            self.row_count = int(attributes.get("table:number-rows-repeated", 1))
            self.column = 0
        elif tag in ("table:table-cell", "table:covered-table-cell") and self.scans:
            self.cell(attributes)

    def cell(self, attributes: dict[str, str]) -> None:
        scan, place = self.scans[-1], (self.row, self.column)
        count = int(attributes.get("table:number-columns-repeated", 1))
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if "office:value-type" in attributes:
            scan.value_at(*place, self.row_count, count)
            self.repeats = self.row_count * count
            self.text("".join(attributes.values()) if self.repeats > 1 else "")
            if attributes.get("calcext:value-type") == "error":
                scan.errors.add(place)
        elif "table:formula" in attributes:
            scan.formulas.add(place)
        if down > 1 or across > 1:
            scan.merged.append((*place, self.row + down - 1, self.column + across - 1))
        self.column += count

    def text(self, text: str) -> None:
        if self.repeats > 1:
            self.expanded += len(text) * self.repeats

    def end(self, tag: str) -> None:
        if tag == "table:table-row":
            self.row += self.row_count
        elif tag == "table:table-cell":
            self.repeats = 1


_EOF, _FILEPASS, _BOUNDSHEET, _DIMENSIONS, _MULRK, _BOF = 0x000A, 0x002F, 0x0085, 0x0200, 0x00BD, 0x0809
_LAST_SECTOR = 0xFFFFFFFA  # numbers above are marks: end of chain, free
_STREAM_NAMES = tuple(name.encode("utf-16-le").rstrip(b"\0") for name in ("workbook", "book"))
_FORMULA_CELL, _BOOLEAN_OR_ERROR = 0x0006, 0x0205
# FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK: each starts with its row and column.
_VALUE_RECORDS = frozenset({0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})


def scan_xls(content: bytes) -> list[Scan]:
    """Return one scan for each sheet of an .xls file, in the order of the workbook. Raises UnreadableFile."""
    try:
        stream = _workbook_stream(content)
        offsets: list[int] = []
        for record, data in _records(stream, 0):
            if record == _FILEPASS:
                raise UnreadableFile("FILE-UNREADABLE", "encrypted")
            if record == _BOUNDSHEET:
                offsets.append(struct.unpack_from("<I", data)[0])
        if len(offsets) > MAX_SHEETS:
            too_large("too_many_sheets")
        return [_scan_xls_sheet(stream, offset) for offset in offsets]
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


def _workbook_stream(content: bytes) -> bytes:
    """Return the stream "Workbook" (or "Book", before 1997) of an OLE2 file."""
    size = {9: 512, 12: 4096}.get(struct.unpack_from("<H", content, 30)[0]) or damaged()
    fat_sectors = [s for s in struct.unpack_from("<109I", content, 76) if s < _LAST_SECTOR]
    difat: int = struct.unpack_from("<I", content, 68)[0]
    for _ in range(len(content) // size):
        if difat >= _LAST_SECTOR:
            break
        *sectors, difat = struct.unpack_from(f"<{size // 4}I", content, (difat + 1) * size)
        fat_sectors += [s for s in sectors if s < _LAST_SECTOR]
    fat = b"".join(content[(s + 1) * size : (s + 2) * size] for s in fat_sectors[: len(content) // size])
    directory = _chain(content, fat, struct.unpack_from("<I", content, 48)[0], size, size)
    entries = {directory[i : i + 64].rstrip(b"\0").lower(): i for i in range(0, len(directory), 128)}
    found = next((entries[name] for name in _STREAM_NAMES if name in entries), None)
    if found is None:
        raise UnreadableFile("FILE-UNREADABLE", "not_a_table")
    first, length = struct.unpack_from("<II", directory, found + 116)
    if length >= struct.unpack_from("<I", content, 56)[0]:
        return _chain(content, fat, first, size, size)[:length]
    root: int = struct.unpack_from("<I", directory, 116)[0]
    small = _chain(content, fat, root, size, size)
    small_fat = _chain(content, fat, struct.unpack_from("<I", content, 60)[0], size, size)
    return _chain(small, small_fat, first, 64, 0)[:length]


def _chain(content: bytes, fat: bytes, sector: int, size: int, offset: int) -> bytes:
    """Join the sectors of a stream: `fat` says for each sector which one follows."""
    parts: list[bytes] = []
    while sector < _LAST_SECTOR:
        if len(parts) > len(content) // size:  # a circle
            damaged()
        parts.append(content[offset + sector * size : offset + (sector + 1) * size])
        sector = struct.unpack_from("<I", fat, sector * 4)[0]
    return b"".join(parts)
