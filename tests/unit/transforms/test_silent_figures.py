"""Figures that a person sees otherwise than they are stored: each sheet is read as seen, or has an error."""

import io
import re
from collections.abc import Callable

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableCellProperties, TextProperties
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.grids import BODIES, CONTEXT, communications, errors, is_valid, read_grid, xlsx
from tests.support.metamorphic import WRITERS
from transforms.extract.file_safety import repacked, unpack, zip_entries
from transforms.extract.sheet import CellFlag
from transforms.extract.workbook import read_sheets
from transforms.file_parser import read_file

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedstrings.xml"
WHITE = "FFFFFFFF"


def changed(pattern: str, replacement: str, writer: str = "a.xlsx", part: str = SHEET) -> bytes:
    """A valid workbook with a part in which the first match of a pattern is replaced."""
    content = WRITERS[writer](communications())
    entries = zip_entries(content)
    before = unpack(content, entries[part])
    after = re.sub(pattern.encode(), replacement.encode(), before, count=1, flags=re.DOTALL)
    assert after != before
    return repacked(content, entries, {part: after})


def first_row(content: bytes) -> list[object] | str:
    """The first row that is read, or the reason why the file is not."""
    reading = read_file(content, "a.xlsx", BODIES["06"], CONTEXT)
    if reading.problem is not None:
        return f"{reading.problem.code} {reading.problem.details}"
    assert is_valid(reading.sheets[0])
    return list(reading.sheets[0].values[0])


@pytest.mark.parametrize(
    ("pattern", "replacement", "events"),
    [
        (r'(<c r="C7"[^>]*><v>1)1', r"\1<!-- 1 -->1", 11),
        (r'(<c r="C7"[^>]*><v>1)1', r"\1<?p 1?>1", 11),
        (r'(<c r="C7"[^>]*><v>)11', r"\1<![CDATA[11]]>", 11),
        (r'(<c r="C7"[^>]*><v>1)1', r"\1&#49;", 11),
        (r'(<c r="C7"[^>]*>)(<v>11</v>)', r"\1<!-- \2 --><v>12</v>", 12),
    ],
    ids=["comment", "instruction", "cdata", "reference", "value in a comment"],
)
def test_xml_beside_the_text_of_a_value(pattern: str, replacement: str, events: int) -> None:
    assert first_row(changed(pattern, replacement)) == ["CONFERENCE", events, 1037, 211]


def test_a_comment_that_never_ends_is_no_xml() -> None:
    assert "FILE-UNREADABLE" in first_row(changed(r'(<c r="C7"[^>]*><v>1)1', r"\1<!-- 1"))


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r'(<c r="D7")', r'<c r="C7"><v>99</v></c>\1'),
        (r'(<row r="7".*?</row>)', r"\1\1"),
        (r"</sheetData>", r'</sheetData><sheetData><row r="7"><c r="C7"><v>9</v></c></row></sheetData>'),
        (r'(<c r="D7")', r'<c r="C7" x:y="1"><v>99</v></c>\1'),
    ],
    ids=["cell", "row", "table", "odd attribute"],
)
def test_a_cell_that_is_stored_twice(pattern: str, replacement: str) -> None:
    assert "FILE-UNREADABLE" in first_row(changed(pattern, replacement))


def test_rows_stored_in_another_order_are_read_by_their_numbers() -> None:
    content = changed(r'(<row r="7".*?</row>)(<row r="8".*?</row>)', r"\2\1")
    assert first_row(content) == ["CONFERENCE", 11, 1037, 211]


def test_a_shared_string_that_is_not_there() -> None:
    content = changed(r'<c r="C7"[^>]*><v>11', r'<c r="C7" t="s"><v>999', "b.xlsx")
    assert "FILE-UNREADABLE" in first_row(content)


def test_the_reading_aid_of_a_text_is_no_part_of_it() -> None:
    aid = r'<rPh sb="0" eb="1"><t>5</t></rPh>'
    in_cell = rf'<c r="C7" t="inlineStr"><is><t>11</t>{aid}</is>'
    assert first_row(changed(r'<c r="C7"[^>]*><v>11</v>', in_cell)) == ["CONFERENCE", 11, 1037, 211]
    shared = changed(r"(Hội nghị[^<]*</t>)", r"\1" + aid, "b.xlsx", STRINGS)
    assert first_row(shared) == ["CONFERENCE", 11, 1037, 211]


def format_of_figure(code: str) -> Callable[[Worksheet], object]:
    return lambda sheet: setattr(sheet["C7"], "number_format", code)


