"""Check a plan against the forms: everything that it names must exist, and its targets must be computable."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain, pairwise

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.errors import PlanFaultError
from plans.model import Plan, Target
from plans.plan_types import Cadence
from plans.plan_years import plan_window
from plans.target_expressions import Term, all_terms, only_grows, parse, target_terms
from schemas.declaration import Form, Measure
from schemas.level_checks import check_levels, check_override_areas, row_level

# Days of the longest period of a kind.
_LENGTHS: dict[Cadence, int] = {"A": 1, "W": 7, "D": 11, "M": 31, "Q": 92, "H": 184, "Y": 366}
_REPORTS = "reports"  # what terms that count reports of all forms count


def check_plan(plan: Plan, forms: Mapping[str, Form]) -> None:
    """Check that forms (by key) and plan have what targets and obligations name. Raises PlanFaultError."""
    form_codes = {form.code for form in forms.values()}
    for number, obligation in enumerate(plan.obligations):
        if obligation.form not in form_codes:
            raise PlanFaultError(
                f"an obligation names the unknown form {obligation.form}", "obligations", number, "form"
            )
        _check_form_level(plan, next(f for f in forms.values() if f.code == obligation.form), number)
    for number, target in enumerate(plan.targets):
        _check_target(target, plan, forms, number)


def _check_form_level(plan: Plan, form: Form, number: int) -> None:
    """Reject a form by areas of a level that neither the plan has nor lower areas take the place of."""
    dimension = form.area_dimension
    if dimension is None or dimension.level is None:
        return
    of_rows = row_level(plan, form)
    if not of_rows:
        raise PlanFaultError(
            f"form {form.code} is by areas of the level {dimension.level}, which the plan does not have",
            *("obligations", number, "form"),
        )
    order = [*plan.levels_by_key]
    for body, obligation in plan.obligation_pairs:
        if obligation is plan.obligations[number] and order.index(body.level) > order.index(of_rows):
            raise PlanFaultError(
                f"body {body.code} of the level {body.level} cannot report form {form.code}:"
                f" its rows are by {of_rows}",
                *("obligations", number, "bodies"),
            )


def _check_target(target: Target, plan: Plan, forms: Mapping[str, Form], number: int) -> None:
    for part in ("numerator", "denominator"):
        try:
            for term in parse(getattr(target, part)) if getattr(target, part) else ():
                check_term(term, forms)
                _check_names(term, plan)
                _check_owed(term, plan, forms)
                _check_periods(term, target, plan, forms)
        except ValueError as error:
            raise PlanFaultError(f"target {target.code}: {error}", "targets", number, part) from error
    try:
        all_terms(target, plan.targets_by_code)
        check_override_areas(target, plan)
        if all(term.function == "constant" for term in parse(target.numerator)):
            raise ValueError("the numerator has nothing but numbers")
        _check_share(target, plan, forms)
        _check_reachable(target)
        _check_steps(target)
    except ValueError as error:
        raise PlanFaultError(f"target {target.code}: {error}", "targets", number, "numerator") from error
    for part, terms in zip(("numerator", "denominator"), target_terms(target), strict=True):
        try:
            check_levels(target, terms, plan, forms)
            _check_not_zero(part, terms)
        except ValueError as error:
            raise PlanFaultError(f"target {target.code}: {error}", "targets", number, part) from error
    _check_days(target, plan, number)


def _check_share(target: Target, plan: Plan, forms: Mapping[str, Form]) -> None:
    """Check that a percentage divides like by like. Raises ValueError where no terms count the same."""
    above, below = ({_counted(term, plan, forms) for term in terms} for terms in target_terms(target))
    if target.unit != "percent" or "" in above | below or above & below:
        return
    if _REPORTS in below and any(counted.startswith(_REPORTS) for counted in above):
        return
    raise ValueError(
        f"the numerator counts {_listed(above)}, the denominator {_listed(below)};"
        " a share needs the same above and below"
    )


def _counted(term: Term, plan: Plan, forms: Mapping[str, Form]) -> str:
    """Return what a term that was checked counts; empty where nothing states it."""
    function = AGGREGATION_FUNCTIONS[term.function]
    if term.level:
        return f"areas of the level {term.level}"
    if term.function == "recorded":
        levels = {plan.areas_by_code[record.area].level for record in plan.records[term.name]}
        return f"areas of the level {min(levels)}" if len(levels) == 1 else ""
    if function.counts == "reports":
        return f"{_REPORTS} of the form {term.form}" if term.form else _REPORTS
    if not function.takes_measure:
        return ""
    form = forms[term.form]
    if function.counts == "areas":
        area = form.area_dimension
        return f"areas of the level {area.level}" if area else ""
    column = form.columns[term.measure]
    return f"the unit {column.unit.key}" if isinstance(column, Measure) else ""


def _check_reachable(target: Target) -> None:
    """Reject thresholds that no figure can reach. Raises ValueError."""
    terms, _ = target_terms(target)
    thresholds = [target.threshold, *(override.threshold for override in target.overrides)]
    counts = {AGGREGATION_FUNCTIONS[term.function].counts for term in terms}
    is_share = target.unit == "percent" and counts <= {"areas", "reports"}
    if is_share and target.at_least is not None and max(thresholds) > 100:
        raise ValueError(f"the share of areas or reports cannot reach {max(thresholds):g} percent")
    _check_below_zero(target)
    is_rank = [term.function for term in terms] == ["rank"] and target.at_most is not None
    if is_rank and min(*thresholds, target.at_most or 0) < 1:
        raise ValueError("the first rank is 1: at_most cannot be less")


def _check_below_zero(target: Target) -> None:
    """Reject negative thresholds of figures that cannot be negative. Raises ValueError."""
    terms = [term for part in target_terms(target) for term in part]
    functions = [AGGREGATION_FUNCTIONS[term.function] for term in terms]
    if any(
        term.sign < 0 or not (f.takes_measure or f.counts in ("areas", "reports"))
        for term, f in zip(terms, functions, strict=True)
    ):
        return
    stated = [target.at_least, target.at_most, *(override.threshold for override in target.overrides)]
    if below := [threshold for threshold in stated if threshold is not None and threshold < 0]:
        raise ValueError(f"the threshold {below[0]:g} is below 0, but the figure cannot be")


def _check_steps(target: Target) -> None:
    """Reject steps that fall where the figure can only grow. Raises ValueError."""
    if not only_grows(target):
        return
    for steps in (target.steps, *(override.steps for override in target.overrides)):
        for step, following in pairwise(steps):
            if following.threshold < step.threshold:
                fall = f"its steps fall from {step.threshold:g} to {following.threshold:g}"
                raise ValueError(f"{fall}, but the figure can only grow")


def _check_not_zero(part: str, terms: tuple[Term, ...]) -> None:
    """Reject terms that cancel each other out. Raises ValueError."""
    weights: dict[Term, Decimal] = defaultdict(Decimal)
    for term in terms:
        weights[replace(term, sign=1, weight=Decimal(1))] += term.sign * term.weight
    if terms and not any(weights.values()):
        raise ValueError(f"the {part} is always 0: its terms cancel each other out")


def _listed(counted: Iterable[str]) -> str:
    return " and ".join(sorted(counted))


def check_term(term: Term, forms: Mapping[str, Form]) -> None:
    """Check a term's form, measure and codes, and that its function fits the measure. Raises ValueError."""
    function = AGGREGATION_FUNCTIONS[term.function]
    form = forms.get(term.form)
    if function.argument == "form" and term.form and form is None:
        raise ValueError(f"{term.function}({term.form}) names no form")
    if not function.takes_measure:
        return
    column = form.columns.get(term.measure) if form else None
    if form is None or not isinstance(column, Measure):
        raise ValueError(f"{term.form}.{term.measure} is no measure of a form")
    if column.kind.value not in function.measure_types:
        raise ValueError(
            f"{term.function}() does not fit {term.form}.{term.measure}, which is of kind {column.kind}"
        )
    if column.code_list is not None:
        raise ValueError(f"{term.function}() does not fit {term.form}.{term.measure}, which holds codes")
    for key, names in term.codes:
        _check_codes(form, term.form, key, names)


