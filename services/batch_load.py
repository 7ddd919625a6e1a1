"""Turn a batch of read files into submissions, validate them together and load them in one transaction."""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from plans.model import Plan
from plans.plan_fit import may_require
from services.intake import FetchedFile
from services.plan_routing import ActivePlan, is_new_for_plan
from transforms.cell_names import column_letters
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.reply_sheet import Reply
from transforms.plan_choice import is_claimed
from transforms.privacy.personal_data import mask
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate
from warehouse.form_catalog import form_set_of
from warehouse.indicators.evaluation import EVERYTHING
from warehouse.indicators.figure_coverage import lacks_figures
from warehouse.indicators.materialize import materialize
from warehouse.load.batch import affected_scope, classify
from warehouse.load.facts import facts_in_force
from warehouse.load.repeated import mark_repeated
from warehouse.load.set_aside import load_accepted
from warehouse.load.submissions import KnownFile, KnownSheet, Submission, known_parts, write_ledger
from warehouse.loads import recorded_load
from warehouse.quality.finding_states import record_replies

_LOGGER = logging.getLogger("chitieu")


@dataclass(slots=True)
class BatchResult:
    """The result of a batch: submissions by status, fact rows loaded, target rows changed, load ids."""

    submissions: Counter[str] = field(default_factory=Counter)
    rows_loaded: int = 0
    indicators_changed: int = 0
    loads: list[int] = field(default_factory=list)

    def add(self, other: "BatchResult") -> None:
        """Add the counts of another plan."""
        self.submissions += other.submissions
        self.rows_loaded += other.rows_loaded
        self.indicators_changed += other.indicators_changed
        self.loads += other.loads


@dataclass(frozen=True, slots=True)
class _Received:
    """A submission of a plan, with its sheet where there is one to validate."""

    plan_code: str
    submission: Submission
    sheet: SheetReading | None = None


def load(
    connection: Connection, files: Sequence[FetchedFile], plans: Sequence[ActivePlan], now: datetime
) -> BatchResult:
    """Validate and load the files in the connection's transaction, and refresh the targets they affect.

    Each plan has a load of its own.
    """
    looks = [replace(file.ledger_entry, judge_again_on=_begins_on(file, now)) for file in files]
    write_ledger(connection, looks, now, [active.key for active in plans])
    received = [one for file in files for one in _submissions(file)]
    result = BatchResult()
    for active in plans:
        of_plan = [one for one in received if one.plan_code == active.plan.code]
        if of_plan:
            result.add(_load_plan(connection, of_plan, active.plan, now))
    for file in files:
        _record_replies(connection, file, now)
    return result


def _record_replies(connection: Connection, file: FetchedFile, now: datetime) -> None:
    """Record the replies of a returned file; those to no finding of the body are logged by their cells."""
    left: Sequence[Reply] = file.reading.replies
    for active in file.plans:
        if left:
            sha256 = file.ledger_entry.sha256 or ""
            left = record_replies(connection, active.plan, file.body_code, sha256, left, now)
    if left:
        cells = ", ".join(reply.cell for reply in left[:10])
        _LOGGER.warning("%s: replies to findings of no report of the body (%s)", file.file_name, cells)


def _begins_on(file: FetchedFile, now: datetime) -> date | None:
    """Return the day on which the first period of the file begins that has not begun yet."""
    plans = {active.plan.code: active.plan for active in file.plans}
    days = [
        sheet.period.window_start
        for sheet in file.reading.sheets
        if sheet.period is not None
        and may_require(plans[sheet.plan_code], file.body_code, sheet.form_code, sheet.period.code)
        and sheet.period.window_start > now.date()
    ]
    return min(days, default=None)


def _load_plan(
    connection: Connection, received: Sequence[_Received], plan: Plan, now: datetime
) -> BatchResult:
    """Validate and load the submissions of a plan."""
    submissions = [one.submission for one in received]
    numbers: dict[int, Submission] = {}
    candidates: list[Candidate] = []
    for one in received:
        if one.sheet is not None:
            numbers[len(candidates)] = one.submission
            candidates.append(_candidate(len(candidates), one.submission, one.sheet))
    frames = validate(
        candidates,
        lambda form, bodies: facts_in_force(connection, form, bodies, plan),
        plan,
        form_set_of(connection, plan),
        known_parts(connection, plan.code, {c.body_code for c in candidates}),
    )
    note_parts(candidates, numbers)
    unchanged = frozenset(id(numbers[c.number]) for c in candidates if c.is_unchanged)
    mark_repeated(connection, plan, submissions, unchanged)
    classify(connection, plan, submissions)
    result = BatchResult()
    with recorded_load(connection, plan, "ingest", now) as batch:
        result.rows_loaded = load_accepted(connection, plan, batch, submissions, frames, numbers)
        result.submissions = Counter(submission.status for submission in submissions)
        scope = affected_scope(plan, submissions)
        if scope is not None:
            # Where figures are missing as well, all are computed now and not again after the batches.
            scope = EVERYTHING if lacks_figures(connection, plan, now) else scope
            result.indicators_changed = materialize(connection, plan, now, scope, load=batch)
        result.loads.append(batch.load_id)
    _log_submissions(submissions, batch.load_id)
    return result


