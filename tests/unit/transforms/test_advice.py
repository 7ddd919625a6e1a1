"""A finding tells a clerk what to do: which period, folder, header, place or file is meant."""

from datetime import date
from decimal import Decimal

import pytest

from plans.similar_codes import similar_code
from schemas.findings import Finding
from tests.support.findings import findings_in
from tests.support.grids import (
    CONTEXT,
    TOP,
    Grid,
    budget,
    communes,
    communications,
    hotspots,
    inspections,
    is_valid,
    read_grid,
    trials,
    xlsx,
)
from transforms.file_parser import read_file


def changed(rows: Grid, row: int, column: int, value: object) -> Grid:
    """A grid with one cell changed."""
    copy = [list(cells) for cells in rows]
    copy[row] += [None] * (column + 1 - len(copy[row]))
    copy[row][column] = value
    return copy


def finding(rows: Grid, code: str, number: str = "06") -> Finding:
    """The first finding of a code in a grid of a form."""
    return next(found for found in read_grid(rows, number).findings if found.code == code)


def test_a_missing_period_has_an_example_of_the_kind_that_is_due() -> None:
    # The half-year ends on 14 June, so that on 20 July the second quarter is the last that is over.
    assert (
        "“Kỳ báo cáo: Quý II năm 2020”"
        in finding(changed(communications(), 3, 0, None), "PERIOD-MISSING").message_vi
    )
    assert "Tháng 7 năm 2020" in finding(changed(hotspots(), 3, 0, None), "PERIOD-MISSING", "02").message_vi


@pytest.mark.parametrize("period", ["Tháng 3 năm 2020", "Quý V năm 2020", "Quý I năm 2021"])
def test_a_period_that_is_not_due_has_an_example_of_one_that_is(period: str) -> None:
    rows = changed(communications(), 3, 0, f"Kỳ báo cáo: {period}")
    assert "Quý II năm 2020" in finding(rows, "PERIOD-INVALID").message_vi


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        ("syt", "SYT"),
        ("Sở Y tế", "SYT"),
        ("01. SYT", "SYT"),
        ("SYT ", "SYT"),
        ("Nam 2020", "SYT"),  # by the letterhead
    ],
)
def test_a_folder_of_no_body_is_named_with_the_one_that_is_meant(folder: str, code: str) -> None:
    reading = read_file(xlsx(communications()), "b.xlsx", folder, CONTEXT)
    (found,) = reading.sheets[0].findings
    assert found.code == "FORM-NOT-OWED"
    assert f"thành “{code}”" in found.message_vi


def test_codes_that_differ_in_digits_are_not_taken_for_one_another() -> None:
    codes = ["UBND-731", "UBND-732", "SYT"]
    assert [similar_code(name, codes) for name in ("ubnd 731", "731", "UBND-739", "X")] == [
        "UBND-731"
    ] * 2 + [""] * 2


def test_the_code_of_another_form_above_a_table_is_named() -> None:
    found = finding(changed(communications(), 1, 0, "Biểu số: 08-PCMD"), "COLUMN-MISSING")
    assert found.cell == "A2"
    assert "Hãy sửa thành “Biểu số: 06-PCMD”" in found.message_vi


def test_a_missing_column_is_suggested_where_one_is_unknown() -> None:
    found = finding(changed(communications(), TOP - 1, 3, "Số người được tuyên truyền"), "COLUMN-MISSING")
    assert "sửa tiêu đề (ô D6) thành “Số người tham dự”" in found.message_vi


@pytest.mark.parametrize(
    "label", ["Số ngời tham dự", "Số ngưòi tham dự", "Số người tham dư", "Số nguời thamdự"]
)
def test_a_label_with_one_letter_wrong_is_read(label: str) -> None:
    reading = read_grid(changed(communications(), TOP - 1, 3, label))
    assert is_valid(reading)
    assert reading.values == read_grid(communications()).values


def test_a_misspelled_label_is_named() -> None:
    (found,) = read_grid(changed(communications(), TOP - 1, 3, "Số ngời tham dự")).findings
    assert (found.code, found.cell, found.severity.value) == ("COLUMN-UNKNOWN", "D6", "warning")
    assert "được hiểu là “Số người tham dự”" in found.message_vi


@pytest.mark.parametrize("label", ["Số người tham gia", "Số người tham dự 1", "Số người tham dự 2019"])
def test_another_label_is_no_misspelled_one(label: str) -> None:
    assert not is_valid(read_grid(changed(communications(), TOP - 1, 3, label)))


def test_places_to_choose_from_are_listed_and_only_close_ones_suggested() -> None:
    found = finding(changed(trials(), TOP, 1, "Thành phố Vũng Tàu"), "AREA-UNKNOWN", "04")
    assert "Hãy ghi một trong: Thành phố Biên Hòa; " in found.message_vi
    found = finding(changed(communes(), TOP, 1, "Phường Trảng Dàii"), "AREA-UNKNOWN", "05")
    assert found.message_vi.endswith("Có phải là: Phường Trảng Dài?")