def _check_codes(form: Form, form_key: str, key: str, names: tuple[str, ...]) -> None:
    dimension = next((d for d in form.dimensions if d.key == key and d.code_list), None)
    if dimension is None or dimension.code_list is None:
        raise ValueError(f"form {form_key} has no code list {key!r}")
    unknown = set(names) - {code.code for code in dimension.code_list.codes}
    if unknown:
        raise ValueError(f"{key} has no code {sorted(unknown)[0]}")


def _check_names(term: Term, plan: Plan) -> None:
    """Check the bodies, targets, given figures and records that a term names. Raises ValueError."""
    levels = plan.levels_by_key
    if term.level and term.level not in levels:
        raise ValueError(f"{term.function}() names the level {term.level}, which the plan does not have")
    unknown = [b for b in term.bodies if b not in levels and b not in plan.bodies_by_code]
    if unknown:
        raise ValueError(f"a term names the unknown body {unknown[0]}")
    if term.target and term.target not in plan.targets_by_code:
        raise ValueError(f"{term.function}() names the unknown target {term.target}")
    if term.function == "given" and term.name not in plan.area_figures:
        raise ValueError(f"given({term.name}): the plan has no area_figures {term.name}")
    if term.function == "recorded" and term.name not in plan.records:
        raise ValueError(f"recorded({term.name}): the plan has no records {term.name}")


def _check_owed(term: Term, plan: Plan, forms: Mapping[str, Form]) -> None:
    """Reject a term of a form that nobody reports, or none of its bodies. Raises ValueError."""
    if not term.form:
        return
    code = forms[term.form].code
    reporting = {body.code for body, obligation in plan.obligation_pairs if obligation.form == code}
    if not reporting:
        raise ValueError(f"no body reports the form {code} of {term.form}")
    chosen = plan.body_codes(term.bodies)
    if chosen is not None and not reporting & set(chosen):
        raise ValueError(f"none of the bodies {', '.join(term.bodies)} reports the form {code}")


def _check_periods(term: Term, target: Target, plan: Plan, forms: Mapping[str, Form]) -> None:
    """Reject figures of periods that are too short for the form's reports. Raises ValueError."""
    if term.over != "period" or not term.form or not target.periods:
        return
    code = forms[term.form].code
    reported = {o.frequency for o in plan.obligations if o.form == code}
    shortest = min((_LENGTHS[frequency] for frequency in reported), default=0)
    if short := [kind for kind in target.periods if _LENGTHS[kind] < shortest]:
        raise ValueError(f"{term.form} has no report within a period of the kind {short[0]}")


def _check_days(target: Target, plan: Plan, number: int) -> None:
    first, last = plan_window(plan)
    steps = chain(target.steps, *(override.steps for override in target.overrides))
    days = [step.day for step in steps] + [assessment.day for assessment in target.assessments]
    for day in days + ([target.due] if target.due else []):
        if not first <= day <= last:
            what = f"target {target.code} has a step, assessment or due day outside the plan"
            raise PlanFaultError(f"{what}: {day}", "targets", number)
    for dated in (target, *target.overrides):
        if not dated.exists(first, last):
            what = f"target {target.code} has a part that exists on no day of the plan"
            raise PlanFaultError(f"{what}, which runs from {first} to {last}", "targets", number)
