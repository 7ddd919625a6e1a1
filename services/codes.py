"""Find what a user names by a code: a period, an area, a body, a form or a target of the plan."""

from collections.abc import Iterable
from difflib import get_close_matches

from plans.errors import UsageError
from plans.model import Plan, Target
from plans.plan_fit import has_period
from plans.plan_years import all_periods, plan_periods, plan_window
from plans.reporting_calendar import Period, period_from_code

_MOST_LISTED = 20


def check_period(plan: Plan, code: str) -> Period:
    """Return the period of the plan's years with this code. Raises UsageError."""
    try:
        period = period_from_code(code, plan.calendar)
    except ValueError as error:
        scheduled = [period.code for period in plan_periods(plan)]
        raise UsageError(f"{str(error).rstrip('.')}.", did_you_mean(code, scheduled)) from None
    if not has_period(plan, code):
        first, last = plan_window(plan)
        raise UsageError(
            f"The period {code} lies outside the plan {plan.code}, which runs from {first} to {last}."
        )
    return period


def periods_of_range(plan: Plan, first: str, last: str) -> list[str]:
    """Return the codes of the periods from `first` to `last`, ad hoc ones included. Raises UsageError."""
    start, end = check_period(plan, first).window_start, check_period(plan, last).window_end
    known = all_periods(plan)
    codes = [p.code for p in known if start <= p.window_end <= end and p.days <= (end - start).days + 1]
    if not codes:
        raise UsageError(f"No period of the plan {plan.code} lies from {first} to {last}.")
    return codes


def check_area(plan: Plan, code: str) -> None:
    """Raise UsageError where the plan has no area with this code."""
    _check(plan, "area", code, plan.areas_by_code)


def check_body(plan: Plan, code: str) -> None:
    """Raise UsageError where the plan has no body with this code."""
    _check(plan, "body", code, plan.bodies_by_code)


def check_form(plan: Plan, code: str) -> None:
    """Raise UsageError where the plan asks for no form with this code."""
    _check(plan, "form", code, sorted({obligation.form for obligation in plan.obligations}))


def find_target(plan: Plan, code: str) -> Target:
    """Return the target with this code. Raises UsageError."""
    targets = {target.code: target for target in plan.targets}
    _check(plan, "target", code, targets)
    return targets[code]


def _check(plan: Plan, kind: str, code: str, known: Iterable[str]) -> None:
    codes = list(known)
    if code not in codes:
        raise UsageError(f"The plan {plan.code} has no {kind} {code}.", did_you_mean(code, codes))


def did_you_mean(code: str, known: list[str]) -> str:
    """Return a hint: the codes that look like this one, or all where there are few."""
    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(code.casefold(), by_folded, n=3)
    if close:
        return f"Did you mean {' or '.join(by_folded[name] for name in close)}?"
    if len(known) <= _MOST_LISTED:
        return f"Known codes: {', '.join(known)}."
    return ""
