"""Letterheads of other bodies: shortened, and of other provinces."""

import pytest

from tests.support.grids import communications, errors, read_grid


@pytest.mark.parametrize(
    "line",
    [
        "SỞ LAO ĐỘNG - TB&XH",
        "Sở LĐ-TB&XH",
        "Sở TN TT",
        "SỞ Y TẾ TỈNH BÌNH DƯƠNG",
        "UBND TỈNH BÌNH DƯƠNG",
        "Công an tỉnh Tây Ninh",
    ],
)
def test_a_letterhead_of_another_body_is_an_error(line: str) -> None:
    rows = communications()
    rows[0] = [line]
    expected = set() if line == "Sở TN TT" else {"BODY-MISMATCH A1"}  # initials of no name
    assert errors(read_grid(rows)) == expected


def test_another_province_counts_beside_the_name_of_the_body() -> None:
    rows = communications()
    rows[4] = ["UBND TỈNH BÌNH DƯƠNG"]
    assert errors(read_grid(rows)) == {"BODY-MISMATCH A5"}


@pytest.mark.parametrize(
    "line", ["SỞ Y TẾ TỈNH ĐỒNG NAI", "UBND TỈNH ĐỒNG NAI", "Kính gửi: Sở Y tế tỉnh Bình Dương", "UBND TỈNH"]
)
def test_the_own_province_and_other_lines_are_none(line: str) -> None:
    rows = communications()
    rows[4] = [line]
    assert read_grid(rows).findings == []


def test_the_shortened_name_of_the_body_itself_settles_whose_report_it_is() -> None:
    rows = communications()
    rows[0], rows[4] = ["Sở Tư pháp"], ["SỞ YT"]
    assert read_grid(rows).findings == []
