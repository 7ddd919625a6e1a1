"""Units and quantities wherever a sheet states them: converted with a warning, or rejected, never passed over."""

from collections.abc import Callable

import pytest

from schemas.declaration import Measure, MeasureType, Unit
from tests.support.grids import (
    TOP,
    Grid,
    budget,
    communes,
    communications,
    errors,
    hotspots,
    inspections,
    is_valid,
    read_grid,
)
from transforms.layout.cells.stated_units import conversion, nouns_of_measure, read_unit

MEANT = read_grid(budget(), "09").values


def _thousands() -> Grid:
    """The budget in thousand dong, a thousand times the figures of the form's million."""
    rows = budget()
    for row in rows[TOP:]:
        row[2], row[3] = float(str(row[2])) * 1000, float(str(row[3])) * 1000
    return rows


def _at(row: int, *values: object) -> Callable[[Grid], object]:
    return lambda rows: rows.__setitem__(row, list(values))


def _header(added: str) -> Callable[[Grid], object]:
    return lambda rows: rows.__setitem__(5, [*rows[5][:2], *(f"{label}{added}" for label in rows[5][2:])])


POSITIONS = {
    "line without ĐVT": _at(4, None, None, "nghìn đồng"),
    "line in other words": _at(4, None, None, "Tính bằng nghìn đồng"),
    "line of money": _at(4, None, None, "Đơn vị tính tiền tệ: nghìn đồng"),
    "shortened line": _at(4, None, None, "ĐV: ng.đ"),
    "line of the amount": _at(4, None, None, "Số tiền: nghìn đồng"),
    "line of another label": _at(4, None, None, "(Số tiền ghi theo 1.000 đồng)"),
    "label with a stroke": _at(4, None, None, "Đ/v tính: 1.000 đồng"),
    "line with a factor": _at(4, None, None, "Đơn vị tính: x1.000 đồng"),
    "line in English": _at(4, None, None, "Unit: thousand VND"),
    "English words turned round": _at(4, None, None, "Amounts in VND thousand"),
    "unit in the next cell": _at(4, None, "ĐVT:", "1.000 đồng"),
    "number in the next cell": _at(4, None, "Đơn vị tính", 1000, "đồng"),
    "title": _at(2, "KINH PHÍ PHÒNG, CHỐNG MẠI DÂM (ĐVT: nghìn đồng)"),
    "brackets with a label": _header(" (đơn vị: nghìn đồng)"),
    "words behind a comma": _header(", nghìn đồng"),
    "a factor": _header(" (x 1.000 đồng)"),
    "row below the header": lambda rows: rows.insert(TOP, [None, None, "nghìn đồng", "nghìn đồng"]),
    "note below the table": lambda rows: rows.extend([[], [None, "Ghi chú: số liệu tính bằng nghìn đồng"]]),
    "line below the table": lambda rows: rows.extend([[], [None, "ĐVT: nghìn đồng"]]),
}


@pytest.mark.parametrize("position", POSITIONS)
def test_thousand_dong_is_never_taken_for_million(position: str) -> None:
    rows = _thousands()
    POSITIONS[position](rows)
    reading = read_grid(rows, "09")
    assert is_valid(reading)
    assert reading.values == MEANT
    assert {f.code for f in reading.findings} == {"UNIT-MISMATCH"}


@pytest.mark.parametrize(
    "text",
    [
        "Trong đó hỗ trợ 500 triệu đồng cho xã",
        "Mức chi hàng trăm nghìn đồng",
        "Kinh phí tỉnh Đồng Nai giao",
        "Đã chi 1.000.000 đồng",
    ],
)
def test_an_amount_in_words_above_the_table_is_no_unit(text: str) -> None:
    rows = budget()
    rows[4] = [None, None, text]
    reading = read_grid(rows, "09")
    assert (reading.values, reading.findings) == (MEANT, [])


def test_a_unit_merged_over_columns_is_about_all_of_them() -> None:
    rows = _thousands()
    rows.insert(TOP, [None, None, "(nghìn đồng)"])
    reading = read_grid(rows, "09", lambda sheet: sheet.merge_cells("C7:D7"))
    assert reading.values == MEANT


def test_a_column_of_units_is_compared_with_the_form() -> None:
    rows = _thousands()
    for row in rows[5:]:
        row.insert(2, "nghìn đồng")
    rows[5][2] = "ĐVT"
    assert errors(read_grid(rows, "09")) == {"UNIT-MISMATCH C7"}


