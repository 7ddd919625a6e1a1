"""What a file's end and its name say: cut text files, names of another period, split labels, sums by name."""

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from schemas.declaration import Severity
from tests.support.findings import findings_in
from tests.support.forms import FORM_SET
from tests.support.reports import FIRST_ROW, HEADER_ROW, PLAN, district_rows, workbook
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading, SheetReading
from transforms.layout.sheet_parser import reading_context

CONTEXT = reading_context(PLAN, FORM_SET, date(2020, 7, 1))
ROWS = district_rows("01-PCMD")
for number, row in enumerate(ROWS):
    row |= {"cases_detected": number + 2, "cases_prosecuted": number + 1, "fines_amount": 1_500_000 + number}
    row |= {"sanctioned_sellers": 5, "sanctioned_total": 5}
LAST_ROW = FIRST_ROW + len(ROWS) - 1


def read(content: bytes, name: str = "a.xlsx") -> FileReading:
    return read_file(content, name, "CAT", CONTEXT)


def only_sheet(content: bytes, name: str = "a.xlsx") -> SheetReading:
    (sheet,) = read(content, name).sheets
    return sheet


def codes(content: bytes, name: str = "a.xlsx") -> list[tuple[str, str]]:
    return [(finding.code, finding.cell) for finding in findings_in(read(content, name), "CAT")]


def changed(change: Callable[[Worksheet], object]) -> bytes:
    return workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", ROWS, change)


SOUND = workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", ROWS)
VALUES = only_sheet(SOUND).values


def as_text(content: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = sheet.iter_rows(max_row=LAST_ROW, values_only=True)
    return "\n".join(";".join("" if value is None else str(value) for value in row) for row in rows)


TEXT = as_text(SOUND)


def test_a_text_file_that_ends_with_a_line_break_is_whole() -> None:
    assert only_sheet(f"{TEXT}\n".encode(), "a.csv").values == VALUES
    assert codes(f"{TEXT}\n".encode(), "a.csv") == []


@given(st.integers(0, 60))
@settings(max_examples=25, deadline=None)
def test_a_text_file_that_was_cut_is_never_read_in_silence(missing: int) -> None:
    assert codes(TEXT[: len(TEXT) - missing].encode(), "a.csv") != []


def test_a_row_that_was_cut_rejects_the_file() -> None:
    cut = TEXT[: TEXT.rindex("Huyện") + 40].encode()
    findings = findings_in(read(cut, "a.csv"), "CAT")
    short = next(finding for finding in findings if finding.code == "CELL-UNACCOUNTED")
    assert short.severity is Severity.ERROR
    assert "trong 13 cột" in short.message_vi


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("Bao cao thang 4.xlsx", "tháng 4"),
        ("BC_Thang_02-2020.xlsx", "tháng 2 năm 2020"),
        ("T4.2020.xlsx", "tháng 4 năm 2020"),
        ("thang 3 nam 2019.xlsx", "tháng 3 năm 2019"),
        ("2020/thang 4/Tháng 3.xlsx", ""),
        ("Thang 3.xlsx", ""),
        ("BC tháng 03-2020 gửi 05-4-2020.xlsx", ""),
        ("thang 3 va thang 4.xlsx", ""),
        ("Quy II.xlsx", ""),
        ("03-2020 01.xlsx", ""),
        ("6 thang dau nam.xlsx", ""),
        ("bieu 04.xlsx", ""),
    ],
)
def test_a_file_name_of_another_month_is_named(name: str, stated: str) -> None:
    sheet = only_sheet(SOUND, name)
    assert sheet.values == VALUES
    assert sheet.period is not None
    assert sheet.period.code == "2020-M03"
    found = [(f.code, f.severity) for f in sheet.findings]
    assert found == ([("PERIOD-INVALID", Severity.WARNING)] if stated else [])
    assert all(f"ghi {stated}, nhưng biểu ghi tháng 3" in f.message_vi for f in sheet.findings)


@pytest.mark.parametrize(
    ("name", "differs"), [("Quy II.xlsx", True), ("q1 2020.xlsx", False), ("Q2.xlsx", False)]
)
def test_a_file_name_of_another_quarter_is_named(name: str, differs: bool) -> None:
    content = workbook("06-PCMD", "SYT", "Quý I năm 2020")
    (sheet,) = read_file(content, name, "SYT", CONTEXT).sheets
    assert [f.code for f in sheet.findings if f.code == "PERIOD-INVALID"] == ["PERIOD-INVALID"] * differs


def split_labels(sheet: Worksheet, columns: range, at: float) -> None:
    """Type labels in two cells, one above the other."""
    sheet.insert_rows(HEADER_ROW + 1)
    for column in columns:
        words = str(sheet.cell(HEADER_ROW, column).value).split()
        cut = max(1, round(len(words) * at))
        if cut < len(words):
            sheet.cell(HEADER_ROW, column, " ".join(words[:cut]))
            sheet.cell(HEADER_ROW + 1, column, " ".join(words[cut:]))


@given(st.integers(1, 13), st.integers(1, 13), st.sampled_from([0.3, 0.5, 0.7]))
@settings(max_examples=25, deadline=None)
def test_labels_in_two_cells_without_a_merge_are_read(first: int, last: int, at: float) -> None:
    columns = range(min(first, last), max(first, last) + 1)
    sheet = only_sheet(changed(lambda s: split_labels(s, columns, at)))
    rejected = any(f.code == "COLUMN-MISSING" for f in sheet.findings)
    assert rejected or sheet.values == VALUES


def test_all_labels_in_two_cells_are_read() -> None:
    sheet = only_sheet(changed(lambda s: split_labels(s, range(1, 14), 0.5)))
    assert sheet.values == VALUES
    assert sheet.findings == []


def sum_row(sheet: Worksheet, at: int, name: str, first: int, last: int) -> None:
    """Insert a row with the sums of others, which are counted before it is there."""
    sums = [sum(int(str(sheet.cell(n, c).value)) for n in range(first, last + 1)) for c in range(2, 14)]
    sheet.insert_rows(at)
    sheet.cell(at, 1, name)
    for column, value in enumerate(sums, 2):
        sheet.cell(at, column, value)


@pytest.mark.parametrize("name", ["Tỉnh Đồng Nai", "Chung", "Toàn khối"])
@pytest.mark.parametrize("at", [FIRST_ROW, LAST_ROW + 1])
def test_a_row_of_an_unknown_name_with_all_sums_is_the_total(name: str, at: int) -> None:
    sheet = only_sheet(changed(lambda s: sum_row(s, at, name, FIRST_ROW, LAST_ROW)))
    assert (sheet.values, sheet.findings) == (VALUES, [])


def test_a_row_of_an_unknown_name_with_the_sums_of_its_group_is_left_out() -> None:
    content = changed(lambda s: sum_row(s, FIRST_ROW + 4, "Khối huyện", FIRST_ROW + 4, LAST_ROW))
    assert only_sheet(content).values == VALUES
    assert codes(content) == []


def test_a_row_of_an_unknown_name_with_other_figures_is_a_fault() -> None:
    def change(sheet: Worksheet) -> None:
        sum_row(sheet, FIRST_ROW, "Tỉnh Đồng Nai", FIRST_ROW, LAST_ROW)
        sheet.cell(FIRST_ROW, 2, 999)

    assert ("AREA-UNKNOWN", f"A{FIRST_ROW}") in codes(changed(change))
