"""Check that a period may be closed: it has reports, an ingest after its due day, and a plausible clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from plans.errors import ChitieuError
from plans.model import Plan
from plans.reporting_calendar import Period, due_at
from warehouse.sql_templates import read_sql

LONGEST_PAUSE = timedelta(days=30)  # between the last load and a closing
_ANYWAY = "To close it nevertheless, give --anyway and the reason with --reason."


class CannotCloseError(ChitieuError):
    """A period that cannot be closed; the message states the reason."""


@dataclass(frozen=True, slots=True)
class CloseEvidence:
    """What the warehouse knows about a period that is to be closed.

    `received` counts the accepted reports for the period and the periods inside it that end with it: those
    of the first months prove nothing about a half-year. `owed` and `owed_received` count the reports that are
    owed for the period and all periods inside it.
    """

    received: int
    owed: int
    owed_received: int
    last_ingest: datetime | None
    last_load: datetime | None


def check_closable(connection: Connection, plan: Plan, period: Period, now: datetime) -> None:
    """Raise CannotCloseError, with a hint, where the figures of the period would be frozen too early."""
    reason = next(_objections(plan, period, now, _evidence(connection, plan, period)), None)
    if reason is not None:
        raise CannotCloseError(f"{period.code} cannot be closed: {reason[0]}.", f"{reason[1]} {_ANYWAY}")


def _evidence(connection: Connection, plan: Plan, period: Period) -> CloseEvidence:
    parameters = {"plan": plan.code, "start": period.window_start, "end": period.window_end}
    return CloseEvidence(*connection.execute(text(read_sql("history/close_evidence")), parameters).one())


def _objections(plan: Plan, period: Period, now: datetime, known: CloseEvidence) -> Iterator[tuple[str, str]]:
    """Yield what speaks against a closing, as a clause and what to do about it."""
    zone = ZoneInfo(plan.calendar.timezone)
    if not known.received:
        yield "no report has been accepted for it", "Ingest the reports first."
    due = max(due_at(period, level, plan.calendar) for level in plan.calendar.due_working_days)
    if known.last_ingest is None or known.last_ingest <= due:
        yield f"no ingest has succeeded since its due day, {due:%Y-%m-%d}", "Run chitieu ingest first."
    if known.last_load is not None and abs(now - known.last_load) > LONGEST_PAUSE:
        yield (
            f"the clock shows {now.astimezone(zone):%Y-%m-%d}, but the last reports were loaded on"
            f" {known.last_load.astimezone(zone):%Y-%m-%d}, more than {LONGEST_PAUSE.days} days apart",
            "Check the clock and CHITIEU_NOW.",
        )
    floor = plan.calendar.close_completeness_floor_pct
    if floor is not None and known.owed_received * 100 < floor * known.owed:
        yield (
            f"{known.owed_received} of {known.owed} owed reports are in, and the plan requires {floor:g}%",
            "chitieu status lists what is missing.",
        )