def test_a_column_of_the_forms_own_units_is_passed_over() -> None:
    rows = communications()
    for row in rows[5:]:
        row.insert(2, "cuộc")
    rows[5][2] = "Đơn vị tính"
    assert not read_grid(rows).findings


@pytest.mark.parametrize(
    "text",
    ["nghìn tỷ đồng", "trăm triệu đồng", "mười triệu đồng", "ngàn đồng", "nđ", "tr.đ", "1.000đ", "triệu VNĐ"],
)
def test_multiples_of_dong_are_units(text: str) -> None:
    stated = read_unit(text)
    assert stated is not None
    assert stated.base == "money"
    assert stated.factor > 1


@pytest.mark.parametrize("text", ["1000", "000", "người ta", "ng", "năm", "nam", "10"])
def test_figures_and_words_are_no_units(text: str) -> None:
    assert read_unit(text) is None


OTHER_QUANTITIES = (
    *("(lũy kế từ đầu năm)", "lũy kế", "- lũy kế từ đầu năm", "(LK)", "(KH năm)", "kế hoạch", "(đến nay)"),
    *("(Q4/2019)", "(năm 2019)", "(Tháng 2)", "(6 tháng)", "năm trước", "(quý trước)", "(nữ)", "từ đầu năm"),
)
SAME_QUANTITY = (
    "(trong kỳ)",
    "trong quý",
    "(quý I)",
    "(Quý 1/2020)",
    "(TH)",
    "- thực hiện",
    "(năm nay)",
    "(1)",
)


@pytest.mark.parametrize("words", OTHER_QUANTITIES)
def test_a_header_of_another_quantity_is_not_taken_for_the_measure(words: str) -> None:
    rows = communications()
    rows[5][3] = f"Số người tham dự {words}"
    assert errors(read_grid(rows)) == {"UNIT-MISMATCH D6"}


@pytest.mark.parametrize("words", SAME_QUANTITY)
def test_a_header_that_names_the_reports_own_period_is_the_measure(words: str) -> None:
    rows = communications()
    rows[5][3] = f"Số người tham dự {words}"
    assert not read_grid(rows).findings


def test_a_header_that_counts_something_else_is_noted() -> None:
    rows = communications()
    rows[5][3] = "Số người tham dự (hộ)"
    assert [(f.code, f.cell) for f in read_grid(rows).findings] == [("CELL-UNACCOUNTED", "D6")]


def _with_blocks(rows: Grid, first: str, second: str, keys: int) -> Grid:
    """The measures twice, below one heading each; the second block twice the figures of the first."""
    labels = rows[5]
    upper = [*labels[:keys], first, *[None] * (len(labels) - keys - 1), second]
    lower = [*[None] * keys, *labels[keys:], *labels[keys:]]
    data = [[*row, *(2 * int(str(value)) for value in row[keys:])] for row in rows[TOP:]]
    return [*rows[:5], upper, lower, *data]


@pytest.mark.parametrize(("make", "number", "keys"), [(communications, "06", 2), (inspections, "03", 3)])
@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("Trong kỳ", "Lũy kế từ đầu năm"),
        ("Thực hiện", "Kế hoạch năm"),
        ("Kết quả kỳ này", "Cùng kỳ năm trước"),
    ],
)
def test_of_two_blocks_of_columns_that_of_the_period_is_read(
    make: Callable[[], Grid], number: str, keys: int, own: str, other: str
) -> None:
    meant = read_grid(make(), number).values
    reading = read_grid(_with_blocks(make(), own, other, keys), number)
    assert is_valid(reading)
    assert reading.values == meant


@pytest.mark.parametrize(("make", "number", "keys"), [(communications, "06", 2), (inspections, "03", 3)])
@pytest.mark.parametrize("above", ["Lũy kế từ đầu năm", "Kế hoạch năm 2020", "Năm 2019", "Cùng kỳ"])
def test_columns_below_another_quantity_are_not_read(
    make: Callable[[], Grid], number: str, keys: int, above: str
) -> None:
    rows = make()
    labels = rows[5]
    rows[5:6] = [[*labels[:keys], above], [*[None] * keys, *labels[keys:]]]
    found = errors(read_grid(rows, number))
    assert {code.split()[0] for code in found} == {"UNIT-MISMATCH"}
    assert len(found) == len(labels) - keys


