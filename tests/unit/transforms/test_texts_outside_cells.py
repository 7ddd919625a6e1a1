"""Texts outside the cells: a unit or a figure in a text box or a note is never passed over in silence."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.grids import BODIES, CONTEXT, TOP, Grid, budget, communications, read_grid
from transforms.file_parser import read_file

Write = Callable[[Grid, str], bytes]
GRIDS = {"09": budget, "06": communications}
ERROR, WARNING = [("error", "CELL-UNACCOUNTED")], [("warning", "CELL-UNACCOUNTED")]


def written(rows: Grid, add: Callable[[Any, Any], object]) -> bytes:
    """A workbook of one sheet as a spreadsheet program writes it; `add` puts something beside its cells."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, ["" if value is None else value for value in row])
        add(book, sheet)
    return content.getvalue()


def with_box(rows: Grid, text: str) -> bytes:
    return written(rows, lambda _, sheet: sheet.insert_textbox("N2", text))


def with_note(rows: Grid, text: str) -> bytes:
    return written(rows, lambda _, sheet: sheet.write_comment("C6", text))


def with_page_header(rows: Grid, text: str) -> bytes:
    return written(rows, lambda _, sheet: sheet.set_header(f"&R{text}"))


def found(number: str, content: bytes) -> list[tuple[str, str]]:
    (reading,) = read_file(content, "bao cao.xlsx", BODIES[number], CONTEXT).sheets
    return [(finding.severity.value, finding.code) for finding in reading.findings]


@pytest.mark.parametrize("write", [with_box, with_note, with_page_header])
@pytest.mark.parametrize(
    ("number", "text", "expected"),
    [
        ("09", "Đơn vị tính: nghìn đồng", ERROR),
        ("09", "(1.000 đồng)", ERROR),
        ("09", "ĐVT: đồng", ERROR),
        ("09", "Đơn vị tính: triệu đồng", []),  # the form's own
        ("09", "Kính gửi: Sở Tài chính", []),
        ("06", "ĐVT: nghìn người", WARNING),
        ("06", "Đơn vị tính: người", []),
    ],
)
def test_a_unit_beside_the_cells_is_noted(
    write: Write, number: str, text: str, expected: list[tuple[str, str]]
) -> None:
    assert found(number, write(GRIDS[number](), text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Bổ sung: 3 cuộc, 120 người tham dự", WARNING), ("Số liệu đã đối chiếu với các xã", [])],
)
def test_a_figure_in_a_text_box_is_noted(text: str, expected: list[tuple[str, str]]) -> None:
    assert found("06", with_box(communications(), text)) == expected


def test_a_note_with_a_figure_is_a_remark() -> None:
    assert found("06", with_note(communications(), "Năm trước 12 cuộc")) == []
    assert found("06", with_note(communications(), "số liệu ước")) == []


def test_the_unit_of_a_chart_is_not_that_of_the_table() -> None:
    def chart(book: Any, sheet: Any) -> None:
        drawn = book.add_chart({"type": "column"})
        drawn.add_series({"values": "=Sheet1!$C$7:$C$9"})
        drawn.set_y_axis({"name": "nghìn đồng"})
        sheet.insert_chart("N2", drawn)

    assert found("09", written(budget(), chart)) == []


def test_the_notes_of_a_returned_file_are_not_texts_of_the_report() -> None:
    book = openpyxl.load_workbook(io.BytesIO(with_note(budget(), "x")))
    text = "LỖI UNIT-MISMATCH: Đơn vị tính: nghìn đồng"
    book.worksheets[0]["C6"].comment = Comment(text, "Chỉ Tiêu")
    content = io.BytesIO()
    book.save(content)
    assert found("09", content.getvalue()) == []


@pytest.mark.parametrize(
    ("text", "is_noted"),
    [
        ("Số đúng là 15", True),
        ("sửa lại thành 1.037", True),
        ("Chưa tính 3 vụ của xã", True),
        ("sửa lại 99", True),
        ("Chưa gồm 12 người của xã", True),
        ("Phải là 99 mới đúng", True),
        ("+12", True),
        ("Số lũy kế từ đầu năm", True),
        ("Kế hoạch", False),
        ("Đính chính ngày 5/4/2020", False),
        ("Thực tế tháng 3/2020", False),
        ("Lỗi HOT-01: số đúng là 15", False),
    ],
)
def test_a_note_that_says_a_figure_is_another_one(text: str, is_noted: bool) -> None:
    def comment(sheet: Worksheet) -> None:
        sheet["C7"].comment = Comment(text, "a")

    reading = read_grid(communications(), spoil=comment)
    assert [f.text_key for f in reading.findings] == (["text-outside-cells"] if is_noted else [])


def test_a_unit_that_a_cell_states_too_is_known() -> None:
    rows = budget()
    rows[4] = [None, None, "ĐVT: nghìn đồng"]
    assert ("error", "CELL-UNACCOUNTED") not in found("09", with_box(rows, "Đơn vị tính: 1.000 đồng"))
    assert ("error", "CELL-UNACCOUNTED") in found("09", with_box(rows, "Đơn vị tính: đồng"))


def test_nothing_to_report_belongs_into_a_cell() -> None:
    rows = communications()[:TOP]
    assert WARNING[0] in found("06", with_box(rows, "Trong kỳ không phát sinh"))
    assert found("06", with_box(communications(), "Trong kỳ không phát sinh")) == []
