"""Lines above a table that call its figures cumulative, planned, estimated or a draft."""

import pytest

from schemas.declaration import Severity
from tests.support.grids import communications, read_grid


@pytest.mark.parametrize(
    "line",
    [
        "(Số liệu lũy kế từ đầu năm)",
        "Số lũy kế",
        "Số liệu kế hoạch năm 2020",
        "KẾ HOẠCH NĂM 2020",
        "Dự toán năm 2020",
        "Số liệu ước thực hiện",
        "Ước thực hiện quý I",
        "Số liệu dự kiến",
        "Số liệu cùng kỳ năm 2019",
        "(Số liệu của năm trước)",
        "Số liệu tạm tính",
        "BẢN NHÁP",
        "DỰ THẢO",
        "Dự thảo lần 2",
        "MẪU - SỐ LIỆU VÍ DỤ",
        "Số liệu chỉ tính 2/3 số xã",
    ],
)
@pytest.mark.parametrize("where", ["line", "title"])
def test_a_line_above_the_table_that_changes_its_figures_is_noted(line: str, where: str) -> None:
    rows = communications()
    place = 4
    if where == "title":
        place, line = 2, f"{rows[2][0]} ({line.strip('()').lower()})"
    rows[place] = [line]
    (finding,) = read_grid(rows).findings
    assert (finding.code, finding.cell) == ("CELL-UNACCOUNTED", f"A{place + 1}")
    assert finding.severity is Severity.WARNING
    assert "không phải là số thực hiện" in finding.message_vi


def test_a_period_line_that_says_cumulative_is_noted() -> None:
    rows = communications()
    rows[3] = ["Kỳ báo cáo: Quý I năm 2020 (lũy kế từ đầu năm)"]
    assert [finding.cell for finding in read_grid(rows).findings] == ["A4"]


@pytest.mark.parametrize(
    "line",
    [
        "Phòng Tài chính - Kế hoạch",
        "(Ban hành kèm theo Kế hoạch số 12/KH-UBND)",
        "(Kèm theo Kế hoạch năm 2020)",
        "Kết quả thực hiện kế hoạch năm 2020",
        "(So với cùng kỳ năm 2019)",
        "(So cùng kỳ năm 2019)",
        "Số liệu trong kỳ, không lũy kế",
        "Số liệu lũy kế ghi ở cột 5",
        "Dự kiến nộp ngày 18/3",
        "Chi cục Dân số - Kế hoạch hóa gia đình",
        "Người nhập: Phòng Tổng hợp",
        "Số liệu chi tiết",
        "Báo cáo quý I - Kế hoạch quý II",
    ],
)
def test_other_lines_are_not_noted(line: str) -> None:
    rows = communications()
    rows[4] = [line]
    assert read_grid(rows).findings == []


def test_a_quantity_that_has_its_own_columns_is_not_noted() -> None:
    rows = communications()
    rows[4] = ["(Số liệu trong kỳ; lũy kế từ đầu năm)"]
    rows[5].append(f"{rows[5][2]} (lũy kế từ đầu năm)")
    for row in rows[6:]:
        row.append(99)
    assert "A5" not in [finding.cell for finding in read_grid(rows).findings]
