"""Texts of an .xls file that no cell shows: formulas, names, lists of validations, links, number formats."""

import re
import struct
from collections.abc import Iterator

from transforms.extract.ole_file import workbook_stream
from transforms.extract.unseen_text import plain_text, text_of_format

_FORMULA, _FORMAT = 0x0006, 0x041E
# NAME, EXTERNNAME, SHRFMLA, AUTOFILTER, HLINK, HLINKTOOLTIP, DV, CF
_SEARCHED = frozenset({0x0018, 0x0023, 0x04BC, 0x009E, 0x01B8, 0x0800, 0x01BE, 0x01B1, _FORMULA})
_WIDE = re.compile(rb"(?:[\x20-\xff]\x00|[\x02-\xff]\x01|[\xa0-\xff]\x1e){3,}")
_NARROW = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}")
_TEXT_TOKEN = 0x17
_CELL_HEADER = 22  # bytes before the tokens of a formula


def unseen_texts_of_xls(content: bytes) -> set[str]:
    """The texts of records that hold other things than the values of cells."""
    stream = workbook_stream(content)
    found: set[str] = set()
    position = 0
    while position + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, position)
        data = stream[position + 4 : position + 4 + length]
        if record == _FORMULA:
            for text in _texts_of_tokens(data[_CELL_HEADER:]):
                found.update(plain_text(text))
        elif record in _SEARCHED:
            for text in (*_texts_of_tokens(data), *_readable(data)):
                found.update(plain_text(text))
        elif record == _FORMAT:
            for text in _readable(data):
                found.update(text_of_format(text))
        position += 4 + length
    return found


def _texts_of_tokens(data: bytes) -> list[str]:
    """The texts of a parsed formula, and all joined as the formula may join them."""
    texts: list[str] = []
    position = data.find(_TEXT_TOKEN)
    while 0 <= position < len(data) - 3:
        length, is_wide = data[position + 1], data[position + 2]
        end = position + 3 + length * (1 + is_wide)
        if length and is_wide < 2 and end <= len(data):
            text = data[position + 3 : end].decode("utf-16-le" if is_wide else "latin-1", "replace")
            if text.isprintable():
                texts.append(text)
                position = end - 1
        position = data.find(_TEXT_TOKEN, position + 1)
    return [*texts, "".join(texts)] if len(texts) > 1 else texts


def _readable(data: bytes) -> Iterator[str]:
    for match in _WIDE.finditer(data):
        yield match[0].decode("utf-16-le", "replace")
    for match in _NARROW.finditer(data):
        yield match[0].decode("latin-1")
