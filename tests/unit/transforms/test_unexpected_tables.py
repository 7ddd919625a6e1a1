"""Tables that no rule expects are rejected with a finding; the reader does not fail on them."""

from dataclasses import replace

import pytest

from tests.support.forms import BY_CODE, FORM_SET
from tests.support.grids import BODIES, CONTEXT, communications, errors, read_grid
from transforms.extract.sheet import Sheet
from transforms.file_parser import read_file
from transforms.layout.cells.cell_values import PlaceLookup
from transforms.layout.checks.unit_checks import check_units
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table import RowKind, Table
from transforms.layout.table_header.header import Header


@pytest.mark.parametrize("text", ["1.2.3 người", "1..2 người", "1,2,3 người", "1. 2 người", "12 3 4 người"])
def test_a_figure_with_a_unit_that_is_no_number(text: str) -> None:
    rows = communications()
    rows[6][3] = text
    assert errors(read_grid(rows))


def test_a_table_whose_labels_all_name_another_quantity() -> None:
    rows = communications()
    rows[5] = [None, None, *(f"{label} (lũy kế từ đầu năm)" for label in rows[5][2:])]
    assert any(error.startswith("UNIT-MISMATCH") for error in errors(read_grid(rows)))


def test_a_text_file_whose_labels_all_name_another_quantity() -> None:
    rows = communications()
    rows[5] = [None, *(f"{label} (lũy kế từ đầu năm)" for label in rows[5][1:])]
    text = "\n".join(";".join("" if value is None else str(value) for value in row) for row in rows)
    reading = read_file(text.encode(), "bao cao.csv", BODIES["06"], CONTEXT)
    assert any("UNIT-MISMATCH" in error for sheet in reading.sheets for error in errors(sheet))


def test_a_line_of_units_above_a_table_without_figures() -> None:
    form = BY_CODE["05-PCMD"]
    flags = tuple(measure for measure in form.measures if not measure.is_number)
    sheet = Sheet("Bieu", [["Đơn vị tính: người"], [], ["A"], ["B"]])
    header = Header(2, 2, {measure.key: place for place, measure in enumerate(flags)})
    form = replace(form, measures=flags)
    table = Table(
        sheet, header, form, FORM_SET, PlaceLookup(CONTEXT.places, ""), [], [], [], [], {3: RowKind.DATA}
    )
    table.heads = sheet.rows[:2]
    reading = SheetReading("Bieu")
    check_units(reading, table)
    assert flags
    assert not reading.findings
