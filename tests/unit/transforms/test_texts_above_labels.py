"""Texts above the labels of a header: other quantities are rejected, unknown groups noted, plain ones passed."""

from collections.abc import Callable

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.grids import Grid, communications, errors, is_valid, read_grid
from transforms.layout.parsed_sheet import SheetReading

OTHERS = [
    "Lũy kế từ đầu năm",
    "Kế hoạch năm",
    "Kỳ trước",
    "Năm 2019",
    "Quý IV/2019",
    "Nữ",
    "Tỷ lệ %",
    "Số bình quân",
    "Số cộng dồn",
    "Tăng so với kỳ trước",
]
PLAIN = [
    "Kết quả thực hiện",
    "Trong kỳ",
    "Quý I/2020",
    "Quý I",
    "Năm 2020",
    "Trong đó",
    "Chỉ tiêu báo cáo",
    "Tổng số",
]


def _two_rows(text: str) -> SheetReading:
    """The reading of a header of two rows, the text merged over all measures in the first of them."""
    rows = communications()
    labels = rows[5]
    rows[5] = [*labels[:2], text, None, None]
    rows.insert(6, [None, None, *labels[2:]])
    return read_grid(rows, spoil=_merged("A6:A7", "B6:B7", "C6:E6"))


def _row_above(text: str, column: int = 2, *merged: str) -> SheetReading:
    """The reading of a header of one row with a text in the row above it."""
    rows: Grid = communications()
    rows[4] = [*[None] * column, text]
    return read_grid(rows, spoil=_merged(*merged))


def _merged(*ranges: str) -> Callable[[Worksheet], object]:
    return lambda sheet: [sheet.merge_cells(cells) for cells in ranges]


@pytest.mark.parametrize("text", OTHERS)
def test_another_quantity_in_the_first_row_of_the_header(text: str) -> None:
    assert errors(_two_rows(text)) == {f"UNIT-MISMATCH {cell}" for cell in ("C7", "D7", "E7")}


@pytest.mark.parametrize("text", OTHERS)
def test_another_quantity_in_a_row_above_all_labels(text: str) -> None:
    assert errors(_row_above(text, 2, "C5:E5")) == {f"UNIT-MISMATCH {cell}" for cell in ("C6", "D6", "E6")}
    assert errors(_row_above(text, 3, "D5:E5")) == {"UNIT-MISMATCH D6", "UNIT-MISMATCH E6"}
    assert "UNIT-MISMATCH D6" in errors(_row_above(text, 3))


def test_another_quantity_with_a_blank_row_below_it() -> None:
    rows = communications()
    rows.insert(5, [])
    rows[4] = [None, None, "Lũy kế từ đầu năm"]
    assert "UNIT-MISMATCH C7" in errors(read_grid(rows, spoil=_merged("C5:E5")))


@pytest.mark.parametrize("text", ["Cấp xã", "Không đạt", "Số liệu tạm tính"])
def test_an_unknown_group_is_noted_once(text: str) -> None:
    for reading, cell in ((_two_rows(text), "C6"), (_row_above(text, 2, "C5:E5"), "C5")):
        assert is_valid(reading)
        assert [(f.code, f.cell, f.value_shown) for f in reading.findings] == [
            ("CELL-UNACCOUNTED", cell, text)
        ]


@pytest.mark.parametrize("text", PLAIN)
def test_texts_that_leave_the_labels_as_they_are(text: str) -> None:
    for reading in (_two_rows(text), _row_above(text, 2, "C5:E5"), _row_above(text)):
        assert reading.findings == []
        assert reading.values == read_grid(communications()).values


@pytest.mark.parametrize(
    "text", ["Kế hoạch truyền thông năm 2020 của Sở Y tế", "(Kèm theo Công văn số 12/SYT)", "TOÀN TỈNH"]
)
def test_lines_of_the_heading_above_the_table(text: str) -> None:
    for merged in ((), ("C5:E5",)):
        assert _row_above(text, 2, *merged).findings == []
    assert _row_above("Kế hoạch năm", 0, "A5:E5").values == read_grid(communications()).values


def test_the_words_of_the_title_above_the_measures() -> None:
    assert _two_rows("Thông tin, tuyên truyền").findings == []


def test_cumulative_figures_beside_those_of_the_period() -> None:
    rows = communications()
    for row in rows[5:]:
        figures = [10 * value if isinstance(value, int) else value for value in row[2:5]]
        row[2:2] = figures
    rows[4] = [None, None, "Lũy kế từ đầu năm", None, None, "Trong kỳ"]
    reading = read_grid(rows, spoil=_merged("C5:E5", "F5:H5"))
    assert is_valid(reading)
    assert reading.values == read_grid(communications()).values


def test_a_unit_above_the_labels() -> None:
    reading = _two_rows("ĐVT: nghìn")
    assert {f.code for f in reading.findings} == {"UNIT-MISMATCH"}


def test_a_share_of_a_label_is_not_the_label() -> None:
    rows = communications()
    rows[5][3] = f"% {rows[5][3]}"
    assert not is_valid(read_grid(rows))
