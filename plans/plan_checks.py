"""Checks across the parts of a plan. Each raises ValueError with one sentence; pydantic adds the place."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from plans.lookups import PlanLookups
from plans.plan_file import LEVELS, Area, Body, Cadence


def check_consistency(plan: PlanLookups) -> None:
    """Check codes, the area tree, successions, thresholds, bodies and obligations of a plan."""
    _check_codes("area", plan.areas)
    _check_codes("body", plan.all_bodies)
    doubles = [code for code, times in Counter(t.code for t in plan.targets).items() if times > 1]
    if doubles:
        raise ValueError(f"target code given twice: {', '.join(doubles[:5])}")
    _check_area_tree(plan)
    _check_successions(plan)
    _check_thresholds(plan)
    for body in plan.bodies:
        if body.area not in plan.areas_by_code:
            raise ValueError(f"body {body.code} has the unknown area {body.area}")
    _check_obligations(plan)
    _check_obligation_days(plan)


def _check_codes(what: str, states: Iterable[Area] | Iterable[Body]) -> None:
    """Reject a code that is given twice for the same day."""
    ordered: list[Area | Body] = sorted(states, key=lambda state: (state.code, state.starts_on))
    doubles = {a.code: 0 for a, b in pairwise(ordered) if a.code == b.code and a.ends_on >= b.starts_on}
    if doubles:
        raise ValueError(f"{what} code given twice: {', '.join([*doubles][:5])}")


def _check_area_tree(plan: PlanLookups) -> None:
    if plan.area not in plan.areas_by_code:
        raise ValueError(f"the plan's own area {plan.area} is not among its areas")
    for area in plan.areas:
        if area.code != plan.area:
            _check_parent(plan, area)
        elif area.parent in plan.areas_by_code:
            raise ValueError(f"the plan's own area {area.code} lies in {area.parent}, one of its areas")


def _check_parent(plan: PlanLookups, area: Area) -> None:
    if area.parent is None:
        raise ValueError(f"area {area.code} ({area.name}) has no parent")
    parent = plan.areas_by_code.get(area.parent)
    if parent is None:
        raise ValueError(f"area {area.code} ({area.name}) has the unknown parent {area.parent}")
    if LEVELS.index(parent.level) >= LEVELS.index(area.level):
        raise ValueError(f"area {area.code} ({area.name}) lies in {parent.code}, which is no higher")
    if area.ends_on > parent.ends_on:
        raise ValueError(f"area {area.code} ({area.name}) lasts longer than {parent.code} around it")


def _check_successions(plan: PlanLookups) -> None:
    ends: dict[str, set[date]] = {}
    for area in plan.areas:
        ends.setdefault(area.code, set()).add(area.ends_on)
    for s in plan.successions:
        if s.new_province in (None, plan.area) and not any(
            a.code == s.new and a.exists(s.from_day, s.from_day) for a in plan.areas
        ):
            raise ValueError(f"succession of {s.old}: there is no area {s.new} on {s.from_day}")
        if s.old_province in (None, plan.area) and all(day >= s.from_day for day in ends.get(s.old, ())):
            raise ValueError(f"succession of {s.old}: no area of that code ends before {s.from_day}")


def _check_thresholds(plan: PlanLookups) -> None:
    for target in plan.targets:
        unknown = {code for override in target.overrides for code in override.areas} - set(plan.areas_by_code)
        if unknown:
            raise ValueError(f"target {target.code} has a threshold for the unknown area {min(unknown)}")


def _check_obligations(plan: PlanLookups) -> None:
    levels = {body.level for body in plan.local_bodies}
    for obligation in plan.obligations:
        for name in obligation.bodies:
            if name in LEVELS and name not in levels:
                raise ValueError(f"obligation for form {obligation.form}: no area has the level {name}")
            if name not in LEVELS and name not in plan.bodies_by_code:
                raise ValueError(f"obligation for form {obligation.form} names the unknown body {name}")


def _check_obligation_days(plan: PlanLookups) -> None:
    """Reject two obligations of one body for one form on the same day."""
    seen: dict[tuple[str, str], list[tuple[Cadence, date, date]]] = {}
    for body, obligation in plan.obligation_pairs:
        if body.level not in plan.calendar.due_working_days:
            raise ValueError(f"due_working_days lacks the level {body.level} of body {body.code}")
        first = max(body.starts_on, obligation.starts_on)
        last = min(body.ends_on, obligation.ends_on)
        others = seen.setdefault((body.code, obligation.form), [])
        for cadence, begins, ends in others:
            if begins <= last and first <= ends:
                how = "twice" if cadence == obligation.frequency else "at two cadences"
                raise ValueError(f"body {body.code} owes form {obligation.form} {how}")
        others.append((obligation.frequency, first, last))
