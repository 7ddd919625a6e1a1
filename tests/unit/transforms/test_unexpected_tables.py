"""Tables that no rule expects are rejected with a finding; the reader does not fail on them."""

import pytest

from tests.support.grids import communications, errors, read_grid


@pytest.mark.parametrize("text", ["1.2.3 người", "1..2 người", "1,2,3 người", "1. 2 người", "12 3 4 người"])
def test_a_figure_with_a_unit_that_is_no_number(text: str) -> None:
    rows = communications()
    rows[6][3] = text
    assert errors(read_grid(rows))


def test_a_table_whose_labels_all_name_another_quantity() -> None:
    rows = communications()
    rows[5] = [None, None, *(f"{label} (lũy kế từ đầu năm)" for label in rows[5][2:])]
    assert any(error.startswith("UNIT-MISMATCH") for error in errors(read_grid(rows)))
