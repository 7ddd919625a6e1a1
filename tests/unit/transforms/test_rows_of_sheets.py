"""Rows below a header as offices write them: totals, sections, marks, notes, blank forms, nil reports."""

from collections.abc import Sequence

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.grids import (
    TOP,
    Grid,
    communes,
    communications,
    errors,
    hotspots,
    inspections,
    is_valid,
    read,
    read_grid,
    text_table,
    trials,
    xlsx,
)
from transforms.layout.row_words import Summary, summary_of

MEANT = read_grid(communications()).values
SUMS = [sum(int(str(row[column])) for row in communications()[TOP:]) for column in (2, 3, 4)]


@pytest.mark.parametrize(
    "numbers",
    [
        ["1.", "2.", "3.", "4.", "5."],
        ["I", "II", "III", "IV", "V"],
        ["a", "b", "c", "d", "e"],
        ["A", "B", "1", "2", "3=1+2"],
        ["C1", "C2", "C3", "C4", "C5"],
        ["Col1", "Col2", "Col3", "Col4", "Col5"],
        ["①", "②", "③", "④", "⑤"],
        [-1, -2, -3, -4, -5],
        ["A", "B", -1, -2, -3],
        ["(1)", "(2)", "(3)", "(4)", "(5=3+4)"],
        ["<1>", "<2>", "<3>", "<4>", "<5>"],
        ["1/", "2/", "3/", "4/", "5/"],
        ["(a)", "(b)", "(c)", "(d)", "(đ)"],
        ["Stt", "A", "1", "2", "3"],
        ["-1-", "-2-", "-3-", "-4-", "-5-"],
    ],
    ids=str,
)
def test_a_row_that_numbers_the_columns_holds_no_figures(numbers: list[object]) -> None:
    for place in (TOP, TOP + 3):  # below the header, and again below a page break
        rows = communications()
        rows.insert(place, numbers)
        reading = read_grid(rows)
        assert reading.values == MEANT
        assert not reading.findings


@pytest.mark.parametrize("text", ["11¹", "³", "①", "1²3"])
def test_raised_digits_typed_as_letters_are_no_number(text: str) -> None:
    rows = communications()
    rows[TOP][2] = text
    assert errors(read_grid(rows)) == {"VALUE-TYPE C7"}


@pytest.mark.parametrize(
    "labels",
    [
        [
            "TT",
            "1. Hình thức tuyên truyền",
            "2. Số cuộc",
            "3) Số người tham dự",
            "(4) Số sản phẩm truyền thông",
        ],
        ["STT", "Hinh thuc tuyen truyen", "So cuoc", "So nguoi tham du", "So san pham truyen thong"],
        ["TT", "Hình thức", "Số cuộc/lượt/tin bài", "Số người tham dự", "Số sản phẩm truyền thông"],
        ["TT", "Hình thức tuyên-\ntruyền", "Số cuộc", "Số người tham-\ndự", "Số sản phẩm truyền thông"],
        ["TT", "Hình thức", "Số cuộc, lượt, tin, bài", "Tổng số người tham dự", "Số sản phẩm truyền thông"],
        ["S.T.T", "HÌNH THỨC", "SỐ CUỘC:", "SỐ NGƯỜI THAM DỰ*", "SỐ SẢN PHẨM TRUYỀN THÔNG (1)"],
    ],
    ids=["numbered", "without diacritics", "capitals", "punctuation", "hyphens", "totals"],
)
def test_labels_in_other_typing_are_found(labels: list[object]) -> None:
    rows = communications()
    rows[5] = labels
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert not reading.findings


def test_a_header_repeated_in_other_wordings_is_no_row() -> None:
    again: Grid = [
        ["TT", "Hình thức", "Số cuộc", "Lượt người tham dự", "Số sản phẩm truyền thông"],
        [None, "Hình thức", "Số cuộc", "Lượt người tham dự", "Sản phẩm"],
    ]
    for header in again:
        rows = communications()
        rows.insert(9, header)
        reading = read_grid(rows)
        assert reading.values == MEANT
        assert not reading.findings


@pytest.mark.parametrize("dots", ["…", "....", "___"])
def test_a_line_to_be_filled_in_is_no_row(dots: str) -> None:
    rows = communications()
    rows.append([dots] * 5)
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert not errors(reading)


def test_units_with_abbreviations_are_a_row_of_units() -> None:
    units: Grid = [["", "", "cuộc", "lượt người", "sp"], [None, "Đơn vị tính", "cuộc", "người", "SP"]]
    for row in units:
        rows = communications()
        rows.insert(TOP, row)
        reading = read_grid(rows)
        assert reading.values == MEANT
        assert not errors(reading)


