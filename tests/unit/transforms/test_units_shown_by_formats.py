"""Units beside a figure that its number format shows, units in sheet names, and units of no measure."""

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from schemas.declaration import Severity
from tests.support.grids import (
    Grid,
    budget,
    communes,
    communications,
    errors,
    inspections,
    is_valid,
    read_grid,
)
from transforms.layout.parsed_sheet import SheetReading


def budget_shown_as(code: str) -> SheetReading:
    return read_grid(budget(), "09", lambda sheet: setattr(sheet["C7"], "number_format", code))


def below(line: str, rows: Grid) -> Grid:
    rows[4] = [line]
    return rows


def warnings(reading: SheetReading) -> list[str]:
    return [f"{f.code} {f.cell}" for f in reading.findings if f.severity is Severity.WARNING]


@pytest.mark.parametrize("code", ['0 "triệu đồng"', '#,##0.00 "tr"', '#,##0" trđ"', "#,##0", "#,##0_₫"])
def test_the_unit_of_the_column(code: str) -> None:
    reading = budget_shown_as(code)
    assert is_valid(reading)
    assert reading.values[0][1] == 1500


@pytest.mark.parametrize(
    "code", ['#,##0 "đ"', "#,##0 [$₫-42A]", "$#,##0.00", '0 "nghìn đồng"', '#,##0 "USD"']
)
def test_another_unit_than_that_of_the_column(code: str) -> None:
    assert errors(budget_shown_as(code)) == {"UNIT-MISMATCH C7"}


@pytest.mark.parametrize("code", ['"~"0', '">"0', '"khoảng "0', '"Trên "0', '"ước "#,##0', '"over "0'])
def test_a_figure_shown_as_an_estimate(code: str) -> None:
    reading = read_grid(communications(), spoil=lambda sheet: setattr(sheet["D7"], "number_format", code))
    assert errors(reading) == {"NUMBER-AMBIGUOUS D7"}


@pytest.mark.parametrize(
    "code", ['"Người nước ngoài: "0', '"Trong nước: "#,##0', '"Dưới tuổi: "0', '"Government: "0', '"Trên: "0']
)
def test_words_that_name_what_a_format_counts(code: str) -> None:
    reading = read_grid(communications(), spoil=lambda sheet: setattr(sheet["D7"], "number_format", code))
    assert is_valid(reading)


def test_a_count_shown_with_a_currency_stays_a_count() -> None:
    code = "#,##0 [$₫-42A]"
    reading = read_grid(communications(), spoil=lambda sheet: setattr(sheet["D7"], "number_format", code))
    assert is_valid(reading)


@pytest.mark.parametrize("line", ["ĐVT: 1 triệu đồng", "ĐVT: 1tr", "ĐVT: một triệu đồng"])
def test_one_of_a_unit(line: str) -> None:
    reading = read_grid(below(line, budget()), "09")
    assert not reading.findings
    assert reading.values[0][1] == 1500


@pytest.mark.parametrize(
    ("rows", "number", "line"),
    [(budget(), "09", "ĐVT: người"), (communications(), "06", "ĐVT: triệu đồng")],
    ids=["persons above amounts", "money above counts"],
)
def test_a_line_with_the_unit_of_no_measure(rows: Grid, number: str, line: str) -> None:
    reading = read_grid(below(line, rows), number)
    assert is_valid(reading)
    assert "UNIT-MISMATCH A5" in warnings(reading)


@pytest.mark.parametrize("line", ["ĐVT: cuộc, người, triệu đồng", "ĐVT: lượt", "ĐVT: hộ"])
def test_a_line_of_which_one_unit_fits(line: str) -> None:
    assert not read_grid(below(line, communications())).findings


def named(name: str) -> SheetReading:
    def rename(sheet: Worksheet) -> None:
        sheet.title = name

    return read_grid(budget(), "09", rename)


@pytest.mark.parametrize("name", ["Nghìn đồng", "Bieu 09 (nghìn đồng)", "DVT nghin dong"])
def test_a_sheet_name_with_another_unit(name: str) -> None:
    assert errors(named(name)) == {"UNIT-MISMATCH"}


@pytest.mark.parametrize("name", ["Triệu đồng", "Bieu 09 (tr.đ)", "Quý I", "Đồng Nai"])
def test_a_sheet_name_without_another_unit(name: str) -> None:
    assert not named(name).findings


@pytest.mark.parametrize("name", ["Đồng", "Tỷ", "Nghìn"])
def test_a_sheet_name_that_may_be_any_name(name: str) -> None:
    assert is_valid(named(name))


def scores(value: object) -> SheetReading:
    rows = communes()
    for row in rows[6:]:
        row[9] = value
    return read_grid(rows, "05")


@pytest.mark.parametrize("value", [0.85, "0,85"])
def test_scores_that_may_be_shares_of_one(value: object) -> None:
    reading = scores(value)
    assert is_valid(reading)
    assert warnings(reading) == ["UNIT-MISMATCH J7"]


@pytest.mark.parametrize("value", [85, 8.5, 1, 0])
def test_scores_as_they_are(value: object) -> None:
    assert not scores(value).findings


@pytest.mark.parametrize("tick", ["✔️", "🗸"])
def test_ticks_of_symbol_keyboards(tick: str) -> None:
    rows = communes()
    rows[6][4] = tick
    assert read_grid(rows, "05").values[0][3] is True


@pytest.mark.parametrize("typed", ["3000.000", "3,000.000", "3.000,000", "12000.000"])
def test_an_amount_whose_groups_are_badly_set_off(typed: str) -> None:
    rows = inspections()
    rows[6][9] = typed
    assert errors(read_grid(rows, "03")) == {"NUMBER-AMBIGUOUS J7"}


def test_an_amount_with_the_three_decimals_of_its_whole_table() -> None:
    rows = inspections()
    for row in rows[6:]:
        row[3:] = [f"{figure}.000" for figure in row[3:]]
    reading = read_grid(rows, "03")
    assert is_valid(reading)
    assert reading.values[0][8] == 3_000_000


def test_an_amount_of_nothing_in_another_currency() -> None:
    rows = budget()
    rows[6][2] = 0
    assert is_valid(read_grid(rows, "09", lambda sheet: setattr(sheet["C7"], "number_format", "$#,##0")))
