"""Ticks in fonts of symbols, and icons or bars that replace the figures of .xls and .xlsb sheets."""

import io
import struct

import docx
import pytest
import xlwt
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font

from tests.support.grids import BODIES, CONTEXT, Grid, communes, read_grid
from transforms.extract.cell_styles import Styles
from transforms.extract.conditional_formats import NUMBERS
from transforms.extract.sheet import MergedRange
from transforms.extract.xls.xls_conditional import XlsRules
from transforms.extract.xlsb.xlsb_scanner import scan_xlsb_sheet
from transforms.file_parser import read_file

TICKS = [
    ("P", "Wingdings 2", True), ("R", "Wingdings 2", True), ("O", "Wingdings 2", False),
    ("a", "Webdings", True), ("r", "Webdings", False), ("Ö", "Symbol", True), ("o", "Wingdings", False),
    ("ü", "Wingdings", True), ("P", "Arial", None), ("S", "Wingdings 2", None), ("PP", "Wingdings 2", None),
]  # fmt: skip


def marked(letter: str) -> Grid:
    rows = communes()
    rows[6][4] = letter
    return rows


@pytest.mark.parametrize(("letter", "font", "value"), TICKS)
def test_a_letter_of_a_symbol_font(letter: str, font: str, value: bool | None) -> None:
    reading = read_grid(marked(letter), "05", lambda sheet: setattr(sheet["E7"], "font", Font(name=font)))
    assert reading.values[0][3] is value


@pytest.mark.parametrize(("letter", "font", "value"), TICKS)
def test_a_letter_of_a_symbol_font_in_xls(letter: str, font: str, value: bool | None) -> None:
    book = xlwt.Workbook()
    sheet, style = book.add_sheet("Bieu"), xlwt.easyxf(f"font: name {font}")
    for r, row in enumerate(marked(letter)):
        for c, cell in enumerate(row):
            if cell is not None:
                sheet.write(r, c, cell, *([style] if (r, c) == (6, 4) else []))
    content = io.BytesIO()
    book.save(content)
    assert read_file(content.getvalue(), "a.xls", BODIES["05"], CONTEXT).sheets[0].values[0][3] is value


@pytest.mark.parametrize(
    ("code", "font", "sign"),
    [
        ("F050", "Wingdings 2", "✓"),
        ("F0FC", "Wingdings", "✓"),
        ("F06F", "Wingdings", "☐"),
        ("2713", "Arial", "✓"),
    ],
)
def test_a_symbol_of_a_document(code: str, font: str, sign: str) -> None:
    document = docx.Document()
    document.add_paragraph("A")
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    run = f'<w:p {nsdecls("w")}><w:r><w:sym w:font="{font}" w:char="{code}"/></w:r></w:p>'
    cell._tc.replace(cell.paragraphs[0]._p, parse_xml(run))
    content = io.BytesIO()
    document.save(content)
    from transforms.extract.workbook import read_sheets

    assert read_sheets(content.getvalue(), "a.docx")[0].rows[-1] == [sign]


def icons_of_xls(kind: int, content: bytes, look: bytes = b"\0\0") -> bytes:
    """A record CF12 with a rule of a kind, without formulas."""
    behind = b"\0\0" + b"\0" + b"\1\0" + b"\4\0" + b"\x10" + bytes(16)
    return bytes(12) + struct.pack("<BBHH", kind, 0, 0, 0) + struct.pack("<I", 0) + look + behind + content


ALONE, BESIDE = b"\0\0\0\3\3\1", b"\0\0\0\3\3\4"
BAR_ALONE, BAR_BESIDE = b"\0\0\0\0\x0a\x5a", b"\0\0\0\2\x0a\x5a"


@pytest.mark.parametrize(
    ("kind", "content", "hides"),
    [(6, ALONE, True), (6, BESIDE, False), (4, BAR_ALONE, True), (4, BAR_BESIDE, False), (3, ALONE, False)],
)
def test_icons_and_bars_of_an_xls_sheet(kind: int, content: bytes, hides: bool) -> None:
    rules = XlsRules({})
    head = struct.pack("<HHHHHHH", 1, 1, 0, 9, 0, 3, 1) + struct.pack("<4H", 0, 9, 0, 3)
    rules.note(0x879, bytes(12) + head)
    rules.note(0x87A, icons_of_xls(kind, content))
    found = [(rule.kind, rule.ranges, rule.look.is_unseen) for rule in rules.found]
    assert found == ([(NUMBERS, (MergedRange(0, 0, 9, 3),), True)] if hides else [])


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind & 0x7F | 0x80, kind >> 7, len(body)]) + body


@pytest.mark.parametrize(
    ("kind", "body", "hides"),
    [
        (465, struct.pack("<IH", 3, 2), True),
        (465, struct.pack("<IH", 3, 4), False),
        (467, b"\x0a\x5a\0", True),
        (467, b"\x0a\x5a\1", False),
    ],
)
def test_icons_and_bars_of_an_xlsb_sheet(kind: int, body: bytes, hides: bool) -> None:
    ranges = record(461, struct.pack("<III4I", 1, 0, 1, 0, 9, 0, 3))
    found = scan_xlsb_sheet(ranges + record(kind, body), Styles()).conditional
    assert [(rule.kind, rule.ranges) for rule in found] == (
        [(NUMBERS, (MergedRange(0, 0, 9, 3),))] if hides else []
    )