def test_a_figure_that_would_be_negative_is_not_demanded_alone() -> None:
    reading = read_file(xlsx(changed(trials(), TOP, 4, 30)), "b.xlsx", "TAND", CONTEXT)
    found = next(f for f in findings_in(reading, "TAND") if f.code == "TRI-01")
    assert "= -21 (C7 + D7 − E7 − H7), nhỏ hơn 0 nên hãy kiểm tra lại các ô này" in found.message_vi


def test_a_date_in_a_column_of_figures_is_explained() -> None:
    found = finding(changed(communications(), TOP, 2, date(2020, 3, 5)), "VALUE-TYPE")
    assert "“05/03/2020”" in found.message_vi
    assert "Ô đang ở dạng ngày" in found.message_vi


def test_amounts_below_the_smallest_note_are_asked_about() -> None:
    rows = inspections()
    for row in rows[TOP:]:
        row[9] = 3 if row[9] else 0
    found = finding(rows, "UNIT-MISMATCH", "03")
    assert (found.cell, found.severity.value) == ("J7", "warning")


def test_figures_under_a_merged_cell_break_no_rule() -> None:
    reading = read_grid(communications(), spoil=lambda sheet: sheet.merge_cells("C7:C8"))
    assert reading.values[1][1] is None


def test_a_second_sheet_is_named_with_what_to_do_about_it() -> None:
    rows = communications()
    reading = read_file(xlsx(rows, changed(rows, TOP, 2, 99)), "b.xlsx", "SYT", CONTEXT)
    assert all("Hãy giữ trang có số liệu đúng" in sheet.findings[0].message_vi for sheet in reading.sheets)


def test_a_total_of_all_sheets_on_the_last_of_them_is_right() -> None:
    rows = communications()
    sums = [sum(int(str(row[column])) for row in rows[TOP:]) for column in (2, 3, 4)]
    halves: list[list[list[object]]] = [
        rows[: TOP + 3],
        [*rows[:TOP], *rows[TOP + 3 :], [None, "Tổng cộng", *sums]],
    ]
    (reading,) = read_file(xlsx(*halves), "b.xlsx", "SYT", CONTEXT).sheets
    assert is_valid(reading)
    assert reading.values == read_grid(rows).values
    halves[1][-1][2] = sums[0] + 1
    assert not is_valid(read_file(xlsx(*halves), "b.xlsx", "SYT", CONTEXT).sheets[0])


@pytest.mark.parametrize(
    "label", ["Hội nghị và tập huấn, tọa đàm", "Hội nghị, tập huân, tọa đàm", "Hội nghi, tập hấun, tọa đàm"]
)
def test_a_label_of_a_list_with_one_letter_wrong_is_read(label: str) -> None:
    reading = read_grid(changed(communications(), TOP, 1, label))
    assert reading.values == read_grid(communications()).values


@pytest.mark.parametrize("text", ["Biểu số: O6-PCMD", "Biểu số: PCMD-06"])
def test_a_code_typed_otherwise_is_read(text: str) -> None:
    assert read_grid(changed(communications(), 1, 0, text)).form_code == "06-PCMD"


def test_a_unit_in_the_cell_above_the_labels_is_the_columns() -> None:
    rows = budget()
    rows[TOP - 1 : TOP] = [
        ["TT", "Nguồn kinh phí", "Số tiền (nghìn đồng)", None],
        [None, None, "Kinh phí bố trí", "Kinh phí đã chi"],
    ]
    (sheet,) = read_file(xlsx(rows), "b.xlsx", "STC", CONTEXT).sheets
    assert [unit.factor for unit in sheet.units] == [Decimal("0.001")] * 2


@pytest.mark.parametrize("period", ["Năm 2020 - Quý I", "Quý: I năm 2020"])
def test_a_period_in_another_order_is_read(period: str) -> None:
    reading = read_grid(changed(communications(), 3, 0, period))
    assert reading.period is not None
    assert reading.period.code == "2020-Q1"


def test_a_document_that_reports_in_sentences_is_noted() -> None:
    rows: Grid = [["BÁO CÁO"], ["Quý I năm 2020 đã tổ chức năm hội nghị."]]
    (remark,) = read_file(xlsx(rows), "b.xlsx", "SYT", CONTEXT).remarks
    assert remark.code == "REPORT-UNRECOGNISED"


def test_a_row_of_units_may_name_several() -> None:
    rows = communications()
    rows.insert(TOP, [None, None, "Cuộc, lượt", "Người", "Sản phẩm"])
    assert read_grid(rows).values == read_grid(communications()).values
