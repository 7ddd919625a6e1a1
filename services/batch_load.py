"""Turn a batch of read files into submissions, validate them together and load them in one transaction."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from plans.model import Plan
from plans.plan_years import year_starts
from services.intake import FetchedFile
from transforms.cell_names import column_letters
from transforms.layout.parsed_sheet import SheetReading
from transforms.privacy.personal_data import mask
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate
from warehouse.indicators.materialize import EVERYTHING, lacks_figures, materialize
from warehouse.load.batch import affected_scope, classify
from warehouse.load.facts import facts_in_force
from warehouse.load.repeated import mark_repeated
from warehouse.load.set_aside import load_accepted
from warehouse.load.submissions import KnownFile, Submission, write_ledger
from warehouse.loads import recorded_load

_LOGGER = logging.getLogger("chitieu")


@dataclass(slots=True)
class BatchResult:
    """The result of a batch: submissions by status, fact rows loaded, target rows changed."""

    submissions: Counter[str] = field(default_factory=Counter)
    rows_loaded: int = 0
    indicators_changed: int = 0


def load(connection: Connection, files: Sequence[FetchedFile], plan: Plan, now: datetime) -> BatchResult:
    """Validate and load the files in the connection's transaction, and refresh the targets they affect."""
    submissions: list[Submission] = []
    candidates: list[Candidate] = []
    numbers: dict[int, Submission] = {}
    for file in files:
        for submission, sheet in _submissions(file):
            submissions.append(submission)
            if sheet is not None:
                numbers[len(candidates)] = submission
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
    frames = validate(
        candidates, lambda form, bodies: facts_in_force(connection, form, bodies, plan), *year_starts(plan)
    )
    unchanged = frozenset(id(numbers[c.number]) for c in candidates if c.is_unchanged)
    mark_repeated(connection, plan, submissions, unchanged)
    classify(connection, plan, submissions)
    result = BatchResult()
    write_ledger(connection, (file.ledger_entry for file in files), now)
    if not submissions:
        return result
    with recorded_load(connection, plan, "ingest", now) as batch:
        result.rows_loaded = load_accepted(connection, plan, batch, submissions, frames, numbers)
        result.submissions = Counter(submission.status for submission in submissions)
        scope = affected_scope(plan, submissions)
        if scope is not None:
            # Where figures are missing as well, all are computed now and not again after the batches.
            scope = EVERYTHING if lacks_figures(connection, plan, now) else scope
            result.indicators_changed = materialize(connection, plan, now, scope, load=batch)
    _log_submissions(submissions, batch.load_id)
    return result


def _log_submissions(submissions: Sequence[Submission], load_id: int) -> None:
    """Log each submission with its body and form as fields; a batch has hundreds, so only with -v."""
    for submission in submissions:
        _LOGGER.debug(
            "Submission %s is %s",
            submission.submission_id,
            submission.status.replace("_", " "),
            extra={"load_id": load_id, "body": submission.body_code, "form": submission.form_code},
        )


def _submissions(file: FetchedFile) -> list[tuple[Submission, SheetReading | None]]:
    """Return the submissions of a file, each with its sheet where there is one to validate."""
    if file.known:
        if any(sheet.is_purged or sheet.file_name == file.file_name for sheet in file.known):
            return []  # erased, or loaded already: its date changed, or a killed run had fetched it
        sheets = {s.sheet_name: s for s in file.known}.values()
        return [
            (_submission(file, "duplicate", s.sheet_name, s.form_code, s.period_code), None) for s in sheets
        ]
    if file.same_as is not None:
        return [
            (_submission(file, "duplicate", s.sheet_name, s.form_code, s.period_code), None)
            for s, _ in _submissions(file.same_as)
        ]
    reading = file.reading
    if reading.problem is not None:
        submission = _submission(file, "")
        submission.findings.append(reading.problem)
        return [(submission, None)]
    if not reading.sheets:
        ignored = _submission(file, "ignored")
        ignored.findings.extend(reading.remarks)
        return [(ignored, None)]
    return [(_of_sheet(file, sheet), sheet) for sheet in reading.sheets]


def _of_sheet(file: FetchedFile, sheet: SheetReading) -> Submission:
    entry = file.ledger_entry
    sha256 = entry.sha256 or ""
    known = KnownFile(
        entry.source_url, file.body_code, file.file_name, sha256, entry.size_bytes, file.received_at
    )
    return submission_of(known, sheet)


def submission_of(file: KnownFile, sheet: SheetReading) -> Submission:
    """Return the submission of a sheet of a file; its status is not set yet."""
    return Submission(
        body_code=file.body_code,
        form_code=sheet.form_code,
        period_code=sheet.period.code if sheet.period else None,
        status="",
        source_url=file.source_url,
        file_name=file.file_name,
        sheet_name=mask(sheet.sheet_name),
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        received_at=file.received_at,
        findings=list(sheet.findings),
        column_map={key: column_letters(column) for key, column in sheet.columns.items()},
        is_declared_correction=sheet.is_declared_correction,
    )


def _submission(
    file: FetchedFile,
    status: str,
    sheet_name: str = "",
    form_code: str | None = None,
    period_code: str | None = None,
) -> Submission:
    entry = file.ledger_entry
    return Submission(
        body_code=file.body_code,
        form_code=form_code,
        period_code=period_code,
        status=status,
        source_url=entry.source_url,
        file_name=file.file_name,
        sheet_name=mask(sheet_name),
        sha256=entry.sha256,
        size_bytes=entry.size_bytes,
        received_at=file.received_at,
    )
