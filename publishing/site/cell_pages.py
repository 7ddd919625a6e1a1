"""Pages of the source cells of a figure, grouped by report; their total equals the figure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TypedDict, cast

from sqlalchemy import Connection

from plans.model import Target
from plans.reporting_calendar import period_from_code
from publishing.i18n import Pair, labels, unit_labels
from publishing.level_words import by_level
from publishing.site.page_queries import TargetRow
from publishing.site.page_writer import Pages
from publishing.site.sheet_preview import MOST_COLUMNS, MOST_ROWS
from publishing.site.site_data import SiteData, period_names
from schemas.form_set import FormSet
from transforms.cell_names import row_and_column
from warehouse.indicators.lineage import recompute, trace
from warehouse.load.submissions import last_accepted

CRUMBS = (("index.html#targets", (labels("vi")["targets"], labels("en")["targets"])),)


class CellRow(TypedDict):
    """A source cell of a figure; `is_drawn`: the submission's page shows the cell.

    `target` is the other target that a cell of the part `source` belongs to.
    """

    part: str
    target: str | None
    sign: int
    weight: Decimal
    area_code: str
    area_name: str | None
    body_name: str | None
    period_code: str | None
    label: Pair
    submission_id: int | None
    sheet_name: str | None
    cell: str | None
    value: float
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class CellGroup:
    """The cells of a figure in one sheet that count in the same way; `first` has what they share."""

    first: CellRow
    cells: list[CellRow]
    total: float


def write_cells(
    connection: Connection,
    pages: Pages,
    data: SiteData,
    target: Target,
    row: TargetRow,
    districts: Sequence[TargetRow],
    kept: set[int],
) -> None:
    """Write the source cells of the province's figure of a period; their total equals the figure.

    `districts` are the rows of districts for the period: each gets an anchor with its figure and cell count.
    """
    plan, code = pages.plan, row["period_code"]
    figures = [
        (r["area_code"], r["area_name"], r["numerator"], r["denominator"], r["value"]) for r in districts
    ]

    def values() -> dict[str, object]:
        cells = trace(connection, plan, target.code, code, plan.area)
        numerator, denominator = recompute(cells, target)
        shown = [_cell_row(cell, kept, data.forms) for cell in cells]
        counts = Counter(area for cell in cells for area in plan.ancestors(str(cell["area_code"])))
        return {
            "groups": _groups(shown),
            "numerator": numerator,
            "denominator": denominator,
            "districts": [(*figure, counts[figure[0]]) for figure in figures],
            "districts_title": by_level(plan, districts[0]["area_level"]) if districts else None,
            "unit": unit_labels(target.unit, data.forms),
        }

    vi, en = period_names(period_from_code(code, plan.calendar))
    titles = (f"Các ô số liệu gốc của {target.code}, {vi}", f"The source cells of {target.code}, {en}")
    # The cells are unchanged while the figure is the same and no further report has been accepted.
    figure = (row["numerator"], row["denominator"], figures)
    key = (target.numerator, target.denominator, figure, last_accepted(connection, plan.code))
    crumbs = (*CRUMBS, (f"target-{target.code}.html", (target.code, target.code)))
    pages.write_once(f"cells-{target.code}-{code}.html", "cells.html", titles, values, key, crumbs)


def _groups(cells: Sequence[CellRow]) -> list[CellGroup]:
    """Group the cells of one measure and sheet that count in the same way."""

    def shared(cell: CellRow) -> tuple[object, ...]:
        about = (cell["part"], cell["target"], cell["sign"], cell["weight"])
        return (*about, cell["label"], cell["period_code"], cell["submission_id"], cell["sheet_name"])

    groups = []
    for _, members in groupby(cells, shared):
        row = list(members)
        groups.append(CellGroup(row[0], row, sum(cell["value"] for cell in row)))
    return groups


def _cell_row(cell: Mapping[str, object], kept: set[int], forms: FormSet) -> CellRow:
    names = ("submission_id", "body_name", "area_name", "period_code", "sheet_name", "area_code", "target")
    blank = dict.fromkeys(names)
    row = {
        **blank,
        **cell,
        "label": _measure_label(str(cell["measure"]), forms),
        "is_drawn": _is_drawn(cell, kept),
    }
    return cast(CellRow, row)


def _measure_label(measure: str, forms: FormSet) -> Pair:
    """Return the label of "form.measure"; other sources, such as a count of areas, keep their name."""
    form, _, key = measure.partition(".")
    found = (
        next((m for m in forms.by_key[form].measures if m.key == key), None) if form in forms.by_key else None
    )
    return (found.label_vi, found.label_en) if found else (measure, measure)


def _is_drawn(cell: Mapping[str, object], kept: set[int]) -> bool:
    if not cell["cell"] or cell.get("submission_id") not in kept:
        return False
    row, column = row_and_column(str(cell["cell"]))
    return row <= MOST_ROWS and column < MOST_COLUMNS
