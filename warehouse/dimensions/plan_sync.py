"""Load a plan, and where it has changed, bring its figures up to date, in one transaction."""

from datetime import datetime

from sqlalchemy import Connection, select, text

from plans.model import Plan
from warehouse.dimensions.plan_documents import reference_is_current
from warehouse.dimensions.seeds import load_reference
from warehouse.indicators.materialize import materialize
from warehouse.loads import recorded_load
from warehouse.models.target_tables import TARGET_INDICATOR


def apply_plan(connection: Connection, plan: Plan, now: datetime) -> int:
    """Load a plan; returns how many figures changed: none while it has no figures.

    Figures of targets that the plan no longer has are removed, all others are computed again; the earlier
    ones stay in mart.target_indicator_history.
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
