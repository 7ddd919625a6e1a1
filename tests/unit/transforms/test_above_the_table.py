"""Texts above a table that are not read: rows of figures and formulas without a value are noted."""

import pytest

from schemas.declaration import Severity
from tests.support.grids import budget, communications, errors, is_valid, read_grid


@pytest.mark.parametrize(
    "row",
    [
        [None, None, 12, 1111, 222],
        [None, None, None, "1.111", "222"],
        [8, "Phát thanh, truyền hình", 12, 1111, 222],
    ],
)
def test_a_row_of_figures_above_the_header(row: list[object]) -> None:
    rows = communications()
    rows[4] = row
    assert {error.split()[0] for error in errors(read_grid(rows))} == {"CELL-UNACCOUNTED"}


@pytest.mark.parametrize(
    "row",
    [
        [1, 2, 3, 4, 5],
        ["Số:", None, 12, None, None],
        ["Kỳ báo cáo:", "Quý", 1, "năm", 2020],
        ["Kỳ báo cáo:", "Quý", "I", "năm", "2020"],
        [None, "Số:", None, "kế hoạch", None],
        [None, None, None, None, 2020],
    ],
)
def test_numbers_above_the_header_that_are_no_figures(row: list[object]) -> None:
    rows = communications()
    rows[4] = row
    reading = read_grid(rows)
    assert is_valid(reading)
    assert reading.values == read_grid(communications()).values


def test_a_formula_without_value_may_state_the_unit() -> None:
    rows = budget()
    rows[4] = [None, None, None, '="ĐVT: "&"nghìn đồng"']
    reading = read_grid(rows, "09")
    assert [(f.code, f.cell, f.severity) for f in reading.findings] == [
        ("FORMULA-UNCALCULATED", "D5", Severity.WARNING)
    ]
