"""What the commands show: target tables, who has reported, the report of a submission; and waivers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from plans.errors import ChitieuError
from plans.model import Plan
from plans.reporting_calendar import scheduled_periods
from warehouse.history.as_of import rows_as_of
from warehouse.integrity.events import append_event

Row = Mapping[str, Any]


class NotFoundError(ChitieuError):
    """Nothing of that name is there; the message says what there is."""


def targets(connection: Connection, plan: Plan, period: str | None, area: str | None) -> list[Row]:
    """The rows of the target table of a period and area, in the order of the plan.

    Without a period: the last one for which anything is known; without an area: the plan's own.
    """
    period = period or last_period_with_data(connection, plan)
    rows = connection.execute(
        text(
            "SELECT * FROM mart.target_indicator WHERE plan_code = :plan AND period_code = :period"
            " AND area_code = :area"
        ),
        {"plan": plan.code, "period": period, "area": area or plan.area},
    ).mappings()
    return _in_plan_order(plan, [dict(row) for row in rows])


def all_targets(connection: Connection, plan: Plan) -> list[Row]:
    """All rows of the plan's target table, by target, area and period."""
    rows = connection.execute(
        text(
            "SELECT * FROM mart.target_indicator WHERE plan_code = :plan"
            " ORDER BY target_code, area_code, period_code"
        ),
        {"plan": plan.code},
    ).mappings()
    return [dict(row) for row in rows]


def snapshot(connection: Connection, plan: Plan, period: str, area: str | None) -> list[Row]:
    """The figures of a closed period as they were frozen. Raises NotFoundError where it is not closed."""
    rows = connection.execute(
        text(
            "SELECT * FROM mart.target_snapshot WHERE plan_code = :plan AND snapshot_code = :period"
            " AND area_code = :area"
        ),
        {"plan": plan.code, "period": period, "area": area or plan.area},
    ).mappings()
    found = _in_plan_order(plan, [dict(row) for row in rows])
    if not found:
        raise NotFoundError(f"{period} is not closed: chitieu close {period} freezes its figures.")
    return found


def as_known_at(
    connection: Connection, plan: Plan, moment: datetime, period: str | None, area: str | None
) -> list[Row]:
    """The target table as it was known at a moment; without a period, of the last one that had closed."""
    if period is None:
        today = moment.astimezone(ZoneInfo(plan.calendar.timezone)).date()
        ended = [p for p in scheduled_periods(plan.year, plan.calendar) if p.window_end < today]
        if not ended:
            return []
        last = max(p.window_end for p in ended)
        period = min((p for p in ended if p.window_end == last), key=lambda p: p.window_start).code
    return _in_plan_order(plan, rows_as_of(connection, plan, moment, period, area or plan.area))


def _in_plan_order(plan: Plan, rows: Sequence[Row]) -> list[Row]:
    order = {target.code: number for number, target in enumerate(plan.targets)}
    return sorted(rows, key=lambda row: order.get(row["target_code"], len(order)))


def last_period_with_data(connection: Connection, plan: Plan) -> str | None:
    """The latest period for which a report has been accepted; the longest of those that end on that day."""
    code: str | None = connection.scalar(
        text(
            "SELECT t.period_code FROM mart.target_indicator t JOIN dw.dim_period p USING (period_code)"
            " WHERE t.plan_code = :plan AND p.window_end <= (SELECT max(p.window_end) FROM audit.submission s"
            " JOIN dw.dim_period p USING (period_code)"
            " WHERE s.plan_code = :plan AND s.revision IS NOT NULL)"
            " ORDER BY p.window_end DESC, p.window_start LIMIT 1"
        ),
        {"plan": plan.code},
    )
    return code


def reporting_status(connection: Connection, plan: Plan, period: str | None) -> list[Row]:
    """Who has sent what, of one period or of all: overdue and refused reports first."""
    rows = connection.execute(
        text(
            "SELECT s.* FROM mart.reporting_status s JOIN dw.dim_period p USING (period_code)"
            " WHERE plan_code = :plan AND (CAST(:period AS text) IS NULL OR period_code = :period)"
            " ORDER BY array_position(ARRAY['rejected', 'missing', 'late', 'on_time', 'waived', 'not_due'],"
            " s.status), p.window_end, p.period_kind, body_code, form_code"
        ),
        {"plan": plan.code, "period": period},
    ).mappings()
    return [dict(row) for row in rows]