@pytest.mark.parametrize(
    "code",
    [
        r"0\.0", r"0\,0", r"0\ 0", r"#\.##0", '0"."0', "0-0", '"1"0', '0"0"', '[<20]"0";0', '[=11]"12";0', ";;;",
        "0E+0", "[White]0", "[Color 2]0",
    ],
)  # fmt: skip
def test_a_format_that_shows_another_figure(code: str) -> None:
    """11 shown as 1.1, 1,1, 1 1, .11, 1-1, 111, 110, 0, 12, nothing, 1E+1 and white on white."""
    found = errors(read_grid(communications(), spoil=format_of_figure(code)))
    assert found & {"NUMBER-AMBIGUOUS C7", "CELL-HIDDEN C7"}


@pytest.mark.parametrize("code", [r"#\.##0", r"#\ ##0", r"[>=1000]#\.##0;0", "#,##0", '0" người"', "@"])
def test_a_format_that_groups_digits(code: str) -> None:
    reading = read_grid(communications(), spoil=lambda sheet: setattr(sheet["D7"], "number_format", code))
    assert is_valid(reading)
    assert reading.values[0][2] == 1037


@pytest.mark.parametrize("code", [";;;", "0;0;0;"])
def test_a_format_that_hides_texts(code: str) -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet["B7"].number_format = sheet["C8"].number_format = code
        sheet["C8"] = "12"

    found = errors(read_grid(communications(), spoil=spoil))
    assert {"NUMBER-AMBIGUOUS B7", "NUMBER-AMBIGUOUS C8"} <= found


def test_a_zero_shown_as_another_figure() -> None:
    rows = communications()
    rows[6][2] = 0
    assert "NUMBER-AMBIGUOUS C7" in errors(read_grid(rows, spoil=format_of_figure('"1"0')))
    assert is_valid(read_grid(rows, spoil=format_of_figure('0;0;"-"')))


@pytest.mark.parametrize(
    ("text", "cell"),
    [(WHITE, None), ("FF00B050", "FF00B050"), ("FFF8F8F8", "FFFFFFFF"), (WHITE, "FFFAFAFA")],
)
def test_text_in_the_colour_of_its_cell(text: str, cell: str | None) -> None:
    def spoil(sheet: Worksheet) -> None:
        for name in ("B7", "C8"):
            sheet[name].font = Font(color=text)
            if cell:
                sheet[name].fill = PatternFill("solid", fgColor=cell)

    reading = read_grid(communications(), spoil=spoil)
    assert errors(reading) == {"CELL-HIDDEN B7"}
    assert "B7, C8" in str(reading.findings)


def test_white_text_on_a_dark_cell_is_seen() -> None:
    def spoil(sheet: Worksheet) -> None:
        for name in ("B6", "C6", "C7"):
            sheet[name].font, sheet[name].fill = Font(color=WHITE), PatternFill("solid", fgColor="FF1F4E78")

    assert read_grid(communications(), spoil=spoil).findings == []


def test_a_zero_in_white_is_a_warning() -> None:
    rows = communications()
    rows[6][2] = 0
    reading = read_grid(rows, spoil=lambda sheet: setattr(sheet["C7"], "font", Font(color=WHITE)))
    assert (errors(reading), [f.code for f in reading.findings]) == (set(), ["CELL-HIDDEN"])


def test_text_in_the_colour_of_its_cell_in_an_xls_file() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, 5, xlwt.easyxf("font: colour white"))
    sheet.write(0, 1, 5, xlwt.easyxf("font: colour white; pattern: pattern solid, fore_colour dark_blue"))
    sheet.write(0, 2, 5, xlwt.easyxf("font: colour red; pattern: pattern solid, fore_colour red"))
    target = io.BytesIO()
    book.save(target)
    flags = dict(read_sheets(target.getvalue(), "a.xls")[0].flags)
    assert flags == {(0, 0): CellFlag.INVISIBLE, (0, 2): CellFlag.INVISIBLE}


def test_text_in_the_colour_of_its_cell_in_an_ods_file() -> None:
    book = OpenDocumentSpreadsheet()
    table, row = Table(name="a"), TableRow()
    for number, background in enumerate(("", "#ffffff", "#1f4e78")):
        style = Style(name=f"ce{number}", family="table-cell")
        style.addElement(TextProperties(color="#ffffff"))
        if background:
            style.addElement(TableCellProperties(backgroundcolor=background))
        book.automaticstyles.addElement(style)
        cell = TableCell(valuetype="float", value=5, stylename=style)
        cell.addElement(P(text="5"))
        row.addElement(cell)
    table.addElement(row)
    book.spreadsheet.addElement(table)
    target = io.BytesIO()
    book.save(target)
    flags = dict(read_sheets(target.getvalue(), "a.ods")[0].flags)
    assert flags == {(0, 0): CellFlag.INVISIBLE, (0, 1): CellFlag.INVISIBLE}


def test_workbooks_are_valid_before_they_are_changed() -> None:
    assert first_row(xlsx(communications())) == ["CONFERENCE", 11, 1037, 211]
