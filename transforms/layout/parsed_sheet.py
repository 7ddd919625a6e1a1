"""What reading a file gives: plain values that travel from the reading process to the one that loads.

Rows are 1-based as people see them; columns are the sheet's, counted from 0.
"""

from dataclasses import dataclass, field
from datetime import date

from plans.reporting_calendar import Period
from schemas.findings import Finding

Value = int | float | bool | str | date | None


@dataclass(slots=True)
class TotalRow:
    """A total row: the sums it states by measure, and the first of the data rows that it closes."""

    row: int
    first_data_row: int
    sums: dict[str, float]


@dataclass(slots=True)
class SheetReading:
    """One sheet that is, or looks like, a form.

    `values` holds for each data row the form's columns in order (None: blank or found faulty), `rows` their
    row numbers in the sheet, `columns` the sheet's column by form column. `is_declared_correction`: the sheet
    states that it corrects an earlier report.
    """

    sheet_name: str
    form_code: str | None = None
    period: Period | None = None
    window: tuple[date, date] | None = None
    findings: list[Finding] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    values: list[list[Value]] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    is_declared_correction: bool = False


@dataclass(slots=True)
class FileReading:
    """What a file holds: its forms, or in `problem` why none could be read.

    `holds_personal_data`: it must not be kept, and every sheet carries PII-SUSPECTED.
    """

    sheets: list[SheetReading] = field(default_factory=list)
    problem: Finding | None = None
    holds_personal_data: bool = False
