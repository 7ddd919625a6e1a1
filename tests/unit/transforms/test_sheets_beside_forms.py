"""Sheets beside a valid form, and keys left out of one, never pass without a finding."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.findings import findings_in
from tests.support.forms import FORM_SET
from tests.support.grids import TOP, Grid, communications, errors, read_grid
from tests.support.reports import FIRST_ROW, HEADER_ROW, default_rows, write_sheet
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading
from transforms.layout.sheet_parser import reading_context

PLAN = read_plan(DEFAULT_PLAN)
CONTEXT = reading_context(PLAN, FORM_SET, date(2020, 12, 31))


def read(book: openpyxl.Workbook, body: str) -> FileReading:
    content = BytesIO()
    book.save(content)
    return read_file(content.getvalue(), "bao cao.xlsx", body, CONTEXT)


def test_a_small_report_with_an_unknown_code_beside_a_form_is_rejected() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Bieu 99")
    assert isinstance(first, Worksheet)
    for sheet, form in ((first, "02-PCMD"), (second, "02-PCMD")):
        write_sheet(sheet, form, "UBND-731", "Tháng 3 năm 2020", default_rows(form))
    second["A2"] = "Biểu số: 99-PCMD"
    reading = read(book, "UBND-731")
    assert [(sheet.sheet_name, sheet.form_code) for sheet in reading.sheets] == [
        (first.title, "02-PCMD"),
        ("Bieu 99", None),
    ]
    assert [finding.code for finding in reading.sheets[1].findings] == ["FORM-UNKNOWN"]


def book_with_a_second_sheet(**changed: object) -> openpyxl.Workbook:
    """A valid form and another one of a single row, some cells of which are changed."""
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Sheet2")
    assert isinstance(first, Worksheet)
    for sheet, form in ((first, "02-PCMD"), (second, "02-PCMD")):
        write_sheet(sheet, form, "UBND-731", "Tháng 3 năm 2020", default_rows(form)[:1])
    for cell, value in changed.items():
        second[cell] = value
    return book


def test_a_table_of_one_row_without_code_and_title_beside_a_form_is_rejected() -> None:
    reading = read(book_with_a_second_sheet(A2="Biểu số: ......", A3=None), "UBND-731")
    assert [[finding.code for finding in sheet.findings] for sheet in reading.sheets] == [
        [],
        ["FORM-UNKNOWN"],
    ]


def test_figures_below_a_code_and_no_table_beside_a_form_have_a_warning() -> None:
    labels = {f"{column}{HEADER_ROW}": f"Cột {column}" for column in "ABCDEFGHIJ"}
    reading = read(book_with_a_second_sheet(**labels), "UBND-731")
    assert [[finding.code for finding in sheet.findings] for sheet in reading.sheets] == [
        ["REPORT-UNRECOGNISED"]
    ]


def test_the_one_empty_key_of_a_workbook_is_not_taken_from_the_row_above() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    row = default_rows("02-PCMD")[0]
    labels = ("Địa bàn công cộng", "Cơ sở kinh doanh dịch vụ")
    rows = [row | {"place_kind": label} for label in labels]
    write_sheet(sheet, "02-PCMD", "UBND-731", "Tháng 3 năm 2020", rows)
    headings = [str(cell.value) for cell in sheet[HEADER_ROW]]
    column = next(n for n, heading in enumerate(headings, 1) if "Huyện" in heading)
    sheet.cell(FIRST_ROW + 1, column).value = None
    assert "VALUE-MISSING" in [finding.code for finding in findings_in(read(book, "UBND-731"), "UBND-731")]


@pytest.mark.parametrize("gap", [0, 1])
def test_a_table_that_goes_on_beside_itself_gets_advice_to_move_its_rows(gap: int) -> None:
    rows = communications()
    header, left, right = rows[TOP - 1], rows[TOP : TOP + 4], [*rows[TOP + 4 :], []]
    blank: list[object] = [None] * gap
    folded = [*header, *blank, *header]
    beside: Grid = [[*a, *blank, *b] for a, b in zip(left, right, strict=True)]
    reading = read_grid([*rows[: TOP - 1], folded, *beside])
    first = "GH"[gap]
    assert errors(reading) == {f"FORM-SECOND {first}6"}
    assert "xuống dưới khối bên trái" in reading.findings[0].message_vi


@pytest.mark.parametrize("stated", ["Biểu số: 06", "Mẫu 6", "BIỂU MẪU SỐ: 06."])
def test_a_code_without_its_letters_is_read_above_the_whole_table(stated: str) -> None:
    rows = communications()
    meant = read_grid(communications()).values
    rows[1] = [stated]
    reading = read_grid(rows)
    assert (reading.form_code, reading.values, errors(reading)) == ("06-PCMD", meant, set())


def test_a_code_without_its_letters_above_another_table_names_no_form() -> None:
    rows = communications()
    rows[1] = ["Biểu số: 02"]
    assert read_grid(rows).form_code is None
