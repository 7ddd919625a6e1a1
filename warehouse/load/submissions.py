"""The audit schema's records of files and submissions: the last look at each file, contents, revisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, case, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from plans.model import Plan
from schemas.declaration import Severity
from schemas.findings import Finding
from transforms.validate.known_parts import KnownPart
from warehouse.bulk_copy import copy_rows
from warehouse.loads import Load
from warehouse.models.audit_tables import DRIVE_FILE
from warehouse.models.submission_table import SUBMISSION
from warehouse.sql_templates import read_sql

ACCEPTED = ("accepted", "accepted_with_warnings")
Content = tuple[str, str, str]  # province, body, sha256


@dataclass(frozen=True, slots=True)
class Look:
    """The last look at a file of a drive: its attributes, and the hash of its content where it was read.

    `judged_plans`: the keys of the plans that it was judged for; None where these are all plans in use.
    `judge_again_on`: the day on which the period of one of its sheets begins, which came too early.
    """

    source_url: str
    path: str
    size_bytes: int
    modified_at: datetime | None
    sha256: str | None
    judged_plans: Sequence[str] | None = None
    judge_again_on: date | None = None


@dataclass(slots=True)
class Submission:
    """A future row of audit.submission; see the table's comments for the columns.

    `part_head` is the first of the parts that are loaded together: it gives the set its number.
    """

    body_code: str
    form_code: str | None
    period_code: str | None
    status: str
    source_url: str
    file_name: str
    sheet_name: str
    sha256: str | None
    size_bytes: int
    received_at: datetime
    findings: list[Finding] = field(default_factory=list)
    column_map: dict[str, str] = field(default_factory=dict)
    revision: int | None = None
    submission_id: int = 0
    is_declared_correction: bool = False
    roles: list[Mapping[str, str]] = field(default_factory=list)
    stated_units: list[dict[str, str]] = field(default_factory=list)
    part_set: int | None = None
    part_no: int = 0
    part_head: "Submission | None" = None


@dataclass(frozen=True, slots=True)
class KnownSheet:
    """A sheet recorded before from content that was received again.

    `is_unclaimed`: its plan did not require it. `is_settled`: its plan accepted it, or rejected it for a
    fault of its content. Neither is so for a copy of content known before. `is_purged`: it was erased since.
    """

    file_name: str
    sheet_name: str
    form_code: str | None
    period_code: str | None
    plan_code: str
    is_unclaimed: bool
    is_settled: bool
    is_purged: bool = False


def read_ledger(
    connection: Connection, source_urls: Sequence[str], plan_keys: Sequence[str], today: date
) -> dict[tuple[str, str], Look]:
    """The last look at every file of the drives, by (source URL, path); `plan_keys` are the plans in use."""
    columns = DRIVE_FILE.columns
    judged = columns.judged_plans
    query = select(
        columns.source_url,
        columns.path,
        columns.size_bytes,
        columns.modified_at,
        columns.sha256,
        case(
            (columns.judge_again_on <= today, literal([], judged.type)),
            (judged.contains(list(plan_keys)), None),
            else_=judged,
        ),
    ).where(columns.source_url.in_(source_urls))
    return {(row.source_url, row.path): Look(*row) for row in connection.execute(query)}


def note_judged(connection: Connection, looks: Iterable[Look], plan_keys: Sequence[str], today: date) -> None:
    """Note that files were judged for the plans in use, though they were not read again."""
    columns = DRIVE_FILE.columns
    paths: dict[str, list[str]] = {}
    for look in looks:
        paths.setdefault(look.source_url, []).append(look.path)
    for url, of_url in paths.items():
        of_files = (columns.source_url == url, columns.path == func.any(of_url))
        still_due = case((columns.judge_again_on > today, columns.judge_again_on), else_=None)
        connection.execute(
            update(DRIVE_FILE).where(*of_files).values(judged_plans=list(plan_keys), judge_again_on=still_due)
        )


def write_ledger(
    connection: Connection, looks: Iterable[Look], seen_at: datetime, plan_keys: Sequence[str]
) -> None:
    """Note a look at each file, which was judged for the plans in use."""
    rows = [
        {
            "source_url": look.source_url,
            "path": look.path,
            "size_bytes": look.size_bytes,
            "modified_at": look.modified_at,
            "sha256": look.sha256,
            "seen_at": seen_at,
            "judged_plans": list(plan_keys),
            "judge_again_on": look.judge_again_on,
        }
        for look in looks
    ]
    if rows:
        statement = insert(DRIVE_FILE)
        new = statement.excluded
        updated = {
            "size_bytes": new.size_bytes,
            "modified_at": new.modified_at,
            "sha256": new.sha256,
            "seen_at": new.seen_at,
            "judged_plans": new.judged_plans,
            "judge_again_on": new.judge_again_on,
        }
        connection.execute(
            statement.on_conflict_do_update(index_elements=["source_url", "path"], set_=updated), rows
        )


def known_contents(
    connection: Connection, provinces: Iterable[str], bodies: Iterable[str], unclaimed: Iterable[str]
) -> dict[Content, list[KnownSheet]]:
    """For each content that was recorded before under a plan of the provinces, its sheets, copies included.

    `unclaimed` are the finding codes of sheets that their plan did not require.
    """
    rows = connection.execute(
        text(read_sql("load/known_contents")),
        {
            "provinces": sorted(set(provinces)),
            "bodies": sorted(set(bodies)),
            "unclaimed": sorted(unclaimed),
        },
    )
    known: dict[Content, list[KnownSheet]] = {}
    for province, body, sha256, *sheet in rows:
        known.setdefault((province, body, sha256), []).append(KnownSheet(*sheet))
    return known


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file received before, whose content is in the archive; `load_id` is its first load."""

    source_url: str
    body_code: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    load_id: int = 0


