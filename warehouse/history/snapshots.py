"""Close a period: freeze its figures as append-only rows, and read them back.

A closed period can be reopened. Closing it again makes the next edition; the earlier ones are kept.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, literal, select, text

from plans.errors import ChitieuError
from plans.model import Plan
from plans.plan_years import plan_periods
from plans.reporting_calendar import Period, close_day
from warehouse.database import lock_in_transaction
from warehouse.history.close_guard import CannotCloseError, check_closable
from warehouse.history.person_totals import publish_person_totals
from warehouse.indicators.evaluation import RefreshScope
from warehouse.indicators.materialize import materialize
from warehouse.integrity.digests import NO_ROWS, frozen_digests, person_total_digests
from warehouse.integrity.events import append_event, latest_editions
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import LOAD
from warehouse.models.target_tables import TARGET_INDICATOR, TARGET_SNAPSHOT
from warehouse.sql_templates import read_sql, render

__all__ = [
    "CannotCloseError",
    "CannotReopenError",
    "Closing",
    "close",
    "closed",
    "closed_periods",
    "closings",
    "due_to_close",
    "last_closing",
    "reopen",
]


class CannotReopenError(ChitieuError):
    """A period that cannot be reopened; the message states the reason."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing of a period: its edition from 1, its event, and the last submission it can include.

    `head` is the hash of the event in hex.
    """

    edition: int
    event_id: int
    closed_at: datetime
    last_submission: int
    head: str
    is_reopened: bool


def close(connection: Connection, plan: Plan, period: Period, now: datetime, anyway: str = "") -> int:
    """Freeze the figures of a period as known now; returns how many. Raises CannotCloseError.

    Later reports change the current figures, not the frozen ones. A reopened period gets its next edition.
    `anyway` is the reason to close although `check_closable` objects; the audit chain keeps it.
    """
    lock_in_transaction(connection, "close")
    if period.window_end >= now.astimezone(ZoneInfo(plan.calendar.timezone)).date():
        raise CannotCloseError(f"{period.code} cannot be closed: its window runs until {period.window_end}.")
    last = last_closing(connection, plan, period.code)
    if last and not last.is_reopened:
        raise CannotCloseError(
            f"{period.code} is closed already, since {last.closed_at:%Y-%m-%d %H:%M}.",
            f"chitieu reopen {period.code} --reason TEXT opens it again.",
        )
    if not anyway:
        check_closable(connection, plan, period, now)
    materialize(connection, plan, now, RefreshScope(periods=(period.code,)))
    edition = last.edition + 1 if last else 1
    figures = _freeze(connection, plan, period, edition, now)
    if not figures:
        raise CannotCloseError(f"{period.code} cannot be closed: the plan {plan.code} has no figures for it.")
    digests = frozen_digests(connection, plan.code, period.code, edition)
    ever_closed = frozenset(latest_editions(connection, plan.code))
    publish_person_totals(connection, plan, period, ever_closed, now)
    payload = {
        **_event_payload(connection, plan, edition),
        "figures": figures,
        "sha256": digests[plan.code, period.code, edition],
        "person_totals": person_total_digests(connection).get((plan.code, period.code), NO_ROWS),
        "last_load": connection.scalar(select(func.max(LOAD.c.load_id))) or 0,
    }
    if anyway:
        payload["reason"] = anyway
    append_event(connection, "close", period.code, payload, now)
    return figures


def reopen(connection: Connection, plan: Plan, period: Period, now: datetime, reason: str) -> int:
    """Open a closed period again; returns the edition that is kept. Raises CannotReopenError."""
    lock_in_transaction(connection, "close")
    last = last_closing(connection, plan, period.code)
    if last is None:
        raise CannotReopenError(f"{period.code} is not closed.")
    if last.is_reopened:
        raise CannotReopenError(f"{period.code} is open: its edition {last.edition} was reopened already.")
    payload = {**_event_payload(connection, plan, last.edition), "reason": reason}
    append_event(connection, "reopen", period.code, payload, now)
    return last.edition


def _event_payload(connection: Connection, plan: Plan, edition: int) -> dict[str, object]:
    """The particulars that closings and reopenings have in common."""
    return {
        "plan": plan.code,
        "edition": edition,
        "by": connection.scalar(select(func.session_user())),
        "last_submission": connection.scalar(select(func.max(SUBMISSION.c.submission_id))) or 0,
    }


def _freeze(connection: Connection, plan: Plan, period: Period, edition: int, now: datetime) -> int:
    """Copy the figures of a period into the snapshot; returns how many."""
    columns = TARGET_INDICATOR.columns
    figures = select(columns.period_code, literal(now), *columns, literal(edition))
    figures = figures.where(columns.plan_code == plan.code, columns.period_code == period.code)
    names = [column.name for column in TARGET_SNAPSHOT.columns]
    statement = TARGET_SNAPSHOT.insert().from_select(names, figures)
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def closed_periods(connection: Connection, plan_code: str) -> frozenset[str]:
    """The codes of the periods whose figures are frozen, without those that were reopened."""
    rows = connection.execute(text(read_sql("history/closed_periods")), {"plan": plan_code})
    return frozenset(rows.scalars())


def closings(connection: Connection, plan: Plan, period_code: str) -> list[Closing]:
    """The closings of a period, the first edition first; empty where it was never closed."""
    parameters = {"plan": plan.code, "period": period_code}
    rows = connection.execute(text(render("history/closings")), parameters)
    return [Closing(*row) for row in rows]


def last_closing(connection: Connection, plan: Plan, period_code: str) -> Closing | None:
    """The closing that made the latest edition of a period; None where it was never closed."""
    return next(reversed(closings(connection, plan, period_code)), None)


def due_to_close(connection: Connection, plan: Plan, kind: str, now: datetime) -> list[Period]:
    """The periods of a kind (M, Q, H, Y) whose closing day has come and that are still open, in order.

    The day moves with holidays, so it is computed each day; periods whose day was missed are included. A
    reopened period is left out: it is closed again on purpose, not by the schedule.
    """
    today = now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
    done = latest_editions(connection, plan.code)
    return [
        period
        for period in plan_periods(plan)
        if period.kind == kind and close_day(period, plan.calendar) <= today and period.code not in done
    ]


def closed(connection: Connection, plan: Plan, period_code: str) -> datetime | None:
    """When a period was closed; None if it is open, also again."""
    last = last_closing(connection, plan, period_code)
    return last.closed_at if last and not last.is_reopened else None
