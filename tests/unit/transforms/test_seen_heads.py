"""Texts above a table count as a person sees them: nothing crossed out, hidden or of its cell's colour."""

from collections.abc import Callable

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from schemas.declaration import Severity
from tests.support.grids import budget, communications, inspections, read_grid
from transforms.layout.parsed_sheet import SheetReading

PLAIN, STRUCK = InlineFont(), InlineFont(strike=True)
RAISED = InlineFont(vertAlign="superscript")
Hide = Callable[[Worksheet, str], object]


def strike(sheet: Worksheet, cell: str) -> None:
    sheet[cell].font = Font(strike=True)


def whiten(sheet: Worksheet, cell: str) -> None:
    sheet[cell].font = Font(color="FFFFFF")


def hide_by_format(sheet: Worksheet, cell: str) -> None:
    sheet[cell].number_format = ";;;"


def hide_column(sheet: Worksheet, cell: str) -> None:
    sheet.column_dimensions[sheet[cell].column_letter].hidden = True


def hide_row(sheet: Worksheet, cell: str) -> None:
    sheet.row_dimensions[sheet[cell].row].hidden = True


UNSEEN = [strike, whiten, hide_by_format, hide_column, hide_row]


def findings(reading: SheetReading) -> list[tuple[str, str, Severity]]:
    return [(finding.code, finding.cell, finding.severity) for finding in reading.findings]


def text_with(*parts: tuple[InlineFont, str]) -> CellRichText:
    return CellRichText(*(TextBlock(font, text) for font, text in parts))


@pytest.mark.parametrize("hide", UNSEEN)
def test_an_unseen_period_does_not_count_beside_a_seen_one(hide: Hide) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A4"] = "Tháng 3 năm 2020"
        sheet["T5"] = "Kỳ báo cáo: Tháng 2 năm 2020"
        hide(sheet, "T5")

    reading = read_grid(inspections(), "03", write)
    assert reading.period is not None
    assert reading.period.code == "2020-M03"
    assert findings(reading) == []


@pytest.mark.parametrize("hide", UNSEEN)
def test_an_unseen_code_does_not_count_beside_a_seen_one(hide: Hide) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A1"], sheet["T1"] = None, "Biểu số: 06-PCMD"
        hide(sheet, "T1")

    reading = read_grid(inspections(), "03", write)
    assert reading.form_code == "03-PCMD"
    assert findings(reading) == []


@pytest.mark.parametrize("hide", [strike, hide_by_format])
def test_a_crossed_out_unit_converts_nothing(hide: Hide) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["C5"] = "ĐVT: nghìn đồng"
        hide(sheet, "C5")

    reading = read_grid(budget(), "09", write)
    assert reading.values[0][1:] == [1500, 700.5]
    assert findings(reading) == []


@pytest.mark.parametrize("hide", [whiten, hide_column, hide_row])
def test_an_unseen_unit_that_would_convert_figures_is_an_error(hide: Hide) -> None:
    def write(sheet: Worksheet) -> None:
        sheet["T5"] = "ĐVT: nghìn đồng"
        hide(sheet, "T5")

    reading = read_grid(budget(), "09", write)
    assert findings(reading) == [("CELL-HIDDEN", "T5", Severity.ERROR)]


def test_an_unseen_unit_beside_a_seen_one_is_a_warning() -> None:
    def write(sheet: Worksheet) -> None:
        sheet["B5"], sheet["C5"] = "ĐVT: triệu đồng", "ĐVT: nghìn đồng"
        whiten(sheet, "C5")

    reading = read_grid(budget(), "09", write)
    assert reading.values[0][1:] == [1500, 700.5]
    assert findings(reading) == [("CELL-HIDDEN", "C5", Severity.WARNING)]


@pytest.mark.parametrize("cell", ["A2", "A4"])
def test_an_unseen_text_counts_with_a_warning_where_no_other_is_seen(cell: str) -> None:
    reading = read_grid(communications(), "06", lambda sheet: whiten(sheet, cell))
    assert reading.form_code == "06-PCMD"
    assert reading.period is not None
    assert findings(reading) == [("CELL-HIDDEN", cell, Severity.WARNING)]


def test_a_crossed_out_period_alone_is_none() -> None:
    reading = read_grid(communications(), "06", lambda sheet: strike(sheet, "A4"))
    assert findings(reading) == [("PERIOD-MISSING", "", Severity.ERROR)]


def test_parts_of_texts_that_are_crossed_out_do_not_count() -> None:
    def write(sheet: Worksheet) -> None:
        sheet["A2"] = text_with((PLAIN, "Biểu số: "), (STRUCK, "03-PCMD"), (PLAIN, " 06-PCMD"))
        sheet["A4"] = text_with((PLAIN, "Kỳ báo cáo: "), (STRUCK, "Quý IV/2019 "), (PLAIN, "Quý I/2020"))

    reading = read_grid(communications(), "06", write)
    assert reading.period is not None
    assert reading.period.code == "2020-Q1"
    assert findings(reading) == []


def test_a_raised_mark_is_no_part_of_a_label() -> None:
    label = str(communications()[5][3])

    def write(sheet: Worksheet) -> None:
        sheet["D6"] = text_with((PLAIN, label), (RAISED, "2"))

    reading = read_grid(communications(), "06", write)
    assert len(reading.values[0]) == 4
    assert findings(reading) == []


def test_labels_are_those_that_are_not_crossed_out() -> None:
    first, second = map(str, communications()[5][2:4])

    def write(sheet: Worksheet) -> None:
        sheet["C6"] = text_with((STRUCK, first), (PLAIN, second))
        sheet["D6"] = text_with((STRUCK, second), (PLAIN, first))

    reading = read_grid(communications(), "06", write)
    assert reading.values[0][1:3] == [1037, 11]
    assert findings(reading) == []
