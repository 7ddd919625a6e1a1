"""Text of a file outside its cells, for the search for persons: comments, boxes, headers, kept copies."""

import re
from html import unescape
from typing import NamedTuple
from zipfile import ZipInfo

from transforms.extract.file_safety import parse_xml, xml_parts, zip_entries

# Parts that hold cells, looks or bookkeeping; all others are searched.
_NO_TEXT_PARTS = re.compile(
    r"docprops/|meta-inf/|configurations2/|xl/(?:theme|persons|tables)/|(?:.*/)?(?:meta|settings)\.xml$"
    r"|xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml$|\[content_types\]"
)
_BREAKS = re.compile(r"\s*\n\s*")
_CLIENT_DATA = re.compile(r"<(?:\w+:)?ClientData\b")
_HEADER_OR_FOOTER = re.compile(r"(?:odd|even|first)(?:Header|Footer)$")
_ODS_TEXT = re.compile(
    r"(?:annotation|text-box|custom-shape|caption|rect|ellipse|circle|polygon|path|line|connector"
    r"|(?:header|footer)(?:-left|-right|-first)?)$"
)
# The properties a person writes; not the author, whom a program writes into nearly every file.
_PROPERTIES = re.compile(r"(?:title|subject|keywords?|description|category)$")
_HOLDS_SUCH = re.compile(
    rb"</(?:\w+:)?(?:title|subject|keywords?|description|category|annotation|text-box|custom-shape|caption|rect|ellipse|circle|polygon|path|line|connector"
    rb"|(?:header|footer)[a-z-]*|(?:odd|even|first)(?:Header|Footer))>"
)
# Authors and dates of notes, formulas, and the places of drawings.
_IGNORED_ELEMENTS = frozenset({"authors", "creator", "date", "date-string", "ClientData", "f", "from", "to"})
# Codes of page headers: font, size and style ('&"Arial,Bold"', '&12', '&B'), which may change inside a word,
# and fields and alignment ('&P', '&R').
_HEADER_LOOKS = re.compile(r'&(?:"[^"]*"|\d+|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|[BIUESXY])')
_HEADER_CODES = re.compile(r"&[A-Z]")
_PARAGRAPH = frozenset({"p", "text", "comment", "threadedComment", "pt", "cell"})


def read_other_text(content: bytes) -> list[tuple[str, str]]:
    """Only the other text of a file, as `read_contents` has it. Raises UnreadableFile."""
    if not content.startswith(b"PK"):
        return []
    entries = zip_entries(content)
    return texts_of([p for part in xml_parts(content, entries) for p in text_part(*part)], entries)


class TextPart(NamedTuple):
    """A part that may hold text outside the cells; `inside`: only in the elements so named."""

    name: str
    data: bytes
    inside: re.Pattern[str] | None


def text_part(name: str, data: bytes) -> list[TextPart]:
    """The part of an archive as one to be searched for other text, or nothing."""
    inside: re.Pattern[str] | None = None
    if name in ("docprops/core.xml", "meta.xml"):
        inside = _PROPERTIES
    elif name in ("content.xml", "styles.xml"):
        inside = _ODS_TEXT
    elif "worksheets/" in name and name.endswith(".xml"):
        inside = _HEADER_OR_FOOTER
        if b"Header>" not in data and b"Footer>" not in data:
            return []  # most worksheets
    elif not name.endswith((".xml", ".vml")) or _NO_TEXT_PARTS.match(name):
        return []
    return [TextPart(name, data, inside)] if inside is None or _HOLDS_SUCH.search(data) else []


def texts_of(parts: list[TextPart], entries: dict[str, ZipInfo]) -> list[tuple[str, str]]:
    """Pairs of part name, as the archive writes it, and text, of those parts that hold any."""
    found = [(entries[part.name].filename, _text_of_part(part)) for part in parts]
    return [(name, text) for name, text in found if text]


def _text_of_part(part: TextPart) -> str:
    if part.name.endswith(".vml"):
        return _text_of_vml(part.data)
    text = _text_of(part.data, part.inside)
    if part.inside is not _HEADER_OR_FOOTER:
        return text
    return _HEADER_CODES.sub("\n", _HEADER_LOOKS.sub("", text)).strip()


def _text_of(data: bytes, inside: re.Pattern[str] | None) -> str:
    """Return the text of an XML part by paragraphs; with `inside`, only that of the elements so named."""
    pieces: list[str] = []
    wanted, skipped = (0 if inside else 1), 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal wanted, skipped
        name = tag.rpartition(":")[2]
        wanted += bool(inside and inside.match(name))
        skipped += name in _IGNORED_ELEMENTS
        if not inside and "v" in attributes:  # an item of a pivot table's copy
            pieces.append(attributes["v"] + "\n")

    def end(tag: str) -> None:
        nonlocal wanted, skipped
        name = tag.rpartition(":")[2]
        wanted -= bool(inside and inside.match(name))
        skipped -= name in _IGNORED_ELEMENTS
        if name in _PARAGRAPH or (inside and inside.match(name)):
            pieces.append("\n")

    def text(piece: str) -> None:
        if wanted and not skipped:
            pieces.append(piece)

    parse_xml(data, start, end, text)
    return _BREAKS.sub("\n", "".join(pieces)).strip()


def _text_of_vml(data: bytes) -> str:
    """Return the text of the boxes of old drawings, which Excel does not always write as valid XML."""
    first, *others = _CLIENT_DATA.split(data.decode("utf-8", "replace"))
    shown = first + "".join(other.rpartition("ClientData>")[2] for other in others)
    return _BREAKS.sub("\n", unescape(re.sub(r"<[^<>]*>", "\n", shown))).strip()
