"""Properties of reading a sheet: notes, marks, totals, units and styles change no figure in silence."""

import io
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from plans.reading import DEFAULT_PLAN, read_plan
from schemas.declaration import Severity, Unit
from tests.support.forms import FORM_SET
from tests.support.roles import role_at
from transforms.extract.workbook import read_sheets
from transforms.file_parser import read_file
from transforms.layout.cell_roles import CellRole
from transforms.layout.cells.stated_units import conversion, read_unit, units_of_line
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.rows.column_units import converted
from transforms.layout.sheet_parser import reading_context
from transforms.layout.table import RowKind, summary_kind

CONTEXT = reading_context(read_plan(DEFAULT_PLAN), FORM_SET, date(2020, 7, 20))
LABELS = [code.label_vi for code in FORM_SET.code_lists["activity_type"].codes]
FIRST_ROW = 6  # of the data, from 1
NOTES = (
    "Ghi chú: số liệu tính cả tuyến huyện",
    "Người lập biểu",
    "Đồng Nai, ngày 14 tháng 3 năm 2020",
    "Trang 1/2",
    "THỦ TRƯỞNG ĐƠN VỊ",
    "Nơi nhận: như trên",
    "(*) Đã đối chiếu",
)
MARKS = ("", "1. ", "a) ", "- ", "IV. ", "+ ", "2/ ")
TOTALS = (
    *(
        "Tổng cộng",
        "Tổng số",
        "Cộng",
        "TỔNG",
        "Cộng chung",
        "Tổng cộng toàn tỉnh",
        "Toàn huyện",
        "Cộng (I+II)",
    ),
    *("Tổng số (1+2+3)", "Cộng toàn đơn vị", "Tong cong", "Tổng cộng:"),
)
LEFT_OUT = (
    "Lũy kế từ đầu năm",
    "So với cùng kỳ (%)",
    "Cộng dồn",
    "Kế hoạch năm",
    "Tăng/giảm",
    "Cùng kỳ năm trước",
)


def _grid(rng: Random) -> list[list[object]]:
    rows: list[list[object]] = [
        ["Sở Y tế"],
        ["Biểu số: 06-PCMD"],
        ["Kỳ báo cáo: Quý I năm 2020"],
        [],
        [
            "TT",
            "Hình thức tuyên truyền",
            "Số cuộc, lượt, tin bài",
            "Số người tham dự",
            "Số sản phẩm truyền thông",
        ],
    ]
    for number, label in enumerate(LABELS, 1):
        rows.append([number, label, rng.randint(0, 99), rng.randint(0, 9999), rng.randint(0, 9999)])
    return rows


def _workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _read(rows: list[list[object]]) -> SheetReading:
    reading = read_file(_workbook(rows), "a.xlsx", "SYT", CONTEXT)
    assert len(reading.sheets) == 1
    return reading.sheets[0]


def _figures(rows: list[list[object]]) -> list[list[object]]:
    return [row[2:] for row in rows[FIRST_ROW - 1 :]]


def _is_valid(reading: SheetReading) -> bool:
    return not any(finding.severity is Severity.ERROR for finding in reading.findings)


seeds = st.randoms(use_true_random=False)


@settings(max_examples=30)
@given(seeds, st.integers(0, len(LABELS)), st.sampled_from(NOTES), st.integers(0, 3))
def test_a_note_at_any_row_ends_no_table(rng: Random, at: int, note: str, column: int) -> None:
    rows = _grid(rng)
    meant = _figures(rows)
    rows.insert(FIRST_ROW - 1 + at, [None] * column + [note])
    reading = _read(rows)
    assert [values[1:] for values in reading.values] == meant
    assert _is_valid(reading)


@settings(max_examples=20)
@given(seeds, st.lists(st.sampled_from(MARKS), min_size=len(LABELS), max_size=len(LABELS)))
def test_list_marks_change_no_name(rng: Random, marks: list[str]) -> None:
    rows = _grid(rng)
    plain = _read(rows)
    for row, mark in zip(rows[FIRST_ROW - 1 :], marks, strict=True):
        row[1] = f"{mark}{row[1]}"
    marked = _read(rows)
    assert marked.values == plain.values
    assert not marked.findings


