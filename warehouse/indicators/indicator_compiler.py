"""Compile targets to SQL: each target of a plan becomes one statement over the current facts.

A statement gives for every requested period and area the numerator, the denominator, how many reports are
expected and received, and the bounds of the numerator over everything that missing reports may add.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plans.aggregation_functions import AGGREGATION_FUNCTIONS, AggregationFunction
from plans.model import Plan, Target
from plans.plan_types import Over, Year
from plans.target_expressions import Term, all_terms, target_terms
from schemas.form_set import FormSet
from warehouse.indicators.classification import AreaEntries, Classification, classification_of
from warehouse.indicators.target_bounds import counted_term, numerator_bounds, signed_sum
from warehouse.sql_templates import quote_literal, render

_INNER_COLUMNS = (
    *("area_key", "area_level", "period_key", "value", "value_min", "value_max", "target_value"),
    *("achievement_pct", "verdict", "is_reached"),
)


@dataclass(frozen=True, slots=True)
class ReportSource:
    """Reports that a figure needs: of a form (empty for all), by some bodies (codes; None for all).

    `over`: of the year to date, of the period alone, or of all years of the plan. `year`: of this year, or
    the same ones of the year before.
    """

    form_code: str
    bodies: list[str] | None
    over: Over
    year: Year = "current"


@dataclass(frozen=True, slots=True)
class TermParameters:
    """What the templates read of a term; what its function does not take is empty.

    `across` are the dimensions of the form that are spread over columns.
    `has_voluntary`: some bodies report the form without owing it. `area_level` is that of the form's areas;
    empty where its rows are about the body's own area. `inner` is the statement of the target that the term
    names, `best_first` the order of that target's figures. `entries` are what the plan itself states.
    """

    name: str
    function: AggregationFunction
    source: ReportSource
    level: str
    form_key: str
    form_code: str
    measure: str
    area_level: str
    across: tuple[str, ...]
    codes: list[tuple[str, list[str]]]
    bodies: list[str] | None
    has_voluntary: bool
    over: Over
    year: Year
    inner: str
    best_first: str
    entries: AreaEntries


def target_statement(plan: Plan, forms: FormSet, target: Target) -> str:
    """The SELECT of a target.

    Columns: area_key, period_key, numerator, denominator, expected, received, is_complete (whether reports of
    each year that the target reads are expected, and all are in), numerator_min, numerator_max (null where
    nothing bounds the numerator); one row for each cell of the grid whose level is among :levels.
    It also takes :plan, :province, :as_of, :now, :year_start and :year_end.
    """
    return render("indicators/target", **target_values(plan, forms, target))


def target_values(plan: Plan, forms: FormSet, target: Target) -> dict[str, object]:
    """The values of the template of a target's statement."""
    numerator, denominator = target_terms(target)
    parts = (*numerator, *denominator)
    terms = [term_parameters(plan, forms, target, term, f"t{number}") for number, term in enumerate(parts)]
    counted = counted_term(numerator, denominator)
    sources = _sources(plan, forms, target)
    return {
        "terms": terms,
        "sources": [source for source in sources if source.year == "current"],
        "sources_before": [source for source in sources if source.year == "previous"],
        "numerator": signed_sum(numerator, 0),
        "denominator": signed_sum(denominator, len(numerator)) or "NULL::numeric",
        "bounds": numerator_bounds(numerator, denominator),
        "counted": terms[counted] if counted is not None else None,
        "counted_sources": [terms[counted].source] if counted is not None else [],
    }


def depends_on_present(plan: Plan, forms: FormSet, target: Target) -> bool:
    """Whether bounds depend on when they are computed: an owed report may be in time until it is due."""
    return ":now" in classification(plan, forms, target).figures


def classification(plan: Plan, forms: FormSet, target: Target) -> Classification:
    """What the templates need to compute the rows of a target table for a target.

    Their statements take the parameters of `target_statement`, and :target, :unit and :threshold.
    """
    assessments = _assessments(plan, target) if target.assessments else None
    return classification_of(
        target, target_statement(plan, forms, target), bool(_sources(plan, forms, target)), assessments
    )


def figures_statement(plan: Plan, forms: FormSet, target: Target, columns: Sequence[str]) -> str:
    """The SELECT of the rows of a target table for a target."""
    return render("indicators/figures", c=classification(plan, forms, target), columns=columns)


