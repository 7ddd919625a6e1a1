"""XML parts in a form that calamine reads wrongly: found, and written as office programs do."""

import re
from html import unescape
from xml.sax.saxutils import escape

_XML_ENCODING = re.compile(r"""(<\?xml[^<>]*?encoding=["'])[^"']*""")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_HOLDS_CELLS = re.compile(rb"<(?:\w+:)?(?:sheetData|sst|spreadsheet)[\s>]")
# What XML allows inside a text and calamine takes for its end.
_BESIDE_TEXT = re.compile(rb"<!--|<!\[CDATA\[|<\?")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_REFERENCE_IN_VALUE = re.compile(rb"<(?:\w+:)?v(?: [^<>]*)?>[^<&]*&#[^<]*")
_PROLOG = 6  # bytes in which the declaration of an XML part begins


def needs_recoding(data: bytes) -> bool:
    """Whether calamine would read a part wrongly: in UTF-16, or cells with comments inside their texts."""
    if data.startswith(_UTF_16):
        return data[2:4] in (b"<\0", b"\0<")
    has_other_markup = holds_mark(data, b"<!") or holds_mark(data, b"<?", _PROLOG)
    if not has_other_markup and b"&#" not in data:
        return False
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or _HOLDS_CELLS.search(data) is None:
        return False
    return has_other_markup or _REFERENCE_IN_VALUE.search(data) is not None


def holds_mark(data: bytes, mark: bytes, first: int = 0) -> bool:
    """Whether data has a mark of two bytes from a place on.

    The second byte is rare in XML: searching no further than its last one takes a fifth of the time.
    """
    return data.find(mark, first, data.rfind(mark[1:]) + 1) >= 0


def recoded_part(data: bytes) -> bytes:
    """Return a part in UTF-8, its cells without comments, processing instructions and CDATA sections."""
    if data.startswith(_UTF_16):
        text = data.decode("utf-16", "replace")
        data = _XML_ENCODING.sub(r"\1UTF-8", text, count=1).encode()
    if _HOLDS_CELLS.search(data) is None:
        return data
    return _REFERENCE_IN_VALUE.sub(_without_references, _with_text_alone(data))


def _with_text_alone(data: bytes) -> bytes:
    parts: list[bytes] = []
    end = 0
    while found := _BESIDE_TEXT.search(data, max(end, _PROLOG)):
        parts.append(data[end : found.start()])
        close = data.find(_ENDS[found[0]], found.end())
        if close < 0:  # no XML: whoever parses it rejects it
            return data
        if found[0] == b"<![CDATA[":
            parts.append(escape(data[found.end() : close].decode("utf-8", "replace")).encode())
        end = close + len(_ENDS[found[0]])
    return b"".join(parts) + data[end:]


def _without_references(found: re.Match[bytes]) -> bytes:
    tag, _, text = found[0].partition(b">")
    return tag + b">" + escape(unescape(text.decode("utf-8", "replace"))).encode()
