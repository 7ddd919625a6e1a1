"""The roles of the cells of a sheet: every filled cell has one, and they are kept as ranges."""

from datetime import date
from pathlib import Path

import pytest

from publishing.site.sheet_roles import classes_of, legend_of
from schemas.declaration import Severity
from tests.support.forms import FORM_SET
from tests.support.paths import SAMPLE
from tests.support.pipeline import PLAN
from tests.support.roles import role_at
from transforms.cell_names import cell_name, column_number
from transforms.extract.workbook import UnreadableFile, read_sheets
from transforms.file_parser import read_file
from transforms.layout.cell_roles import CellRole, role_ranges
from transforms.layout.form_search import look_for_form
from transforms.layout.parsed_sheet import RoleBlock, RoleRun
from transforms.layout.sheet_parser import decode_sheet, reading_context

CONTEXT = reading_context(PLAN, FORM_SET, date(2020, 12, 31))
FILES = sorted(path for path in (SAMPLE / "drive").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLE / "drive").as_posix())
def test_every_filled_cell_of_a_sample_has_a_role(path: Path) -> None:
    content, body = path.read_bytes(), path.relative_to(SAMPLE / "drive").parts[0]
    try:
        sheets = [decode_sheet(sheet) for sheet in read_sheets(content, path.name)]
    except UnreadableFile:
        return
    readings = {sheet.sheet_name: sheet for sheet in read_file(content, path.name, body, CONTEXT).sheets}
    for sheet in sheets:
        found = look_for_form(sheet, FORM_SET)
        reading = readings.get(sheet.name)
        if reading is None or found is None or found.header is None:
            continue
        if not reading.columns:  # rejected before its table was read, such as a form that is not owed
            assert any(finding.severity is Severity.ERROR for finding in reading.findings)
            continue
        for row, values in enumerate(sheet.rows, 1):
            for column, value in enumerate(values):
                if value is not None and str(value).strip():
                    assert role_at(reading.roles, row, column) in set(CellRole), (
                        row,
                        column,
                        value,
                    )


def test_roles_are_kept_as_ranges() -> None:
    data = (RoleRun(0, 1, CellRole.KEY), RoleRun(2, 27, CellRole.MEASURE))
    blocks = [
        RoleBlock(1, 1, (RoleRun(0, 0, CellRole.TITLE),)),
        RoleBlock(3, 4, data),
        RoleBlock(5, 6, data[:1]),
        RoleBlock(8, 8, data),
    ]
    assert role_ranges(blocks) == {"title": "A1", "key": "A3:B6 A8:B8", "measure": "C3:AB4 C8:AB8"}


def test_ranges_give_each_cell_its_colour() -> None:
    roles = {"title": "A1", "key": "A3:B4", "measure": "C3:AB4", "unaccounted": "A9"}
    classes = classes_of(roles, 3, 4)
    assert classes == {"A1": "t", "A3": "k", "B3": "k", "C3": "f", "D3": "f"}
    assert legend_of(roles) == [("t", "role_head"), ("k", "role_key"), ("f", "role_figure")]


@pytest.mark.parametrize("column", [0, 25, 26, 51, 52, 701, 702])
def test_a_column_number_is_that_of_its_letters(column: int) -> None:
    assert column_number(cell_name(1, column)[:-1]) == column
