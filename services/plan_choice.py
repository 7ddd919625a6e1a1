"""Choose the plan of a command: by its code, or as the only active one that fits what is named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from plans.errors import UsageError
from plans.model import Plan
from plans.plan_fit import has_period, is_in_year


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a command names: the plan itself, or codes that not all plans have."""

    plan_code: str | None = None
    period: str | None = None
    area: str | None = None
    body: str | None = None
    form: str | None = None
    target: str | None = None
    day: date | None = None

    def tests(self) -> Iterable[Callable[[Plan], bool]]:
        """Return a condition for each code that is named, the period first."""
        period, area, body, form, target = self.period, self.area, self.body, self.form, self.target
        if day := self.day:
            yield lambda plan: is_in_year(plan, day)
        if period:
            yield lambda plan: has_period(plan, period)
        if area:
            yield lambda plan: area in plan.areas_by_code
        if body:
            yield lambda plan: body in plan.bodies_by_code
        if form:
            yield lambda plan: any(obligation.form == form for obligation in plan.obligations)
        if target:
            yield lambda plan: any(declared.code == target for declared in plan.targets)


def choose_plan(plans: Sequence[Plan], wanted: Wanted) -> Plan:
    """Return the plan that a command is about. Raises UsageError where none or several fit.

    A code that no plan has decides nothing: the command itself rejects it.
    """
    codes = ", ".join(plan.code for plan in plans)
    if wanted.plan_code is not None:
        for plan in plans:
            if plan.code == wanted.plan_code:
                return plan
        raise UsageError(f"No active plan has the code {wanted.plan_code}.", f"Active plans: {codes}.")
    day = wanted.day
    if day is not None and len(plans) > 1 and not any(is_in_year(plan, day) for plan in plans):
        raise UsageError(f"The day {day} lies in the years of no active plan: {codes}.", "Name a period.")
    fitting = list(plans)
    for test in wanted.tests():
        fitting = [plan for plan in fitting if test(plan)] or fitting
    if len(fitting) > 1:
        codes = ", ".join(plan.code for plan in fitting)
        raise UsageError(f"Several active plans fit: {codes}.", "Name one with --plan-code.")
    return fitting[0]
