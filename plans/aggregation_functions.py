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

Argument = Literal[
    "measure", "form", "level", "given", "records", "target", "target_level", "number", "nothing"
]


class Additivity(StrEnum):
    """Over which dimensions the figures of a function may be added up; from the strongest to the weakest."""

    ADDITIVE = "additive"  # over periods and areas
    SEMI_ADDITIVE = "semi_additive"  # over areas as the numerator or denominator of a share, not over periods
    NON_ADDITIVE = "non_additive"  # neither


@dataclass(frozen=True, slots=True)
class AggregationFunction:
    """What the product knows about one aggregation function.

    `argument`: what its brackets hold: a measure of a form, a form (none: all forms), an administrative
    level, figures that the plan gives by area, dated records of the plan, another target, or another target
    and a level.
    `measure_types`: the values of `schemas.declaration.MeasureType` that it accepts; empty for a level.
    `reports`: which reports of the plan year it reads, for each body: all up to the period's end, the first,
    the last, or none.
    `after_succession`: what happens to the rows of an area that was merged or split. `add`: they keep
    counting. `replace`: they count until (for `first`: unless) a successor (predecessor) reports. `drop`:
    they count only while the area exists unchanged.
    `combine`: how the values of the source cells give the figure: a key of `COMBINATIONS`.
    `bounds`: what is known of the figure while reports are missing. `exact`: it needs no report. `lower`: it
    can only grow. `count`: each area that has not reported may add one. `own`: its query returns them as
    `least` and `most`. `none`: nothing.
    `counts`: what the figure is a number of: the unit of the measure, areas, reports, or nothing that another
    figure could be compared with.
    `whole_plan`: the figure of an area depends on the reports of all areas of the plan.
    `label_vi` and `label_en`: words for a page; `{}` is the argument. Which reports count is added to them.
    """

    name: str
    argument: Argument
    additivity: Additivity
    label_vi: str
    label_en: str
    measure_types: tuple[str, ...] = ()
    reports: Literal["year_to_date", "first", "last", "none"] = "none"
    after_succession: Literal["add", "replace", "drop"] = "add"
    combine: str = "sum"
    bounds: Literal["exact", "lower", "count", "own", "none"] = "none"
    counts: Literal["unit", "areas", "reports", "any"] = "unit"
    whole_plan: bool = False

    @property
    def takes_measure(self) -> bool:
        """Whether the argument is a measure of a form."""
        return self.argument == "measure"

    @property
    def takes_target(self) -> bool:
        """Whether the argument names another target."""
        return self.argument in ("target", "target_level")


