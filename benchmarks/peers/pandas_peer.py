"""The program one writes first: openpyxl, pandas and Pandera, sheet by sheet, into plain tables.

It borrows the product's eyes (form, period, header, cells, persons' data) and nothing else. It keeps no
archive, no history and no audit trail, and reports each fault without the cell to correct.
"""

import io
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from openpyxl import load_workbook
from sqlalchemy import Engine, text

from benchmarks.forms import FORM_SET
from benchmarks.peers.common import SCHEMA, arguments, arrivals, engine_of, plan_asked, print_result
from benchmarks.peers.pandas_targets import targets
from plans.model import Plan
from schemas.declaration import Form, Measure, MeasureType, RuleScope, Severity
from schemas.expressions import evaluate
from schemas.findings import TEXTS
from schemas.pandera_schema import frame_schema
from services.reader_pool import Job
from transforms.extract.sheet import CellFlag, MergedRange, Sheet
from transforms.extract.workbook import UnreadableFile, read_other_text, read_sheets
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.sheet_parser import (
    FoundForm,
    ReadingContext,
    decode_sheet,
    look_for_form,
    read_sheet,
    reading_context,
)
from transforms.privacy.personal_scan import find_in_sheet, find_in_text
from transforms.validate.frames import Candidate, form_frame


def main() -> None:
    """Read a drive into a fresh schema, compute the targets, print one line of JSON."""
    asked = arguments(__doc__, "python -m benchmarks.peers.pandas_peer").parse_args()
    started = time.monotonic()
    engine, plan = engine_of(asked.database_url), plan_asked()
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    load(engine, read_drive(asked.drive, plan))
    targets(engine, plan).to_sql("target_indicator", engine, schema=SCHEMA, index=False)
    print_result(engine, plan, {"all": time.monotonic() - started})


def read_drive(drive: Path, plan: Plan) -> list[Candidate]:
    """All sheets that bear a form, in the order of their periods, then as they came."""
    context = reading_context(plan, FORM_SET, datetime.now(UTC).date())
    sheets = [
        Candidate(job.number, job.body_code, datetime.now(UTC), reading, list(reading.findings))
        for job in arrivals(drive)
        for reading in read_report(job, context)
    ]
    return sorted(sheets, key=lambda sheet: (_window_end(sheet), sheet.number))


def _window_end(sheet: Candidate) -> date:
    return sheet.reading.window[1] if sheet.reading.window else date.max


def read_report(job: Job, context: ReadingContext) -> list[SheetReading]:
    """The forms in a file; none where it cannot be opened or holds a person's data."""
    try:
        sheets = [decode_sheet(sheet) for sheet in open_report(job.content, job.file_name)]
        other_text = read_other_text(job.content)
    except UnreadableFile:
        return []
    found = [(sheet, look_for_form(sheet, FORM_SET)) for sheet in sheets]
    if find_in_text((text for _, text in other_text), context.phrases) or any(
        find_in_sheet(sheet, _number_columns(form), context.phrases) for sheet, form in found
    ):
        return []
    return [read_sheet(form, job.body_code, context) for _, form in found if form is not None]


def _number_columns(found: FoundForm | None) -> frozenset[int]:
    if found is None or found.header is None or found.code is None:
        return frozenset()
    columns = FORM_SET.by_code[found.code].columns
    return frozenset(
        place
        for key, place in found.header.columns.items()
        if isinstance(column := columns[key], Measure) and column.is_number
    )


def open_report(content: bytes, name: str) -> list[Sheet]:
    """The grids of a file: .xlsx by openpyxl, .xls, .ods and text as the product opens them."""
    if not content.startswith(b"PK"):
        return read_sheets(content, name)
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
        if "content.xml" in parts:
            return read_sheets(content, name)
        if "xl/vbaProject.bin" in parts:
            return []
        return _open_xlsx(content)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return []


def _open_xlsx(content: bytes) -> list[Sheet]:
    workbook = load_workbook(io.BytesIO(content), data_only=True)
    sheets = []
    for sheet in workbook.worksheets:
        errors = set()
        rows: list[list[object]] = []
        for i, cells in enumerate(sheet.iter_rows(min_row=1, min_col=1)):
            errors |= {(i, j) for j, cell in enumerate(cells) if cell.data_type == "e"}
            rows.append([None if cell.data_type == "e" or cell.value == "" else cell.value for cell in cells])
        height, width = len(rows), len(rows[0]) if rows else 0
        merged = [
            MergedRange(r.min_row - 1, r.min_col - 1, min(r.max_row, height) - 1, min(r.max_col, width) - 1)
            for r in sorted(sheet.merged_cells.ranges, key=lambda r: (r.min_row, r.min_col))
        ]
        hidden = sheet.sheet_state != "visible"
        flags = dict.fromkeys(errors, CellFlag.ERROR)
        sheets.append(Sheet(sheet.title, rows, merged, hidden, flags=flags))
    return sheets


def load(engine: Engine, sheets: list[Candidate]) -> None:
    """Validate and load sheet by sheet; a later report takes the place of an earlier one."""
    kept: dict[str, dict[tuple[str, str], pd.DataFrame]] = {form.code: {} for form in FORM_SET.forms}
    for sheet in sheets:
        period = sheet.reading.period
        if not sheet.is_valid or not sheet.reading.rows or period is None:
            continue
        form = FORM_SET.by_code[sheet.reading.form_code or ""]
        frame = form_frame(form, [sheet])
        before = kept[form.code]
        own = [rows for (body, _), rows in before.items() if body == sheet.body_code]
        if not _rows_are_sound(form, frame) or not _year_is_sound(form, frame, own):
            continue
        key = (sheet.body_code, period.code)
        with engine.begin() as connection:
            if key in before:
                connection.execute(
                    text(f"DELETE FROM {SCHEMA}.{form.key} WHERE body = :body AND period = :period"),
                    {"body": key[0], "period": key[1]},
                )
            frame.to_sql(form.key, connection, schema=SCHEMA, if_exists="append", index=False)
        before[key] = frame


def _rows_are_sound(form: Form, frame: pd.DataFrame) -> bool:
    try:
        frame_schema(form).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        found = set(errors.failure_cases["check"])
        texts = TEXTS | FORM_SET.rule_texts
        return not any(texts[code].severity is Severity.ERROR for code in found if code in texts)
    return True


def _year_is_sound(form: Form, frame: pd.DataFrame, before: list[pd.DataFrame]) -> bool:
    """Whether the rules over the year to date hold, these rows and the body's earlier ones added up."""
    rules = [rule for rule in form.rules_of(RuleScope.YEAR_TO_DATE) if rule.severity is Severity.ERROR]
    if not rules:
        return True
    keys = [dimension.key for dimension in form.dimensions]
    flows = [measure.key for measure in form.measures if measure.kind is MeasureType.FLOW]
    year = {key: frame[key] for key in form.columns}
    past = [rows for rows in before if rows["window_end"].iloc[0] < frame["window_end"].iloc[0]]
    if past:
        sums = pd.concat(past).groupby(keys)[flows].sum().reset_index()
        so_far = frame[keys].merge(sums, "left", on=keys)
        year |= {key: frame[key] + so_far[key].fillna(0) for key in flows}
    return all(bool(evaluate(rule.expression, year).all()) for rule in rules)


if __name__ == "__main__":
    main()
