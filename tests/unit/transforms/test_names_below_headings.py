"""Names that only their heading shows: one word, or in small letters."""

import pytest

from tests.support.grids import CONTEXT
from transforms.extract.sheet import Sheet
from transforms.privacy.personal_scan import find_in_sheet

Rows = list[list[object]]


def places(rows: Rows, key_columns: frozenset[int] = frozenset()) -> list[str]:
    return [trace.cell for trace in find_in_sheet(Sheet("Bieu", rows), (), CONTEXT.phrases, key_columns)]


@pytest.mark.parametrize(
    "heading",
    [
        "Họ tên",
        "Họ và tên",
        "HỌ VÀ TÊN",
        "Ho va ten",
        "Họ, tên",
        "Họ tên, biệt danh",
        "Họ và tên người vi phạm",
        "Biệt danh",
        "Tên gọi khác",
        "Full name",
    ],
)
@pytest.mark.parametrize("name", ["Hùng", "HÙNG", "lan", "Tèo sẹo", "1. Hùng", "Siu Blơi", "Nam", "Hoa"])
def test_whatever_is_below_a_heading_of_names_is_a_name(heading: str, name: str) -> None:
    assert places([["STT", heading, "Ghi chú"], [1, name, "x"], [2, None, None]]) == ["B2"]


@pytest.mark.parametrize(
    ("heading", "beside"),
    [
        ("Tên", "Năm sinh"),
        ("Tên", "Số CMND"),
        ("Tên đối tượng", "Ghi chú"),
        ("Người vi phạm", "Mức phạt"),
        ("Chủ cơ sở", "Ghi chú"),
        ("Tên nhân viên", "Ghi chú"),
    ],
)
def test_given_names_below_a_heading_that_may_ask_for_them(heading: str, beside: str) -> None:
    assert places([["STT", heading, beside], [1, "Hùng", 1990], [2, "Lan", 1991]]) == ["B2", "B3"]


def test_names_in_parts() -> None:
    assert places([["Họ", "Đệm", "Tên"], ["Nguyễn", "Văn", "Hùng"]]) == ["A2", "C2"]
    assert places([["Họ đệm", "Tên"], ["Nguyễn Văn", "Hùng"]]) == ["A2", "B2"]


def test_a_label_names_the_cell_to_its_right() -> None:
    assert places([["Họ và tên:", None, "Hùng"], ["Chức vụ:", None, "Cán bộ"]]) == ["C1"]
    assert places([["Họ và tên:", None], ["Chức vụ:", "Cán bộ"]]) == []


@pytest.mark.parametrize(
    "rows",
    [
        [["STT", "Họ và tên", "Chữ ký"], [1, None, None], [2, None, None]],
        [["STT", "Họ và tên", "Chữ ký"], ["(1)", "(2)", "(3)"], ["A", "B", "C"], ["I", "II", "III"]],
        [["STT", "Họ và tên", "Ghi chú"], [1, "Không có", None], [None, "Tổng cộng", None]],
        [["Họ và tên"], ["Chức vụ"], ["Đơn vị công tác"]],
        [["Họ và tên"], ["Chưa gửi danh sách"]],
        [["STT", "Tên", "Loại"], [1, "Hùng Vương", "x"], [2, "Lan Anh", "y"]],
        [["STT", "Tên đơn vị", "Ghi chú"], [1, "Hòa Bình", "x"], [2, "An Bình", "y"]],
        [["STT", "Họ tên, tên cơ sở"], [1, "Hòa Bình"]],
        [["Huyện", "Hộ", "Tên xã"], ["Biên Hòa", 3, "An Bình"]],
        [["Đối tượng", "Số người"], ["Nam", 3], ["Nữ", 4], ["Học sinh", 2], ["Khác", 1]],
        [["Dân tộc của khách", "Số người"], ["Kinh", 3], ["Hoa", 4], ["Thái", 2]],
        [["Người nước ngoài", "Số người"], ["Nga", 3], ["Mỹ", 4], ["Trung Quốc", 2]],
        [
            ["Người lập biểu", None, "Thủ trưởng"],
            ["(Ký, ghi rõ họ tên)", None, "(Ký tên, đóng dấu)"],
            ["Đã ký"],
        ],
        [["Số người", "Loại đối tượng"], [3, "An Bình"]],
    ],
)
def test_other_tables_hold_no_names(rows: Rows) -> None:
    assert places(rows) == []


def test_the_places_of_a_form_are_no_names() -> None:
    rows: Rows = [["STT", "Tên", "Năm sinh"], [1, "Bình", 1990]]
    assert places(rows) == ["B2"]
    assert places(rows, frozenset({1})) == []