def term_parameters(
    plan: Plan, forms: FormSet, target: Target, term: Term, name: str = "term"
) -> TermParameters:
    """What the templates read of a target's term; `name` is that of its relation in the statement."""
    form = forms.by_key.get(term.form)
    code = form.code if form else ""
    bodies = plan.body_codes(term.bodies)
    inner = plan.targets_by_code.get(term.target)
    return TermParameters(
        name=name,
        function=AGGREGATION_FUNCTIONS[term.function],
        source=ReportSource(code, bodies, term.over, term.year),
        level=term.level,
        form_key=form.key if form else "",
        form_code=code,
        measure=term.measure,
        area_level=next((d.level for d in form.dimensions if d.level), "") if form else "",
        across=tuple(dimension.key for dimension in form.across) if form else (),
        codes=[(key, list(codes)) for key, codes in term.codes],
        bodies=bodies,
        has_voluntary=any(o.optional for o in plan.obligations if o.form == code),
        over=term.over,
        year=term.year,
        inner=_inner_statement(plan, forms, inner, term.level) if inner else "",
        best_first="DESC" if inner and inner.at_least is not None else "ASC",
        entries=_entries(plan, target, term),
    )


def forms_of(plan: Plan, forms: FormSet, target: Target) -> frozenset[str]:
    """The codes of the forms that a target draws on, itself or by other targets."""
    codes: set[str] = set()
    for term in all_terms(target, plan.targets_by_code):
        if term.form:
            codes.add(forms.by_key[term.form].code)
        elif AGGREGATION_FUNCTIONS[term.function].argument == "form":
            codes.update(obligation.form for obligation in plan.obligations)
    return frozenset(codes)


def is_derived(target: Target) -> bool:
    """Whether a target is computed from other targets, which may need the figures of all areas."""
    return any(term.target for part in target_terms(target) for term in part)


def _inner_statement(plan: Plan, forms: FormSet, target: Target, level: str) -> str:
    """The statement of another target's classified rows: at one level, or at those that are asked for."""
    values: dict[str, object] = {
        "target": target.code,
        "unit": target.unit,
        "threshold": target.threshold,
    }
    if level:
        values["levels"] = [level]
    return fill(figures_statement(plan, forms, target, _INNER_COLUMNS), values)


def fill(statement: str, values: Mapping[str, object]) -> str:
    """Replace parameters of a statement by literals; others stay parameters."""

    def value(match: re.Match[str]) -> str:
        return quote_literal(values[match[1]]) if match[1] in values else match[0]

    return re.sub(r"(?<!:):([a-z_]+)\b", value, statement)


def _entries(plan: Plan, target: Target, term: Term) -> AreaEntries:
    """What the plan itself states for a term: figures by area, records, or assessments."""
    if term.function == "given":
        given = plan.given_by_area(term.name)
        return AreaEntries(areas=[*given], figures=[*given.values()])
    if term.function == "recorded":
        records = [r for r in plan.records[term.name] if target.due is None or r.day <= target.due]
        return AreaEntries(areas=[r.area for r in records], days=[r.day.isoformat() for r in records])
    return _assessments(plan, target)


def _assessments(plan: Plan, target: Target) -> AreaEntries:
    stated = target.assessments
    return AreaEntries(
        areas=[one.area or plan.area for one in stated],
        days=[one.day.isoformat() for one in stated],
        statuses=[one.status for one in stated],
    )


def _sources(plan: Plan, forms: FormSet, target: Target) -> list[ReportSource]:
    """The reports that a target needs, itself or by other targets, each once, by form, bodies and periods."""
    sources: dict[tuple[str, bool, tuple[str, ...], str, str], ReportSource] = {}
    for term in _reported_terms(all_terms(target, plan.targets_by_code)):
        form = forms.by_key[term.form].code if term.form else ""
        bodies = plan.body_codes(term.bodies)
        key = (form, bodies is None, tuple(bodies or ()), term.over, term.year)
        sources[key] = ReportSource(form, bodies, term.over, term.year)
    return [sources[key] for key in sorted(sources)]


def _reported_terms(terms: Iterable[Term]) -> Iterable[Term]:
    """The terms that need reports."""
    for term in terms:
        if AGGREGATION_FUNCTIONS[term.function].argument in ("measure", "form"):
            yield term
