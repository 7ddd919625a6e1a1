"""Correcting exactly what is marked always passes: for each fault of the sample drives, over a generated year."""

from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest

from sampledata.drive import intended_sheets
from sampledata.faults import OF_FILE, Fault, faults_of
from sampledata.parcels import pack, write_parcel
from sampledata.sheet import Sheet
from schemas.findings import Finding
from tests.support.clerk import corrected
from tests.support.findings import findings_in
from tests.support.forms import FORM_SET
from tests.support.reports import PLAN
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading
from transforms.layout.sheet_parser import reading_context

CONTEXT = reading_context(PLAN, FORM_SET, date(2026, 1, 1))
# A damaged file is made again from its original, and a form that the body does not owe belongs elsewhere.
FAULTS_OF_SHEETS = [fault for fault in faults_of(FORM_SET) if fault.code not in {*OF_FILE, "FORM-NOT-OWED"}]
FEW = (
    "COLUMN-MISSING",
    "COLUMN-DUPLICATE",
    "TOTAL-MISMATCH",
    "ROW-DUPLICATE",
    "COM-01",
    "PII-SUSPECTED",
    "INS-01",
    "TRN-02",
    "COM-02",
    "MOD-01",
)


@cache
def year() -> list[Sheet]:
    return intended_sheets(PLAN, 20, None, None, 0, Random(20))


def errors_in(reading: FileReading, body: str) -> list[Finding]:
    found = [reading.problem] if reading.problem else findings_in(reading, body)
    return [finding for finding in found if finding.severity.value == "error"]


def assert_correction_passes(fault: Fault, sheet: Sheet, rng: Random, folder: Path) -> None:
    spoilt = Sheet(sheet.plan, sheet.body, sheet.form, sheet.period, sheet.rows)
    spoilt.code = fault.code
    spoilt.mark = fault.put(spoilt, rng)
    (parcel,) = pack([spoilt], rng)
    write_parcel(folder, parcel, rng, 0.5)
    content = (folder / parcel.path).read_bytes()
    reading = read_file(content, parcel.path, sheet.body.code, CONTEXT)
    faults = errors_in(reading, sheet.body.code)
    assert fault.code in [f.code for f in faults]
    again = corrected(content, parcel.path, spoilt, reading.sheets[0], faults)
    left = errors_in(read_file(again, "a.xlsx", sheet.body.code, CONTEXT), sheet.body.code)
    shown = [(f.code, f.cell, f.message_vi) for f in faults], [(f.code, f.cell, f.message_vi) for f in left]
    assert not left, (parcel.path, *shown)


@pytest.mark.parametrize("code", FEW)
def test_correcting_what_is_marked_passes(code: str, tmp_path: Path) -> None:
    rng = Random(code)
    fault = next(f for f in FAULTS_OF_SHEETS if f.code == code)
    possible = [sheet for sheet in year() if fault.can(sheet)]
    assert_correction_passes(fault, rng.choice(possible), rng, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(FAULTS_OF_SHEETS)))
def test_correcting_what_is_marked_passes_all_year(number: int, tmp_path: Path) -> None:
    fault, rng = FAULTS_OF_SHEETS[number], Random(number)
    possible = [sheet for sheet in year() if fault.can(sheet)]
    for sheet in rng.sample(possible, min(12, len(possible))):
        assert_correction_passes(fault, sheet, rng, tmp_path)
