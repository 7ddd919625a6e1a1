"""Records of the binary parts of an .xlsb workbook (BIFF12)."""

from collections.abc import Iterator

from transforms.extract.file_safety import too_large

MAX_RECORDS = 4_000_000


def records_of(data: bytes) -> Iterator[tuple[int, bytes]]:
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
