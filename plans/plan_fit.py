"""Which of several plans a report can belong to."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from plans.model import Plan
from plans.plan_years import all_periods, plan_window, years_of


def has_period(plan: Plan, period_code: str) -> bool:
    """Return whether a period, scheduled or ad hoc, lies in the years of the plan."""
    return period_code in _period_codes(plan)


def is_in_year(plan: Plan, day: date) -> bool:
    """Return whether a day lies in the years of the plan."""
    first, last = plan_window(plan)
    return first <= day <= last


def may_require(plan: Plan, body_code: str, form_code: str | None, period_code: str | None) -> bool:
    """Return whether the plan requires a form of a body and has the period; the cadence is not compared."""
    return (body_code, form_code or "") in plan.cadences and has_period(plan, period_code or "")


def nearest_first(plans: Iterable[Plan], today: date) -> list[Plan]:
    """Return the plans of the years around the present one first: most reports are for these."""
    return sorted(plans, key=lambda plan: (_years_away(plan, today), -plan.year, plan.code))


def _years_away(plan: Plan, today: date) -> int:
    return min(abs(year - today.year) for year in years_of(plan))


@lru_cache(maxsize=64)
def _period_codes(plan: Plan) -> frozenset[str]:
    return frozenset(period.code for period in all_periods(plan))
