"""Check a plan against the forms: every form, measure, code and body that it names must exist."""

from collections.abc import Iterable, Mapping, Sequence

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.model import LEVELS, Plan, Target
from plans.target_expressions import Term, target_terms
from schemas.declaration import Form, Measure


def check_plan(plan: Plan, forms: Mapping[str, Form]) -> None:
    """Check a plan against the forms by key. Raises ValueError: an unknown form, measure, code or body."""
    form_codes = {form.code for form in forms.values()}
    for obligation in plan.obligations:
        if obligation.form not in form_codes:
            raise ValueError(f"an obligation names the unknown form {obligation.form}")
    for target in plan.targets:
        _check_target(target, plan, forms)


def _check_target(target: Target, plan: Plan, forms: Mapping[str, Form]) -> None:
    try:
        numerator, denominator = target_terms(target)
        terms = (*numerator, *denominator)
        for term in terms:
            check_term(term, forms)
        _check_share(numerator, denominator, forms)
    except ValueError as error:
        raise ValueError(f"target {target.code}: {error}") from error
    for term in terms:
        unknown = [b for b in term.bodies if b not in LEVELS and b not in plan.bodies_by_code]
        if unknown:
            raise ValueError(f"target {target.code} names the unknown body {unknown[0]}")


def _check_share(numerator: Sequence[Term], denominator: Sequence[Term], forms: Mapping[str, Form]) -> None:
    """Check that a share divides like by like. Raises ValueError where no term of both counts the same."""
    above, below = ({_counted(term, forms) for term in terms} for terms in (numerator, denominator))
    if denominator and "" not in above | below and not above & below:
        raise ValueError(
            f"the numerator counts {_listed(above)}, the denominator {_listed(below)};"
            " a share needs the same above and below"
        )


def _counted(term: Term, forms: Mapping[str, Form]) -> str:
    """Return what a term that was checked counts; empty where the form does not state it."""
    if term.level:
        return f"areas of the level {term.level}"
    form = forms[term.form]
    if AGGREGATION_FUNCTIONS[term.function].counts == "areas":
        area = form.area_dimension
        return f"areas of the level {area.level}" if area else ""
    column = form.columns[term.measure]
    return f"the unit {column.unit.key}" if isinstance(column, Measure) else ""


def _listed(counted: Iterable[str]) -> str:
    return " and ".join(sorted(counted))


def check_term(term: Term, forms: Mapping[str, Form]) -> None:
    """Check a term's measure, its codes, and that its function fits the measure. Raises ValueError."""
    function = AGGREGATION_FUNCTIONS[term.function]
    if not function.takes_measure:
        return
    form = forms.get(term.form)
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
        _check_codes(form, key, names)


def _check_codes(form: Form, key: str, names: tuple[str, ...]) -> None:
    dimension = next((d for d in form.dimensions if d.key == key and d.code_list), None)
    if dimension is None or dimension.code_list is None:
        raise ValueError(f"form {form.key} has no code list {key!r}")
    unknown = set(names) - {code.code for code in dimension.code_list.codes}
    if unknown:
        raise ValueError(f"{key} has no code {sorted(unknown)[0]}")
