"""Units stated at the end of a line, in the header of a column of keys, in a total's label, below the table."""

from collections.abc import Callable

import pytest

from schemas.declaration import Severity
from tests.support.grids import (
    TOP,
    Grid,
    budget,
    communications,
    errors,
    is_valid,
    read_grid,
)
from transforms.layout.cells.stated_units import units_stated_in
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table_header.number_rows import is_number_row

MEANT = read_grid(budget(), "09").values
TITLE, PERIOD = 2, 3


def _thousands() -> Grid:
    """The budget in thousand dong, a thousand times the figures of the form's million."""
    rows = budget()
    for row in rows[TOP:]:
        row[2], row[3] = float(str(row[2])) * 1000, float(str(row[3])) * 1000
    return rows


def _with_total(rows: Grid, label: str) -> None:
    sums = [sum(float(str(row[column])) for row in rows[TOP:]) for column in (2, 3)]
    rows.append([label, None, *sums])


def _behind(row: int, column: int, words: str) -> Callable[[Grid], object]:
    def change(rows: Grid) -> None:
        rows[row][column] = f"{rows[row][column]}{words}"

    return change


PLACES: dict[str, Callable[[Grid], object]] = {
    "title": _behind(TITLE, 0, " (nghìn đồng)"),
    "title, shortened": _behind(TITLE, 0, " (ngđ)"),
    "title, with points": _behind(TITLE, 0, " (n.đ)"),
    "title, multiple alone": _behind(TITLE, 0, " (nghìn)"),
    "title, factor": _behind(TITLE, 0, " (x1.000)"),
    "title, power": _behind(TITLE, 0, " (10^3 đồng)"),
    "title, raised power": _behind(TITLE, 0, " (10³ đồng)"),
    "period in brackets": _behind(PERIOD, 0, " (nghìn đồng)"),
    "period behind a dash": _behind(PERIOD, 0, " - nghìn đồng"),
    "period behind a stroke": _behind(PERIOD, 0, " / nghìn đồng"),
    "key header": _behind(5, 1, " (ĐVT: nghìn đồng)"),
    "key header without label": _behind(5, 1, " (nghìn đồng)"),
    "ordinal header": _behind(5, 0, " (nghìn đồng)"),
    "column of units without units": lambda rows: rows[5].append("ĐVT (nghìn đồng)"),
    "power alone": lambda rows: rows.__setitem__(4, [None, None, "(10^3 đồng)"]),
    "factor below the labels": lambda rows: rows.insert(TOP, [None, None, "(x1.000)", "(x1.000)"]),
    "total": lambda rows: _with_total(rows, "Tổng cộng (nghìn đồng)"),
    "total of dong": lambda rows: _with_total(rows, "Tổng cộng (đơn vị: nghìn đồng)"),
    "total with a label": lambda rows: _with_total(rows, "Tổng cộng - ĐVT: nghìn đồng"),
    "English line below": lambda rows: rows.extend([[], ["Unit: VND thousand"]]),
}


@pytest.mark.parametrize("place", PLACES)
def test_thousands_are_converted_with_a_warning(place: str) -> None:
    rows = _thousands()
    PLACES[place](rows)
    reading = read_grid(rows, "09")
    assert is_valid(reading)
    assert {f.code for f in reading.findings} == {"UNIT-MISMATCH"}
    assert reading.values == MEANT


def _millionths(rows: Grid, change: Callable[[Grid], object]) -> SheetReading:
    change(rows)
    return read_grid(rows, "09")


@pytest.mark.parametrize("words", [" (đồng)", " (đ)", " (đơn vị: đồng Việt Nam)"])
def test_dong_behind_the_title(words: str) -> None:
    reading = _millionths(budget(), _behind(TITLE, 0, words))
    assert {(f.code, f.severity) for f in reading.findings} == {("UNIT-MISMATCH", Severity.WARNING)}
    assert reading.values[0][1] == 0.0015


def test_dong_behind_the_name_of_a_total() -> None:
    rows = budget()
    _with_total(rows, "Tổng cộng (đồng)")
    reading = read_grid(rows, "09")
    assert {(f.code, f.severity) for f in reading.findings} == {("UNIT-MISMATCH", Severity.WARNING)}
    assert "total" in reading.roles


def test_billions_alone_in_a_line() -> None:
    reading = _millionths(budget(), lambda rows: rows.__setitem__(4, [None, None, "(tỷ)"]))
    assert reading.values[0][1] == 1_500_000


@pytest.mark.parametrize("line", ["ĐVT: 1.000", "ĐVT: k"])
def test_unreadable_units_below_the_table_are_errors(line: str) -> None:
    rows = budget()
    rows += [[], [line]]
    assert errors(read_grid(rows, "09")) == {"CELL-UNACCOUNTED A12"}


def test_a_note_about_units_below_the_table_is_a_warning() -> None:
    rows = budget()
    rows += [[], ["Ghi chú: đơn vị tính của từng nguồn ghi theo mẫu của Bộ"]]
    reading = read_grid(rows, "09")
    assert is_valid(reading)
    assert [f.code for f in reading.findings] == ["CELL-UNACCOUNTED"]


def test_thousands_above_counts_are_rejected() -> None:
    rows = communications()
    rows[4] = [None, None, "ĐVT: nghìn"]
    assert "UNIT-MISMATCH" in {f.code for f in read_grid(rows).findings}
    assert not is_valid(read_grid(rows))


@pytest.mark.parametrize(
    "line",
    [
        "Bằng chữ: năm trăm hai mươi lăm triệu đồng",
        "Tổng kinh phí đã chi: 5.000 (nghìn đồng)",
        "BCĐ 138 - Công an (Hội đồng)",
        "Xã Phú Lâm - Đồng Nai",
        "THỐNG KÊ TỶ LỆ (%)",
        "Biểu 06 (tr)",
        "Kỳ báo cáo: Quý I/2020 (3 tháng)",
    ],
)
def test_lines_that_state_no_unit(line: str) -> None:
    assert units_stated_in(line) == ()


@pytest.mark.parametrize("words", [" (triệu đồng)", " (ĐVT: triệu đồng)"])
@pytest.mark.parametrize("cell", [(TITLE, 0), (PERIOD, 0), (5, 0), (5, 1)])
def test_the_own_unit_is_no_finding(words: str, cell: tuple[int, int]) -> None:
    reading = _millionths(budget(), _behind(*cell, words))
    assert (reading.findings, reading.values) == ([], MEANT)


def test_a_title_with_a_unit_is_still_the_title() -> None:
    own = read_grid(budget(), "09").roles
    assert _millionths(budget(), _behind(PERIOD, 0, " (triệu đồng)")).roles == own


def test_a_factor_is_no_number_of_a_column() -> None:
    assert not is_number_row(["", "", "(x1.000)", "(x1.000)"])
    assert is_number_row(["(1)", "(2)", "(3)", "(4)=(2)/(3)x100"])
