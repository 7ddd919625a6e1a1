"""Close a period: freeze its figures as rows that nobody can change, and read them back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from plans.errors import ChitieuError
from plans.model import Plan
from plans.reporting_calendar import Period, close_day, scheduled_periods
from warehouse.indicators.materialize import Scope, materialize
from warehouse.integrity.digests import frozen_digests
from warehouse.integrity.events import append_event


class CannotCloseError(ChitieuError):
    """A period that cannot be closed; the message says why."""


def close(connection: Connection, plan: Plan, period: Period, now: datetime) -> int:
    """Freeze the figures of a period as known now; returns how many. Raises CannotCloseError.

    A period is closed once: what comes later revises the figures known now, not the frozen ones.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chitieu.close'))"))
    if period.window_end >= now.astimezone(ZoneInfo(plan.calendar.timezone)).date():
        raise CannotCloseError(f"{period.code} cannot be closed: its window runs until {period.window_end}.")
    closed_at = closed(connection, plan, period.code)
    if closed_at is not None:
        raise CannotCloseError(f"{period.code} is closed already, since {closed_at:%Y-%m-%d %H:%M}.")
    materialize(connection, plan, now, Scope(periods=(period.code,)))
    frozen = connection.execute(
        text(
            "INSERT INTO mart.target_snapshot SELECT period_code, :now, t.* FROM mart.target_indicator t"
            " WHERE plan_code = :plan AND period_code = :period"
        ),
        {"plan": plan.code, "period": period.code, "now": now},
    )
    if not frozen.rowcount:
        raise CannotCloseError(f"{period.code} cannot be closed: the plan {plan.code} has no figures for it.")
    digest = frozen_digests(connection, plan.code, period.code)[plan.code, period.code]
    last = connection.scalar(text("SELECT max(submission_id) FROM audit.submission"))
    by = connection.scalar(text("SELECT session_user"))
    payload = {
        "plan": plan.code,
        "by": by,
        "figures": frozen.rowcount,
        "sha256": digest,
        "last_submission": last or 0,
    }
    append_event(connection, "close", period.code, payload, now)
    return frozen.rowcount


def closed_periods(connection: Connection, plan_code: str) -> frozenset[str]:
    """The codes of the periods whose figures were frozen: looked up one by one, for each has thousands."""
    rows = connection.execute(
        text(
            "SELECT p.period_code FROM dw.dim_plan pl JOIN dw.dim_period p USING (year)"
            " WHERE pl.plan_code = :plan AND p.period_kind <> 'A' AND EXISTS ("
            "SELECT FROM mart.target_snapshot s"
            " WHERE s.snapshot_code = p.period_code AND s.plan_code = pl.plan_code)"
        ),
        {"plan": plan_code},
    )
    return frozenset(rows.scalars())


def last_submission_before_close(connection: Connection, plan: Plan, period_code: str) -> int | None:
    """The last submission that a closed period's figures can rest on; None where it is open."""
    number: int | None = connection.scalar(
        text(
            "SELECT (payload ->> 'last_submission')::bigint FROM audit.event"
            " WHERE kind = 'close' AND subject = :period AND payload ->> 'plan' = :plan"
        ),
        {"plan": plan.code, "period": period_code},
    )
    return number


def due_to_close(connection: Connection, plan: Plan, kind: str, now: datetime) -> list[Period]:
    """The periods of a kind (M, Q, H, Y) whose closing day has come and that are still open, in order.

    The day moves with holidays, so it is looked up on each day; one that was missed is caught up with.
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
    moment: datetime | None = connection.scalar(
        text(
            "SELECT min(closed_at) FROM mart.target_snapshot WHERE plan_code = :plan AND snapshot_code = :p"
        ),
        {"plan": plan.code, "p": period_code},
    )
    return moment
