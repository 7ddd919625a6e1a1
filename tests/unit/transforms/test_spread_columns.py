"""Dimensions that are spread over columns: each printed cell becomes a row, and findings name its cell."""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest

from plans.reading import read_plan
from schemas.form_set import read_form_set, read_texts
from schemas.printed_form import printed_form
from tests.support.paths import DATA
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.reading_context import reading_context

FORMS = read_form_set(DATA / "screening" / "screening")
CONTEXT = reading_context(read_plan(DATA / "screening" / "plan.yaml"), FORMS, date(2022, 1, 31))
Line = Sequence[object]


def over(width: int, *labels: str) -> Line:
    """Labels of merged cells, each over so many columns."""
    return [cell for label in labels for cell in (label, *[None] * (width - 1))]


TESTS_HEADER: list[Line] = [
    ["STT", "Huyện, thành phố", *over(6, "Số lượt xét nghiệm", "Dương tính")],
    [
        None,
        None,
        *over(2, "Dưới 16 tuổi", "16-59 tuổi", "60 tuổi trở lên", "Trẻ em", "16 – 59 tuổi", "Từ 60 tuổi"),
    ],
    [None, None, *["Nam", "Nữ"] * 6],
]
MERGES = ["A6:A8", "B6:B8", "C6:H6", "I6:N6", "C7:D7", "E7:F7", "G7:H7", "I7:J7", "K7:L7", "M7:N7"]
BIEN_HOA: Line = [1, "Biên Hòa", 10, 20, 30, 40, 50, 60, 1, 2, 3, 4, 5, 6]
LONG_KHANH: Line = [2, "Long Khánh", 11, 21, 31, 41, 51, 61, 2, 3, 4, 5, 6, 7]


def read(form: str, body: str, lines: Sequence[Line], merges: Sequence[str] = ()) -> SheetReading:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    head = [[f"Biểu số {form}"], [FORMS.by_code[form].title], ["Kỳ báo cáo: Tháng 4 năm 2021"], [], []]
    for line in [*head, *lines]:
        sheet.append(list(line))
    for cells in merges:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    (reading,) = read_file(out.getvalue(), "a.xlsx", body, CONTEXT).sheets
    return reading


def found(reading: SheetReading) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.cell, finding.column_key) for finding in reading.findings]


@pytest.mark.parametrize("merges", [MERGES, []], ids=["merged", "not merged"])
def test_measures_ages_and_sexes_in_three_rows(merges: list[str]) -> None:
    reading = read("02-SL", "SYT", [*TESTS_HEADER, BIEN_HOA, LONG_KHANH], merges)
    assert found(reading) == []
    assert reading.rows == [9] * 6 + [10] * 6
    assert reading.values[0] == ["731", "CHILD", "MALE", 10, 1]
    assert reading.values[5] == ["731", "ELDERLY", "FEMALE", 60, 6]
    assert reading.values[9] == ["732", "ADULT", "FEMALE", 41, 5]
    assert reading.columns["positive/ADULT/FEMALE"] == 11


def test_a_dimension_of_rows_may_follow_one_of_columns() -> None:
    header: list[Line] = [
        ["Huyện, thành phố", "Đầu kỳ", None, "Tăng trong kỳ", None, "Cuối kỳ", None],
        [None, *["Nam", "Nữ"] * 3],
    ]
    reading = read("03-SL", "UBND-731", [*header, ["Biên Hòa", 1, 2, 3, 4, 4, 6]])
    assert found(reading) == []
    assert reading.values == [["MALE", "731", 1, 3, 4], ["FEMALE", "731", 2, 4, 6]]


def test_totals_are_compared_by_printed_column() -> None:
    total: Line = [None, "Tổng cộng", 21, 41, 61, 81, 101, 121, 3, 5, 7, 9, 11, 12]
    reading = read("02-SL", "SYT", [*TESTS_HEADER, BIEN_HOA, LONG_KHANH, total], MERGES)
    assert found(reading) == [("TOTAL-MISMATCH", "N11", "positive")]


