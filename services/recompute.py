"""Recompute the target tables of periods, each under the plan that has it."""

from collections.abc import Sequence

from plans.model import Plan
from services.codes import check_period
from services.context import open_context, open_contexts, read_plans
from services.plan_choice import Wanted, choose_plan
from services.settings import Settings
from warehouse.blocking_readers import begin_writing
from warehouse.indicators.evaluation import EVERYTHING, RefreshScope
from warehouse.indicators.materialize import materialize


def check_periods(settings: Settings, periods: Sequence[str], plan_code: str | None) -> None:
    """Raise UsageError for a period that is none, or that several active plans have."""
    _periods_by_plan(list(read_plans(settings).values()), periods, plan_code)


def recompute(settings: Settings, periods: Sequence[str], plan_code: str | None = None) -> int:
    """Recompute the named periods, or all that are due; returns how many figures changed.

    Without a plan code: those of all active plans. Raises UsageError and PlanDriftError.
    """
    if not periods and plan_code is None:
        scopes = [(context, EVERYTHING) for context in open_contexts(settings)]
    else:
        by_plan = _periods_by_plan(list(read_plans(settings).values()), periods, plan_code)
        scopes = [
            (open_context(settings, wanted=Wanted(code)), RefreshScope(periods=tuple(codes) or None))
            for code, codes in by_plan.items()
        ]
    changed = 0
    for context, scope in scopes:
        with begin_writing(context.engine) as connection:
            changed += materialize(connection, context.plan, context.now, scope)
    return changed


def _periods_by_plan(
    plans: Sequence[Plan], periods: Sequence[str], plan_code: str | None
) -> dict[str, list[str]]:
    """Return the periods of each plan, by its code. Raises UsageError."""
    found: dict[str, list[str]] = {choose_plan(plans, Wanted(plan_code)).code: []} if plan_code else {}
    for code in periods:
        plan = choose_plan(plans, Wanted(plan_code, period=code))
        found.setdefault(plan.code, []).append(check_period(plan, code).code)
    return found
