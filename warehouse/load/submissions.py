"""What the audit schema knows of files and submissions: the ledger of looks, known contents, revisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from schemas.findings import Finding
from warehouse.bulk_copy import copy_rows

ACCEPTED = ("accepted", "accepted_with_warnings")
_SUBMISSION_COLUMNS = [
    *("submission_id", "plan_code", "body_code", "form_code", "period_code", "revision", "status"),
    *("source_url", "file_name", "sheet_name", "sha256", "size_bytes", "received_at", "ingested_at"),
    *("error_count", "warning_count", "column_map", "is_declared_correction"),
]
_FINDING_COLUMNS = [
    *("submission_id", "finding_no", "severity", "code", "sheet_name", "cell", "column_key"),
    *("value_shown", "message_vi", "message_en"),
]


@dataclass(frozen=True, slots=True)
class Look:
    """The last look at a file of a drive: what it was like, and its content's hash where it was read."""

    source_url: str
    path: str
    size_bytes: int
    modified_at: datetime | None
    sha256: str | None


@dataclass(slots=True)
class Submission:
    """A row of audit.submission to be; see the table's comments for the columns."""

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


@dataclass(frozen=True, slots=True)
class KnownSheet:
    """A sheet loaded before from content that has come again."""

    file_name: str
    sheet_name: str
    form_code: str | None
    period_code: str | None


def read_ledger(connection: Connection, source_urls: Sequence[str]) -> dict[tuple[str, str], Look]:
    """The last look at every file of the drives, by (source URL, path)."""
    rows = connection.execute(
        text(
            "SELECT source_url, path, size_bytes, modified_at, sha256 FROM audit.drive_file"
            " WHERE source_url = ANY(:urls)"
        ),
        {"urls": list(source_urls)},
    )
    return {(row[0], row[1]): Look(*row) for row in rows}


def write_ledger(connection: Connection, looks: Iterable[Look], seen_at: datetime) -> None:
    """Note a look at each file."""
    rows = [
        {"u": k.source_url, "p": k.path, "s": k.size_bytes, "m": k.modified_at, "h": k.sha256, "t": seen_at}
        for k in looks
    ]
    if rows:
        connection.execute(
            text(
                "INSERT INTO audit.drive_file (source_url, path, size_bytes, modified_at, sha256, seen_at)"
                " VALUES (:u, :p, :s, :m, :h, :t) ON CONFLICT (source_url, path) DO UPDATE SET"
                " size_bytes = excluded.size_bytes, modified_at = excluded.modified_at,"
                " sha256 = excluded.sha256, seen_at = excluded.seen_at"
            ),
            rows,
        )


def known_contents(
    connection: Connection, plan_code: str, bodies: Iterable[str]
) -> dict[tuple[str, str], list[KnownSheet]]:
    """For each (body, sha256) that was loaded before under this plan, its sheets, copies included."""
    rows = connection.execute(
        text(
            "SELECT body_code, sha256, file_name, sheet_name, form_code, period_code FROM audit.submission"
            " WHERE plan_code = :plan AND body_code = ANY(:bodies) AND sha256 IS NOT NULL"
            " ORDER BY submission_id"
        ),
        {"bodies": sorted(set(bodies)), "plan": plan_code},
    )
    known: dict[tuple[str, str], list[KnownSheet]] = {}
    for body, sha256, *sheet in rows:
        known.setdefault((body, sha256), []).append(KnownSheet(*sheet))
    return known


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file taken in before, as the archive has its content."""

    source_url: str
    body_code: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime


def files_of_periods(
    connection: Connection, plan_code: str, periods: Sequence[str], until: int | None = None
) -> list[KnownFile]:
    """The files that were taken in for some periods, or for one that could not be read, in that order.

    `until`: only those up to this submission; a number, for clocks may be set and numbers only grow.
    """
    rows = connection.execute(
        text(
            "SELECT source_url, body_code, file_name, sha256, size_bytes, received_at FROM ("
            " SELECT DISTINCT ON (body_code, sha256) * FROM audit.submission WHERE plan_code = :plan"
            " AND sha256 IS NOT NULL AND status NOT IN ('duplicate', 'ignored')"
            " AND (period_code = ANY(:periods) OR period_code IS NULL)"
            " AND (CAST(:until AS bigint) IS NULL OR submission_id <= :until)"
            " ORDER BY body_code, sha256, submission_id) first ORDER BY submission_id"
        ),
        {"plan": plan_code, "periods": list(periods), "until": until},
    )
    return [KnownFile(*row) for row in rows]


def number_submissions(connection: Connection, plan_code: str, submissions: Sequence[Submission]) -> None:
    """Give each submission its id, and the accepted ones the next revision of their report, in order."""
    ids = connection.execute(
        text("SELECT nextval('audit.submission_id_seq') FROM generate_series(1, :n)"), {"n": len(submissions)}
    )
    for submission, number in zip(submissions, sorted(ids.scalars()), strict=True):
        submission.submission_id = number
    rows = connection.execute(
        text(
            "SELECT body_code, form_code, period_code, max(revision) FROM audit.submission"
            " WHERE plan_code = :plan AND revision IS NOT NULL AND body_code = ANY(:bodies) GROUP BY 1, 2, 3"
        ),
        {"plan": plan_code, "bodies": sorted({s.body_code for s in submissions})},
    )
    latest = {(row[0], row[1], row[2]): row[3] for row in rows}
    for submission in submissions:
        if submission.status in ACCEPTED:
            report = (submission.body_code, submission.form_code or "", submission.period_code or "")
            submission.revision = latest.get(report, -1) + 1
            latest[report] = submission.revision


def load_submissions(
    connection: Connection, plan_code: str, submissions: Sequence[Submission], now: datetime
) -> None:
    """COPY the submissions and their findings."""
    copy_rows(
        connection,
        "audit.submission",
        _SUBMISSION_COLUMNS,
        (_row(submission, plan_code, now) for submission in submissions),
    )
    copy_rows(
        connection,
        "audit.finding",
        _FINDING_COLUMNS,
        (
            [
                *(s.submission_id, number, f.severity.value, f.code, f.sheet_name, f.cell, f.column_key),
                *(f.value_shown, f.message_vi, f.message_en),
            ]
            for s in submissions
            for number, f in enumerate(s.findings, 1)
        ),
    )


def _row(s: Submission, plan_code: str, now: datetime) -> list[object]:
    errors = sum(finding.severity.value == "error" for finding in s.findings)
    return [
        *(s.submission_id, plan_code, s.body_code, s.form_code, s.period_code, s.revision, s.status),
        *(s.source_url, s.file_name, s.sheet_name, s.sha256, s.size_bytes, s.received_at, now),
        *(errors, len(s.findings) - errors, Jsonb(s.column_map), s.is_declared_correction),
    ]


def last_accepted(connection: Connection, plan_code: str) -> int:
    """The number of the plan's last accepted submission; 0 where there is none."""
    number = connection.scalar(
        text(
            "SELECT max(submission_id) FROM audit.submission WHERE plan_code = :plan AND revision IS NOT NULL"
        ),
        {"plan": plan_code},
    )
    return int(number or 0)
