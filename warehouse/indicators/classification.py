"""Classify figures: value, bounds, verdict and status of a target, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass

from plans.aggregation_functions import Additivity, weakest_additivity
from plans.model import Override, Plan, Target
from plans.target_expressions import target_terms
from warehouse.indicators.indicator_compiler import target_statement
from warehouse.sql_templates import render


@dataclass(frozen=True, slots=True)
class Rules:
    """The SQL conditions of verdict and status, over the columns of a classified row.

    `certainly_met` and `certainly_not_met` do not depend on the missing reports. `missed`: the target cannot
    be reached any more within the year.
    """

    met: str
    certainly_met: str
    certainly_not_met: str
    on_track: str
    missed: str


_AT_LEAST = Rules(
    met="value >= target_value",
    certainly_met="value_min >= target_value",
    certainly_not_met="value_max < target_value",
    on_track="value >= expected_value",
    missed="FALSE",
)
_AT_MOST = Rules(
    met="is_year_end AND value <= target_value",
    certainly_met="value_max <= target_value",
    certainly_not_met="value_min > target_value",
    on_track="value <= expected_value",
    missed="value_min > target_value AND unit <> 'percent'",  # a sum does not decrease within the year
)
_AT_MOST_NON_ADDITIVE = Rules(
    met=_AT_MOST.met,
    certainly_met=_AT_MOST.certainly_met,
    certainly_not_met=_AT_MOST.certainly_not_met,
    on_track=_AT_MOST.on_track,
    missed="FALSE",
)


@dataclass(frozen=True, slots=True)
class Classification:
    """What the macro `classification` reads. `figures` is the statement of the target's numerators.

    The value is `factor` numerator `divisor`. `overrides`: of several that apply, the first one counts.
    """

    figures: str
    target: Target
    overrides: list[Override]
    rules: Rules
    factor: str
    divisor: str
    is_linear: bool


def classification(plan: Plan, target: Target) -> Classification:
    """What the templates need to compute the rows of a target table for a target.

    Their statements take the parameters of `target_statement`, and :target, :unit, :threshold and :now.
    """
    return Classification(
        figures=target_statement(plan, target),
        target=target,
        overrides=list(reversed(target.overrides)),  # in the plan the last one that applies counts
        rules=_rules(target),
        factor="100.0 * " if target.unit == "percent" else "",
        divisor=" / nullif(denominator, 0)" if target.denominator else "",
        is_linear=target.pace != "constant",
    )


def figures_statement(plan: Plan, target: Target, columns: Sequence[str]) -> str:
    """The SELECT of the rows of a target table for a target."""
    return render("indicators/figures", c=classification(plan, target), columns=columns)


def _rules(target: Target) -> Rules:
    if target.at_least is not None:
        return _AT_LEAST
    numerator, _ = target_terms(target)
    if weakest_additivity(term.function for term in numerator) is Additivity.NON_ADDITIVE:
        return _AT_MOST_NON_ADDITIVE
    return _AT_MOST
