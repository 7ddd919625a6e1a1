"""Apply a plan: load it, and where it has changed, compute its figures again, in one transaction."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Connection, select, text

from plans.model import Plan
from warehouse.dimensions.plan_documents import reference_is_current
from warehouse.dimensions.seeds import load_reference
from warehouse.indicators.materialize import materialize
from warehouse.loads import recorded_load
from warehouse.models.target_tables import TARGET_INDICATOR


class FigureState(TypedDict):
    """What a plan decides about a figure; `target_value` is the threshold."""

    value: float | None
    target_value: float | None
    status: str
    verdict: str


FigureKey = tuple[str, str, str]  # target, area, period


def apply_plan(connection: Connection, plan: Plan, now: datetime) -> int:
    """Load a plan; returns how many figures changed: none while it has no figures.

    Figures of targets that the plan no longer has are removed, all others are computed again; the earlier
    ones stay in dw.target_indicator_history.
    """
    is_current = reference_is_current(connection, plan)
    load_reference(connection, plan)
    if is_current or not _has_figures(connection, plan):
        return 0
    removed = connection.execute(
        text("SELECT audit.remove_unasked_figures(:plan, :now)"), {"plan": plan.code, "now": now}
    ).scalar_one()
    with recorded_load(connection, plan, "plan", now) as load:
        return int(removed) + materialize(connection, plan, now, load=load)


def _has_figures(connection: Connection, plan: Plan) -> bool:
    figures = select(TARGET_INDICATOR.c.plan_code).where(TARGET_INDICATOR.c.plan_code == plan.code)
    return bool(connection.scalar(select(figures.exists())))


def figure_states(connection: Connection, plan_code: str) -> dict[FigureKey, FigureState]:
    """Return value, threshold, status and verdict of each figure of a plan."""
    columns = TARGET_INDICATOR.columns
    query = select(
        columns.target_code,
        columns.area_code,
        columns.period_code,
        columns.value,
        columns.target_value,
        columns.status,
        columns.verdict,
    ).where(columns.plan_code == plan_code)
    return {
        (target, area, period): {
            "value": value,
            "target_value": target_value,
            "status": status,
            "verdict": verdict,
        }
        for target, area, period, value, target_value, status, verdict in connection.execute(query)
    }
