"""From the bytes of a file to the grids of cells in it, or to the reason why it has none."""

import io
import re
from dataclasses import replace
from typing import NamedTuple
from zipfile import ZipInfo

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from transforms.extract.cell_styles import Styles, shown_cells
from transforms.extract.file_safety import (
    MAX_FILE_BYTES,
    MAX_SHEETS,
    UnreadableFile,
    check_extents,
    check_strings,
    damaged,
    parse_xml,
    too_large,
    unpack,
    xml_parts,
    zip_entries,
)
from transforms.extract.non_cell_text import TextPart, read_other_text, text_part, texts_of
from transforms.extract.ods_scanner import scan_ods
from transforms.extract.scan import Scan
from transforms.extract.sheet import MergedRange, Sheet
from transforms.extract.text_table import is_unicode, read_text_table
from transforms.extract.worksheet_scanner import Look, scan_worksheet
from transforms.extract.xls_scanner import scan_xls
from transforms.extract.xlsx_styles import read_marked_strings, read_styles

__all__ = ["Contents", "Sheet", "UnreadableFile", "read_contents", "read_other_text", "read_sheets"]

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS_TYPES = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)
_TABLE_SUFFIXES = ("csv", "txt", "tsv", "tab", "prn", "xls", "xlsx", "ods")
_ODS_MACRO = re.compile(r"(?:basic|scripts)/.*[^/]$(?<!-lc\.xml)(?<!-lb\.xml)")
_OTHER_FORMATS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)


_NOTHING = Scan()


class Contents(NamedTuple):
    """What a file says: its sheets in their order, and pairs of part name and text outside the cells."""

    sheets: list[Sheet]
    other_text: list[tuple[str, str]]


def read_sheets(content: bytes, file_name: str) -> list[Sheet]:
    """The sheets of a file; see `read_contents`."""
    return read_contents(content, file_name).sheets


def read_contents(content: bytes, file_name: str) -> Contents:
    """Read the sheets of a workbook (.xlsx, .ods, .xls) or the one of a text table, and its other text.

    The other text is for the search for persons: of an .xlsx or .ods its comments without their authors, text
    boxes, charts, headers and footers, and the copies of other tables that pivot tables and links keep.
    What the file is, its first bytes say; the name only decides whether text in no Unicode encoding may be
    a table. Raises UnreadableFile with the code FILE-UNREADABLE, FILE-TOO-LARGE or FILE-MACRO.
    """
    if len(content) > MAX_FILE_BYTES:
        too_large("too_large")
    try:
        if content.startswith(b"PK"):
            return _read_archive(content)
        if content.startswith(_OLE2):
            return Contents(_read_xls(content), [])
        return Contents([_read_text(content, file_name)], [])
    except MemoryError:
        too_large("memory")


def _read_text(content: bytes, file_name: str) -> Sheet:
    if not content:
        raise UnreadableFile("FILE-UNREADABLE", "empty")
    named_a_table = file_name.rpartition(".")[2].lower() in _TABLE_SUFFIXES
    if content.startswith(_OTHER_FORMATS) or not (named_a_table or is_unicode(content)):
        raise UnreadableFile("FILE-UNREADABLE", "not_a_table")
    return read_text_table(content)


def _read_archive(content: bytes) -> Contents:
    entries = zip_entries(content)
    _check_kind(content, entries)
    if "content.xml" in entries:
        return _read_ods(content, entries)
    scans: dict[str, Scan] = {}
    texts: list[TextPart] = []
    strings = b""
    look = Look()
    for name, data in xml_parts(content, _looks_first(entries)):
        if b"sheetData" in data:
            scans[name] = scan_worksheet(data, look)
        elif b"<sst" in data or b":sst" in data:
            strings = max(strings, data, key=len)
            look = replace(look, texts=read_marked_strings(data))
        elif b"cellXfs" in data:
            look = replace(look, styles=read_styles(data))
        texts += text_part(name, data)
    check_extents([(scan.rows, scan.columns) for scan in scans.values()])
    worksheets = (unpack(content, entries[name]) for name in scans)
    check_strings(strings, worksheets, sum(scan.cells for scan in scans.values()))
    sheets = _read_cells(content, _by_position(content, entries, scans), look.styles)
    return Contents(sheets, texts_of(texts, entries))


def _looks_first(entries: dict[str, ZipInfo]) -> dict[str, ZipInfo]:
    """Return the entries with styles and shared strings first: the worksheets refer to them."""
    return dict(
        sorted(entries.items(), key=lambda item: "styles" not in item[0] and "strings" not in item[0])
    )


def _read_ods(content: bytes, entries: dict[str, ZipInfo]) -> Contents:
    scans: list[Scan] = []
    texts: list[TextPart] = []
    for name, data in xml_parts(content, entries):
        if name == "content.xml":
            scans = scan_ods(data)
        texts += text_part(name, data)
    check_extents([(scan.rows, scan.columns) for scan in scans])
    return Contents(_read_cells(content, dict(enumerate(scans)), Styles()), texts_of(texts, entries))


