"""A monthly report that names its month together with the months up to it."""

import pytest

from tests.support.grids import TOP, Grid, communications, errors, inspections, read_grid


@pytest.mark.parametrize(
    "words",
    [
        "Tháng 3 và 3 tháng đầu năm 2020",
        "Tháng 3 và lũy kế 3 tháng đầu năm 2020",
        "Tháng 3 năm 2020 và 3 tháng đầu năm 2020",
        "Kỳ báo cáo: Tháng 3/2020 và 03 tháng năm 2020",
    ],
)
def test_the_month_is_the_period_of_a_monthly_form(words: str) -> None:
    rows = inspections()
    rows[3] = [words]
    reading = read_grid(rows, "03")
    assert (reading.period and reading.period.code, reading.findings) == ("2020-M03", [])


def test_the_year_in_a_line_of_its_own() -> None:
    rows = inspections()
    rows[3:5] = [["Tháng 3 và 3 tháng đầu năm"], ["Năm 2020"]]
    reading = read_grid(rows, "03")
    assert (reading.period and reading.period.code, errors(reading)) == ("2020-M03", set())


def test_the_quarter_is_the_period_of_a_quarterly_form() -> None:
    rows = communications()
    rows[3] = ["Tháng 3 và 3 tháng đầu năm 2020"]
    reading = read_grid(rows)
    assert (reading.period and reading.period.code, reading.findings) == ("2020-Q1", [])


def _two_blocks(first: str, second: str) -> Grid:
    """Form 03 with its measures twice, in blocks below two headings."""
    rows = inspections()
    width = len(rows[TOP - 1])
    rows[3] = ["Tháng 3 và 3 tháng đầu năm 2020"]
    rows[TOP - 1 :] = [[*row, *row[3:]] for row in rows[TOP - 1 :]]
    group: list[object] = [None] * len(rows[TOP - 1])
    group[3], group[width] = first, second
    return [*rows[: TOP - 1], group, *rows[TOP - 1 :]]


@pytest.mark.parametrize(("first", "second"), [("Tháng 3", "3 tháng đầu năm"), ("", "")])
def test_two_blocks_of_columns_are_asked_about(first: str, second: str) -> None:
    found = errors(read_grid(_two_blocks(first, second), "03"))
    assert {error.partition(" ")[0] for error in found} == {"COLUMN-DUPLICATE"}
