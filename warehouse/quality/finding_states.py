"""The state of a finding: open, explained by the body, accepted by a role until a day, gone with a revision.

Explanations, replies in returned files and acceptances are events of the audit chain, and the state is
derived from them: there is no second record that could contradict it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, text

from plans.errors import NotFoundError
from plans.model import Plan
from transforms.layout.reply_sheet import Reply, finding_number
from warehouse.integrity.events import append_event
from warehouse.models.audit_tables import FINDING
from warehouse.models.submission_table import SUBMISSION
from warehouse.sql_templates import read_sql

Row = dict[str, Any]


def finding_states(connection: Connection, plan: Plan, today: date) -> list[Row]:
    """Every finding of the plan with its state: open, explained, finding_accepted or gone.

    `since` is when it was found, `seen_in` the earlier periods in which the body's form had a warning of
    the same kind in the same column. After the last day of an acceptance the finding is open again.
    """
    query = text(read_sql("quality/finding_states"))
    rows = connection.execute(query, {"plan": plan.code, "today": today}).mappings()
    return [dict(row) for row in rows]


def explain(
    connection: Connection, plan: Plan, submission_id: int, finding_no: int, why: str, now: datetime
) -> None:
    """Record the body's explanation of a finding. Raises NotFoundError."""
    _severity(connection, plan, submission_id, finding_no)
    append_event(
        connection, "explain", f"{submission_id}/{finding_no}", {"plan": plan.code, "reason": why}, now
    )


def record_replies(
    connection: Connection, plan: Plan, body: str, sha256: str, replies: Sequence[Reply], now: datetime
) -> list[Reply]:
    """Record a body's replies to findings of its own reports, from the file with this hash.

    A reply that is the latest of its finding already is not recorded again. Returns the replies to findings
    that the plan does not have for this body.
    """
    query = text(read_sql("quality/findings_of_body"))
    parameters = {"plan": plan.code, "body": body, "submissions": [r.submission_id for r in replies]}
    latest = {(row.submission_id, row.finding_no): row.reply for row in connection.execute(query, parameters)}
    unknown: list[Reply] = []
    for reply in replies:
        key = (reply.submission_id, reply.finding_no)
        if key not in latest:
            unknown.append(reply)
        elif latest[key] != reply.text:
            latest[key] = reply.text
            payload = {"plan": plan.code, "by": body, "reason": reply.text, "sha256": sha256}
            append_event(connection, "reply", finding_number(*key), payload, now)
    return unknown


def accept(
    connection: Connection,
    plan: Plan,
    submission_id: int,
    finding_no: int,
    by: str,
    why: str,
    until: date,
    now: datetime,
) -> None:
    """Record that a named role accepts a warning until a day. Raises NotFoundError; ValueError for an error.

    An error cannot be accepted: the report was rejected for it and has to be sent again.
    """
    if _severity(connection, plan, submission_id, finding_no) == "error":
        raise ValueError(f"Finding {submission_id}/{finding_no} is an error: the report has to come again.")
    payload = {"plan": plan.code, "by": by, "reason": why, "until": until.isoformat()}
    append_event(connection, "accept", f"{submission_id}/{finding_no}", payload, now)


def _severity(connection: Connection, plan: Plan, submission_id: int, finding_no: int) -> str:
    """The severity of a finding. Raises NotFoundError where the plan has no such finding."""
    query = (
        select(FINDING.c.severity)
        .join(SUBMISSION, SUBMISSION.c.submission_id == FINDING.c.submission_id)
        .where(
            SUBMISSION.c.plan_code == plan.code,
            FINDING.c.submission_id == submission_id,
            FINDING.c.finding_no == finding_no,
        )
    )
    severity: str | None = connection.scalar(query)
    if severity is None:
        raise NotFoundError(f"There is no finding {submission_id}/{finding_no}: chitieu report names them.")
    return severity
