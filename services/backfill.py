"""Compute a range of periods again from the archived files and apply the differences."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypedDict

import pandas as pd
from sqlalchemy import Connection, select, text

from drives import archive
from plans.model import Plan
from schemas.declaration import Form
from services.batch_load import note_parts, submission_of
from services.context import AppContext
from services.lineage import emit_backfill
from services.progress import Progress, no_progress
from services.reader_pool import Job, read_files
from services.tracing import span, traced
from transforms.layout.parsed_sheet import FileReading, SheetReading
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate
from warehouse.blocking_readers import exclusively
from warehouse.form_catalog import catalog_of, form_set_of
from warehouse.indicators.computed_figures import figures_by_key
from warehouse.indicators.evaluation import RefreshScope
from warehouse.indicators.materialize import materialize
from warehouse.load.batch import affected_scope, classify
from warehouse.load.facts import facts_in_force
from warehouse.load.set_aside import load_accepted
from warehouse.load.submissions import KnownFile, Submission, files_of_periods
from warehouse.load.withdrawals import WithdrawnSheet, withdrawn_sheets
from warehouse.loads import Load, recorded_load
from warehouse.models.tables import SENSITIVE_TARGET

Report = tuple[str, str, str]  # body, form, period
Figures = dict[tuple[str, str, str], dict[str, Any]]  # by target, area, period


class BackfillSummary(TypedDict):
    """The result of a backfill for programs."""

    periods: list[str]
    files: int
    reports: list[list[str]]
    figures: list[dict[str, Any]]
    problems: list[str]


@dataclass(slots=True)
class Backfill:
    """The changes of a backfill: reports loaded again, figures that change, and files that were left out.

    A figure is a mapping with target_code, area_code, period_code, and its rows `was` and `is`.
    """

    periods: list[str]
    files: int = 0
    reports: list[Report] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def backfill(
    context: AppContext, periods: Sequence[str], plan_only: bool, progress: Progress = no_progress
) -> Backfill:
    """Read the archived files of the periods again and load the reports whose rows differ now.

    Frozen snapshots are kept. With `plan_only` everything is computed and rolled back. One transaction; a
    run that was killed is started again.
    """
    result = Backfill(list(periods))
    started = datetime.now(UTC)
    with traced(context.settings, "backfill"), exclusively(context.engine, "ingest"):
        with context.engine.connect() as connection:
            known = files_of_periods(connection, context.plan.code, periods, with_rejected_elsewhere=True)
            withdrawn = withdrawn_sheets(connection, context.plan.code)
        with span("read archive", f"{len(known)} files"):
            readings = dict(_read_again(context, known, result, progress))
        progress("Computing", 0, 1)
        sheets = _sheets(known, readings, periods, withdrawn)
        with span("compute", f"{len(sheets)} sheets"):
            load = _load_differences(context, sheets, result, plan_only)
        progress("Computing", 1, 1)
    if context.settings.openlineage_url and not plan_only:
        archived = context.settings.archive_url or str(context.settings.archive)
        emit_backfill(context.settings.openlineage_url, context.engine, archived, load.load_id, started)
    return result


def _load_differences(
    context: AppContext,
    sheets: Sequence[tuple[KnownFile, SheetReading]],
    result: Backfill,
    plan_only: bool,
) -> Load:
    """Load the reports whose rows differ, and note the figures that change; with `plan_only` roll back."""
    with context.engine.connect() as connection, connection.begin() as transaction:
        before = figures_by_key(connection, context.plan)
        with recorded_load(connection, context.plan, "backfill", context.now) as batch:
            changed = _apply(connection, context, batch, sheets, result)
            of_periods = RefreshScope(periods=tuple(result.periods))
            materialize(connection, context.plan, context.now, of_periods, load=batch)
            if changed is not None:
                materialize(connection, context.plan, context.now, changed, load=batch)
        after = figures_by_key(connection, context.plan)
        result.figures = _figure_changes(before, after)
        if plan_only:
            transaction.rollback()
    return batch


def _figure_changes(before: Figures, after: Figures) -> list[dict[str, Any]]:
    """Return the figures that differ, those of new rows last."""
    changed = [key for key, was in before.items() if after.get(key) != was]
    added = [key for key in after if key not in before]
    return [
        {
            "target_code": key[0],
            "area_code": key[1],
            "period_code": key[2],
            "was": before.get(key),
            "is": after.get(key),
        }
        for key in changed + added
    ]


def load_files(
    context: AppContext,
    known: Sequence[KnownFile],
    periods: Sequence[str],
    withdrawn: frozenset[WithdrawnSheet],
) -> Backfill:
    """Load archived files, in the order in which they were received, into a warehouse without them.

    The withdrawn sheets are left out.
    """
    result = Backfill(list(periods))
    readings = dict(_read_again(context, known, result))
    with (
        context.engine.begin() as connection,
        recorded_load(connection, context.plan, "backfill", context.now) as batch,
    ):
        _apply(connection, context, batch, _sheets(known, readings, periods, withdrawn), result)
    return result


def _read_again(
    context: AppContext,
    known: Sequence[KnownFile],
    result: Backfill,
    progress: Progress = no_progress,
) -> Iterator[tuple[int, FileReading]]:
    def jobs() -> Iterator[Job]:
        for number, file in enumerate(known):
            if archive.withheld(context.settings.archive, file.sha256):
                continue  # rejected for personal data: its content was not kept
            try:
                content = archive.load(context.settings.archive, file.sha256)
            except archive.ArchiveError as error:
                result.problems.append(f"{file.body_code}/{file.file_name}: {error}")
                continue
            result.files += 1
            yield Job(number, content, file.sha256, file.file_name, file.body_code)

    for job, reading in read_files(
        jobs(), [context.plan], catalog_of(context.engine), context.now, context.settings.archive
    ):
        progress("Reading", job.number + 1, len(known))
        yield job.number, reading


def _sheets(
    known: Sequence[KnownFile],
    readings: dict[int, FileReading],
    periods: Sequence[str],
    withdrawn: frozenset[WithdrawnSheet],
) -> list[tuple[KnownFile, SheetReading]]:
    """Return the sheets of the periods with their files, in the order of receipt, without withdrawn ones."""
    return [
        (file, sheet)
        for number, file in enumerate(known)
        for sheet in readings.get(number, FileReading()).sheets
        if sheet.period is not None
        and sheet.period.code in periods
        and (file.body_code, file.sha256, sheet.form_code, sheet.period.code) not in withdrawn
    ]


def _apply(
    connection: Connection,
    context: AppContext,
    batch: Load,
    sheets: Sequence[tuple[KnownFile, SheetReading]],
    result: Backfill,
) -> RefreshScope | None:
    """Validate all sheets again in the order of receipt, and load the reports whose rows differ."""
    submissions = [submission_of(file, sheet) for file, sheet in sheets]
    candidates = [
        Candidate(
            number,
            file.body_code,
            file.received_at,
            sheet,
            submission.findings,
            submission.source_url,
            file_name=submission.file_name,
            listing=file.load_id,
        )
        for number, ((file, sheet), submission) in enumerate(zip(sheets, submissions, strict=True))
    ]

    def history(form: Form, bodies: frozenset[str]) -> pd.DataFrame:
        rows = facts_in_force(connection, form, bodies, context.plan)
        return rows[~rows["period"].isin(result.periods)].reset_index(drop=True)

    frames = validate(candidates, history, context.plan, context.forms)
    note_parts(candidates, dict(enumerate(submissions)))
    numbers = _that_differ(connection, context.plan, frames, _last_valid(candidates, submissions), result)
    chosen = {number: submissions[number] for number in numbers}
    classify(connection, context.plan, chosen.values())
    if not chosen:
        return None
    load_accepted(connection, context.plan, batch, list(chosen.values()), frames, chosen)
    return affected_scope(context.plan, chosen.values())


def _last_valid(
    candidates: Sequence[Candidate], submissions: Sequence[Submission]
) -> dict[Report, dict[int, int]]:
    """Return for each report the number of the last valid sheet, by the number of its part if any."""
    last: dict[Report, dict[int, int]] = {}
    for candidate, s in zip(candidates, submissions, strict=True):
        if not candidate.is_valid:
            continue
        of_report = last.setdefault((s.body_code, s.form_code or "", s.period_code or ""), {})
        beside = next((candidates[number].part for number in of_report.values()), None)
        if candidate.part is None or beside is None or beside.part_set is not candidate.part.part_set:
            of_report.clear()
        of_report[s.part_no] = candidate.number
    return last


def _that_differ(
    connection: Connection,
    plan: Plan,
    frames: dict[str, pd.DataFrame],
    last: dict[Report, dict[int, int]],
    result: Backfill,
) -> list[int]:
    """Return the numbers of the submissions whose rows are not those in force.

    Adds a problem for each report in force of which no archived file is valid now.
    """
    differ: list[int] = []
    in_force = _reports_in_force(connection, plan, result.periods)
    for code, form in form_set_of(connection, plan).by_code.items():
        of_form = {report: parts for report, parts in last.items() if report[1] == code}
        bodies = {report[0] for report in of_form}
        rows = facts_in_force(connection, form, bodies, plan) if bodies else pd.DataFrame()
        for report, parts in of_form.items():
            now = rows[(rows["body"] == report[0]) & (rows["period"] == report[2])]
            then = frames[code][frames[code]["submission"].isin(parts.values())]
            if _rows(now, list(form.columns)) != _rows(then, list(form.columns)):
                differ.extend(parts.values())
                result.reports.append(report)
    for body, form_code, period in sorted(in_force - set(last)):
        result.problems.append(
            f"{body} {form_code} {period}: no archived file is valid now; the rows in force are kept."
        )
    return sorted(differ)


def _rows(frame: pd.DataFrame, columns: list[str]) -> Counter[tuple[object, ...]]:
    """Return the rows of a frame without their order; missing values compare equal."""
    values = frame[columns].astype(object)
    values = values.where(values.notna(), None)
    return Counter(tuple(row) for row in values.itertuples(index=False, name=None))


def _reports_in_force(connection: Connection, plan: Plan, periods: Sequence[str]) -> set[Report]:
    rows = connection.execute(
        text(
            "SELECT DISTINCT body_code, form_code, period_code FROM audit.submission AS s"
            " WHERE plan_code = :plan AND revision IS NOT NULL AND period_code = ANY(:periods)"
            " AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = s.submission_id)"
        ),
        {"plan": plan.code, "periods": list(periods)},
    )
    return {(row[0], row[1], row[2]) for row in rows}


def without_persons(context: AppContext, figures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return changed figures without values of targets that count persons, for a place without accounts."""
    of_plan = SENSITIVE_TARGET.c.plan_code == context.plan.code
    with context.engine.connect() as connection:
        sensitive = set(connection.scalars(select(SENSITIVE_TARGET.c.target_code).where(of_plan)))
    withheld = {"was": "withheld", "is": "withheld"}
    return [{**row, **withheld} if row["target_code"] in sensitive else row for row in figures]


def as_json(result: Backfill) -> BackfillSummary:
    """Return the result for programs."""
    return {
        "periods": result.periods,
        "files": result.files,
        "reports": [list(report) for report in result.reports],
        "figures": result.figures,
        "problems": result.problems,
    }
