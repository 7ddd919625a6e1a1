"""Lines above a table that name more than the period: its months, another period, the last day of figures."""

import pytest

from schemas.declaration import Severity
from tests.support.grids import monthly, quarterly
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.sheet_head.period_words import month_of_quarter, period_key


def found(reading: SheetReading) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in reading.findings]


@pytest.mark.parametrize(
    "line",
    [
        "Tháng 3, Quý I năm 2020",
        "Kỳ báo cáo: tháng 3 (Quý I) năm 2020",
        "Kỳ báo cáo: Tháng 3/2020 (Quý I/2020)",
        "Kỳ báo cáo: Quý I năm 2020, tháng 3",
        "Kỳ báo cáo: tháng 3/2020 so tháng 2/2020",
        "Báo cáo tháng 3/2020 (tăng/giảm so tháng 02/2020)",
    ],
)
def test_a_month_is_read_beside_its_quarter_or_another_month(line: str) -> None:
    reading = monthly(line)
    assert reading.period is not None
    assert reading.period.code == "2020-M03"
    assert found(reading) == []


@pytest.mark.parametrize(
    "line",
    [
        "Kỳ báo cáo: Quý I (từ tháng 1 đến tháng 3) năm 2020",
        "Quý I (tháng 1, 2, 3) năm 2020",
        "Quý 1 (gồm các tháng 1, tháng 2 và tháng 3)/2020",
        "Kỳ báo cáo: Quý I năm 2020 (Quý IV/2019: xem báo cáo trước)",
        "Kỳ báo cáo: Quý I năm 2020 (so với quý IV năm 2019)",
    ],
)
def test_a_quarter_is_read_beside_its_months_or_another_quarter(line: str) -> None:
    reading = quarterly(line)
    assert reading.period is not None
    assert reading.period.code == "2020-Q1"
    assert found(reading) == []


@pytest.mark.parametrize(
    "line", ["Kỳ báo cáo: Quý I (từ tháng 1 đến tháng 4) năm 2020", "Kỳ báo cáo: Quý I và quý II năm 2020"]
)
def test_months_of_two_quarters_are_no_quarter(line: str) -> None:
    assert found(quarterly(line)) == [("PERIOD-INVALID", Severity.ERROR)]


def test_a_month_of_another_quarter_stays() -> None:
    words = period_key("tháng 4, quý I năm 2020")
    assert month_of_quarter(words) == words
    assert month_of_quarter(period_key("quý I năm 2020")) == "quy i nam 2020"


def test_files_of_march_are_no_comparison() -> None:
    reading = monthly("Tổng hợp hồ sơ tháng 3 năm 2020")
    assert reading.period is not None
    assert reading.period.code == "2020-M03"


@pytest.mark.parametrize(
    "line",
    [
        "Tháng trước: 2/2020; tháng này: 3/2020",
        "So với tháng 2/2020: tháng 3/2020",
        "Số liệu tháng trước (tháng 2/2020) ở cột bên; báo cáo tháng 3/2020",
    ],
)
def test_a_line_that_compares_two_periods_is_shown(line: str) -> None:
    reading = monthly(line)
    (finding,) = reading.findings
    assert (finding.code, finding.cell) == ("PERIOD-INVALID", "A4")
    assert "so sánh với kỳ khác" in finding.message_vi


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("Số liệu tính đến 14/02/2020", Severity.ERROR),
        ("(Số liệu đến hết ngày 31/12/2019)", Severity.ERROR),
        ("Tính từ 15/01 đến 14/02", Severity.ERROR),
        ("Số liệu tính đến ngày 10/3/2020", Severity.WARNING),
        ("Đến ngày 2020-03-31", Severity.WARNING),
    ],
)
def test_other_days_of_the_figures_are_noted(line: str, severity: Severity) -> None:
    reading = monthly("Tháng 3/2020", line)
    assert found(reading) == [("PERIOD-WINDOW", severity)]
    assert reading.findings[0].cell == "A5"


@pytest.mark.parametrize(
    "line",
    [
        "Số liệu tính đến hết ngày 14/3/2020",
        "Tính từ 15/02 đến 14/3",
        "Hạn nộp báo cáo đến ngày 18/3/2020",
        "(Ban hành kèm theo Quyết định có hiệu lực từ 01/01 đến ngày 31/12)",
        "Dành cho người từ 16 đến 18 tuổi",
        "Từ 32/15 đến 40/20",
    ],
)
def test_the_last_day_of_the_period_and_other_days_are_no_fault(line: str) -> None:
    assert found(monthly("Tháng 3/2020", line)) == []
