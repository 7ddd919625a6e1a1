"""Files that people reported trouble with: each is read as it is meant, or rejected with the right finding.

A case is a folder of tests/data/cases named after its fault: `drive/<body>/<file>`, `rows.json` (the rows that
it means) and `case.json` (which sheets are accepted, for which periods, and the findings with their cells).
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.forms import BY_CODE, BY_KEY, FORM_SET
from tests.support.roles import role_at
from transforms.cell_names import column_letters
from transforms.extract.workbook import read_sheets
from transforms.file_parser import read_file
from transforms.layout.cell_roles import CellRole
from transforms.layout.form_search import decode_sheet, look_for_form
from transforms.layout.sheet_parser import reading_context
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate, form_frame

CASES = Path(__file__).parents[2] / "data/cases"
FOLDERS = sorted(path for path in CASES.iterdir() if path.is_dir()) if CASES.is_dir() else []
PLAN = read_plan(DEFAULT_PLAN)
CONTEXT = reading_context(PLAN, FORM_SET, date(2020, 4, 20))
each_case = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def _files(folder: Path) -> list[tuple[Path, str]]:
    """The files of a case, each with the body in whose folder it is."""
    drive = folder / "drive"
    found = sorted(path for path in drive.rglob("*") if path.is_file())
    return [(path, path.relative_to(drive).parts[0]) for path in found]


def read_case(folder: Path) -> list[Candidate]:
    """The sheets of a case's files, read and validated without any report before them."""
    candidates: list[Candidate] = []
    for path, body in _files(folder):
        reading = read_file(path.read_bytes(), path.name, body, CONTEXT)
        for sheet in reading.sheets:
            received = datetime(2020, 4, 15, 9, tzinfo=UTC)
            candidates.append(Candidate(len(candidates), body, received, sheet, list(sheet.findings)))
    validate(candidates, lambda form, _bodies: form_frame(form, []), PLAN, FORM_SET)
    return candidates


def _plain(value: object) -> object:
    return round(float(value), 9) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _rows(candidate: Candidate, keys: list[str]) -> list[list[object]]:
    form = BY_CODE[candidate.reading.form_code or ""]
    places = [list(form.columns).index(key) for key in keys]
    return [[_plain(values[place]) for place in places] for values in candidate.reading.values]


@each_case
def test_a_case_is_read_as_it_is_meant(folder: Path) -> None:
    case: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    candidates = read_case(folder)
    assert [candidate.is_valid for candidate in candidates] == case["accepted"]
    periods = [c.reading.period.code if c.reading.period else None for c in candidates]
    assert periods == case["periods"]
    found = {f"{f.code} {f.cell}".strip() for candidate in candidates for f in candidate.findings}
    assert found == set(case["findings"])


@each_case
def test_accepted_rows_are_those_meant_unless_a_finding_speaks_up(folder: Path) -> None:
    case: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    candidates = [candidate for candidate in read_case(folder) if candidate.is_valid]
    if not candidates or not (folder / "rows.json").exists():
        return
    meant = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
    keys = [key for key in meant[0] if key in BY_KEY[case["form"]].columns]
    read = sorted((row for candidate in candidates for row in _rows(candidate, keys)), key=str)
    same = read == sorted(([_plain(row[key]) for key in keys] for row in meant), key=str)
    assert same or any(candidate.findings for candidate in candidates)


@each_case
def test_every_filled_cell_of_a_case_has_a_role(folder: Path) -> None:
    for path, body in _files(folder):
        readings = {s.sheet_name: s for s in read_file(path.read_bytes(), path.name, body, CONTEXT).sheets}
        for sheet in map(decode_sheet, read_sheets(path.read_bytes(), path.name)):
            reading = readings.get(sheet.name)
            if reading is None or look_for_form(sheet, FORM_SET) is None:
                continue
            for row, values in enumerate(sheet.rows, 1):
                for column, value in enumerate(values):
                    if value is not None and str(value).strip():
                        role = role_at(reading.roles, row, column)
                        assert role in set(CellRole), f"{column_letters(column)}{row}: {value}"
