"""A batch of files that were read becomes submissions, is validated as one, and loaded in one transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from plans.model import Plan
from plans.reporting_calendar import year_window
from services.intake import FetchedFile
from transforms.cell_names import column_letters
from transforms.layout.parsed_sheet import SheetReading
from transforms.privacy.personal_data import mask
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate
from warehouse.indicators.materialize import EVERYTHING, lacks_figures, materialize
from warehouse.load.batch import judge, load_batch, touched
from warehouse.load.facts import facts_in_force
from warehouse.load.submissions import KnownFile, Submission, write_ledger


@dataclass(slots=True)
class Outcome:
    """What became of a batch: submissions by status, fact rows loaded, target rows changed."""

    submissions: Counter[str] = field(default_factory=Counter)
    rows_loaded: int = 0
    indicators_changed: int = 0


def load(connection: Connection, arrived: Sequence[FetchedFile], plan: Plan, now: datetime) -> Outcome:
    """Validate and load the files within the connection's transaction, and refresh the targets they touch."""
    submissions: list[Submission] = []
    candidates: list[Candidate] = []
    numbers: dict[int, Submission] = {}
    for file in arrived:
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
    year_start, _ = year_window(plan.year, plan.calendar)
    frames = validate(
        candidates, lambda form, bodies: facts_in_force(connection, form, bodies, plan), year_start
    )
    judge(connection, plan, submissions)
    outcome = Outcome(Counter(submission.status for submission in submissions))
    if submissions:
        outcome.rows_loaded = load_batch(connection, plan, submissions, frames, numbers, now)
    write_ledger(connection, (file.look for file in arrived), now)
    scope = touched(plan, submissions)
    if scope is not None:
        # Where figures are missing as well, all are reckoned at once instead of once more after the batches.
        scope = EVERYTHING if lacks_figures(connection, plan, now) else scope
        outcome.indicators_changed = materialize(connection, plan, now, scope)
    return outcome


def _submissions(file: FetchedFile) -> list[tuple[Submission, SheetReading | None]]:
    """The rows of audit.submission that a file becomes, with the sheet where there is one to validate."""
    if file.known:
        if any(sheet.file_name == file.file_name for sheet in file.known):
            return []  # it is here already: touched, or seen by a run that was killed
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
    look = file.look
    known = KnownFile(
        look.source_url, file.body_code, file.file_name, look.sha256 or "", look.size_bytes, file.received_at
    )
    return submission_of(known, sheet)


def submission_of(file: KnownFile, sheet: SheetReading) -> Submission:
    """The submission that a sheet of a file becomes, its status yet to be found."""
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
    return Submission(
        body_code=file.body_code,
        form_code=form_code,
        period_code=period_code,
        status=status,
        source_url=file.look.source_url,
        file_name=file.file_name,
        sheet_name=mask(sheet_name),
        sha256=file.look.sha256,
        size_bytes=file.look.size_bytes,
        received_at=file.received_at,
    )