def files_of_periods(
    connection: Connection,
    plan_code: str,
    periods: Sequence[str],
    until: int | None = None,
    with_rejected_elsewhere: bool = False,
) -> list[KnownFile]:
    """The files that were received for some periods, or for one that could not be read, in that order.

    `until`: only those up to this submission; a number, because clocks may be set back and numbers only grow.
    `with_rejected_elsewhere`: also those that were rejected under other plans of the province.
    """
    rows = connection.execute(
        text(read_sql("load/files_of_periods")),
        {
            "plan": plan_code,
            "periods": list(periods),
            "until": until,
            "rejected_elsewhere": with_rejected_elsewhere,
        },
    )
    return [KnownFile(*row) for row in rows]


def known_parts(connection: Connection, plan_code: str, bodies: Iterable[str]) -> dict[int, KnownPart]:
    """The submissions of some bodies that were parts of a report, by their numbers."""
    columns = SUBMISSION.columns
    query = select(
        columns.submission_id,
        columns.part_set,
        columns.part_no,
        columns.source_url,
        columns.file_name,
        columns.sheet_name,
    ).where(
        columns.plan_code == plan_code,
        columns.part_set.is_not(None),
        columns.body_code == func.any(sorted(bodies)),
    )
    return {number: KnownPart(*part) for number, *part in connection.execute(query)}


def number_submissions(connection: Connection, plan_code: str, submissions: Sequence[Submission]) -> None:
    """Give each submission its id, and the accepted ones the next revision of their report, in order.

    Parts of a report that are loaded together share a revision.
    """
    ids = connection.execute(
        text("SELECT nextval('audit.submission_id_seq') FROM generate_series(1, :n)"), {"n": len(submissions)}
    )
    for submission, number in zip(submissions, sorted(ids.scalars()), strict=True):
        submission.submission_id = number
    columns = SUBMISSION.columns
    report = (columns.body_code, columns.form_code, columns.period_code)
    query = (
        select(*report, func.max(columns.revision))
        .where(
            columns.plan_code == plan_code,
            columns.revision.is_not(None),
            columns.body_code == func.any(sorted({s.body_code for s in submissions})),
        )
        .group_by(*report)
    )
    latest = {(row[0], row[1], row[2]): row[3] for row in connection.execute(query)}
    shared: dict[tuple[str, str, str], set[tuple[int | None, int]]] = {}  # the parts of the last revision
    for submission in submissions:
        if submission.part_head is not None:
            submission.part_set = submission.part_head.submission_id
        if submission.status in ACCEPTED:
            key = (submission.body_code, submission.form_code or "", submission.period_code or "")
            part = (submission.part_set, submission.part_no)
            parts = shared.get(key, set())
            of_this_set = submission.part_set is not None and {one[0] for one in parts} == {part[0]}
            if not of_this_set or part in parts:
                latest[key] = latest.get(key, -1) + 1
                parts = shared[key] = set()
            parts.add(part)
            submission.revision = latest[key]


def load_submissions(
    connection: Connection, plan: Plan, submissions: Sequence[Submission], load: Load
) -> None:
    """COPY the submissions and their findings, which are in the language of the plan and in English."""
    _copy(connection, "audit.submission", [_submission_row(s, plan.code, load) for s in submissions])
    findings = [
        _finding_row(submission, number, finding, plan.language)
        for submission in submissions
        for number, finding in enumerate(submission.findings, 1)
    ]
    _copy(connection, "audit.finding", findings)


def _copy(connection: Connection, table: str, rows: Sequence[dict[str, object]]) -> None:
    """COPY rows that all have the same columns."""
    if rows:
        copy_rows(connection, table, list(rows[0]), (list(row.values()) for row in rows))


def _submission_row(submission: Submission, plan_code: str, load: Load) -> dict[str, object]:
    errors = sum(finding.severity is Severity.ERROR for finding in submission.findings)
    return {
        "submission_id": submission.submission_id,
        "load_id": load.load_id,
        "plan_code": plan_code,
        "body_code": submission.body_code,
        "form_code": submission.form_code,
        "period_code": submission.period_code,
        "revision": submission.revision,
        "status": submission.status,
        "source_url": submission.source_url,
        "file_name": submission.file_name,
        "sheet_name": submission.sheet_name,
        "sha256": submission.sha256,
        "size_bytes": submission.size_bytes,
        "received_at": submission.received_at,
        "ingested_at": load.started_at,
        "error_count": errors,
        "warning_count": len(submission.findings) - errors,
        "column_map": Jsonb(submission.column_map),
        "is_declared_correction": submission.is_declared_correction,
        "roles": Jsonb(submission.roles),
        "stated_units": Jsonb(submission.stated_units),
        "part_set": submission.part_set,
        "part_no": submission.part_no,
    }


def _finding_row(submission: Submission, number: int, finding: Finding, language: str) -> dict[str, object]:
    return {"submission_id": submission.submission_id, "finding_no": number, **finding.as_row(language)}


def plan_of_submission(connection: Connection, submission_id: int) -> str | None:
    """The code of the plan that a submission belongs to; None where there is no such submission."""
    columns = SUBMISSION.columns
    code: str | None = connection.scalar(
        select(columns.plan_code).where(columns.submission_id == submission_id)
    )
    return code


def last_accepted(connection: Connection, plan_code: str) -> int:
    """The number of the plan's last accepted submission; 0 where there is none."""
    columns = SUBMISSION.columns
    query = select(func.max(columns.submission_id)).where(
        columns.plan_code == plan_code, columns.revision.is_not(None)
    )
    return int(connection.scalar(query) or 0)
