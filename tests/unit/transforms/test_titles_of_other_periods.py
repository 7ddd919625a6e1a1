"""Titles left from an older sheet: another period beside the one that a sheet states, and several months."""

import pytest

from schemas.declaration import Severity
from tests.support.grids import Grid, communications, errors, monthly, read_grid
from transforms.layout.parsed_sheet import SheetReading

TITLE = str(communications()[2][0])


def _quarterly(*lines: str) -> SheetReading:
    """Form 06 with these lines in place of its title and the first quarter as its period."""
    rows: Grid = communications()
    rows[2:5] = [[line] for line in (*lines, "Kỳ báo cáo: Quý I năm 2020", "")]
    return read_grid(rows)


def _noted(reading: SheetReading) -> list[tuple[str, str, Severity]]:
    return [(f.code, f.cell, f.severity) for f in reading.findings]


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} QUÝ IV NĂM 2019",
        f"{TITLE} NĂM 2019",
        "BÁO CÁO KẾT QUẢ QUÝ II/2020",
        "Tổng hợp tháng 4 năm 2020",
        "Kết quả tuyên truyền 6 tháng đầu năm 2020",
        "QUÝ IV NĂM 2019",
        "Báo cáo tháng 4",
        "Năm 2019",
    ],
)
def test_a_title_of_another_period_is_noted(title: str) -> None:
    reading = _quarterly(title)
    assert reading.period is not None
    assert reading.period.code == "2020-Q1"
    assert _noted(reading) == [("PERIOD-INVALID", "A3", Severity.WARNING)]
    assert "ở ô A4" in reading.findings[0].message_vi
    assert "Quý I năm 2020" in reading.findings[0].message_vi


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} QUÝ I NĂM 2020",
        f"{TITLE} NĂM 2020",
        f"{TITLE} GIAI ĐOẠN 2016-2019",
        "Báo cáo thực hiện Kế hoạch năm 2019",
        "Báo cáo theo Chỉ thị tháng 6 năm 2019",
        "Mẫu sửa đổi tháng 6 năm 2019",
        "Hưởng ứng tháng hành động tháng 6 năm 2019",
        "Đồng Nai, ngày 18 tháng 12 năm 2019",
        "Kỳ trước: Quý IV năm 2019",
        "So sánh với quý I năm 2019",
        "Số liệu dân số năm 2019",
        "Báo cáo Tháng hành động phòng, chống mại dâm năm 2019",
        "Báo cáo nộp chậm nhất tháng 4/2020",
        "Báo cáo lập tháng 4/2020",
    ],
)
def test_lines_that_fit_the_period_or_are_no_titles_are_not_noted(title: str) -> None:
    assert _noted(_quarterly(title)) == []


def test_the_quarter_beside_its_month_is_not_noted() -> None:
    assert _noted(monthly("Báo cáo quý I năm 2020", "Kỳ báo cáo: Tháng 3 năm 2020")) == []
    assert _noted(monthly("KẾT QUẢ KIỂM TRA NĂM 2019", "Tháng 3 năm 2020")) == [
        ("PERIOD-INVALID", "A4", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    "line",
    ["T1-T3/2020", "T1, T2, T3/2020", "T1+T2+T3/2020", "T2&T3/2020", "T1 đến T3/2020", "Th2 - Th3/2020"],
)
def test_several_months_by_their_letter_are_no_month(line: str) -> None:
    assert errors(monthly(f"Kỳ báo cáo: {line}")) == {"PERIOD-INVALID A4"}
