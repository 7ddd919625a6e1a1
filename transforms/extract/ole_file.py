"""Streams of an OLE2 file, the container of .xls, .doc, .msg and encrypted workbooks."""

import struct

from transforms.extract.file_safety import UnreadableFile, damaged

_LAST_SECTOR = 0xFFFFFFFA  # numbers above are marks: end of chain, free
_STREAM_NAMES = tuple(name.encode("utf-16-le").rstrip(b"\0") for name in ("workbook", "book"))


def workbook_stream(content: bytes) -> bytes:
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
