"""What a plan file states about a target: expression, thresholds, pace, levels."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from plans.plan_types import (
    AreaCode,
    Cadence,
    Dated,
    Day,
    Expression,
    Flag,
    Level,
    Name,
    Number,
    Part,
    Status,
)


class Step(Part):
    """What a target is to reach by a day of the plan year."""

    day: Day
    threshold: Number


class Override(Dated):
    """Another threshold of a target: for some areas, for periods whose windows end within its days, or both.

    Without areas it applies to all. If several apply, the last one counts. `steps` lead to it.
    """

    areas: tuple[AreaCode, ...] = ()
    threshold: Number
    steps: tuple[Step, ...] = ()


class Assessment(Part):
    """The status of a target that no figure expresses, as an official states it from a day on, with a reason.

    Without an area it is about the plan's own.
    """

    day: Day
    status: Status
    reason: Name
    area: AreaCode | None = None


class Target(Dated):
    """A target ("chỉ tiêu"): an expression over measures, compared with a threshold.

    `numerator` and `denominator` are in the language of `plans.target_expressions`. `per`: the figure is so
    many times their ratio, 100 for percent. With `at_least` and `at_most` the figure is to lie between them.
    `pace`: a linear target is expected in proportion to the elapsed year, a constant one in full always, a
    stepwise one as its last step states. `steps`: what it is to reach by days of the year; a linear pace
    leads from one to the next. `may_exceed_100`: that a target in per cent is no share of a whole. `due`: the
    day by which it is to be reached; nothing is expected earlier.
    `periods`: the kinds of periods that it is computed for; empty for all. `breakdown_levels`: further levels
    at which the figure is shown without a threshold. With dates the target is computed for the periods whose
    windows end within them.
    """

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    section: str = ""
    label_vi: Name
    label_en: str = ""
    numerator: Expression
    denominator: Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)] = ""
    per: Annotated[Number, Field(gt=0, le=1e9)] | None = None
    may_exceed_100: Flag = False
    at_least: Number | None = None
    at_most: Number | None = None
    unit: Name
    pace: Literal["linear", "constant", "stepwise"] = "linear"
    steps: tuple[Step, ...] = ()
    due: Day | None = None
    periods: tuple[Cadence, ...] = ()
    reported_levels: tuple[Level, ...] = Field(min_length=1)
    breakdown_levels: tuple[Level, ...] = ()
    overrides: tuple[Override, ...] = ()
    assessments: tuple[Assessment, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if fault := target_fault(self):
            raise ValueError(f"target {self.code} {fault}")
        return self

    @property
    def threshold(self) -> float:
        """The figure to reach, or not to exceed, in the target's unit; the lower end of a range."""
        return self.at_least if self.at_least is not None else float(self.at_most or 0)

    @property
    def is_range(self) -> bool:
        """Whether the figure is to lie between two thresholds."""
        return self.at_least is not None and self.at_most is not None

    @property
    def factor(self) -> float:
        """By what the ratio of numerator and denominator is multiplied."""
        return 100.0 if self.unit == "percent" else self.per or 1.0


def target_fault(target: Target) -> str:
    """Return what is contradictory in a target, as the rest of a sentence; empty where nothing is."""
    return _threshold_fault(target) or _pace_fault(target) or _level_fault(target)


def _threshold_fault(target: Target) -> str:
    if target.at_least is None and target.at_most is None:
        return "needs at_least, at_most or both"
    if target.is_range and target.threshold > float(target.at_most or 0):
        return "has at_least above at_most"
    if any(not (one.areas or one.valid_from or one.last_day) for one in target.overrides):
        return "has an override without areas and days, which would take the place of its threshold"
    if target.is_range and target.overrides:
        return "has both at_least and at_most: a range takes no overrides"
    if target.unit == "percent" and not target.denominator:
        return "has the unit percent and no denominator"
    if target.per is not None and not target.denominator:
        return "has per and no denominator"
    if target.unit == "percent" and target.per not in (None, 100):
        return "has the unit percent and another per than 100"
    if target.may_exceed_100 and target.unit != "percent":
        return "has may_exceed_100 and another unit than percent"
    if target.assessments and target.numerator != "assessed()":
        return "has assessments: its numerator should be assessed()"
    assessed = [(assessment.area, assessment.day) for assessment in target.assessments]
    if doubles := [day for area, day in assessed if assessed.count((area, day)) > 1]:
        return f"has two assessments of one area on {doubles[0]}"
    return ""


def _pace_fault(target: Target) -> str:
    groups = [target.steps, *(override.steps for override in target.overrides)]
    if target.due and (target.at_least is None or target.is_range):
        return "has due, but no at_least alone to reach by that day"
    if target.due and (any(groups) or target.pace == "stepwise"):
        return "has both due and steps"
    if target.pace == "constant" and any(groups):
        return "has steps, but a constant pace takes none"
    if target.pace == "stepwise" and not all(groups):
        return "has a stepwise pace and no steps"
    for steps in groups:
        if any(one.day >= other.day for one, other in pairwise(steps)):
            return "has steps that are not in the order of their days"
    for steps, threshold in _stepped_thresholds(target):
        if higher := next((step.threshold for step in steps if step.threshold > threshold), None):
            return f"has a step of {higher:g} above its threshold of {threshold:g}"
    return ""


def _stepped_thresholds(target: Target) -> list[tuple[tuple[Step, ...], float]]:
    """Return the steps that lead up to a threshold, with that threshold."""
    if target.at_least is None:
        return []
    overridden = [(override.steps, override.threshold) for override in target.overrides]
    return [(target.steps, target.at_least), *overridden]


def _level_fault(target: Target) -> str:
    levels = (*target.reported_levels, *target.breakdown_levels)
    if doubles := [level for level in levels if levels.count(level) > 1]:
        return f"names the level {doubles[0]} twice in its levels"
    if twice := [kind for kind in target.periods if target.periods.count(kind) > 1]:
        return f"names the kind {twice[0]} twice in its periods"
    return ""