def test_a_wrong_cell_is_named() -> None:
    wrong = [*BIEN_HOA[:7], "x", *BIEN_HOA[8:]]
    reading = read("02-SL", "SYT", [*TESTS_HEADER, wrong, LONG_KHANH], MERGES)
    assert found(reading) == [("VALUE-TYPE", "H9", "done")]
    assert reading.findings[0].details["label"] == "Số lượt xét nghiệm - Từ 60 tuổi – Nữ"
    assert reading.values[5] == ["731", "ELDERLY", "FEMALE", None, 6]


def test_a_column_left_out_is_missing() -> None:
    lines = [[*line[:9], *line[10:]] for line in [*TESTS_HEADER, BIEN_HOA, LONG_KHANH]]
    reading = read("02-SL", "SYT", lines)
    assert [(code, key) for code, _, key in found(reading)] == [("COLUMN-MISSING", "positive")]
    assert "“Số lượt dương tính - Dưới 16 tuổi – Nữ”" in reading.findings[0].message_vi


SUMS: list[Line] = [
    ["Xã, phường, thị trấn", "Bệnh", *over(3, "Dưới 16 tuổi", "16-59 tuổi", "Từ 60 tuổi", "Tổng số")],
    [None, None, *["Nam", "Nữ", "Cộng"] * 4],
]
TRANG_DAI: Line = ["Trảng Dài", "Đái tháo đường", 1, 2, 3, 3, 4, 7, 5, 6, 11, 9, 12, 21]
TAN_PHONG: Line = ["Tân Phong", "Đái tháo đường", 0, 2, 2, 1, 1, 2, 5, 5, 10, 6, 8, 14]


def test_columns_of_sums_are_compared_and_not_loaded() -> None:
    reading = read("01-SL", "UBND-731", [*SUMS, TRANG_DAI, TAN_PHONG])
    assert found(reading) == []
    assert [values[-1] for values in reading.values[:6]] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("column", "sum_of_parts"), [(4, "1 + 2 = 3"), (12, "2 + 4 + 6 = 12"), (13, "1 + 2 + 3 + 4 + 5 + 6 = 21")]
)
def test_a_wrong_sum_of_columns_names_its_parts(column: int, sum_of_parts: str) -> None:
    """One figure of each kind of sum: of an age, of a sex, of all."""
    wrong = list(TRANG_DAI)
    wrong[column] = 99
    reading = read("01-SL", "UBND-731", [*SUMS, wrong, TAN_PHONG])
    assert [f.code for f in reading.findings] == ["TOTAL-MISMATCH"]
    assert reading.findings[0].cell == f"{'ABCDEFGHIJKLMN'[column]}8"
    assert sum_of_parts in reading.findings[0].message_vi


def test_a_column_that_adds_up_nothing_is_unknown() -> None:
    wrong = [[*line[:13], 99] for line in (TRANG_DAI, TAN_PHONG)]
    reading = read("01-SL", "UBND-731", [*SUMS, *wrong])
    assert [f.code for f in reading.findings] == ["COLUMN-UNKNOWN"]


def test_each_combination_is_a_printed_column() -> None:
    measures = printed_form(FORMS.by_code["01-SL"]).measures
    assert [(m.key, m.group, m.label_vi) for m in measures[:3]] == [
        ("screened/CHILD/MALE", "Dưới 16 tuổi", "Nam"),
        ("screened/CHILD/FEMALE", "Dưới 16 tuổi", "Nữ"),
        ("screened/ADULT/MALE", "16 - 59 tuổi", "Nam"),
    ]


def test_the_layout_counts_in_the_digest_of_a_set() -> None:
    texts = dict(FORMS.files)
    texts["forms/beds.yaml"] = texts["forms/beds.yaml"].replace("across: [sex]\n", "")
    assert read_texts(texts, "screening").digest != FORMS.digest