_FUNCTIONS = (
    AggregationFunction(
        name="sum",
        argument="measure",
        measure_types=("flow",),
        additivity=Additivity.ADDITIVE,
        reports="year_to_date",
        bounds="lower",
        label_vi="tổng {}",
        label_en="sum of {}",
    ),
    AggregationFunction(
        name="first",
        argument="measure",
        measure_types=("opening_stock",),
        additivity=Additivity.SEMI_ADDITIVE,
        reports="first",
        after_succession="replace",
        label_vi="{} theo báo cáo đầu tiên của năm",
        label_en="{} in the first report of the year",
    ),
    AggregationFunction(
        name="last",
        argument="measure",
        measure_types=("stock",),
        additivity=Additivity.SEMI_ADDITIVE,
        reports="last",
        after_succession="replace",
        label_vi="{} theo báo cáo mới nhất",
        label_en="{} in the latest report",
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
        label_vi="số địa bàn có {}",
        label_en="number of areas with {}",
    ),
    AggregationFunction(
        name="average",
        argument="measure",
        measure_types=("score",),
        additivity=Additivity.NON_ADDITIVE,
        reports="last",
        after_succession="replace",
        combine="mean",
        label_vi="trung bình {} theo báo cáo mới nhất",
        label_en="mean of {} in the latest reports",
    ),
    AggregationFunction(
        name="min",
        argument="measure",
        measure_types=("stock", "score"),
        additivity=Additivity.NON_ADDITIVE,
        reports="last",
        after_succession="replace",
        combine="min",
        label_vi="giá trị nhỏ nhất của {} theo báo cáo mới nhất",
        label_en="smallest {} in the latest reports",
    ),
    AggregationFunction(
        name="max",
        argument="measure",
        measure_types=("stock", "score"),
        additivity=Additivity.NON_ADDITIVE,
        reports="last",
        after_succession="replace",
        combine="max",
        label_vi="giá trị lớn nhất của {} theo báo cáo mới nhất",
        label_en="largest {} in the latest reports",
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
        label_vi="số địa bàn có {} lớn hơn 0",
        label_en="number of areas with {} above 0",
    ),
    AggregationFunction(
        name="areas",
        argument="level",
        additivity=Additivity.SEMI_ADDITIVE,
        bounds="exact",
        counts="areas",
        label_vi="số đơn vị hành chính {}",
        label_en="number of {}",
    ),
    AggregationFunction(
        name="constant",
        argument="number",
        additivity=Additivity.NON_ADDITIVE,
        bounds="exact",
        counts="any",
        label_vi="hằng số",
        label_en="constant",
    ),
    AggregationFunction(
        name="given",
        argument="given",
        additivity=Additivity.SEMI_ADDITIVE,
        bounds="exact",
        label_vi="{} (số cho trước trong kế hoạch)",
        label_en="{} as given by the plan",
    ),
    AggregationFunction(
        name="recorded",
        argument="records",
        additivity=Additivity.SEMI_ADDITIVE,
        bounds="exact",
        counts="areas",
        label_vi="số địa bàn đã có {}",
        label_en="number of areas with a record of {}",
    ),
    AggregationFunction(
        name="assessed",
        argument="nothing",
        additivity=Additivity.NON_ADDITIVE,
        bounds="own",
        counts="any",
        label_vi="kết quả đánh giá của cơ quan theo dõi",
        label_en="assessment of the office in charge",
    ),
    AggregationFunction(
        name="owed",
        argument="form",
        additivity=Additivity.ADDITIVE,
        bounds="exact",
        counts="reports",
        label_vi="số báo cáo phải gửi {}",
        label_en="number of reports owed {}",
    ),
    AggregationFunction(
        name="received",
        argument="form",
        additivity=Additivity.ADDITIVE,
        bounds="own",
        counts="reports",
        label_vi="số báo cáo hợp lệ đã nhận {}",
        label_en="number of valid reports received {}",
    ),
    AggregationFunction(
        name="on_time",
        argument="form",
        additivity=Additivity.ADDITIVE,
        bounds="own",
        counts="reports",
        label_vi="số báo cáo nhận đúng hạn {}",
        label_en="number of reports received on time {}",
    ),
    AggregationFunction(
        name="value",
        argument="target",
        additivity=Additivity.NON_ADDITIVE,
        bounds="own",
        counts="any",
        label_vi="kết quả của chỉ tiêu {}",
        label_en="figure of target {}",
    ),
    AggregationFunction(
        name="achievement",
        argument="target",
        additivity=Additivity.NON_ADDITIVE,
        bounds="own",
        counts="any",
        label_vi="mức đạt (%) của chỉ tiêu {}",
        label_en="achievement (%) of target {}",
    ),
    AggregationFunction(
        name="rank",
        argument="target",
        additivity=Additivity.NON_ADDITIVE,
        counts="any",
        whole_plan=True,
        label_vi="thứ hạng theo chỉ tiêu {}",
        label_en="rank by target {}",
    ),
    AggregationFunction(
        name="reaching",
        argument="target_level",
        additivity=Additivity.SEMI_ADDITIVE,
        bounds="own",
        counts="areas",
        label_vi="số địa bàn đạt chỉ tiêu {}",
        label_en="number of areas that reach target {}",
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
