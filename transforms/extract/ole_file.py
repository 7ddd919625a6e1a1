"""Streams of an OLE2 file, the container of .xls, .doc, .msg and encrypted workbooks."""

import struct
from dataclasses import dataclass

from transforms.extract.file_safety import UnreadableFile, damaged

OLE2_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR = 0xFFFFFFFA  # numbers above are marks: end of chain, free
_NO_ENTRY = 0xFFFFFFFF
_ENTRY_SIZE = 128


@dataclass(frozen=True, slots=True)
class _Container:
    content: bytes
    sector_size: int
    fat: bytes  # for each sector the number of the next one
    directory: bytes


def stream_names(content: bytes) -> set[str]:
    """Return the names of the streams and storages at the top of an OLE2 file, in small letters."""
    try:
        return set(_top_entries(_open(content)))
    except (struct.error, IndexError):
        damaged()


def workbook_stream(content: bytes) -> bytes:
    """Return the stream "Workbook" (or "Book", before 1997). Raises UnreadableFile, struct.error."""
    container = _open(content)
    entries = _top_entries(container)
    found = entries.get("workbook", entries.get("book"))
    if found is None:
        raise UnreadableFile("FILE-UNREADABLE", "not_a_table")
    first, length = struct.unpack_from("<II", container.directory, found + 116)
    size = container.sector_size
    if length >= struct.unpack_from("<I", content, 56)[0]:
        return _chain(content, container.fat, first, size, size)[:length]
    root: int = struct.unpack_from("<I", container.directory, 116)[0]
    small = _chain(content, container.fat, root, size, size)
    small_fat = _chain(content, container.fat, struct.unpack_from("<I", content, 60)[0], size, size)
    return _chain(small, small_fat, first, 64, 0)[:length]


def _open(content: bytes) -> _Container:
    size = {9: 512, 12: 4096}.get(struct.unpack_from("<H", content, 30)[0], 0)
    if not size:
        damaged()
    fat_sectors = [s for s in struct.unpack_from("<109I", content, 76) if s < _LAST_SECTOR]
    difat: int = struct.unpack_from("<I", content, 68)[0]
    for _ in range(len(content) // size):
        if difat >= _LAST_SECTOR:
            break
        *sectors, difat = struct.unpack_from(f"<{size // 4}I", content, (difat + 1) * size)
        fat_sectors += [s for s in sectors if s < _LAST_SECTOR]
    fat = b"".join(content[(s + 1) * size : (s + 2) * size] for s in fat_sectors[: len(content) // size])
    directory = _chain(content, fat, struct.unpack_from("<I", content, 48)[0], size, size)
    return _Container(content, size, fat, directory)


def _top_entries(container: _Container) -> dict[str, int]:
    """Return the entries directly below the root: name in small letters -> offset in the directory."""
    directory = container.directory
    found: dict[str, int] = {}
    waiting: list[int] = [struct.unpack_from("<I", directory, 76)[0]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        offset = number * _ENTRY_SIZE
        if number == _NO_ENTRY or number in seen or offset + _ENTRY_SIZE > len(directory):
            continue
        seen.add(number)
        name_length: int = struct.unpack_from("<H", directory, offset + 64)[0]
        name = directory[offset : offset + min(max(name_length - 2, 0), 64)].decode("utf-16-le", "replace")
        found.setdefault(name.lower(), offset)
        waiting += struct.unpack_from("<II", directory, offset + 68)
    return found


def _chain(content: bytes, fat: bytes, sector: int, size: int, offset: int) -> bytes:
    """Join the sectors of a stream."""
    parts: list[bytes] = []
    while sector < _LAST_SECTOR:
        if len(parts) > len(content) // size:  # a circle
            damaged()
        parts.append(content[offset + sector * size : offset + (sector + 1) * size])
        sector = struct.unpack_from("<I", fat, sector * 4)[0]
    return b"".join(parts)