@settings(max_examples=30)
@given(seeds, st.sampled_from(TOTALS), st.integers(-1, 1), st.integers(2, 4))
def test_a_total_in_any_wording_is_checked(rng: Random, wording: str, off: int, column: int) -> None:
    rows = _grid(rng)
    sums: list[object] = [sum(int(str(row[c])) for row in rows[FIRST_ROW - 1 :]) for c in (2, 3, 4)]
    sums[column - 2] = int(str(sums[column - 2])) + off
    rows.append([None, wording, *sums])
    reading = _read(rows)
    assert len(reading.values) == len(LABELS)
    assert [finding.code for finding in reading.findings] == (["TOTAL-MISMATCH"] if off else [])


@pytest.mark.parametrize("wording", LEFT_OUT)
def test_cumulative_and_compared_rows_are_left_out(wording: str) -> None:
    rows = _grid(Random(3))
    plain = _read(rows)
    rows.append([None, wording, 1, 2, 3])
    reading = _read(rows)
    assert reading.values == plain.values
    assert not reading.findings
    assert role_at(reading.roles, len(rows), 2) == CellRole.LEFT_OUT
    assert summary_kind(wording) is RowKind.LEFT_OUT


@settings(max_examples=30)
@given(seeds, st.integers(FIRST_ROW, FIRST_ROW + 12), st.integers(0, 8), st.integers(1, 999))
def test_a_number_anywhere_changes_rows_or_is_found(rng: Random, row: int, column: int, number: int) -> None:
    rows = _grid(rng)
    plain = _read(rows)
    while len(rows) < row:
        rows.append([])
    line = rows[row - 1]
    line.extend([None] * (column + 1 - len(line)))
    before, line[column] = line[column], number
    if before == number or column == 0:
        return  # the same figure, or an ordinal
    reading = _read(rows)
    assert reading.values != plain.values or reading.findings


@settings(max_examples=20)
@given(seeds, st.sampled_from(NOTES), st.sampled_from(TOTALS))
def test_roles_cover_every_filled_cell(rng: Random, note: str, total: str) -> None:
    rows = _grid(rng)
    rows += [[None, total, 0, 0, 0], [], [None, None, note], [None, "Khác", 5]]
    content = _workbook(rows)
    reading = read_file(content, "a.xlsx", "SYT", CONTEXT).sheets[0]
    for index, row in enumerate(read_sheets(content, "a.xlsx")[0].rows, 1):
        for column, value in enumerate(row):
            if value is not None:
                assert role_at(reading.roles, index, column) in set(CellRole)


SCALES = {
    "": 1,
    "nghìn ": 10**3,
    "1.000 ": 10**3,
    "ngàn ": 10**3,
    "triệu ": 10**6,
    "tr. ": 10**6,
    "tỷ ": 10**9,
}


@given(st.sampled_from(sorted(SCALES)), st.sampled_from(["đồng", "đ", "VNĐ", "vnd"]), st.integers(0, 10**9))
def test_money_in_any_unit_is_converted_exactly(scale: str, base: str, number: int) -> None:
    for text in (
        f"ĐVT: {scale}{base}",
        f"(Đơn vị tính: {scale}{base})",
        f"Đơn vị tính: người, {scale}{base}",
    ):
        stated = [unit for unit in units_of_line(text) if unit.base == "money"]
        assert [unit.factor for unit in stated] == [SCALES[scale]]
        for unit, own in ((FORM_SET.units["vnd"], 1), (FORM_SET.units["million_vnd"], 10**6)):
            factor = conversion(stated[0], unit)
            assert factor is not None
            assert Decimal(str(converted(number, factor))) == Decimal(number) * SCALES[scale] / own


@pytest.mark.parametrize("text", ["USD", "%", "đồng", "triệu đồng", "điểm"])
def test_units_of_another_kind_are_not_converted(text: str) -> None:
    stated = read_unit(text)
    assert stated is not None
    assert conversion(stated, FORM_SET.units["person"]) is None


@pytest.mark.parametrize(
    "unit", sorted({m.unit for form in FORM_SET.forms for m in form.measures if m.is_number}, key=str)
)
def test_a_measure_may_state_its_own_unit(unit: Unit) -> None:
    stated = read_unit(f"({unit.label_vi})")
    assert stated is not None
    assert conversion(stated, unit) == 1


@pytest.mark.parametrize(
    "text", ["Đơn vị: Đồng Nai", "Đơn vị báo cáo: Sở Y tế", "Sở Y tế", "Kỳ báo cáo: Quý I"]
)
def test_other_lines_state_no_unit(text: str) -> None:
    assert units_of_line(text) == ()
