"""The aggregation functions that a target's expression may use: one declaration for each.

The parser of expressions, the check of a plan against the forms, the indicator compiler, lineage and the
year-on-year view read what they need from `AGGREGATION_FUNCTIONS`; none of them knows a function by name.

CONTRIBUTING.md has the recipe for adding one. Its query in `warehouse/sql/indicators/functions/<name>.sql`
returns `area_key`, `period_key` and `figure` for each outer area and period; the macros of
`warehouse/sql/macros/reports.sql` give it the reported rows, choose the reports, and roll areas up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class Additivity(StrEnum):
    """Over which dimensions the figures of a function may be added up; from the strongest to the weakest."""

    ADDITIVE = "additive"  # over periods and areas
    SEMI_ADDITIVE = "semi_additive"  # over areas as the numerator or denominator of a share, not over periods
    NON_ADDITIVE = "non_additive"  # neither


@dataclass(frozen=True, slots=True)
class AggregationFunction:
    """What the product knows about one aggregation function.

    `argument`: a measure of a form, or an administrative level.
    `measure_types`: the values of `schemas.declaration.MeasureType` that it accepts; empty for a level.
    `reports`: which reports of the plan year it reads, for each body: all up to the period's end, the first,
    the last, or none.
    `after_succession`: what happens to the rows of an area that was merged or split. `add`: they keep
    counting. `replace`: they count until (for `first`: unless) a successor (predecessor) reports. `drop`:
    they count only while the area exists unchanged.
    `combine`: how the values of the source cells give the figure: a key of `COMBINATIONS`.
    `bounds`: what is known of the figure while reports are missing. `exact`: it needs no report. `lower`: it
    can only grow. `count`: each area that has not reported may add one. `none`: nothing.
    `counts`: what the figure is a number of: the unit of the measure, or areas.
    `label_vi` and `label_en`: the words before the measure or level on a target's page.
    """

    name: str
    argument: Literal["measure", "level"]
    additivity: Additivity
    label_vi: str
    label_en: str
    measure_types: tuple[str, ...] = ()
    reports: Literal["year_to_date", "first", "last", "none"] = "none"
    after_succession: Literal["add", "replace", "drop"] = "add"
    combine: str = "sum"
    bounds: Literal["exact", "lower", "count", "none"] = "none"
    counts: Literal["unit", "areas"] = "unit"

    @property
    def takes_measure(self) -> bool:
        """Whether the argument is a measure of a form."""
        return self.argument == "measure"


_FUNCTIONS = (
    AggregationFunction(
        name="sum",
        argument="measure",
        measure_types=("flow",),
        additivity=Additivity.ADDITIVE,
        reports="year_to_date",
        bounds="lower",
        label_vi="Tổng từ đầu năm",
        label_en="Sum of the year to date",
    ),
    AggregationFunction(
        name="first",
        argument="measure",
        measure_types=("opening_stock",),
        additivity=Additivity.SEMI_ADDITIVE,
        reports="first",
        after_succession="replace",
        label_vi="Số của báo cáo đầu năm",
        label_en="Figure of the first report",
    ),
    AggregationFunction(
        name="last",
        argument="measure",
        measure_types=("stock",),
        additivity=Additivity.SEMI_ADDITIVE,
        reports="last",
        after_succession="replace",
        label_vi="Số của báo cáo gần nhất",
        label_en="Figure of the last report",
    ),
    AggregationFunction(
        name="count",
        argument="measure",
        measure_types=("flag",),
        additivity=Additivity.SEMI_ADDITIVE,
        reports="last",
        after_succession="drop",
        bounds="count",
        counts="areas",
        label_vi="Số đơn vị có báo cáo gần nhất ghi “có”",
        label_en="Number of areas whose last report states yes",
    ),
    AggregationFunction(
        name="average",
        argument="measure",
        measure_types=("score",),
        additivity=Additivity.NON_ADDITIVE,
        reports="last",
        after_succession="replace",
        combine="mean",
        label_vi="Bình quân của các báo cáo gần nhất",
        label_en="Average of the last reports",
    ),
    AggregationFunction(
        name="min",
        argument="measure",
        measure_types=("stock", "score"),
        additivity=Additivity.NON_ADDITIVE,
        reports="last",
        after_succession="replace",
        combine="min",
        label_vi="Số nhỏ nhất trong các báo cáo gần nhất",
        label_en="Smallest figure of the last reports",
    ),
    AggregationFunction(
        name="max",
        argument="measure",
        measure_types=("stock", "score"),
        additivity=Additivity.NON_ADDITIVE,
        reports="last",
        after_succession="replace",
        combine="max",
        label_vi="Số lớn nhất trong các báo cáo gần nhất",
        label_en="Largest figure of the last reports",
    ),
    AggregationFunction(
        name="distinct",
        argument="measure",
        measure_types=("flow", "stock"),
        additivity=Additivity.SEMI_ADDITIVE,
        reports="year_to_date",
        after_succession="drop",
        combine="areas",
        bounds="lower",
        counts="areas",
        label_vi="Số đơn vị có số liệu lớn hơn 0 từ đầu năm",
        label_en="Number of areas with more than 0 in the year to date",
    ),
    AggregationFunction(
        name="areas",
        argument="level",
        additivity=Additivity.SEMI_ADDITIVE,
        bounds="exact",
        counts="areas",
        label_vi="Số đơn vị hành chính",
        label_en="Number of areas",
    ),
)
AGGREGATION_FUNCTIONS: Mapping[str, AggregationFunction] = MappingProxyType(
    {function.name: function for function in _FUNCTIONS}
)


# How the source cells of a term, each an area with its value, give the figure: used to check a traced figure.
Cells = Sequence[tuple[str, Decimal]]
COMBINATIONS: Mapping[str, Callable[[Cells], Decimal]] = MappingProxyType(
    {
        "sum": lambda cells: sum((value for _, value in cells), Decimal(0)),
        "mean": lambda cells: sum((value for _, value in cells), Decimal(0)) / len(cells),
        "min": lambda cells: min(value for _, value in cells),
        "max": lambda cells: max(value for _, value in cells),
        "areas": lambda cells: Decimal(len({area for area, value in cells if value > 0})),
    }
)


def weakest_additivity(names: Iterable[str]) -> Additivity:
    """The additivity of a sum of terms with these functions: that of the least additive one."""
    order = list(Additivity)
    used = [AGGREGATION_FUNCTIONS[name].additivity for name in names]
    return max(used, key=order.index, default=Additivity.ADDITIVE)
