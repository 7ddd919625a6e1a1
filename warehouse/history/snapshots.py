"""Close a period: freeze its figures as append-only rows, and read them back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, cast, func, literal, select, text

from plans.model import Plan
from plans.reporting_calendar import Period, close_day, scheduled_periods
from warehouse.database import lock_in_transaction
from warehouse.history.close_guard import CannotCloseError, check_closable
from warehouse.indicators.materialize import RefreshScope, materialize
from warehouse.integrity.digests import frozen_digests
from warehouse.integrity.events import append_event
from warehouse.models.audit_tables import EVENT
from warehouse.models.tables import SUBMISSION
from warehouse.models.target_tables import TARGET_INDICATOR, TARGET_SNAPSHOT
from warehouse.sql_templates import read_sql

__all__ = [
    "CannotCloseError",
    "close",
    "closed",
    "closed_periods",
    "due_to_close",
    "last_submission_before_close",
]


def close(connection: Connection, plan: Plan, period: Period, now: datetime, anyway: str = "") -> int:
    """Freeze the figures of a period as known now; returns how many. Raises CannotCloseError.

    A period is closed once: later reports change the current figures, not the frozen ones. `anyway` is the
    reason to close although `check_closable` objects; the audit chain keeps it.
    """
    lock_in_transaction(connection, "close")
    if period.window_end >= now.astimezone(ZoneInfo(plan.calendar.timezone)).date():
        raise CannotCloseError(f"{period.code} cannot be closed: its window runs until {period.window_end}.")
    closed_at = closed(connection, plan, period.code)
    if closed_at is not None:
        raise CannotCloseError(f"{period.code} is closed already, since {closed_at:%Y-%m-%d %H:%M}.")
    if not anyway:
        check_closable(connection, plan, period, now)
    materialize(connection, plan, now, RefreshScope(periods=(period.code,)))
    figures = _freeze(connection, plan, period, now)
    if not figures:
        raise CannotCloseError(f"{period.code} cannot be closed: the plan {plan.code} has no figures for it.")
    digest = frozen_digests(connection, plan.code, period.code)[plan.code, period.code]
    payload = {
        "plan": plan.code,
        "by": connection.scalar(select(func.session_user())),
        "figures": figures,
        "sha256": digest,
        "last_submission": connection.scalar(select(func.max(SUBMISSION.c.submission_id))) or 0,
    }
    if anyway:
        payload["reason"] = anyway
    append_event(connection, "close", period.code, payload, now)
    return figures


def _freeze(connection: Connection, plan: Plan, period: Period, now: datetime) -> int:
    """Copy the figures of a period into the snapshot; returns how many."""
    columns = TARGET_INDICATOR.columns
    figures = select(columns.period_code, literal(now), *columns)
    figures = figures.where(columns.plan_code == plan.code, columns.period_code == period.code)
    names = [column.name for column in TARGET_SNAPSHOT.columns]
    statement = TARGET_SNAPSHOT.insert().from_select(names, figures)
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def closed_periods(connection: Connection, plan_code: str) -> frozenset[str]:
    """The codes of the periods whose figures were frozen."""
    rows = connection.execute(text(read_sql("history/closed_periods")), {"plan": plan_code})
    return frozenset(rows.scalars())


def last_submission_before_close(connection: Connection, plan: Plan, period_code: str) -> int | None:
    """The last submission that a closed period's figures can include; None where it is open."""
    payload = EVENT.c.payload
    query = select(cast(payload["last_submission"].astext, BigInteger)).where(
        EVENT.c.kind == "close", EVENT.c.subject == period_code, payload["plan"].astext == plan.code
    )
    number: int | None = connection.scalar(query)
    return number


def due_to_close(connection: Connection, plan: Plan, kind: str, now: datetime) -> list[Period]:
    """The periods of a kind (M, Q, H, Y) whose closing day has come and that are still open, in order.

    The day moves with holidays, so it is computed each day; periods whose day was missed are included.
    """
    today = now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
    done = closed_periods(connection, plan.code)
    return [
        period
        for period in scheduled_periods(plan.year, plan.calendar)
        if period.kind == kind and close_day(period, plan.calendar) <= today and period.code not in done
    ]


def closed(connection: Connection, plan: Plan, period_code: str) -> datetime | None:
    """When a period was closed; None if it is open."""
    columns = TARGET_SNAPSHOT.columns
    query = select(func.min(columns.closed_at))
    query = query.where(columns.plan_code == plan.code, columns.snapshot_code == period_code)
    moment: datetime | None = connection.scalar(query)
    return moment
