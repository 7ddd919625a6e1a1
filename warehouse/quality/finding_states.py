"""The life of a finding: open, explained by the body, accepted by a role until a day, gone with a revision.

What was said of a finding is an event of the audit chain, and its state is read from there: there is no other
place that could say otherwise.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.integrity.events import append_event
from warehouse.queries import NotFoundError

Row = dict[str, Any]

_LIVES = """
WITH said AS (
    SELECT DISTINCT ON (subject) subject, kind, occurred_at, payload FROM audit.event
    WHERE kind IN ('explain', 'accept') ORDER BY subject, event_id DESC
)
SELECT f.submission_id, f.finding_no, f.severity, f.code, f.sheet_name, f.cell, f.column_key,
    f.message_vi, f.message_en, s.body_code, b.body_name, s.form_code, s.period_code, s.ingested_at AS since,
    CASE WHEN EXISTS (SELECT FROM audit.submission v WHERE v.plan_code = s.plan_code
            AND v.body_code = s.body_code AND v.form_code = s.form_code AND v.period_code = s.period_code
            AND v.revision IS NOT NULL AND v.submission_id > s.submission_id) THEN 'gone'
        WHEN said.kind = 'accept' AND (said.payload ->> 'until')::date >= CAST(:today AS date)
            THEN 'finding_accepted'
        WHEN said.kind = 'explain' THEN 'explained' ELSE 'open' END AS state,
    said.payload ->> 'why' AS why, said.payload ->> 'by' AS by, said.payload ->> 'until' AS until,
    said.occurred_at AS said_at,
    CASE WHEN f.severity = 'warning' THEN ARRAY(SELECT e.period_code FROM audit.finding g
        JOIN audit.submission e USING (submission_id) WHERE e.plan_code = s.plan_code
        AND e.body_code = s.body_code AND e.form_code = s.form_code AND g.code = f.code
        AND g.column_key IS NOT DISTINCT FROM f.column_key AND e.period_code <> s.period_code
        AND e.submission_id < s.submission_id GROUP BY e.period_code ORDER BY min(e.submission_id))
        ELSE ARRAY[]::text[] END AS seen_in
FROM audit.finding f JOIN audit.submission s USING (submission_id)
JOIN dw.dim_plan pl USING (plan_code)
LEFT JOIN dw.dim_body b ON b.province_code = pl.province_code AND b.body_code = s.body_code AND b.is_latest
LEFT JOIN said ON said.subject = f.submission_id || '/' || f.finding_no
WHERE s.plan_code = :plan ORDER BY f.submission_id, f.severity, f.finding_no
"""


def lives(connection: Connection, plan: Plan, today: date) -> list[Row]:
    """Every finding of the plan with its state: open, explained, finding_accepted or gone.

    `since` is when it was found, `seen_in` the earlier periods in which the body's form had a warning of
    the same kind in the same column. An acceptance whose day has passed leaves the finding open again.
    """
    rows = connection.execute(text(_LIVES), {"plan": plan.code, "today": today}).mappings()
    return [dict(row) for row in rows]


def explain(
    connection: Connection, plan: Plan, submission_id: int, finding_no: int, why: str, now: datetime
) -> None:
    """Note what the body says of a finding. Raises NotFoundError."""
    _check(connection, plan, submission_id, finding_no)
    append_event(connection, "explain", f"{submission_id}/{finding_no}", {"plan": plan.code, "why": why}, now)


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
    """Note that a named role lets a warning stand until a day. Raises NotFoundError; ValueError for an error.

    An error cannot be accepted: the report was refused for it and has to come again.
    """
    if _check(connection, plan, submission_id, finding_no) == "error":
        raise ValueError(f"Finding {submission_id}/{finding_no} is an error: the report has to come again.")
    said = {"plan": plan.code, "by": by, "why": why, "until": until.isoformat()}
    append_event(connection, "accept", f"{submission_id}/{finding_no}", said, now)


def _check(connection: Connection, plan: Plan, submission_id: int, finding_no: int) -> str:
    severity: str | None = connection.scalar(
        text(
            "SELECT f.severity FROM audit.finding f JOIN audit.submission s USING (submission_id)"
            " WHERE s.plan_code = :plan AND f.submission_id = :submission AND f.finding_no = :finding"
        ),
        {"plan": plan.code, "submission": submission_id, "finding": finding_no},
    )
    if severity is None:
        raise NotFoundError(f"There is no finding {submission_id}/{finding_no}: chitieu report names them.")
    return severity
