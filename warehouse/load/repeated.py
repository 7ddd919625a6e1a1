"""Sheets that repeat the report in force: a corrected workbook also holds sheets that were right before."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from plans.model import Plan
from schemas.declaration import Severity
from warehouse.load.submissions import Submission
from warehouse.sql_templates import read_sql

_Report = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class _LastReport:
    """The last submission of a report: whether it was accepted, and its findings as "code column"."""

    is_accepted: bool
    warnings: frozenset[str]


def mark_repeated(
    connection: Connection, plan: Plan, submissions: Iterable[Submission], unchanged: frozenset[int]
) -> None:
    """Make duplicates of the submissions that change nothing: no figure, and no warning is gone.

    `unchanged` are the `id()` of submissions whose figures are those in force. After a rejected submission of
    the report the same figures are a revision: they answer the rejection.
    """
    ordered = list(submissions)
    last = _last_reports(connection, plan, {s.body_code for s in ordered if id(s) in unchanged})
    for submission in ordered:
        if submission.status:
            continue
        report = (submission.body_code, submission.form_code, submission.period_code)
        is_accepted = not any(finding.severity is Severity.ERROR for finding in submission.findings)
        warnings = frozenset(f"{f.code} {f.column_key}".strip() for f in submission.findings)
        former = last.get(report)
        if id(submission) in unchanged and former and former.is_accepted and former.warnings <= warnings:
            submission.status = "duplicate"
            submission.findings.clear()
        else:
            last[report] = _LastReport(is_accepted, warnings)


def _last_reports(connection: Connection, plan: Plan, bodies: set[str]) -> dict[_Report, _LastReport]:
    rows = connection.execute(
        text(read_sql("load/last_reports")), {"plan": plan.code, "bodies": sorted(bodies)}
    )
    return {(row[0], row[1], row[2]): _LastReport(row[3], frozenset(map(str.strip, row[4]))) for row in rows}
