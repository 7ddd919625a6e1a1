"""Load a plan, and where it is not what it was, bring its figures to what it says now; in one transaction."""

from datetime import datetime

from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.dimensions.seeds import load_reference, reference_is_current
from warehouse.indicators.materialize import materialize


def apply_plan(connection: Connection, plan: Plan, now: datetime) -> int:
    """Load a plan; returns how many figures changed, which is none while it has none.

    Figures of targets that it does not have any more go, all others are reckoned by what it says now; what
    they were stays in mart.target_indicator_history.
    """
    is_current = reference_is_current(connection, plan)
    load_reference(connection, plan)
    if is_current or not _has_figures(connection, plan):
        return 0
    removed = connection.execute(
        text("SELECT audit.remove_unasked_figures(:plan, :now)"), {"plan": plan.code, "now": now}
    ).scalar_one()
    return int(removed) + materialize(connection, plan, now)


def _has_figures(connection: Connection, plan: Plan) -> bool:
    asked = text("SELECT EXISTS (SELECT FROM mart.target_indicator WHERE plan_code = :plan)")
    return bool(connection.scalar(asked, {"plan": plan.code}))