@pytest.mark.parametrize("above", ["Kết quả thực hiện", "Quý I/2020", "Trong kỳ báo cáo"])
def test_columns_below_the_reports_own_period_are_read(above: str) -> None:
    rows = communications()
    rows[5:6] = [["TT", rows[5][1], above], [None, None, *rows[5][2:]]]
    reading = read_grid(rows)
    assert reading.values == read_grid(communications()).values
    assert not reading.findings


@pytest.mark.parametrize(
    ("sub", "own"),
    [
        (("Quý I/2020", "Quý I/2019", "Tăng giảm %"), 0),
        (("Kỳ trước", "Kỳ này", "So sánh"), 1),
        (("KH", "TH", "% so KH"), 1),
        (("Kỳ trước", "Kỳ BC", "So sánh"), 1),
        (("Chỉ tiêu", "Kết quả", "Tỷ lệ"), 1),
        (("Giao", "Đạt", "%"), 1),
        (("Dự kiến", "Thực tế", "So sánh"), 1),
        (("T1", "T2", "Cộng"), 2),
        (("Tổng số", "Nam", "Nữ"), 0),
        (("Nam", "Nữ", "Tổng"), 2),
    ],
)
def test_of_sub_columns_that_of_the_period_is_read(sub: tuple[str, ...], own: int) -> None:
    rows = communications()
    meant = read_grid(rows).values
    rows[5:6] = [[*rows[5][:4], None, None, rows[5][4]], [None, None, None, *sub]]
    for row in rows[TOP + 1 :]:
        figures: list[object] = [7, 7, 7]
        figures[own] = row[3]
        row[3:4] = figures
    reading = read_grid(rows)
    assert is_valid(reading)
    assert reading.values == meant


def test_men_are_not_taken_for_the_year() -> None:
    rows = hotspots()
    rows[5][3] = "Đầu kỳ (nam)"
    assert errors(read_grid(rows, "02")) == {"UNIT-MISMATCH D6"}


@pytest.mark.parametrize(
    ("form", "rows", "column", "text"),
    [
        ("03", inspections(), 9, "3.000.000đ"),
        ("03", inspections(), 9, "3,000,000 đồng"),
        ("06", communications(), 3, "1.037 lượt người"),
        ("05", communes(), 9, "81%"),
        ("09", budget(), 2, "1500 tr.đ"),
    ],
)
def test_a_figure_typed_with_the_unit_of_its_column_is_the_figure(
    form: str, rows: Grid, column: int, text: str
) -> None:
    meant = read_grid(rows, form).values
    rows[TOP][column] = text
    reading = read_grid(rows, form)
    assert reading.values == meant
    assert not reading.findings


@pytest.mark.parametrize(
    ("form", "rows", "column", "text"),
    [
        ("03", inspections(), 9, "3 triệu"),
        ("03", inspections(), 9, "3.000 nghìn đồng"),
        ("06", communications(), 3, "1037 hộ"),
        ("09", budget(), 2, "1,5 tỷ"),
    ],
)
def test_a_figure_typed_with_another_unit_is_rejected_with_the_unit_expected(
    form: str, rows: Grid, column: int, text: str
) -> None:
    rows[TOP][column] = text
    (finding,) = read_grid(rows, form).findings
    assert finding.code == "UNIT-MISMATCH"
    assert text in finding.message_vi


@pytest.mark.parametrize(
    ("label", "stated", "factor"),
    [
        ("USD", "USD", 1),
        ("USD", "nghìn USD", 1000),
        ("ກີບ", "ກີບ", 1),
        ("m³/s", "m³/s", 1),
        ("lượt/1.000 dân", "Lượt/1.000 dân", 1),
        ("USD", "euro", None),
        ("USD", "triệu đồng", None),
        ("đồng", "USD", None),
    ],
)
def test_a_forms_own_unit_is_read_whatever_it_is(label: str, stated: str, factor: int | None) -> None:
    unit = Unit("u", label, 10**9, money=label in ("USD", "ກີບ", "đồng"))
    read = read_unit(stated, nouns_of_measure(Measure("m", "m", unit, MeasureType.FLOW)))
    assert read is not None
    assert conversion(read, unit) == factor
