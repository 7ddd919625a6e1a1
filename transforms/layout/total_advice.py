"""Advice for a fault in a row that a total row adds up: the total must be corrected as well."""

import re
from dataclasses import replace

from schemas.declaration import Form, Measure, Severity
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.parsed_sheet import SheetReading

_ROW_OF_CELL = re.compile(r"[A-Z]+(\d+)")


def with_total_advice(finding: Finding, reading: SheetReading, form: Form) -> Finding:
    """Return the finding with the cells of the totals that its figure feeds, if it feeds any."""
    column = form.columns.get(finding.column_key)
    located = _ROW_OF_CELL.fullmatch(finding.cell)
    if located is None or not isinstance(column, Measure) or not column.is_additive:
        return finding
    row = int(located[1])
    totals = [total.row for total in reading.totals if finding.column_key in total.sums]
    if finding.severity is not Severity.ERROR or row not in reading.rows or not totals:
        return finding
    names = ", ".join(cell_name(total, reading.columns[finding.column_key]) for total in totals)
    advice = {
        "advice_vi": f" Khi sửa số liệu này, hãy sửa cả dòng tổng (ô {names}).",
        "advice_en": f" When you correct this figure, correct the total as well (cell {names}).",
    }
    return replace(finding, details=finding.details | advice)
