"""Figures of a target prepared for display: bar, sparkline, differences and what is still needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from plans.model import Plan, Target
from plans.plan_years import year_of_day
from plans.reporting_calendar import Period, year_window
from plans.target_expressions import only_grows
from publishing.i18n import LANGUAGES, Pair, format_number, labels, unit_labels
from publishing.site.page_queries import TargetRow
from schemas.form_set import FormSet

_BAR_END = 130.0  # percent of the year's target at the end of the bar
_POINTS: Pair = (labels("vi")["points"], labels("en")["points"])


@dataclass(frozen=True, slots=True)
class Bar:
    """Positions on a bar in percent of its width."""

    value: float
    pace: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Spark:
    """A line by month in a box of 132 by 38: points as SVG attributes, gaps where a month has no figure."""

    limit: float
    pace: str
    lines: list[str]
    dot: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Need:
    """What is missing for the year's target: `units` counts things where the target is a share of them."""

    missing: float
    per_month: float | None
    months_left: int
    units: int | None


def bar_of(row: TargetRow) -> Bar | None:
    """Return the bar of a row; None without a figure or with a target of zero."""
    target = row["target_value"]
    if row["value"] is None or not target:
        return None

    def place(value: float | None) -> float | None:
        return None if value is None else min(max(100 * float(value) / target, 0), _BAR_END) / _BAR_END * 100

    is_open = row["value_min"] != row["value_max"]
    low, high = (place(row["value_min"]), place(row["value_max"])) if is_open else (None, None)
    return Bar(place(row["value"]) or 0.0, place(row["expected_value"]), low, high)


def highest(months: Sequence[TargetRow]) -> float:
    """Return the highest of the figures of some rows and of their thresholds; 0 for none."""
    return max(
        (float(v) for row in months for v in (row["value"], row["target_value"]) if v is not None), default=0
    )


def spark_of(months: Sequence[TargetRow], top: float = 0) -> Spark | None:
    """Return the sparkline of monthly rows, with `top` at its upper edge; None if no month has a figure."""
    values = [row["value"] for row in months]
    if not any(value is not None for value in values):
        return None
    limit = months[-1]["target_value"]
    top = max(top, highest(months)) or 1.0

    def x(month: int) -> float:
        return 4 + month * 118 / max(len(months) - 1, 1)

    def y(value: float) -> float:
        return 36 - 32 * max(float(value), 0) / top

    runs: list[list[str]] = [[]]
    dot = None
    for month, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        runs[-1].append(f"{x(month):.1f},{y(value):.1f}")
        dot = (x(month), y(value))
    pace = " ".join(f"{x(m):.1f},{y(row['expected_value']):.1f}" for m, row in enumerate(months))
    return Spark(y(limit), pace, [" ".join(run) for run in runs if len(run) > 1], dot)


def spark_title(code: str, months: Sequence[TargetRow], unit: Pair) -> Pair:
    """Describe a sparkline in words: the figures by month."""
    titles = []
    for index, language in enumerate(LANGUAGES):
        words = labels(language)
        figures = "; ".join(
            "–" if row["value"] is None else format_number(row["value"], 1, language) for row in months
        )
        limit = format_number(months[-1]["target_value"], 1, language) if months else "–"
        titles.append(
            f"{code}, {words['by_month'].lower()}: {figures} {unit[index]};"
            f" {words['to_reach'].lower()} {limit}"
        )
    return titles[0], titles[1]


def gap_unit(unit: str, forms: FormSet) -> Pair:
    """Return the unit of a difference: percentage points for shares."""
    return _POINTS if unit == "percent" else unit_labels(unit, forms)


def is_reached(row: TargetRow, target: Target) -> bool:
    """Whether the figure reaches the year's target."""
    return _satisfies(row["value"], row["target_value"], target)


def reaches_expected(row: TargetRow, target: Target) -> bool:
    """Whether the figure reaches the level expected by its period."""
    return _satisfies(row["value"], row["expected_value"], target)


def _satisfies(value: float | None, threshold: float, target: Target) -> bool:
    """Whether a figure is on the right side of a threshold, and within the range of the target."""
    if value is None:
        return False
    if target.is_range and value > float(target.at_most or 0):
        return False
    return value >= threshold if target.at_least is not None else value <= threshold


def need_of(row: TargetRow, target: Target, period: Period, plan: Plan) -> Need | None:
    """Return what is missing for the year's target; None if it is reached, unknown or an upper limit."""
    value = row["value"]
    if value is None or target.at_least is None or value >= row["target_value"]:
        return None
    missing = row["target_value"] - float(value)
    year_end = year_window(period.year, plan.calendar)[1]
    months = max((year_end.year - period.window_end.year) * 12 + year_end.month - period.window_end.month, 0)
    units = None
    if target.unit == "percent" and row["denominator"]:
        units = ceil(
            float(row["denominator"]) * row["target_value"] / target.factor
            - float(row["numerator"] or 0)
            - 1e-9
        )
    per_month = (missing if units is None else units) / months if months else None
    return Need(missing, per_month, months, units)


def outcome(row: TargetRow, target: Target, plan: Plan) -> str:
    """Classify a figure as met or missed if nothing can change it any more, else as open.

    Before the end of the year a reached target is final only if its figure can only grow.
    """
    year = year_of_day(plan, row["window_end"])
    is_last = row["window_end"] >= year_window(year, plan.calendar)[1]
    is_certain = is_last or (target.at_most is None and only_grows(target))
    if row["verdict"] == "met" and is_certain:
        return "met"
    return "missed" if row["verdict"] == "not_met" and is_last else "open"
