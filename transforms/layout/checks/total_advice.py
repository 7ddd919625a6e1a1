"""Advice on what to correct together with a fault: totals that it feeds, all cells of an empty row."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas.declaration import Form, Measure, Severity
from schemas.findings import Finding, Words
from transforms.cell_names import cell_name
from transforms.layout.parsed_sheet import SheetReading

_CELL = re.compile(r"([A-Z]+)(\d+)")


def with_total_advice(finding: Finding, reading: SheetReading, form: Form) -> Finding:
    """Return the finding with what has to be corrected together with its cell, if anything."""
    located = _CELL.fullmatch(finding.cell)
    if finding.severity is not Severity.ERROR or located is None or int(located[2]) not in reading.rows:
        return finding
    if finding.code == "ROW-DUPLICATE":
        advice = row_advice(reading, "deleted")
    elif finding.code == "VALUE-MISSING" and _is_empty(reading, form, int(located[2])):
        advice = (Words("advice.empty-row"), *row_advice(reading, "then"))
    else:
        cells = [finding.cell, *str(finding.details.get("related_cells", "")).split()]
        advice = _of_cells(_totals_of(cells, reading, form))
    if not advice:
        return finding
    details = {"advice": (finding.details.get("advice", ""), *advice)}
    return replace(finding, details=finding.details | details)


def row_advice(reading: SheetReading, when: str) -> tuple[Words, ...]:
    """Return the advice to add up the total rows again after a row changed; empty where there are none.

    `when` is deleted, added or then.
    """
    rows = ", ".join(str(total.row) for total in reading.totals)
    return (Words("advice.total-row", {"when": Words(f"when.{when}"), "rows": rows}),) if rows else ()


def _is_empty(reading: SheetReading, form: Form, row: int) -> bool:
    """Whether no measure of the row has a value."""
    values = reading.values[reading.rows.index(row)]
    return all(value is None for value in values[len(form.dimensions) :])


def _totals_of(cells: Sequence[str], reading: SheetReading, form: Form) -> list[str]:
    """Return the cells of the totals that the given cells feed."""
    keys = {position: key for key, position in reading.columns.items()}
    fed: dict[str, None] = {}
    for cell in cells:
        located = _CELL.fullmatch(cell)
        if located is None:
            continue
        position = next((p for p in keys if cell_name(1, p) == f"{located[1]}1"), -1)
        measure = form.columns.get(keys.get(position, ""))
        if not isinstance(measure, Measure) or not measure.is_additive:
            continue
        fed |= {cell_name(t.row, position): None for t in reading.totals if measure.key in t.sums}
    return list(fed)


def _of_cells(totals: Sequence[str]) -> tuple[Words, ...]:
    return (Words("advice.total-cells", {"cells": ", ".join(totals)}),) if totals else ()
