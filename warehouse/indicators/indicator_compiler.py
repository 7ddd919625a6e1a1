"""Compile targets to SQL: each target of a plan becomes one statement over the current facts.

A statement gives for every requested period and area the numerator, the denominator, how many reports are
expected and received, and the bounds of the numerator over everything that missing reports may add.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from plans.aggregation_functions import AGGREGATION_FUNCTIONS, AggregationFunction
from plans.model import LEVELS, Plan, Target
from plans.target_expressions import Term, target_terms
from schemas.forms import BY_KEY
from warehouse.sql_templates import render


@dataclass(frozen=True, slots=True)
class ReportSource:
    """Reports that a figure needs: of a form, by some bodies (codes; None for all)."""

    form_code: str
    bodies: list[str] | None


@dataclass(frozen=True, slots=True)
class TermParameters:
    """What the templates read of a term; a level has no form and measure, a measure no level.

    `has_voluntary`: some bodies report the form without owing it. `area_level` is that of the form's areas;
    empty where its rows are about the body's own area.
    """

    name: str
    function: AggregationFunction
    level: str
    form_key: str
    form_code: str
    measure: str
    area_level: str
    codes: list[tuple[str, list[str]]]
    bodies: list[str] | None
    has_voluntary: bool


def target_statement(plan: Plan, target: Target) -> str:
    """The SELECT of a target.

    Columns: area_key, period_key, numerator, denominator, expected, received, numerator_min, numerator_max
    (null where nothing bounds the numerator); one row for each cell of the grid whose level is among :levels.
    It also takes :plan, :province, :as_of, :year_start and :year_end.
    """
    return render("indicators/target", **target_values(plan, target))


def target_values(plan: Plan, target: Target) -> dict[str, object]:
    """The values of the template of a target's statement."""
    numerator, denominator = target_terms(target)
    terms = [term_parameters(plan, term, f"t{i}") for i, term in enumerate((*numerator, *denominator))]
    bounds = _bounds(numerator, denominator)
    counted = terms[0] if bounds == "count" else None
    return {
        "terms": terms,
        "sources": _sources(terms),
        "numerator": _signed_sum(numerator, 0),
        "denominator": _signed_sum(denominator, len(numerator)) or "NULL::numeric",
        "bounds": bounds,
        "counted": counted,
        "counted_sources": _sources([counted] if counted else []),
    }


def term_parameters(plan: Plan, term: Term, name: str = "term") -> TermParameters:
    """What the templates read of a term; `name` is that of its relation in the statement."""
    function = AGGREGATION_FUNCTIONS[term.function]
    if not function.takes_measure:
        return TermParameters(name, function, term.level, "", "", "", "", [], None, has_voluntary=False)
    form = BY_KEY[term.form]
    return TermParameters(
        name=name,
        function=function,
        level="",
        form_key=form.key,
        form_code=form.code,
        measure=term.measure,
        area_level=next((d.level for d in form.dimensions if d.level), ""),
        codes=[(key, list(codes)) for key, codes in term.codes],
        bodies=_body_codes(plan, term.bodies),
        has_voluntary=any(o.optional for o in plan.obligations if o.form == form.code),
    )


def forms_of(target: Target) -> frozenset[str]:
    """The codes of the forms that a target draws on."""
    return frozenset(BY_KEY[t.form].code for terms in target_terms(target) for t in terms if t.form)


def _signed_sum(terms: Sequence[Term], first: int) -> str:
    """The sum of the terms' figures, where the first term is the relation t<first>."""
    signed = [f"{'+' if term.sign > 0 else '-'} t{first + i}.figure" for i, term in enumerate(terms)]
    return " ".join(signed).removeprefix("+ ")


def _bounds(numerator: Sequence[Term], denominator: Sequence[Term]) -> Literal["count", "lower", "none"]:
    """What bounds the numerator while reports are missing.

    Only where the denominator needs no report, and for a single count or for sums that are all added.
    """
    if any(AGGREGATION_FUNCTIONS[term.function].bounds != "exact" for term in denominator):
        return "none"
    kinds = {AGGREGATION_FUNCTIONS[term.function].bounds for term in numerator}
    if kinds == {"count"} and len(numerator) == 1:
        return "count"
    if kinds == {"lower"} and all(term.sign > 0 for term in numerator):
        return "lower"
    return "none"


def _body_codes(plan: Plan, names: tuple[str, ...]) -> list[str] | None:
    """The codes of the bodies that a term counts (None: all); a level means the bodies of its local areas."""
    if not names:
        return None
    local = [body.code for body in plan.local_bodies if body.level in names]
    return [*local, *(name for name in names if name not in LEVELS)]


def _sources(terms: Iterable[TermParameters]) -> list[ReportSource]:
    """The reports that the terms need, each once, by form and bodies."""
    sources: dict[tuple[str, bool, tuple[str, ...]], ReportSource] = {}
    for term in terms:
        if term.form_code:
            key = (term.form_code, term.bodies is None, tuple(term.bodies or ()))
            sources[key] = ReportSource(term.form_code, term.bodies)
    return [sources[key] for key in sorted(sources)]
