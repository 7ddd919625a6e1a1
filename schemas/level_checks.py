"""Check that the terms of a target can have figures at the levels that it reports."""

from collections.abc import Iterator, Mapping

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.model import Plan, Target
from plans.target_expressions import Term, target_terms
from schemas.declaration import Form


def check_levels(target: Target, terms: tuple[Term, ...], plan: Plan, forms: Mapping[str, Form]) -> None:
    """Reject terms that never have a figure at a level of the target. Raises ValueError."""
    for level in (*target.reported_levels, *target.breakdown_levels):
        for term in terms:
            if fault := next(_faults(term, level, plan, forms), ""):
                raise ValueError(fault)


def check_override_areas(target: Target, plan: Plan) -> None:
    """Reject thresholds and assessments of areas that have no figure of the target. Raises ValueError.

    One that other targets are computed from may have figures at their levels.
    """
    if any(
        term.target == target.code for other in plan.targets for part in target_terms(other) for term in part
    ):
        return
    levels = {*target.reported_levels, *target.breakdown_levels}
    stated = [(code, "a threshold for") for override in target.overrides for code in override.areas]
    stated += [(one.area or plan.area, "an assessment of") for one in target.assessments]
    for code, what in stated:
        found = {area.level for area in plan.areas if area.code == code}
        if found and not found & levels:
            raise ValueError(
                f"it has {what} {code}, an area of the level {min(found)}, which it does not report"
            )


def row_level(plan: Plan, form: Form) -> str:
    """Return the lowest level by which a form is reported in the plan; empty for one without areas."""
    dimension = form.area_dimension
    if dimension is None or dimension.level is None:
        return ""
    order = [*plan.levels_by_key]
    days = {area.starts_on for area in plan.areas} | {area.ends_on for area in plan.areas}
    levels = {plan.effective_level(dimension.level, day) for day in days} & set(order)
    return max(levels, key=order.index, default="")


def _faults(term: Term, level: str, plan: Plan, forms: Mapping[str, Form]) -> Iterator[str]:
    """Yield why a term has no figure of a level, also by the target that it names.

    What a term names and the plan does not have is found by another check.
    """
    if AGGREGATION_FUNCTIONS[term.function].takes_measure and term.form in forms:
        of_rows = row_level(plan, forms[term.form])
        if of_rows and _is_below(plan, level, of_rows):
            yield f"form {term.form} has rows by {of_rows}, and no figures of the level {level}"
    if term.level and _is_below(plan, level, term.level):
        yield f"{_call(term)} has no figures of the level {level}, whose areas have no {term.level} inside"
    if term.function == "given" and term.name in plan.area_figures:
        yield from _given_fault(term.name, level, plan)
    records = plan.records.get(term.name, ()) if term.function == "recorded" else ()
    if records and all(_is_below(plan, level, plan.areas_by_code[one.area].level) for one in records):
        yield f"recorded({term.name}) is always 0 at the level {level}: its records are of areas above"
    if inner := plan.targets_by_code.get(term.target):
        for part in target_terms(inner):
            for nested in part:
                for fault in _faults(nested, term.level or level, plan, forms):
                    yield f"{_call(term)} has no figures of the level {level}: {fault}"


def _call(term: Term) -> str:
    return f"{term.function}({', '.join(filter(None, (term.target, term.level)))})"


def _given_fault(name: str, level: str, plan: Plan) -> Iterator[str]:
    given = plan.given_by_area(name)
    of_level = [area.code for area in plan.areas if area.level == level]
    if of_level and not any(code in given for code in of_level):
        yield f"given({name}) has no figures of the level {level}: area_figures {name} is of areas above"


def _is_below(plan: Plan, level: str, other: str) -> bool:
    order = [*plan.levels_by_key]
    return level in order and other in order and order.index(level) > order.index(other)
