"""What a person sees of a cell, in workbooks of several writers."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from odf.number import Number, NumberStyle, PercentageStyle, Text
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import LineBreak, P, S, Span
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from transforms.extract.number_formats import parse_format, shown_date, shown_number
from transforms.extract.sheet import CellFlag, Sheet
from transforms.extract.workbook import read_sheets


def xlsx(fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]) -> Sheet:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(book, book.add_worksheet())
    book.close()
    return read_sheets(target.getvalue(), "a.xlsx")[0]


def xls(fill: Callable[[xlwt.Workbook, xlwt.Worksheet], object]) -> Sheet:
    target = io.BytesIO()
    book = xlwt.Workbook()
    fill(book, book.add_sheet("a"))
    book.save(target)
    return read_sheets(target.getvalue(), "a.xls")[0]


FORMATS: list[tuple[object, str, str | None]] = [
    (0.85, "0%", "85%"),
    (0.856, "0.0%", "85.6%"),
    (1.0, "0%", "100%"),
    (1_234_567.0, "#,##0,", "1235"),
    (1_500_000.0, '0.0,," triệu"', "1.5 triệu"),
    (1_500_000.0, '[>=1000000]0.0,,"tr";0', "1.5tr"),
    (900.0, '[>=1000000]0.0,,"tr";0', None),
    (15.9999999, "0", "16"),
    (15.4, "0", "15"),
    (0.4, "#,##0", "0"),
    (6.0, "00", "06"),
    (12.0, "000", "012"),
    (12.0, "00", None),
    (12.5, "0.00", None),
    (12.0, "#,##0.00", None),
    (-5.0, "#,##0;(#,##0)", None),
    (-5.0, "0;0", "5"),
    (0.0, "0;-0;;@", None),
    (0.0, "0%", None),
    (7.0, ";;;", ""),
    (7.0, '0" người"', None),
    (7.0, '"1"0', "17"),
    (7.0, '0" nghìn"', "7 nghìn"),
    (7.0, '0 "triệu đồng"', "7 triệu đồng"),
    (7.0, '0"/2"', "7/2"),
    (7.0, "-0", "-7"),
    (7.0, "(0)", "(7)"),
    (-7.0, "#,##0;(#,##0)", None),
    (0.1 + 0.2, "General", "0.3"),
    (15.999999999999998, "General", "16"),
    (12.5, "General", None),
    (1234.0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', None),
    (1234.0, "[$₫-42A]#,##0", None),
    (0.5, "# ?/?", None),
]


@pytest.mark.parametrize(("value", "code", "shown"), FORMATS)
def test_a_number_format_that_changes_the_figure(value: float, code: str, shown: str | None) -> None:
    assert shown_number(value, parse_format(code)) == shown


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("mmm-yy", "3/2020"),
        ("m/yyyy", "3/2020"),
        ('"Tháng "m"/"yyyy', "3/2020"),
        ("d-mmm", "15/3"),
        ("yyyy", "2020"),
        ("dd/mm/yyyy", None),
        ("[$-42A]dd mmmm yyyy", None),
        ("General", None),
        ("h:mm", None),
    ],
)
def test_a_date_format_without_day_or_year(code: str, shown: str | None) -> None:
    assert shown_date(date(2020, 3, 15), parse_format(code)) == shown


@given(st.text(max_size=40), st.floats(allow_nan=False, allow_infinity=False))
def test_no_format_code_raises(code: str, value: float) -> None:
    shown_number(value, parse_format(code))
    shown_date(date(2020, 3, 15), parse_format(code))


@given(st.integers(0, 10**9), st.sampled_from(["General", "0", "#,##0", "#,##0.00", '0" vụ"', "@"]))
def test_a_plain_format_never_changes_a_count(value: int, code: str) -> None:
    assert shown_number(float(value), parse_format(code)) is None


@pytest.mark.parametrize("writer", ["xlsx", "xls"])
def test_formats_strikes_and_hiding_of_excel_files(writer: str) -> None:
    sheet = xlsx(_fill_xlsx) if writer == "xlsx" else xls(_fill_xls)
    assert sheet.displayed == {(0, 0): "85%", (0, 1): "16", (1, 0): "", (1, 1): "150", (1, 2): "06²"}
    assert sheet.flags == {
        (1, 0): CellFlag.STRUCK_OUT,
        (1, 1): CellFlag.STRUCK_OUT,
        (1, 2): CellFlag.SUPERSCRIPT,
    }
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {3})
    assert sheet.rows[1] == [12.0, "12150", "062", None]


def _fill_xlsx(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    struck, raised = book.add_format({"font_strikeout": True}), book.add_format({"font_script": 1})
    sheet.write(0, 0, 0.85, book.add_format({"num_format": "0%"}))
    sheet.write(0, 1, 15.9999999, book.add_format({"num_format": "0"}))
    sheet.write(1, 0, 12, struck)
    sheet.write_rich_string(1, 1, struck, "12", "150")
    sheet.write_rich_string(1, 2, "06", raised, "2")
    sheet.write(2, 3, 1)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})


def _fill_xls(book: xlwt.Workbook, sheet: xlwt.Worksheet) -> None:
    struck, raised = xlwt.easyfont("struck_out true"), xlwt.easyfont("escapement superscript")
    sheet.write(0, 0, 0.85, xlwt.easyxf(num_format_str="0%"))
    sheet.write(0, 1, 15.9999999, xlwt.easyxf(num_format_str="0"))
    sheet.write(1, 0, 12, xlwt.easyxf("font: struck_out true"))
    sheet.write_rich_text(1, 1, [("12", struck), ("150", xlwt.easyfont("bold true"))])
    sheet.write_rich_text(1, 2, ["06", ("2", raised)])
    sheet.write(2, 3, 1)
    sheet.row(2).hidden = True
    sheet.col(3).hidden = True


def test_rich_text_written_into_the_sheet_itself() -> None:
    book = openpyxl.Workbook()
    struck = InlineFont(strike=True)
    book.worksheets[0]["B2"] = CellRichText(TextBlock(struck, "12"), "150")
    target = io.BytesIO()
    book.save(target)
    sheet = read_sheets(target.getvalue(), "a.xlsx")[0]
    assert (sheet.rows[1][1], sheet.displayed[1, 1]) == ("12150", "150")


def test_rows_and_columns_without_a_size_are_hidden() -> None:
    def fill(_: object, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_column(0, 0, ["Tên", "a", "b"])
        sheet.set_row(1, 0.75)
        sheet.set_row(2, 12.75)
        sheet.set_column(2, 2, 0.25)

    sheet = xlsx(fill)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {2})


def test_filtered_rows_are_hidden_rows() -> None:
    def fill(_: object, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_column(0, 0, ["Tên", "a", "b"])
        sheet.autofilter(0, 0, 2, 0)
        sheet.filter_column(0, "x == a")
        sheet.set_row(2, None, None, {"hidden": True})

    assert xlsx(fill).hidden_rows == {2}


def test_an_ods_file_by_odfpy() -> None:
    book = OpenDocumentSpreadsheet()
    percent = PercentageStyle(name="N1")
    percent.addElement(Number(decimalplaces=0, minintegerdigits=1))
    percent.addElement(Text(text="%"))
    whole = NumberStyle(name="N2")
    whole.addElement(Number(decimalplaces=0, minintegerdigits=1, displayfactor=1000))
    struck = Style(name="T1", family="text")
    struck.addElement(TextProperties(textlinethroughstyle="solid"))
    raised = Style(name="T2", family="text")
    raised.addElement(TextProperties(textposition="super 58%"))
    cells = [
        Style(name=f"ce{i}", family="table-cell", datastylename=s) for i, s in enumerate((percent, whole))
    ]
    for style in (percent, whole, struck, raised, *cells):
        book.automaticstyles.addElement(style)
    table = Table(name="a")
    table.addElement(TableColumn())
    table.addElement(TableColumn(visibility="collapse"))
    row = TableRow()
    for value, style in ((0.85, cells[0]), (15_900, cells[1])):
        row.addElement(TableCell(valuetype="float", value=value, stylename=style))
    paragraph = P()
    for part in (Span(stylename=struck, text="12"), Span(text="15"), Span(stylename=raised, text="2")):
        paragraph.addElement(part)
    for made in (paragraph, _spaced()):
        cell = TableCell(valuetype="string")
        cell.addElement(made)
        row.addElement(cell)
    row.addElement(TableCell(valuetype="float", value=0, formula="of:=SUM([.A1:.B1])"))
    row.addElement(TableCell(formula="of:=[.A1]*2"))
    table.addElement(row)
    hidden = TableRow(visibility="filter")
    hidden.addElement(TableCell(valuetype="float", value=1))
    table.addElement(hidden)
    book.spreadsheet.addElement(table)
    target = io.BytesIO()
    book.save(target)
    sheet = read_sheets(target.getvalue(), "a.ods")[0]
    assert sheet.rows[0][2:4] == ["12152", "Huyện  Cẩm\nMỹ"]
    assert sheet.displayed == {(0, 0): "85%", (0, 1): "16", (0, 2): "15²"}
    assert sheet.flags == {
        (0, 2): CellFlag.STRUCK_OUT,
        (0, 4): CellFlag.UNCALCULATED,
        (0, 5): CellFlag.UNCALCULATED,
    }
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {1})


def _spaced() -> P:
    paragraph = P(text="Huyện")
    paragraph.addElement(S(c=2))
    paragraph.addText("Cẩm")
    paragraph.addElement(LineBreak())
    paragraph.addText("Mỹ")
    return paragraph


def test_formulas_that_xlsxwriter_never_calculated() -> None:
    def fill(_: object, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_column(0, 0, [1, 2, 0, 0])
        sheet.write_formula(4, 0, "=SUM(A1:A4)")  # XlsxWriter saves 0
        sheet.write_formula(5, 0, "=SUM(A3:A4)")  # which is right here
        sheet.write_formula(6, 0, "=IF(A1>0,A1,0)")
        sheet.write_formula(7, 0, "=A1+A2", None, 3)

    assert xlsx(fill).flags == {(4, 0): CellFlag.UNCALCULATED, (6, 0): CellFlag.UNCALCULATED}


def test_formulas_that_openpyxl_saved_without_a_value() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([1, 2, "=A1+B1"])
    target = io.BytesIO()
    book.save(target)
    sheet = read_sheets(target.getvalue(), "a.xlsx")[0]
    assert sheet.flags == {(0, 2): CellFlag.UNCALCULATED}


def test_formulas_that_xlwt_never_calculated() -> None:
    def fill(_: object, sheet: xlwt.Worksheet) -> None:
        sheet.write(0, 0, 1)
        sheet.write(1, 0, xlwt.Formula("SUM(A1:A1)"))
        sheet.write(2, 0, xlwt.Formula("A1*2"))

    assert xls(fill).flags == {(1, 0): CellFlag.UNCALCULATED, (2, 0): CellFlag.UNCALCULATED}


def test_a_sum_of_zero_over_figures_was_never_calculated_by_any_writer() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([1, 2, "=A1+B1"])
    target = io.BytesIO()
    book.save(target)
    content = target.getvalue()
    from transforms.extract.file_safety import repacked, unpack, zip_entries

    entries = zip_entries(content)
    part = (
        unpack(content, entries["xl/worksheets/sheet1.xml"])
        .replace(b"<v />", b"<v>0</v>")
        .replace(b"<v></v>", b"<v>0</v>")
    )
    book_part = unpack(content, entries["xl/workbook.xml"]).replace(b'fullCalcOnLoad="1"', b"")
    made = repacked(content, entries, {"xl/worksheets/sheet1.xml": part, "xl/workbook.xml": book_part})
    assert read_sheets(made, "a.xlsx")[0].flags == {(0, 2): CellFlag.UNCALCULATED}


def test_xml_parts_in_utf_16_are_read() -> None:
    from transforms.extract.file_safety import repacked, unpack, zip_entries

    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Biên Hòa", 12])
    book.save(target)
    content = target.getvalue()
    entries = zip_entries(content)
    changed = {
        name: unpack(content, entry).decode().replace("UTF-8", "UTF-16").encode("utf-16")
        for name, entry in entries.items()
        if name in ("xl/worksheets/sheet1.xml", "xl/sharedstrings.xml", "[content_types].xml")
    }
    assert read_sheets(repacked(content, entries, changed), "a.xlsx")[0].rows == [["Biên Hòa", 12.0]]
