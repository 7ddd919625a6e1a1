"""A page per target: its history and chart, the figures by area, and the cells behind them."""

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple
from sqlalchemy import Connection

from plans.model import Target
from publishing.i18n import LANGUAGES, unit_labels
from publishing.site import page_queries as figures
from publishing.site.charts import target_chart
from publishing.site.page_writer import Pages
from publishing.site.sheet_preview import MOST_COLUMNS, MOST_ROWS
from schemas.forms import BY_KEY
from warehouse.indicators.lineage import reckon, trace
from warehouse.integrity.events import closed_codes
from warehouse.load.submissions import last_accepted

Row = Mapping[str, Any]
_BLANK = dict.fromkeys(("submission_id", "body_name", "area_name", "period_code", "sheet_name"))


def write_targets(connection: Connection, pages: Pages, kept: set[int]) -> None:
    """Write the pages of all targets; `kept` are the submissions whose sheets are drawn."""
    plan = pages.plan
    rows = figures.targets(connection, plan)
    shown = figures.last_period(connection, plan)
    traced = sorted({*closed_codes(connection, plan.code), *([shown] if shown else [])})
    for target in plan.targets:
        mine = [row for row in rows if row["target_code"] == target.code]
        areas: dict[str, list[Row]] = {}
        for row in mine:
            if row["area_level"] != "commune":
                areas.setdefault(row["area_name"], []).append(row)
        whole = {row["period_code"]: row for row in mine if row["area_code"] == plan.area}
        codes = [code for code in traced if code in whole]
        values = {
            "target": target.code,
            "areas": list(areas.items()),
            "unit": unit_labels(target.unit),
            "chart": _write_charts(pages, target, list(whole.values())),
            "traced": codes,
        }
        titles = (f"{target.code}: {target.label_vi}", f"{target.code}: {target.label_en or target.label_vi}")
        pages.write(f"target-{target.code}.html", "target.html", titles, values)
        for code in codes:
            _write_cells(connection, pages, target, whole[code], kept)


def _write_charts(pages: Pages, target: Target, rows: Sequence[Row]) -> tuple[str, str] | None:
    """The charts' places, Vietnamese and English; None where there is nothing to draw."""
    if not any(row["value"] is not None for row in rows):
        return None
    keys = ("period_code", "window_end", "value", "expected_value", "target_value")
    in_time = sorted(rows, key=lambda row: (row["window_end"], row["window_start"]))
    told = [{key: row[key] for key in keys} for row in in_time if row["value"] is not None]
    places = []
    for number, language in enumerate(LANGUAGES):
        unit = unit_labels(target.unit)[number]
        place = f"charts/{target.code}-{language}.svg"
        key = sha256(repr((told, unit, language)).encode()).hexdigest()
        pages.site.write(place, key, partial(target_chart, told, unit, language))
        places.append(place)
    return places[0], places[1]


def _write_cells(connection: Connection, pages: Pages, target: Target, row: Row, kept: set[int]) -> None:
    """The cells behind the province's figure of a period; they give it again."""
    plan, code = pages.plan, row["period_code"]

    def values() -> dict[str, Any]:
        cells = trace(connection, plan, target.code, code, plan.area)
        numerator, denominator = reckon(cells, target)
        told = [{**_BLANK, **cell, "label": _label(cell), "drawn": _is_drawn(cell, kept)} for cell in cells]
        return {"cells": told, "numerator": numerator, "denominator": denominator}

    titles = (
        f"Các ô số liệu gốc của {target.code}, {code}",
        f"The source cells of {target.code}, {code}",
    )
    # The same cells as long as the figure stands and no further report was accepted.
    figure = (row["numerator"], row["denominator"])
    key = (target.numerator, target.denominator, figure, last_accepted(connection, plan.code))
    pages.write_once(f"cells-{target.code}-{code}.html", "cells.html", titles, values, key)


def _label(cell: Row) -> tuple[str, str]:
    """What the measure is called; a count of areas by its own name."""
    form, _, key = cell["measure"].partition(".")
    measure = next((m for m in BY_KEY[form].measures if m.key == key), None) if form in BY_KEY else None
    return (measure.label_vi, key.replace("_", " ")) if measure else (cell["measure"], cell["measure"])


def _is_drawn(cell: Row, kept: set[int]) -> bool:
    if not cell["cell"] or cell.get("submission_id") not in kept:
        return False
    row, column = coordinate_to_tuple(cell["cell"])
    return row <= MOST_ROWS and column <= MOST_COLUMNS
