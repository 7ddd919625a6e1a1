"""Sheets of an .xlsx or .xlsb archive."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zipfile import ZipInfo

from transforms.extract.calamine_reader import read_cells
from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import (
    UnreadableFile,
    check_extents,
    check_strings,
    parse_xml,
    repacked,
    unpack,
    xml_parts,
)
from transforms.extract.non_cell_text import TextPart, text_part, texts_of
from transforms.extract.scan import Scan
from transforms.extract.sheet import Contents
from transforms.extract.unseen_text import plain_text, unseen_texts
from transforms.extract.xlsb.xlsb_scanner import scan_xlsb_sheet, sheet_relations, text_of_part
from transforms.extract.xlsb.xlsb_styles import read_xlsb_styles
from transforms.extract.xlsx.print_areas import print_areas
from transforms.extract.xlsx.worksheet_repair import repaired
from transforms.extract.xlsx.worksheet_scanner import Look, scan_worksheet
from transforms.extract.xlsx.xlsx_styles import read_marked_strings, read_styles

# The texts of cells are searched as cells.
_NO_TEXT_IN_XLSB = re.compile(r"xl/(?:workbook|styles|sharedstrings|calcchain)\.bin$|xl/printersettings/")
_UNSEEN_IN_XLSB = ("xl/workbook.bin", "xl/styles.bin")


def read_xlsx(content: bytes, entries: dict[str, ZipInfo]) -> Contents:
    """Read the worksheets and the other text of an .xlsx file. Raises UnreadableFile."""
    scans: dict[str, Scan] = {}
    texts: list[TextPart] = []
    unseen: set[str] = set()
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
        unseen |= unseen_texts(name, data)
    check_extents([(scan.rows, scan.columns) for scan in scans.values()])
    worksheets = (unpack(content, entries[name]) for name in scans)
    check_strings(strings, worksheets, sum(scan.cells for scan in scans.values()))
    by_position = _by_position(content, entries, scans)
    try:
        sheets = read_cells(content, by_position, look.styles)
    except UnreadableFile as error:
        if error.detail != "damaged":
            raise
        sheets = read_cells(_repaired(content, entries, scans), by_position, look.styles)
    return Contents(sheets, texts_of(texts, entries), unseen)


def _repaired(content: bytes, entries: dict[str, ZipInfo], worksheets: Iterable[str]) -> bytes:
    """Return the archive with its worksheets repaired; the same archive where none can be."""
    repairs = {name: repaired(unpack(content, entries[name])) for name in worksheets}
    changed = {name: data for name, data in repairs.items() if data is not None}
    return repacked(content, entries, changed) if changed else content


def _looks_first(entries: dict[str, ZipInfo]) -> dict[str, ZipInfo]:
    """Return the entries with styles and shared strings first: the worksheets refer to them."""
    return dict(
        sorted(entries.items(), key=lambda item: "styles" not in item[0] and "strings" not in item[0])
    )


def _by_position(content: bytes, entries: dict[str, ZipInfo], scans: dict[str, Scan]) -> dict[int, Scan]:
    """Return the scans that add to what calamine reports, by the position of their sheet in the workbook."""
    workbook, relations = entries.get("xl/workbook.xml"), entries.get("xl/_rels/workbook.xml.rels")
    if not workbook or not relations:
        return {}
    described = unpack(content, workbook)
    if b"Print_Area" not in described and all(scan.is_plain() for scan in scans.values()):
        return {}
    order: list[str] = []
    recalculates = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal recalculates
        name = tag.rpartition(":")[2]
        if name == "sheet":
            order.extend(value for key, value in attributes.items() if key.endswith(":id"))
        elif name == "calcPr":
            recalculates = attributes.get("fullCalcOnLoad", "0").lower() in ("1", "true")

    parse_xml(described, start, lambda _: None)
    if recalculates and "xl/calcchain.xml" not in entries:  # written by a library that calculates nothing
        for scan in scans.values():
            scan.is_never_calculated = True
    targets = _relation_targets(unpack(content, relations))
    found = {i: scans[part] for i, key in enumerate(order) if (part := targets.get(key, "")) in scans}
    for position, areas in print_areas(described):
        if position in found:
            found[position].printed = areas
    return {position: scan for position, scan in found.items() if not scan.is_plain()}


def read_xlsb(content: bytes, entries: dict[str, ZipInfo]) -> Contents:
    """Read the worksheets of an .xlsb file, and the text of its XML parts. Raises UnreadableFile."""
    styles = (
        read_xlsb_styles(unpack(content, entries["xl/styles.bin"]))
        if "xl/styles.bin" in entries
        else Styles()
    )
    scans = {
        name: scan_xlsb_sheet(unpack(content, entry), styles)
        for name, entry in entries.items()
        if name.startswith("xl/worksheets/") and name.endswith(".bin") and "/_rels/" not in name
    }
    check_extents([(scan.rows, scan.columns) for scan in scans.values()])
    targets = _relation_targets(unpack(content, entries["xl/_rels/workbook.bin.rels"]))
    order = sheet_relations(unpack(content, entries["xl/workbook.bin"]))
    by_position = {i: scans[targets[key]] for i, key in enumerate(order) if targets.get(key) in scans}
    texts: list[TextPart] = []
    unseen = {text for name in _UNSEEN_IN_XLSB if name in entries for text in _unseen(content, entries[name])}
    for name, data in xml_parts(content, entries):
        texts += text_part(name, data)
        unseen |= unseen_texts(name, data)
    binary = [
        (entry.filename, text_of_part(unpack(content, entry)))
        for name, entry in entries.items()
        if name.endswith(".bin") and not _NO_TEXT_IN_XLSB.match(name)
    ]
    other_text = [*texts_of(texts, entries), *((name, text) for name, text in binary if text)]
    return Contents(read_cells(content, by_position, styles), other_text, unseen)


def _unseen(content: bytes, entry: ZipInfo) -> Iterator[str]:
    """Yield the names that a binary workbook defines, or the texts of its number formats."""
    for line in text_of_part(unpack(content, entry)).split("\n"):
        yield from plain_text(line)


def _relation_targets(data: bytes) -> dict[str, str]:
    """Return the part that each relation of the workbook leads to."""
    targets: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "").lower()
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else "xl/" + target

    parse_xml(data, start, lambda _: None)
    return targets
