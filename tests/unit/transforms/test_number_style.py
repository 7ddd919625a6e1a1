"""Numbers kept as text: what the cells of a table say about their separators, and what stays open."""

import pytest

from tests.support.grids import TOP, budget, errors, read_grid

OPEN = {f"NUMBER-AMBIGUOUS C{row}" for row in range(7, 11)}


@pytest.mark.parametrize(
    ("allocated", "disbursed", "faults"),
    [
        # "700.5" in the other column is English, but nothing there has three decimals.
        (["1.500", "3.000", "4.500", "6.000"], ["0.5"] * 4, OPEN),
        (["1.125", "2.250", "3.375", "4.500"], ["0.5"] * 4, OPEN),
        (["1.500", "3000", "4500", "6000"], ["0.525", "1.0", "1.5", "2.0"], {"NUMBER-AMBIGUOUS C7"}),
        (["1,500", "3.000", "4,500", "6.000"], ["0.500", "1.0", "1.5", "2.0"], OPEN),
        (["1,125", "2.5", "4.5", "6.0"], ["0.5"] * 4, {"NUMBER-AMBIGUOUS C7"}),
    ],
)
def test_groups_of_three_digits_that_may_be_decimals_are_asked_about(
    allocated: list[str], disbursed: list[str], faults: set[str]
) -> None:
    rows = budget()
    for row, first, second in zip(rows[TOP:], allocated, disbursed, strict=True):
        row[2], row[3] = first, second
    assert errors(read_grid(rows, "09")) == faults


@pytest.mark.parametrize(
    ("allocated", "disbursed", "figures"),
    [
        (["1.500", "3.000", "4.500", "6.000"], ["0.500", "1.000", "1.500", "2.250"], [1.5, 3, 4.5, 6]),
        (["1.500", "3.000", "4.500", "6.000"], ["700,5"] * 4, [1500, 3000, 4500, 6000]),
        (["1,500", "3,000", "4,500", "6,000"], ["700.5"] * 4, [1500, 3000, 4500, 6000]),
        (["1.125", "2.5", "12.75", "3"], ["0.5"] * 4, [1.125, 2.5, 12.75, 3]),
        (["1.234,5", "2", "3", "4"], ["1,5"] * 4, [1234.5, 2, 3, 4]),
    ],
)
def test_what_other_cells_decide_is_read(
    allocated: list[str], disbursed: list[str], figures: list[float]
) -> None:
    rows = budget()
    for row, first, second in zip(rows[TOP:], allocated, disbursed, strict=True):
        row[2], row[3] = first, second
    reading = read_grid(rows, "09")
    assert [values[1] for values in reading.values] == figures