def to_remind(connection: Connection, plan: Plan, now: datetime, days_ahead: int) -> list[Row]:
    """The reports that are overdue, refused, or due within some days: rows of mart.reporting_status."""
    rows = connection.execute(
        text(
            "SELECT * FROM mart.reporting_status WHERE plan_code = :plan"
            " AND (status IN ('missing', 'rejected')"
            " OR (status = 'not_due' AND due_at <= CAST(:now AS timestamptz) + :days * interval '1 day'))"
            " AND due_at IS NOT NULL ORDER BY body_code, due_at, form_code"
        ),
        {"plan": plan.code, "now": now, "days": days_ahead},
    ).mappings()
    return [dict(row) for row in rows]


def latest_refused(connection: Connection, plan: Plan, most: int = 50) -> list[Row]:
    """The refused submissions of the latest ingest that had any, with their finding codes."""
    rows = connection.execute(
        text(
            "SELECT s.submission_id, s.body_code, s.form_code, s.period_code,"
            " string_agg(DISTINCT f.code, ', ') AS codes"
            " FROM audit.submission s JOIN audit.finding f USING (submission_id)"
            " WHERE s.plan_code = :plan AND s.status = 'rejected' AND f.severity = 'error'"
            " AND s.ingested_at = (SELECT max(ingested_at) FROM audit.submission WHERE plan_code = :plan)"
            " GROUP BY 1 ORDER BY 1 LIMIT :most"
        ),
        {"plan": plan.code, "most": most},
    ).mappings()
    return [dict(row) for row in rows]


def submission_report(connection: Connection, submission_id: int) -> tuple[Row, list[Row]]:
    """A submission and its findings, errors first. Raises NotFoundError."""
    row = connection.execute(
        text(
            "SELECT s.*, b.body_name, p.name_vi AS period_name, f.title_vi FROM audit.submission s"
            " LEFT JOIN dw.dim_plan pl USING (plan_code)"
            " LEFT JOIN LATERAL (SELECT d.body_name FROM dw.dim_body d"  # as it was when the file came
            "  WHERE d.province_code = pl.province_code AND d.body_code = s.body_code"
            "  AND d.valid_from <= s.received_at AND d.valid_from < d.valid_to"
            "  ORDER BY d.valid_from DESC LIMIT 1) b ON true"
            " LEFT JOIN dw.dim_period p USING (period_code) LEFT JOIN dw.dim_form f USING (form_code)"
            " WHERE s.submission_id = :number"
        ),
        {"number": submission_id},
    ).mappings()
    submission = row.one_or_none()
    if submission is None:
        raise NotFoundError(f"There is no submission {submission_id}: chitieu status lists those there are.")
    findings = connection.execute(
        text("SELECT * FROM audit.finding WHERE submission_id = :number ORDER BY severity, finding_no"),
        {"number": submission_id},
    ).mappings()
    return dict(submission), [dict(finding) for finding in findings]


def waive(
    connection: Connection, plan: Plan, body: str, form: str, period: str, why: str, now: datetime
) -> None:
    """Free a body from one report, with the reason on record. Raises NotFoundError where none is owed."""
    changed = connection.execute(
        text(
            "UPDATE dw.reporting_obligation o SET waived_at = :now, waived_reason = :why"
            " FROM dw.dim_plan pl, dw.dim_body b, dw.dim_form f, dw.dim_period p"
            " WHERE pl.plan_key = o.plan_key AND b.body_key = o.body_key AND f.form_key = o.form_key"
            " AND p.period_key = o.period_key AND pl.plan_code = :plan AND b.body_code = :body"
            " AND f.form_code = :form AND p.period_code = :period AND NOT o.is_optional"
        ),
        {"plan": plan.code, "body": body, "form": form, "period": period, "why": why, "now": now},
    )
    if not changed.rowcount:
        raise NotFoundError(
            f"{body} does not owe form {form} for {period}: chitieu status lists what is owed."
        )
    append_event(connection, "waive", f"{body} {form} {period}", {"plan": plan.code, "why": why}, now)
