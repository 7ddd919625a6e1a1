"""Rows whose names begin as those of totals or column numbers, totals of a group, and lines of nothing."""

import pytest

from schemas.declaration import Severity
from tests.support.grids import TOP, Grid, communes, communications, errors, inspections, read_grid

MEANT = read_grid(communications()).values
TOTALS = [sum(int(str(row[column])) for row in communications()[TOP:]) for column in (2, 3, 4)]


@pytest.mark.parametrize("name", ["Tổng đài tư vấn", "Cộng tác viên", "Tổng vệ sinh", "Cộng đồng dân cư"])
@pytest.mark.parametrize("ordinal", [8, None])
def test_a_name_that_begins_as_a_total_is_one_that_the_form_lacks(name: str, ordinal: int | None) -> None:
    rows = communications()
    assert errors(read_grid([*rows, [ordinal, name, 5, 50, 1]])) == {"VALUE-CODE B14"}


@pytest.mark.parametrize("name", ["Tổng các hình thức", "Tổng tuyên truyền", "Cộng chung", "Tổng của 7 mục"])
def test_totals_stay_totals(name: str) -> None:
    rows: Grid = [*communications(), [None, name, *TOTALS]]
    assert (read_grid(rows).values, errors(read_grid(rows))) == (MEANT, set())
    rows[-1][2] = TOTALS[0] + 1
    assert errors(read_grid(rows)) == {"TOTAL-MISMATCH C14"}


@pytest.mark.parametrize("name", ["Tổng tuyên truyền", "Cộng tuyên truyền", "Tổng lượt người", "Tổng chi"])
def test_a_total_that_counts_on_with_one_figure_is_a_total(name: str) -> None:
    reading = read_grid([*communications(), [8, name, TOTALS[0], None, None]])
    assert (reading.values, errors(reading)) == (MEANT, set())


@pytest.mark.parametrize("name", ["Tổng trạm", "Tổng đơn vị"])
def test_a_total_with_a_mean_of_scores_is_a_total(name: str) -> None:
    rows = communes()
    meant = read_grid(rows, "05").values
    sums: list[object] = [sum(int(str(row[column])) for row in rows[TOP:]) for column in range(5, 9)]
    reading = read_grid([*rows, [None, name, None, None, None, *sums, 80]], "05")
    assert (reading.values, errors(reading)) == (meant, set())


@pytest.mark.parametrize(
    "text", ["Không phát sinh vụ việc mua bán người trong kỳ", "Không có vụ việc tái phạm"]
)
def test_nothing_of_one_matter_is_no_contradiction(text: str) -> None:
    assert read_grid([*communications(), [text]]).findings == []


@pytest.mark.parametrize("name", ["TH năm 2019", "Tốc độ tăng (%)"])
def test_figures_of_another_year_and_growth_are_left_out(name: str) -> None:
    reading = read_grid([*communications(), [None, name, 1, 2, 3]])
    assert (reading.values, errors(reading)) == (MEANT, set())


@pytest.mark.parametrize(
    "numbers",
    [["Mã số", None, "01", "02", "03"], ["Mã cột", None, "A1", "A2", "A3"], ["A", "B", "C1", "C2", "C3"]],
)
def test_codes_of_columns_are_no_row(numbers: list[object]) -> None:
    rows = communications()
    rows.insert(TOP, numbers)
    assert (read_grid(rows).values, errors(read_grid(rows))) == (MEANT, set())


def test_a_wrong_total_of_a_group_is_compared_with_the_group() -> None:
    rows = inspections()
    sums = [sum(int(str(row[column])) for row in rows[TOP : TOP + 4]) for column in range(3, 14)]
    rows.insert(TOP + 4, [None, "Cộng", None, sums[0] + 1, *sums[1:]])
    finding = next(f for f in read_grid(rows, "03").findings if f.cell == "D11")
    assert finding.message_vi.endswith("41 + 42 + 43 + 44 = 170.")


@pytest.mark.parametrize("text", ["Không phát sinh", "Trong kỳ không phát sinh", "Không ps"])
@pytest.mark.parametrize("place", [TOP - 2, None])
def test_nothing_to_report_beside_figures_is_noted(text: str, place: int | None) -> None:
    rows: Grid = communications()
    rows.insert(len(rows) if place is None else place, [text])
    reading = read_grid(rows)
    assert reading.values == MEANT
    assert [(f.text_key, f.severity) for f in reading.findings] == [("nil-with-figures", Severity.WARNING)]


@pytest.mark.parametrize("text", ["Không có báo cáo của huyện Long Thành", "Không có số liệu từ các huyện"])
def test_reports_that_did_not_arrive_are_no_nil_report(text: str) -> None:
    reading = read_grid([*communications()[:TOP], [text]])
    assert not reading.is_nil
    assert {finding.code for finding in reading.findings if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("text", ["Không ps", "Không có gì phát sinh", "Không có số liệu của đơn vị"])
def test_other_wordings_of_nothing(text: str) -> None:
    assert read_grid([*communications()[:TOP], [text]]).is_nil