TOTALS = (
    "Tính chung",
    "Tất cả",
    "T.Cộng",
    "T/cộng",
    "Tcộng",
    "Total",
    "∑",
    "Cả tỉnh",
    "Tổng quý I/2020",
    "Tổng các hình thức",
)
LEFT_OUT = (
    *("LK", "Lũy kế đầu năm", "Quý I/2019", "Năm 2019", "Đạt % kế hoạch", "Bình quân", "Chênh lệch"),
    *(
        "Mục tiêu năm",
        "Tỉ lệ so KH",
        "Thực hiện cùng kỳ",
        "Tăng (+), giảm (-)",
        "So cùng kỳ năm 2019",
        "KH năm",
    ),
    *("Ước thực hiện quý II", "Dự kiến kỳ sau", "Từ đầu năm đến nay", "6 tháng", "Cả năm", "Q1/2019"),
    *("Chỉ tiêu giao", "Hoàn thành (%)", "Trong đó: nữ", "+ Nữ"),
    *("Cộng trang", "Cộng trang 1", "Cộng chuyển trang sau", "Mang sang", "Cộng mang sang"),
)


@pytest.mark.parametrize("wording", TOTALS)
def test_totals_in_more_wordings_are_checked(wording: str) -> None:
    rows = communications()
    rows.append([None, wording, *SUMS])
    assert not read_grid(rows).findings
    rows[-1][3] = SUMS[1] + 1
    assert errors(read_grid(rows)) == {"TOTAL-MISMATCH D14"}


@pytest.mark.parametrize("wording", LEFT_OUT)
def test_rows_of_other_quantities_are_left_out(wording: str) -> None:
    rows = communications()
    rows.append([None, wording, 1, 2, 3])
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert not reading.findings


@pytest.mark.parametrize(
    "text", ["Tăng Nhơn Phú", "Giảm nghèo", "Khu phố 1", "Cộng Hòa", "Tân Phú", "Nữ công"]
)
def test_names_are_not_left_out(text: str) -> None:
    assert summary_of(text) is not Summary.LEFT_OUT


@pytest.mark.parametrize("at", [TOP, TOP + 7])
def test_sums_without_a_name_are_a_total(at: int) -> None:
    rows = communications()
    rows.insert(at, [None, None, *SUMS])
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert not reading.findings
    rows[at][2] = SUMS[0] + 1
    assert not is_valid(read_grid(rows))


def _sections(texts: Sequence[Sequence[object]], *, with_sums: bool = False) -> Grid:
    """The inspections with a heading above each team's rows, which leave the team blank."""
    rows = inspections()
    grid = rows[:TOP]
    for place, heading in enumerate(texts):
        group = rows[TOP + 4 * place :][:4]
        sums = [sum(int(str(row[c])) for row in group) for c in range(3, 14)] if with_sums else []
        grid.append([*heading, *[None] * (3 - len(heading)), *sums])
        grid += [[row[0], None, *row[2:]] for row in group]
    return grid


TEAMS = [str(inspections()[row][1]) for row in (TOP, TOP + 4)]
HEADINGS: dict[str, Grid] = {
    "in the key's column": [["I", TEAMS[0]], ["II", TEAMS[1]]],
    "in another key's column": [["I", None, TEAMS[0]], ["II", None, TEAMS[1]]],
    "in the first column": [[TEAMS[0]], [TEAMS[1]]],
    "with their numbers": [[f"I. {TEAMS[0]}"], [f"II. {TEAMS[1]}"]],
}


@pytest.mark.parametrize("with_sums", [False, True])
@pytest.mark.parametrize("headings", HEADINGS)
def test_headings_of_sections_name_the_key_of_their_rows(headings: str, with_sums: bool) -> None:
    meant = read_grid(inspections(), "03").values
    reading = read_grid(_sections(HEADINGS[headings], with_sums=with_sums), "03")
    assert reading.values == meant
    assert not reading.findings


def test_a_heading_that_is_no_key_is_not_guessed() -> None:
    reading = read_grid(_sections([["I", TEAMS[0]], ["II", "Đội kiểm tra khác"]]), "03")
    assert not is_valid(reading)


@pytest.mark.parametrize("mark", ['"', "nt", "-nt-", "Như trên", None])
def test_a_name_that_is_not_repeated_counts_for_the_rows_below(mark: object) -> None:
    rows = inspections()
    meant = read_grid(rows, "03").values
    for place, row in enumerate(rows[TOP:]):
        if place % 4:
            row[1] = mark
    reading = read_grid(rows, "03")
    assert reading.values == meant
    assert not reading.findings


def test_a_name_does_not_reach_below_a_total() -> None:
    rows = inspections()
    rows[TOP + 4 :] = [[None, "Cộng"], *[[row[0], None, *row[2:]] for row in rows[TOP + 4 :]]]
    assert not is_valid(read_grid(rows, "03"))


@pytest.mark.parametrize("office", ["UBND ", "Ủy ban nhân dân ", "Công an ", "TAND ", "1.1 ", "1.1. UBND "])
def test_an_office_of_a_place_means_the_place(office: str) -> None:
    rows = trials()
    meant = read_grid(rows, "04").values
    for row in rows[TOP:]:
        row[1] = f"{office}{row[1]}"
    assert read_grid(rows, "04").values == meant


