"""Derive a range of periods again from the archive, as if all had come in order, and apply what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Connection, text

from drives import archive
from plans.model import Plan
from plans.reporting_calendar import year_window
from schemas.forms import BY_CODE
from services.batch_load import submission_of
from services.context import AppContext
from services.reader_pool import Job, read_files
from transforms.layout.parsed_sheet import FileReading
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate
from warehouse.database import advisory_lock
from warehouse.indicators.materialize import Scope, figures_by_key, materialize
from warehouse.load.batch import judge, load_batch, touched
from warehouse.load.facts import facts_in_force
from warehouse.load.submissions import KnownFile, Submission, files_of_periods

Report = tuple[str, str, str]  # body, form, period


@dataclass(slots=True)
class Backfill:
    """What a backfill changes, or would: reports taken in anew, figures that move, and what stands aside."""

    periods: list[str]
    files: int = 0
    reports: list[Report] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def backfill(work: AppContext, periods: Sequence[str], plan_only: bool) -> Backfill:
    """Read the archived files of the periods again and bring the warehouse to what they say now.

    Frozen snapshots stay. With `plan_only` everything is reckoned and nothing kept. All or nothing; a run
    that was killed is started again.
    """
    result = Backfill(list(periods))
    with advisory_lock(work.engine, "ingest"):
        with work.engine.connect() as connection:
            known = files_of_periods(connection, work.plan.code, periods)
        readings = dict(_read_again(work, known, result))
        with work.engine.connect() as connection, connection.begin() as transaction:
            before = figures_by_key(connection, work.plan)
            changed = _apply(connection, work, known, readings, result)
            materialize(connection, work.plan, work.now, Scope(periods=tuple(periods)))
            if changed is not None:
                materialize(connection, work.plan, work.now, changed)
            after = figures_by_key(connection, work.plan)
            result.figures = [
                {
                    "target_code": key[0],
                    "area_code": key[1],
                    "period_code": key[2],
                    "was": was,
                    "is": after[key],
                }
                for key, was in before.items()
                if after.get(key) != was
            ] + [
                {"target_code": key[0], "area_code": key[1], "period_code": key[2], "was": None, "is": now}
                for key, now in after.items()
                if key not in before
            ]
            if plan_only:
                transaction.rollback()
    return result


def load_files(work: AppContext, known: Sequence[KnownFile], periods: Sequence[str]) -> Backfill:
    """Load archived files into a warehouse that does not have them yet, as if they had come in order."""
    result = Backfill(list(periods))
    readings = dict(_read_again(work, known, result))
    with work.engine.begin() as connection:
        _apply(connection, work, known, readings, result)
    return result


def _read_again(
    work: AppContext, known: Sequence[KnownFile], result: Backfill
) -> Iterator[tuple[int, FileReading]]:
    def jobs() -> Iterator[Job]:
        for number, file in enumerate(known):
            if archive.withheld(work.settings.archive, file.sha256):
                continue  # refused for a person's data: there is nothing to read
            try:
                content = archive.load(work.settings.archive, file.sha256)
            except archive.ArchiveError as error:
                result.problems.append(f"{file.body_code}/{file.file_name}: {error}")
                continue
            result.files += 1
            yield Job(number, content, file.sha256, file.file_name, file.body_code)

    today = work.now.astimezone(ZoneInfo(work.plan.calendar.timezone)).date()
    for job, reading in read_files(jobs(), work.plan, today, work.settings.archive):
        yield job.number, reading


def _apply(
    connection: Connection,
    work: AppContext,
    known: Sequence[KnownFile],
    readings: dict[int, FileReading],
    result: Backfill,
) -> Scope | None:
    """Validate everything again in the order in which it came, and load the reports that end otherwise."""
    submissions: list[Submission] = []
    candidates: list[Candidate] = []
    for number, file in enumerate(known):
        for sheet in readings.get(number, FileReading()).sheets:
            if sheet.period is not None and sheet.period.code in result.periods:
                submission = submission_of(file, sheet)
                candidates.append(
                    Candidate(
                        len(candidates),
                        file.body_code,
                        file.received_at,
                        sheet,
                        submission.findings,
                        submission.source_url,
                    )
                )
                submissions.append(submission)

    def history(form: Any, bodies: frozenset[str]) -> pd.DataFrame:
        rows = facts_in_force(connection, form, bodies, work.plan)
        return rows[~rows["period"].isin(result.periods)].reset_index(drop=True)

    year_start, _ = year_window(work.plan.year, work.plan.calendar)
    frames = validate(candidates, history, year_start)
    last = {
        (s.body_code, s.form_code or "", s.period_code or ""): number
        for number, s in enumerate(submissions)
        if candidates[number].is_valid
    }
    numbers = _that_differ(connection, work.plan, frames, last, result)
    chosen = {number: submissions[number] for number in numbers}
    judge(connection, work.plan, chosen.values())
    if not chosen:
        return None
    load_batch(connection, work.plan, list(chosen.values()), frames, chosen, work.now, kind="backfill")
    return touched(work.plan, chosen.values())


def _that_differ(
    connection: Connection,
    plan: Plan,
    frames: dict[str, pd.DataFrame],
    last: dict[Report, int],
    result: Backfill,
) -> list[int]:
    """The numbers of the submissions whose rows are not those in force; notes what has nothing sound now."""
    differ: list[int] = []
    in_force = _reports_in_force(connection, plan, result.periods)
    for code, form in BY_CODE.items():
        of_form = {report: number for report, number in last.items() if report[1] == code}
        bodies = {report[0] for report in of_form}
        rows = facts_in_force(connection, form, bodies, plan) if bodies else pd.DataFrame()
        for report, number in of_form.items():
            now = rows[(rows["body"] == report[0]) & (rows["period"] == report[2])]
            then = frames[code][frames[code]["submission"] == number]
            if _rows(now, list(form.columns)) != _rows(then, list(form.columns)):
                differ.append(number)
                result.reports.append(report)
    for body, form_code, period in sorted(in_force - set(last)):
        result.problems.append(
            f"{body} {form_code} {period}: no archived file stands now; what is in force stays."
        )
    return sorted(differ)


def _rows(frame: pd.DataFrame, columns: list[str]) -> list[str]:
    return sorted(repr(tuple(row)) for row in frame[columns].astype(object).itertuples(index=False))


def _reports_in_force(connection: Connection, plan: Plan, periods: Sequence[str]) -> set[Report]:
    rows = connection.execute(
        text(
            "SELECT DISTINCT body_code, form_code, period_code FROM audit.submission"
            " WHERE plan_code = :plan AND revision IS NOT NULL AND period_code = ANY(:periods)"
        ),
        {"plan": plan.code, "periods": list(periods)},
    )
    return {(row[0], row[1], row[2]) for row in rows}


def as_json(result: Backfill) -> dict[str, Any]:
    """The result for machines."""
    return {
        "periods": result.periods,
        "files": result.files,
        "reports": [list(report) for report in result.reports],
        "figures": result.figures,
        "problems": result.problems,
    }