def _check_kind(content: bytes, entries: dict[str, ZipInfo]) -> None:
    """Raise unless the archive is an .xlsx or .ods in the clear and without macros."""
    types = unpack(content, entries["[content_types].xml"]) if "[content_types].xml" in entries else b""
    if (
        b"vbaProject" in types
        or any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in entries)
        or any(_ODS_MACRO.match(name) for name in entries)
    ):
        raise UnreadableFile("FILE-MACRO", "macro")
    if b"sheet.binary" in types:
        raise UnreadableFile("FILE-UNREADABLE", "old_binary_xlsb")
    if b"spreadsheetml" in types:
        return
    mimetype = unpack(content, entries["mimetype"]) if "mimetype" in entries else b""
    if mimetype.strip() not in _ODS_TYPES:
        raise UnreadableFile("FILE-UNREADABLE", "not_a_table")
    manifest = entries.get("meta-inf/manifest.xml")
    if "encrypted-package" in entries or (manifest and b"encryption-data" in unpack(content, manifest)):
        raise UnreadableFile("FILE-UNREADABLE", "encrypted")
    if "content.xml" not in entries:
        damaged()


def _by_position(content: bytes, entries: dict[str, ZipInfo], scans: dict[str, Scan]) -> dict[int, Scan]:
    """Return the scans that add to what calamine reports, by the position of their sheet in the workbook."""
    notable = {name: scan for name, scan in scans.items() if not scan.is_plain()}
    workbook, relations = entries.get("xl/workbook.xml"), entries.get("xl/_rels/workbook.xml.rels")
    if not notable or not workbook or not relations:
        return {}
    targets: dict[str, str] = {}
    order: list[str] = []
    recalculates = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal recalculates
        name = tag.rpartition(":")[2]
        if name == "Relationship":
            target = attributes.get("Target", "").lower()
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else "xl/" + target
        elif name == "sheet":
            order.extend(value for key, value in attributes.items() if key.endswith(":id"))
        elif name == "calcPr":
            recalculates = attributes.get("fullCalcOnLoad", "0").lower() in ("1", "true")

    for entry in (relations, workbook):
        parse_xml(unpack(content, entry), start, lambda _: None)
    if recalculates and "xl/calcchain.xml" not in entries:  # written by a library that calculates nothing
        for scan in notable.values():
            scan.formulas |= scan.zeros
    parts = enumerate(targets.get(relation, "") for relation in order)
    return {position: notable[part] for position, part in parts if part in notable}


def _read_cells(content: bytes, scans: dict[int, Scan], styles: Styles) -> list[Sheet]:
    """Read the worksheets of a workbook that was found safe; `scans` are by position in the workbook."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return _sheets_of(workbook, scans, styles)
    except (UnreadableFile, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust code is no Exception
        if "assword" in str(error):
            raise UnreadableFile("FILE-UNREADABLE", "encrypted") from None
        raise UnreadableFile("FILE-UNREADABLE", "damaged") from error


def _sheets_of(workbook: CalamineWorkbook, scans: dict[int, Scan], styles: Styles) -> list[Sheet]:
    described = workbook.sheets_metadata
    if len(described) > MAX_SHEETS:
        too_large("too_many_sheets")
    if any(sheet.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for sheet in described):
        raise UnreadableFile("FILE-MACRO", "macro")
    sheets: list[Sheet] = []
    extents: list[tuple[int, int]] = []
    for position, sheet in enumerate(described):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        grid = workbook.get_sheet_by_index(position)
        last_row, last_column = grid.end or (-1, -1)
        extents.append((last_row + 1, last_column + 1))
        check_extents(extents)  # two sheets may share one part
        made = _sheet(grid, scans.get(position, _NOTHING), styles)
        made.hidden = sheet.visible != SheetVisibleEnum.Visible
        sheets.append(made)
    return sheets


def _sheet(grid: CalamineSheet, scan: Scan, styles: Styles) -> Sheet:
    rows: list[list[object]] = [
        [None if value == "" else value for value in row] for row in grid.to_python(skip_empty_area=False)
    ]
    height, width = len(rows), len(rows[0]) if rows else 0
    for row, column in scan.errors:
        if row < height and column < width:
            rows[row][column] = None  # calamine gives "" or the text of the error, as the format has it
    ranges = [MergedRange(*first, *last) for first, last in grid.merged_cell_ranges or []] or scan.merged
    sheet = Sheet(
        grid.name, rows, [_clip(r, height, width) for r in sorted(ranges) if r[0] < height and r[1] < width]
    )
    if not scan.is_plain():
        sheet.hidden_rows = frozenset(scan.hidden_rows)
        sheet.hidden_columns = frozenset(scan.hidden_columns)
        sheet.flags, sheet.displayed = shown_cells(rows, scan, styles)
    return sheet


def _clip(merged: MergedRange, height: int, width: int) -> MergedRange:
    top, left, bottom, right = merged
    return MergedRange(top, left, min(bottom, height - 1), min(right, width - 1))


def _read_xls(content: bytes) -> list[Sheet]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile("FILE-UNREADABLE", "encrypted")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise UnreadableFile("FILE-MACRO", "macro")
    scans = scan_xls(content)
    check_extents([(scan.rows, scan.columns) for scan in scans])
    return _read_cells(content, dict(enumerate(scans)), Styles())