@pytest.mark.parametrize(
    "statement",
    [
        *(
            "Không phát sinh",
            "Chưa phát sinh",
            "Không",
            "Nil",
            "Không có hoạt động",
            "Báo cáo: không phát sinh",
        ),
        *("Trong tháng không có", "Quý I/2020 đơn vị không phát sinh vụ việc", "Trên địa bàn không xảy ra"),
        *("ko phát sinh", "Kg có", "Sở Y tế không phát sinh", "Trạm y tế xã không phát sinh"),
        *("Trong quý I năm 2020, Sở Y tế không phát sinh hoạt động tuyên truyền.",),
        *("Quý I năm 2020: không phát sinh", "Không tổ chức hoạt động nào", "(Không có số liệu)", "KPS"),
        *("Không phát sinh vụ nào trong 6 tháng đầu năm 2020", "Không phát sinh từ ngày 15/12/2019"),
    ],
)
def test_a_statement_of_nothing_is_a_nil_report(statement: str) -> None:
    head = communications()[:TOP]
    sheets: list[Grid] = [[*head, [None, statement]], [*head[:5], [statement]]]
    for rows in sheets:
        reading = read_grid(rows)
        assert reading.is_nil
        assert not reading.findings
        assert [values[1:] for values in reading.values] == [[0, 0, 0]] * len(MEANT)


@pytest.mark.parametrize(
    "text",
    [
        *("Nếu không phát sinh thì ghi 0", "Ghi chú: nếu không có số liệu, ghi “Không phát sinh”"),
        *("Không phát sinh vụ việc nào ngoài 2 vụ ở xã", "Không tổ chức hội nghị, chỉ có 5 lớp tập huấn"),
        *("Không phát sinh nhưng còn vụ cũ", "Không phát sinh so với kỳ trước", "Không có 3 vụ"),
        *("Chưa có số liệu", "Chưa có báo cáo, sẽ gửi sau", "Không có số liệu vì chưa kịp tổng hợp"),
    ],
)
def test_a_guide_or_an_exception_is_no_nil_report(text: str) -> None:
    rows: Grid = [*communications()[:TOP], [None, text]]
    assert not read_grid(rows).is_nil
    assert not is_valid(read_grid(rows))


def _without_figures(rows: Grid) -> Grid:
    return [*rows[:TOP], *[row[:2] for row in rows[TOP:]]]


def test_a_table_without_figures_gets_advice_on_nil_reports() -> None:
    reading = read_grid(_without_figures(communications()))
    assert [finding.code for finding in reading.findings] == ["ROW-MISSING"]
    assert "Không phát sinh" in reading.findings[0].message_vi


def test_a_table_without_figures_with_a_statement_is_a_nil_report() -> None:
    reading = read_grid([*_without_figures(communications()), [None, "Không phát sinh"]])
    assert reading.is_nil
    assert not reading.findings


def test_a_statement_does_not_replace_levels() -> None:
    reading = read_grid([*hotspots()[:TOP], [None, "Không phát sinh"]], "02")
    assert errors(reading) == {"ROW-MISSING B7"}


def test_a_statement_beside_a_table_of_other_columns_is_no_nil_report() -> None:
    rows: Grid = [*communications()[:5], ["Chỉ tiêu", "Số lượng"], ["a", 5], ["Không phát sinh"]]
    assert not is_valid(read_grid(rows))


def test_a_blank_form_beside_a_report_is_passed_over_with_a_warning() -> None:
    reading = read(xlsx(communications(), _without_figures(communications())))
    assert [sheet.values for sheet in reading.sheets] == [MEANT]
    assert [(f.code, f.severity.value) for f in reading.sheets[0].findings] == [("FORM-SECOND", "warning")]


def test_rows_that_go_on_in_a_sheet_without_a_header_are_noted() -> None:
    rows = communications()
    reading = read(xlsx(rows[: TOP + 3], rows[TOP + 3 :]))
    assert [finding.code for finding in reading.sheets[0].findings] == ["REPORT-UNRECOGNISED"]


@pytest.mark.parametrize("row", [4, 6])
def test_a_hidden_period_or_header_is_noted(row: int) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[row].hidden = True

    reading = read_grid(communications(), spoil=hide)
    assert [(f.code, f.cell) for f in reading.findings] == [("CELL-HIDDEN", f"A{row}")]


@pytest.mark.parametrize("tick", ["v", "V", "\uf0fc", "TRUE", "ü"])
def test_ticks_of_other_programs_are_yes(tick: str) -> None:
    rows = communes()
    meant = read_grid(rows, "05").values
    for row in rows[TOP:]:
        row[3] = tick
    assert read_grid(rows, "05").values == meant


def test_a_formula_of_the_period_that_was_never_calculated_is_named() -> None:
    def put(sheet: Worksheet) -> None:
        sheet["A4"] = '="Kỳ báo cáo: "&"Quý I năm 2020"'

    assert errors(read_grid(communications(), spoil=put)) == {"PERIOD-MISSING", "FORMULA-UNCALCULATED A4"}


def test_text_tables_name_groups_once() -> None:
    rows = inspections()
    for place, row in enumerate(rows[TOP:]):
        row[1] = row[1] if place % 4 == 0 else None
    reading = read(text_table(rows), "a.csv")
    assert [values[0] for values in reading.sheets[0].values] == ["PROVINCE"] * 4 + ["DISTRICT"] * 4