def note_parts(candidates: Sequence[Candidate], submissions: Mapping[int, Submission]) -> None:
    """Note in each submission which part of its report it is; both are by the number of the candidate."""
    for candidate in candidates:
        if candidate.part is None:
            continue
        submission, part_set = submissions[candidate.number], candidate.part.part_set
        submission.part_no = candidate.part.part_no
        if isinstance(part_set, Candidate):
            submission.part_head = submissions[part_set.number]
        else:
            submission.part_set = part_set


def _candidate(number: int, submission: Submission, sheet: SheetReading) -> Candidate:
    return Candidate(
        number,
        submission.body_code,
        submission.received_at,
        sheet,
        submission.findings,
        submission.source_url,
        file_name=submission.file_name,
    )


def _log_submissions(submissions: Sequence[Submission], load_id: int) -> None:
    """Log each submission with its body and form as fields; a batch has hundreds, so only with -v."""
    for submission in submissions:
        _LOGGER.debug(
            "Submission %s is %s",
            submission.submission_id,
            submission.status.replace("_", " "),
            extra={"load_id": load_id, "body": submission.body_code, "form": submission.form_code},
        )


def _submissions(file: FetchedFile) -> list[_Received]:
    """Return the submissions of a file, each with its sheet where there is one to validate."""
    if file.is_judged_again and not any(sheet.is_purged for sheet in file.known):
        new = [one for one in _of_reading(file) if _is_new(file, one)]
        return new + _copies(file, file.known, {one.submission.sheet_name for one in new})
    if file.known:
        return _copies(file, file.known)
    if file.same_as is not None:
        return [_copy(file, one.plan_code, one.submission) for one in _submissions(file.same_as)]
    return _of_reading(file)


def _copies(file: FetchedFile, known: Sequence[KnownSheet], without: Collection[str] = ()) -> list[_Received]:
    """Return a duplicate of each known sheet; none where the file itself is known, or was erased.

    Its date changed then, or a killed run had fetched it.
    """
    if any(sheet.is_purged or sheet.file_name == file.file_name for sheet in known):
        return []
    sheets = {(s.plan_code, s.sheet_name): s for s in known if s.sheet_name not in without}.values()
    return [_copy(file, sheet.plan_code, sheet) for sheet in sheets]


def _copy(file: FetchedFile, plan_code: str, sheet: KnownSheet | Submission) -> _Received:
    """Return the submission of a sheet that was recorded before, from another file."""
    again = _submission(file, "duplicate", sheet.sheet_name, sheet.form_code, sheet.period_code)
    return _Received(plan_code, again)


def _is_new(file: FetchedFile, one: _Received) -> bool:
    """Return whether a submission of a file that was judged again is to be recorded."""
    plan = next(active.plan for active in file.plans if active.plan.code == one.plan_code)
    claimed = one.sheet is not None and is_claimed(plan, one.sheet, file.body_code)
    return is_new_for_plan(file.known, plan.code, one.submission.sheet_name, claimed)


def _of_reading(file: FetchedFile) -> list[_Received]:
    reading = file.reading
    plan_code = reading.plan_code or file.plans[0].plan.code
    if reading.problem is not None:
        submission = _submission(file, "")
        submission.findings.append(reading.problem)
        return [_Received(plan_code, submission)]
    if not reading.sheets:
        ignored = _submission(file, "ignored")
        ignored.findings.extend(reading.remarks)
        return [_Received(plan_code, ignored)]
    return [_Received(sheet.plan_code, _of_sheet(file, sheet), sheet) for sheet in reading.sheets]


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
        roles=[roles for roles in (sheet.roles, *sheet.further_roles) if roles],
        stated_units=[
            {"column": unit.key, "cell": unit.cell, "unit": mask(unit.text), "factor": f"{unit.factor:f}"}
            for unit in sheet.units
        ],
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
