"""Files that are zip archives: which kind each is, and its reader."""

import re
from zipfile import ZipInfo

from transforms.extract.calamine_reader import read_cells
from transforms.extract.file_kinds import zip_kind
from transforms.extract.file_safety import (
    UnreadableFile,
    UnusualPart,
    check_extents,
    damaged,
    repacked,
    unpack,
    xml_parts,
    zip_entries,
)
from transforms.extract.non_cell_text import TextPart, text_part, texts_of
from transforms.extract.ods.flat_ods import without_indentation
from transforms.extract.ods.ods_scanner import scan_ods
from transforms.extract.part_recoding import needs_recoding, recoded_part
from transforms.extract.sheet import Contents
from transforms.extract.unseen_text import unseen_texts
from transforms.extract.word.word_document import read_document
from transforms.extract.word.word_styles import WordStyles, read_styles
from transforms.extract.xlsx.xlsx_file import read_xlsb, read_xlsx

_ODS_TYPES = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)
_ODS_MACRO = re.compile(r"(?:basic|scripts)/.*[^/]$(?<!-lc\.xml)(?<!-lb\.xml)")
_CALCULATES = re.compile(rb"<meta:generator>[^<]*(?:Office|Excel|Calc|Gnumeric|Google)", re.IGNORECASE)


def read_archive(content: bytes) -> Contents:
    """Read a workbook or Word document in a zip archive. Raises UnreadableFile."""
    try:
        return _read_archive(content)
    except UnusualPart:
        content = _recoded(content)
    try:
        return _read_archive(content)
    except UnusualPart:  # no XML
        damaged()


def _read_archive(content: bytes) -> Contents:
    entries = zip_entries(content)
    types = unpack(content, entries["[content_types].xml"]) if "[content_types].xml" in entries else b""
    if types.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnusualPart
    if _has_macros(types, entries):
        raise UnreadableFile("FILE-MACRO", "macro")
    if "xl/workbook.bin" in entries and "xl/_rels/workbook.bin.rels" in entries:
        return read_xlsb(content, entries)
    if b"spreadsheetml" in types:
        return read_xlsx(content, entries)
    if "word/document.xml" in entries:
        return _read_docx(content, entries)
    mimetype = unpack(content, entries["mimetype"]).strip() if "mimetype" in entries else b""
    if mimetype not in _ODS_TYPES:
        raise UnreadableFile("FILE-UNREADABLE", zip_kind(entries, mimetype))
    manifest = entries.get("meta-inf/manifest.xml")
    if "encrypted-package" in entries or (manifest and b"encryption-data" in unpack(content, manifest)):
        raise UnreadableFile("FILE-UNREADABLE", "encrypted")
    if "content.xml" not in entries:
        damaged()
    return _read_ods(content, entries)


def _has_macros(types: bytes, entries: dict[str, ZipInfo]) -> bool:
    return b"vbaProject" in types or any(
        name.endswith("vbaproject.bin") or "/macrosheets/" in name or _ODS_MACRO.match(name)
        for name in entries
    )


def _read_ods(content: bytes, entries: dict[str, ZipInfo]) -> Contents:
    texts: list[TextPart] = []
    unseen: set[str] = set()
    parts: dict[str, bytes] = {}
    for name, data in xml_parts(content, entries):
        unseen |= unseen_texts(name, data)
        if name in ("content.xml", "styles.xml", "meta.xml"):
            parts[name] = data
        texts += text_part(name, data)
    scans, styles = scan_ods(parts.get("content.xml", b""), parts.get("styles.xml", b""))
    check_extents([(scan.rows, scan.columns) for scan in scans])
    if not _CALCULATES.search(parts.get("meta.xml", b"")):
        for scan in scans:
            scan.is_never_calculated = True
    by_position = dict(enumerate(scans))
    try:
        sheets = read_cells(content, by_position, styles)
    except UnreadableFile as error:
        plain = without_indentation(parts["content.xml"])
        if error.detail != "damaged" or plain == parts["content.xml"]:
            raise
        sheets = read_cells(repacked(content, entries, {"content.xml": plain}), by_position, styles)
    return Contents(sheets, texts_of(texts, entries), unseen)


def _read_docx(content: bytes, entries: dict[str, ZipInfo]) -> Contents:
    texts: list[TextPart] = []
    unseen: set[str] = set()
    main = styles = b""
    headers: list[bytes] = []
    for name, data in xml_parts(content, entries):
        unseen |= unseen_texts(name, data)
        if name == "word/document.xml":
            main = data
            continue
        if name == "word/styles.xml":
            styles = data
            continue
        texts += text_part(name, data)
        if name.startswith("word/header"):
            headers.append(data)
    looks = read_styles(styles) if styles else WordStyles()
    document = read_document(main, looks)
    document.add_page_headers([read_document(header, looks) for header in headers])
    other = [("word/document.xml", text) for text in document.other_text]
    return Contents(document.sheets(), [*texts_of(texts, entries), *other], unseen)


def _recoded(content: bytes) -> bytes:
    """Return the archive with its parts as calamine reads them."""
    entries = zip_entries(content)
    changed: dict[str, bytes] = {}
    for name, entry in entries.items():
        data = unpack(content, entry)
        if needs_recoding(data):
            changed[name] = recoded_part(data)
    return repacked(content, entries, changed)
