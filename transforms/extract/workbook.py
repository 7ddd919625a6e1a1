"""From the bytes of a file to the grids of cells in it, or to the reason why it has none."""

import re

from transforms.extract.archives import read_archive
from transforms.extract.calamine_reader import read_cells
from transforms.extract.file_kinds import foreign_kind, named_kind, suffix_of
from transforms.extract.file_safety import MAX_FILE_BYTES, UnreadableFile, check_extents, too_large
from transforms.extract.html.html_tables import IS_HTML, read_html
from transforms.extract.html.web_archive import IS_WEB_ARCHIVE, html_of
from transforms.extract.non_cell_text import read_other_text
from transforms.extract.ods.flat_ods import is_flat_ods, packed
from transforms.extract.ole_file import OLE2_SIGNATURE
from transforms.extract.sheet import Contents, Sheet
from transforms.extract.text_table import decode_text, is_unicode, sheet_of_text
from transforms.extract.unseen_text import unseen_texts_of_page
from transforms.extract.xls.xls_scanner import scan_xls
from transforms.extract.xls.xls_unseen import unseen_texts_of_xls
from transforms.extract.xml_spreadsheet import NAMESPACE, read_xml_spreadsheet
from transforms.text.mojibake import letters_are_lost

__all__ = ["Contents", "Sheet", "UnreadableFile", "read_contents", "read_other_text", "read_sheets"]

_TABLE_SUFFIXES = ("csv", "txt", "tsv", "tab", "prn", "xls", "xlsx", "ods")
_HEAD = 4_000  # bytes that show what a text file is
_SAMPLE = 50_000
_XML = re.compile(r"\s*<\?xml")


def read_sheets(content: bytes, file_name: str) -> list[Sheet]:
    """The sheets of a file; see `read_contents`."""
    return read_contents(content, file_name).sheets


def read_contents(content: bytes, file_name: str) -> Contents:
    """Read the sheets of a workbook, document, web page or text table, and its other text.

    Read are .xlsx, .xlsb, .xls, .ods, .fods, .docx, HTML and XML Spreadsheet 2003 under any name, and text
    tables.
    The other text is for the search for persons: comments without their authors, text boxes, charts,
    headers and footers, and the copies of other tables that pivot tables and links keep.
    The first bytes decide what the file is; the name only whether text in no Unicode encoding may be a
    table. Raises UnreadableFile with the code FILE-UNREADABLE, FILE-TOO-LARGE or FILE-MACRO.
    """
    if len(content) > MAX_FILE_BYTES:
        too_large("too_large")
    try:
        if content.startswith(b"PK"):
            return read_archive(content)
        if IS_WEB_ARCHIVE.match(content[:_HEAD]):
            return _read_page(html_of(content))
        kind = foreign_kind(content, file_name)
        if kind:
            raise UnreadableFile("FILE-UNREADABLE", kind)
        if content.startswith(OLE2_SIGNATURE):
            return _read_xls(content)
        return _read_text(content, file_name)
    except MemoryError:
        too_large("memory")


def _read_text(content: bytes, file_name: str) -> Contents:
    if suffix_of(file_name) not in _TABLE_SUFFIXES and not is_unicode(content):
        raise UnreadableFile("FILE-UNREADABLE", named_kind(file_name))
    text = decode_text(content)
    head = text[:_HEAD]
    if IS_HTML.match(head):
        return _read_page(text)
    if _XML.match(head):
        if is_flat_ods(text):
            return read_archive(packed(content))
        if NAMESPACE not in head:
            raise UnreadableFile("FILE-UNREADABLE", "other_xml")
        return read_xml_spreadsheet(content)
    if letters_are_lost(text[:_SAMPLE]):
        raise UnreadableFile("FILE-UNREADABLE", "encoding")
    return Contents([sheet_of_text(text)], [])


def _read_page(page: str) -> Contents:
    document = read_html(page)
    other = [("", text) for text in document.other_text]
    return Contents(document.sheets(), other, unseen_texts_of_page(page))


def _read_xls(content: bytes) -> Contents:
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise UnreadableFile("FILE-MACRO", "macro")
    scans, styles = scan_xls(content)
    check_extents([(scan.rows, scan.columns) for scan in scans])
    other = [("", text) for scan in scans for text in scan.other_texts if text.strip()]
    sheets = read_cells(content, dict(enumerate(scans)), styles)
    return Contents(sheets, other, unseen_texts_of_xls(content))
