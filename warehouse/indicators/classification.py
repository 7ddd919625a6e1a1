"""What classifies the figures of a target: value, bounds, verdict and status, as SQL conditions."""

from dataclasses import dataclass, field

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.model import Override, Target
from plans.target_expressions import only_grows, target_terms
from warehouse.sql_templates import quote_literal


@dataclass(frozen=True, slots=True)
class Rules:
    """The SQL conditions of verdict and status, over the columns of a classified row.

    `reached`: the figure satisfies the threshold at present. `certainly_met` and `certainly_not_met` do not
    depend on the missing reports. `missed`: the target cannot be reached any more within the year.
    """

    reached: str
    met: str
    certainly_met: str
    certainly_not_met: str
    on_track: str
    missed: str


@dataclass(frozen=True, slots=True)
class AreaEntries:
    """Figures, records or assessments of the plan, column by column; others are empty."""

    areas: list[str]
    days: list[str] = field(default_factory=list)
    figures: list[float] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Classification:
    """What the macro `classification` reads. `figures` is the statement of the target's numerators.

    The value is `factor` numerator `divisor`. `overrides`: of several that apply, the first one counts.
    `spans_plan`: it accumulates over all years of the plan. `needs_reports`: some report is expected.
    `whole_plan`: final only when the reports of all areas are in.
    """

    figures: str
    target: Target
    overrides: list[Override]
    rules: Rules
    factor: str
    divisor: str
    needs_reports: bool
    whole_plan: bool
    spans_plan: bool
    assessments: AreaEntries | None


def classification_of(
    target: Target, figures: str, needs_reports: bool, assessments: AreaEntries | None
) -> Classification:
    """The classification of the figures of a target's statement."""
    terms = [term for part in target_terms(target) for term in part]
    return Classification(
        figures=figures,
        target=target,
        overrides=list(reversed(target.overrides)),  # in the plan the last one that applies counts
        rules=_rules(target),
        factor=f"{target.factor} * " if target.factor != 1 else "",
        divisor=" / nullif(denominator, 0)" if target.denominator else "",
        needs_reports=needs_reports,
        whole_plan=any(AGGREGATION_FUNCTIONS[term.function].whole_plan for term in terms),
        spans_plan=any(term.over == "plan" for term in terms),
        assessments=assessments,
    )


def _rules(target: Target) -> Rules:
    if target.is_range:
        return _range_rules(target)
    if target.at_least is not None:
        return Rules(
            reached="value >= target_value",
            met="value >= target_value",
            certainly_met="value_min >= target_value",
            certainly_not_met="value_max < target_value",
            on_track="value >= expected_value",
            missed="FALSE",
        )
    return Rules(
        reached="value <= target_value",
        met="is_year_end AND value <= target_value",
        certainly_met="value_max <= target_value",
        certainly_not_met="value_min > target_value",
        on_track="value <= expected_value",
        missed="value_min > target_value" if only_grows(target) else "FALSE",
    )


def _range_rules(target: Target) -> Rules:
    """The rules of a figure between two thresholds; it may leave the range until the year's end."""
    most = f"{quote_literal(target.at_most)}::double precision"
    within = f"value >= target_value AND value <= {most}"
    return Rules(
        reached=within,
        met=f"is_year_end AND {within}",
        certainly_met=f"value_min >= target_value AND value_max <= {most}",
        certainly_not_met=f"value_max < target_value OR value_min > {most}",
        on_track=f"value >= expected_value AND value <= {most}",
        missed=f"value_min > {most}" if only_grows(target) else "FALSE",
    )
