"""What the pages show, read from the warehouse: one query of a kind, not one per page."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from plans.model import Plan
from publishing.i18n import unit_labels
from warehouse.queries import last_period_with_data

Row = dict[str, Any]


def last_period(connection: Connection, plan: Plan) -> str | None:
    """The period that the start page shows."""
    return last_period_with_data(connection, plan)


def targets(connection: Connection, plan: Plan) -> list[Row]:
    """All rows of the target table, in the plan's order, names and units in both languages."""
    labels = {
        t.code: (number, (t.label_vi, t.label_en or t.label_vi)) for number, t in enumerate(plan.targets)
    }
    rows = _rows(
        connection,
        "SELECT t.*, a.sort_key FROM mart.target_indicator t JOIN dw.dim_plan pl USING (plan_code)"
        " JOIN dw.dim_area a ON a.province_code = pl.province_code AND a.area_code = t.area_code"
        " AND a.is_latest WHERE plan_code = :plan"
        " ORDER BY a.area_level <> 'province', a.sort_key, t.window_end, t.window_start DESC",
        plan,
    )
    known = [row for row in rows if row["target_code"] in labels]
    told = [
        {**row, "label": labels[row["target_code"]][1], "unit_labels": unit_labels(row["unit"])}
        for row in known
    ]
    return sorted(told, key=lambda row: labels[row["target_code"]][0])


def reports(connection: Connection, plan: Plan) -> list[Row]:
    """Who has sent what, provincial bodies first, then districts by name."""
    return _rows(
        connection,
        "SELECT r.* FROM mart.reporting_status r JOIN dw.dim_plan pl USING (plan_code)"
        " LEFT JOIN dw.dim_body b ON b.province_code = pl.province_code AND b.body_code = r.body_code"
        " AND b.is_latest"
        " LEFT JOIN dw.dim_area a ON a.area_key = b.area_key WHERE plan_code = :plan"
        " ORDER BY b.body_level DESC NULLS LAST, a.sort_key, r.body_code, form_code",
        plan,
    )


def refused(connection: Connection, plan: Plan) -> list[Row]:
    """The refused submissions that nothing valid has followed, the latest first."""
    return _rows(
        connection,
        "SELECT s.submission_id, s.body_code, b.body_name, s.form_code, s.period_code,"
        " (SELECT string_agg(DISTINCT f.code, ', ') FROM audit.finding f"
        "  WHERE f.submission_id = s.submission_id AND f.severity = 'error') AS codes"
        " FROM audit.submission s JOIN dw.dim_plan pl USING (plan_code)"
        " LEFT JOIN dw.dim_body b ON b.province_code = pl.province_code AND b.body_code = s.body_code"
        " AND b.is_latest"
        " WHERE plan_code = :plan AND s.status = 'rejected' AND NOT EXISTS (SELECT FROM audit.submission v"
        "  WHERE v.plan_code = s.plan_code AND v.body_code = s.body_code AND v.form_code = s.form_code"
        "  AND v.period_code = s.period_code AND v.revision IS NOT NULL) ORDER BY s.submission_id DESC",
        plan,
    )


def submissions(connection: Connection, plan: Plan) -> list[Row]:
    """Every submission, with the one that it replaces and the one that replaced it: each gets a page."""
    return _rows(
        connection,
        "WITH reports AS (SELECT submission_id,"
        "  lag(submission_id) OVER report AS replaces, lead(submission_id) OVER report AS replaced_by"
        "  FROM audit.submission WHERE plan_code = :plan AND revision IS NOT NULL"
        "  WINDOW report AS (PARTITION BY body_code, form_code, period_code ORDER BY revision))"
        " SELECT s.submission_id, s.body_code, b.body_name, s.form_code, s.period_code,"
        " p.name_vi, p.name_en, s.file_name, s.sheet_name, s.sha256, s.status, s.received_at,"
        " r.replaces, r.replaced_by"
        " FROM audit.submission s JOIN dw.dim_plan pl USING (plan_code)"
        " LEFT JOIN reports r USING (submission_id)"
        " LEFT JOIN dw.dim_body b ON b.province_code = pl.province_code AND b.body_code = s.body_code"
        " AND b.is_latest"
        " LEFT JOIN dw.dim_period p USING (period_code)"
        " WHERE plan_code = :plan ORDER BY s.submission_id",
        plan,
    )


def events(connection: Connection, zone: ZoneInfo) -> list[Row]:
    """The events of the audit chain up to the head that pages bear, the latest first."""
    rows = connection.execute(
        text(
            "SELECT event_id, occurred_at, kind, subject, encode(hash, 'hex') AS hash FROM audit.event"
            " WHERE event_id <= (SELECT max(event_id) FROM audit.event WHERE kind <> 'publish')"
            " ORDER BY event_id DESC"
        )
    ).mappings()
    return [{**row, "occurred": f"{row['occurred_at'].astimezone(zone):%d/%m/%Y %H:%M}"} for row in rows]


def _rows(connection: Connection, statement: str, plan: Plan) -> list[Row]:
    found = connection.execute(text(statement), {"plan": plan.code}).mappings()
    return [dict(row) for row in found]
