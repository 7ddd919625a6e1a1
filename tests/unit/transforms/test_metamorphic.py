"""A sheet that looks otherwise has the same rows; one with another figure has others, or a finding."""

from tests.support.metamorphic import pair

PAIRS = 200  # `make metamorphic` reads ten thousand


def test_pairs_of_sheets_are_read_alike_and_no_figure_changes_in_silence() -> None:
    assert [wrong for number in range(PAIRS) if (wrong := pair(number))] == []
