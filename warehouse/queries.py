"""Queries of the commands: target tables, reporting status, the report of a submission; and waivers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, func, select, text

from plans.errors import NotFoundError
from plans.model import Plan
from plans.plan_years import plan_periods
from warehouse.history.as_of import rows_as_of
from warehouse.integrity.events import append_event
from warehouse.models.audit_tables import FINDING
from warehouse.models.target_tables import TARGET_INDICATOR, TARGET_SNAPSHOT, mart_view
from warehouse.sql_templates import read_sql

Row = Mapping[str, Any]


def targets(connection: Connection, plan: Plan, period: str | None, area: str | None) -> list[Row]:
    """The rows of the target table of a period and area, in the order of the plan.

    Without a period: the last one that has data; without an area: the plan's own.
    """
    period = period or last_period_with_data(connection, plan)
    return _figures(connection, plan, mart_view(TARGET_INDICATOR), "period_code", period, area)


def all_targets(connection: Connection, plan: Plan) -> list[Row]:
    """All rows of the plan's target table, by target, area and period."""
    view = mart_view(TARGET_INDICATOR)
    columns = view.columns
    query = (
        select(view)
        .where(columns.plan_code == plan.code)
        .order_by(columns.target_code, columns.area_code, columns.period_code)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def snapshot(
    connection: Connection, plan: Plan, period: str, area: str | None, edition: int | None = None
) -> list[Row]:
    """The figures of a closed period as they were frozen, of an edition or of the latest one.

    Raises NotFoundError where the period was never closed, or has no such edition.
    """
    view = mart_view(TARGET_SNAPSHOT)
    columns = view.columns
    of_period = (columns.plan_code == plan.code, columns.snapshot_code == period)
    latest = connection.scalar(select(func.max(columns.edition)).where(*of_period))
    if latest is None:
        raise NotFoundError(f"{period} is not closed: chitieu close {period} freezes its figures.")
    if edition is not None and not 1 <= edition <= latest:
        raise NotFoundError(f"{period} has no edition {edition}: the latest is {latest}.")
    rows = _figures(connection, plan, mart_view(TARGET_SNAPSHOT), "snapshot_code", period, area)
    return [row for row in rows if row["edition"] == (edition or latest)]


def snapshot_differences(connection: Connection, plan: Plan, period: str, edition: int) -> list[Row]:
    """The figures in which an edition of a closed period differs from the one before, in the plan's order."""
    rows = _rows(connection, "queries/snapshot_differences", plan=plan.code, period=period, edition=edition)
    return _in_plan_order(plan, rows)


def _figures(
    connection: Connection, plan: Plan, table: Table, column: str, period: str | None, area: str | None
) -> list[Row]:
    """The rows of a target table whose `column` is the period, of one area, in the order of the plan."""
    query = select(table).where(
        table.c.plan_code == plan.code,
        table.c[column] == period,
        table.c.area_code == (area or plan.area),
    )
    return _in_plan_order(plan, [dict(row) for row in connection.execute(query).mappings()])


def as_known_at(
    connection: Connection, plan: Plan, moment: datetime, period: str | None, area: str | None
) -> list[Row]:
    """The target table as it was known at a moment; without a period, of the last one that had ended."""
    if period is None:
        today = moment.astimezone(ZoneInfo(plan.calendar.timezone)).date()
        ended = [p for p in plan_periods(plan) if p.window_end < today]
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
    code: str | None = connection.scalar(text(read_sql("queries/last_period_with_data")), {"plan": plan.code})
    return code


def reporting_status(connection: Connection, plan: Plan, period: str | None) -> list[Row]:
    """The state of each expected report, of one period or of all; overdue and rejected ones first."""
    return _rows(connection, "queries/reporting_status", plan=plan.code, period=period)


def to_remind(connection: Connection, plan: Plan, now: datetime, days_ahead: int) -> list[Row]:
    """The reports that are overdue, rejected, or due within some days: rows of mart.reporting_status."""
    return _rows(connection, "queries/reports_to_remind", plan=plan.code, now=now, days=days_ahead)


def latest_refused(connection: Connection, plan: Plan, most: int = 50) -> list[Row]:
    """The rejected submissions of the latest ingest, with their finding codes."""
    return _rows(connection, "queries/latest_rejected", plan=plan.code, most=most)


def submission_report(connection: Connection, submission_id: int) -> tuple[Row, list[Row]]:
    """A submission and its findings, errors first. Raises NotFoundError."""
    submissions = _rows(connection, "queries/submission", submission_id=submission_id)
    if not submissions:
        raise NotFoundError(f"There is no submission {submission_id}: chitieu status lists all.")
    columns = FINDING.columns
    query = (
        select(FINDING)
        .where(columns.submission_id == submission_id)
        .order_by(columns.severity, columns.finding_no)
    )
    return submissions[0], [dict(row) for row in connection.execute(query).mappings()]


def set_waiver(
    connection: Connection, plan: Plan, report: tuple[str, str, str], at: datetime | None, reason: str | None
) -> bool:
    """Waive a report (body, form, period) at a moment, or with None require it again.

    Returns whether there was one: a report that is owed, or one that is waived.
    """
    body, form, period = report
    parameters = {"plan": plan.code, "body": body, "form": form, "period": period, "at": at, "reason": reason}
    return connection.execute(text(read_sql("queries/set_waiver")), parameters).rowcount > 0


def waive(
    connection: Connection, plan: Plan, body: str, form: str, period: str, why: str, now: datetime
) -> int | None:
    """Free a body from one report, with the reason on record. Raises NotFoundError where none is owed.

    Returns the number of the submission where the report has been accepted, otherwise None.
    """
    if not set_waiver(connection, plan, (body, form, period), now, why):
        raise NotFoundError(
            f"{body} does not owe form {form} for {period}: chitieu status lists what is owed."
        )
    append_event(connection, "waive", f"{body} {form} {period}", {"plan": plan.code, "reason": why}, now)
    reports = reporting_status(connection, plan, period)
    return next(
        (
            row["submission_id"]
            for row in reports
            if (row["body_code"], row["form_code"]) == (body, form) and row["revision"] is not None
        ),
        None,
    )


def unwaive(
    connection: Connection, plan: Plan, body: str, form: str, period: str, why: str, now: datetime
) -> None:
    """Require a waived report again, with the reason on record. Raises NotFoundError where none is waived."""
    if not set_waiver(connection, plan, (body, form, period), None, None):
        raise NotFoundError(
            f"Form {form} of {body} for {period} is not waived: chitieu status lists what is waived."
        )
    append_event(connection, "unwaive", f"{body} {form} {period}", {"plan": plan.code, "reason": why}, now)


def _rows(connection: Connection, name: str, **parameters: object) -> list[Row]:
    """The rows of a query of `warehouse/sql`."""
    return [dict(row) for row in connection.execute(text(read_sql(name)), parameters).mappings()]
