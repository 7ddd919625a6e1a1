"""Sheets beside a form that hold rows of it or notes about it, and merged cells that report that nothing happened."""

import pytest

from tests.support.grids import (
    BODIES,
    CONTEXT,
    TOP,
    Grid,
    communications,
    errors,
    hotspots,
    read_grid,
    trials,
    xlsx,
)
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading

MEANT = read_grid(communications()).values


def read(number: str, *sheets: Grid) -> FileReading:
    return read_file(xlsx(*sheets), "bao cao.xlsx", BODIES[number], CONTEXT)


def noted(reading: FileReading) -> list[tuple[str, str, str]]:
    return [
        (f.text_key or f.code, f.value_shown, f.severity.value)
        for f in (*reading.remarks, *(f for sheet in reading.sheets for f in sheet.findings))
    ]


@pytest.mark.parametrize("count", [1, 2])
def test_a_few_rows_that_go_on_without_a_header_are_noted(count: int) -> None:
    rows = communications()
    reading = read("06", rows[:-count], rows[-count:])
    assert [sheet.values for sheet in reading.sheets] == [MEANT[:-count]]
    assert noted(reading) == [("sheet-continues", "Trang 2", "warning")]
    assert "06-PCMD" in reading.sheets[0].findings[0].message_vi


def test_rows_of_places_and_of_one_of_two_keys_are_noted() -> None:
    rows = trials()
    assert ("sheet-continues", "Trang 2", "warning") in noted(read("04", rows[:-1], rows[-1:]))
    places = hotspots()
    assert ("sheet-continues", "Trang 2", "warning") in noted(read("02", places[:-1], places[-1:]))


@pytest.mark.parametrize(
    "rows",
    [
        [["Danh mục"], *[[row[1]] for row in communications()[TOP:]]],
        [["Hình thức", "Mã"], *[[row[1], n] for n, row in enumerate(communications()[TOP:], 1)]],
        [["Mục tiêu", 5, 6]],
        [["Hướng dẫn ghi biểu"], ["1. Cột 3 ghi số cuộc"], ["2. Cột 4 không tính số người ở cột 5"]],
        [["Ghi chú"], ["Số liệu lấy từ báo cáo của 11 huyện"]],
    ],
    ids=["list", "list with numbers", "unknown name", "guide", "note"],
)
def test_lists_and_guides_beside_a_form_are_no_rows_of_it(rows: Grid) -> None:
    assert noted(read("06", communications(), rows)) == []


@pytest.mark.parametrize("text", ["Đơn vị tính: nghìn người", "(ĐVT: trăm cuộc)"])
def test_a_unit_alone_on_another_sheet_is_noted(text: str) -> None:
    assert noted(read("06", communications(), [[text]])) == [("unit-beside", text, "warning")]
    assert noted(read("06", communications(), [["Đơn vị tính: cuộc, người"]])) == []


def test_a_sheet_that_repeats_another_is_noted_once() -> None:
    assert noted(read("06", communications(), communications())) == [("FORM-SECOND", "", "warning")]


def test_a_correction_on_another_sheet_is_noted() -> None:
    text = "Số liệu hội nghị đúng là 99"
    reading = read("06", communications(), [["Ghi chú"], [text]])
    assert noted(reading) == [("note-corrects", text, "warning")]
    assert (reading.sheets[0].findings[0].sheet_name, reading.sheets[0].findings[0].cell) == ("Trang 2", "A2")


@pytest.mark.parametrize("text", ["Không phát sinh", "Không", "-"])
def test_nothing_merged_over_the_figures_of_a_row_is_nought_in_each(text: str) -> None:
    rows = communications()
    rows[TOP + 1][2:] = [text, None, None]
    reading = read_grid(rows, spoil=lambda sheet: sheet.merge_cells("C8:E8"))
    assert reading.values[1][1:] == [0, 0, 0]
    assert reading.findings == []


def test_nothing_merged_over_several_rows_is_nought_in_each() -> None:
    rows = communications()
    for row in rows[TOP + 1 : TOP + 3]:
        row[2:] = [None, None, None]
    rows[TOP + 1][2] = "Không phát sinh"
    reading = read_grid(rows, spoil=lambda sheet: sheet.merge_cells("C8:E9"))
    assert [values[1:] for values in reading.values[1:3]] == [[0, 0, 0], [0, 0, 0]]
    assert reading.findings == []


@pytest.mark.parametrize("figure", [5, "5", 0, "0", "Có phát sinh"])
def test_a_figure_merged_over_others_stays_an_error(figure: object) -> None:
    rows = communications()
    rows[TOP + 1][2:] = [figure, None, None]
    found = errors(read_grid(rows, spoil=lambda sheet: sheet.merge_cells("C8:E8")))
    assert "CELL-MERGED C8" in found


def test_nothing_merged_over_levels_stays_an_error() -> None:
    rows = hotspots()
    rows[TOP][3:] = ["Không phát sinh", *[None] * 4]
    found = errors(read_grid(rows, "02", spoil=lambda sheet: sheet.merge_cells("D7:H7")))
    assert "CELL-MERGED D7" in found
