"""Limits of what a file may cost, checked on its bytes before any reader sees them.

Readers trust a file: 5 KB with one cell at XFD1048576 end the whole process, 1 MB may unpack to 1 GiB.
So each part of an archive is unpacked once here, within limits, and scanned; what passes is safe to read.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import NoReturn
from xml.parsers import expat

from transforms.extract.part_recoding import holds_mark, needs_recoding

MAX_FILE_BYTES = 20 * 2**20
MAX_EXPANDED_BYTES = 200 * 2**20
MAX_ENTRIES = 2_000
MAX_SHEETS = 200
MAX_ROW = 20_000  # highest row and column of a cell that holds a value, counted from 1
MAX_COLUMN = 300
MAX_CELLS = 500_000  # of a file: the area from A1 to the last value of each sheet, summed up
MAX_TAGS = (
    4_000_000  # "<" in all XML of a file: a million formatted rows pass, ten million empty cells do not
)
_WHOLE_NUMBER = re.compile(rb">\s*([0-9]{1,8})\s*</")


class UnreadableFile(Exception):  # noqa: N818 - a property of the file, not an error of the program
    """A file that cannot or may not be read: a finding code and the key of the reason."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def repacked(content: bytes, entries: dict[str, zipfile.ZipInfo], changed: dict[str, bytes]) -> bytes:
    """Return an archive with other bytes for some of its entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, entry in entries.items():
            archive.writestr(entry.filename, changed[name] if name in changed else unpack(content, entry))
    return made.getvalue()


class UnusualPart(Exception):  # noqa: N818 - a signal to the reader of archives
    """An XML part that must be recoded before the archive is read."""


def damaged() -> NoReturn:
    """Raise for a file whose content does not follow its format."""
    raise UnreadableFile("FILE-UNREADABLE", "damaged")


def too_large(detail: str) -> NoReturn:
    """Raise for a file that would cost too much."""
    raise UnreadableFile("FILE-TOO-LARGE", detail)


def check_extents(extents: list[tuple[int, int]]) -> None:
    """Raise FILE-TOO-LARGE where the (rows, columns) of a file's sheets pass a limit."""
    if len(extents) > MAX_SHEETS:
        too_large("too_many_sheets")
    for rows, columns in extents:
        if rows > MAX_ROW:
            too_large("too_many_rows")
        if columns > MAX_COLUMN:
            too_large("too_many_columns")
    if sum(rows * columns for rows, columns in extents) > MAX_CELLS:
        too_large("too_many_cells")


def zip_entries(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """Names and headers of an archive; nothing is unpacked. Raises UnreadableFile."""
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:  # before zipfile makes an object of each
        too_large("too_many_entries")
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
        damaged()
    if len(entries) > MAX_ENTRIES:
        too_large("too_many_entries")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile("FILE-UNREADABLE", "encrypted")
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED_BYTES:
        too_large("expands_too_far")
    # Readers fold the case of names: two entries of one name could show them another part than us.
    by_name = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
    if len(by_name) != len(entries):
        damaged()
    return by_name


def unpack(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of one entry, at most as many as its header declares; nothing else in it is trusted.

    `zipfile` would do the same at three times the cost for small parts.
    """
    start = entry.header_offset
    if content[start : start + 4] != b"PK\x03\x04" or len(content) < start + 30:
        damaged()
    name_length, extra_length = struct.unpack_from("<HH", content, start + 26)
    start += 30 + name_length + extra_length
    packed = memoryview(content)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        data = bytes(packed)
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        try:
            data = zlib.decompressobj(-15).decompress(packed, entry.file_size + 1)
        except zlib.error:
            damaged()
    else:
        damaged()
    if len(data) > entry.file_size:
        too_large("expands_too_far")
    if len(data) < entry.file_size:
        damaged()
    return data


def xml_parts(content: bytes, entries: dict[str, zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Yield each XML part under any name, unpacked one at a time; raises where one declares entities."""
    tags = 0
    for name, entry in entries.items():
        data = unpack(content, entry)
        if needs_recoding(data):
            raise UnusualPart
        if name.endswith(".svg") or data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
            continue
        if holds_mark(data, b"<!") and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
            raise UnreadableFile("FILE-UNREADABLE", "entity")
        tags += data.count(b"<")
        if tags > MAX_TAGS:
            too_large("too_many_tags")
        yield name, data


def parse_xml(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> None:
    """Stream XML through handlers; tag and attribute names keep their prefixes. Raises UnreadableFile."""
    parser = expat.ParserCreate()

    def reject(*_: object) -> None:
        raise UnreadableFile("FILE-UNREADABLE", "entity")

    parser.StartDoctypeDeclHandler = reject
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.buffer_text = True
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):  # the last: an unknown encoding
        damaged()


def check_strings(strings: bytes, worksheets: Iterable[bytes], cells: int) -> None:
    """Raise FILE-TOO-LARGE where cells share long texts so often that their copies would fill the memory.

    strings: the part of the shared strings; cells: how many cells hold something, in all worksheets.
    """
    if len(strings) * cells <= MAX_EXPANDED_BYTES:
        return
    lengths = [len(text) for text in re.split(rb"<(?:\w+:)?si[\s>]", strings)[1:]]
    total = 0
    for data in worksheets:
        for match in _WHOLE_NUMBER.finditer(data):  # plain numbers too: this may be too strict, never too lax
            index = int(match[1])
            total += lengths[index] if index < len(lengths) else 0
    if total > MAX_EXPANDED_BYTES:
        too_large("expands_too_far")
