"""The course of a target in each district: small charts of one scale, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from plans.model import Target
from publishing.i18n import Pair, unit_labels
from publishing.site.page_queries import TargetRow
from publishing.site.site_data import SiteData
from publishing.site.target_figures import Spark, highest, spark_of, spark_title


@dataclass(frozen=True, slots=True)
class Multiple:
    """The chart of an area with its description; `row` has the current figure."""

    row: TargetRow
    spark: Spark
    title: Pair


def small_multiples(data: SiteData, target: Target, rows: Sequence[TargetRow]) -> list[Multiple]:
    """Return a chart for each area of the rows that has a figure in some month, in their order."""
    months = {row["area_code"]: data.months(target, row["area_code"]) for row in rows}
    top = max((highest(of_area) for of_area in months.values()), default=0)
    multiples = []
    for row in rows:
        of_area = months[row["area_code"]]
        spark = spark_of(of_area, top)
        if spark:
            title = spark_title(row["area_name"], of_area, unit_labels(target.unit, data.forms))
            multiples.append(Multiple(row, spark, title))
    return multiples
