"""Advice on what to correct together with a fault: totals that it feeds, all cells of an empty row."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from schemas.declaration import Form, Measure, Severity
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.parsed_sheet import SheetReading

_CELL = re.compile(r"([A-Z]+)(\d+)")


class _Advice(NamedTuple):
    """Sentences to append to a finding."""

    vi: str
    en: str


_EMPTY_ROW = _Advice(
    " Cả dòng chưa có số liệu: hãy ghi đủ các ô của dòng, không có thì ghi 0.",
    " The whole row has no figures: fill in all its cells, 0 for none.",
)


def with_total_advice(finding: Finding, reading: SheetReading, form: Form) -> Finding:
    """Return the finding with what has to be corrected together with its cell, if anything."""
    located = _CELL.fullmatch(finding.cell)
    if finding.severity is not Severity.ERROR or located is None or int(located[2]) not in reading.rows:
        return finding
    if finding.code == "ROW-DUPLICATE":
        advice = row_advice(reading, "Khi xóa dòng này", "When you delete this row")
    elif finding.code == "VALUE-MISSING" and _is_empty(reading, form, int(located[2])):
        vi, en = row_advice(reading, "Sau đó", "Then")
        advice = _Advice(_EMPTY_ROW.vi + vi, _EMPTY_ROW.en + en)
    else:
        cells = [finding.cell, *str(finding.details.get("related_cells", "")).split()]
        advice = _of_cells(_totals_of(cells, reading, form))
    if not advice.vi:
        return finding
    earlier = (str(finding.details.get("advice_vi", "")), str(finding.details.get("advice_en", "")))
    details = {"advice_vi": earlier[0] + advice.vi, "advice_en": earlier[1] + advice.en}
    return replace(finding, details=finding.details | details)


def row_advice(reading: SheetReading, when_vi: str, when_en: str) -> _Advice:
    """Return the advice to add up the total rows again after a row changed; empty where there are none."""
    totals = [str(total.row) for total in reading.totals]
    if not totals:
        return _Advice("", "")
    rows = ", ".join(totals)
    return _Advice(
        f" {when_vi}, hãy cộng lại dòng tổng (dòng {rows}).",
        f" {when_en}, add up the total again (row {rows}).",
    )


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


def _of_cells(totals: Sequence[str]) -> _Advice:
    if not totals:
        return _Advice("", "")
    names = ", ".join(totals)
    return _Advice(
        f" Khi sửa số liệu này, hãy sửa cả dòng tổng (ô {names}).",
        f" When you correct this figure, correct the total as well (cell {names}).",
    )
