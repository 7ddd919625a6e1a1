"""What reading a file gives: plain values that travel from the reading process to the one that loads.

Rows are 1-based as people see them; columns are the sheet's, counted from 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from plans.reporting_calendar import Period
from schemas.findings import Finding
from transforms.layout.reply_sheet import Reply

Value = int | float | bool | str | date | None


@dataclass(slots=True)
class TotalRow:
    """A total row: the sums it states by measure, and the first and last of the rows of its group.

    `is_heading`: it is the heading of its group, above it, so it can only be the group's total.
    """

    row: int
    first_data_row: int
    last_data_row: int
    sums: dict[str, float]
    is_heading: bool = False


class ColumnUnit(NamedTuple):
    """The unit that a sheet states for a measure, its cell, and the factor to the measure's own unit."""

    key: str
    text: str
    cell: str
    factor: Decimal


class RoleRun(NamedTuple):
    """Columns of a row that have one role, inclusive."""

    first_column: int
    last_column: int
    role: str


class RoleBlock(NamedTuple):
    """Consecutive rows (1-based, inclusive) whose cells have the same roles."""

    first_row: int
    last_row: int
    runs: tuple[RoleRun, ...]


@dataclass(slots=True)
class SheetReading:
    """One sheet that is, or looks like, a form.

    `values` holds for each data row the form's columns in order (None: blank or found faulty), `rows` their
    row numbers in the sheet, `columns` the sheet's column by form column. `row_sheets` names the sheet of
    each row where rows of several sheets were put together, else it is empty. `is_declared_correction`: the
    sheet states that it corrects an earlier report. `is_nil`: it states that there is nothing to report.
    `units` are the units stated, `roles` the cells of each role as ranges (see `role_ranges`),
    `further_roles` those of the other sheets that were put together with it,
    `missing_areas` the codes of the areas whose rows are expected and not there. `plan_code` is the plan that
    it was read under (see `plan_choice`).
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
    is_nil: bool = False
    units: list[ColumnUnit] = field(default_factory=list)
    roles: Mapping[str, str] = field(default_factory=dict)
    row_sheets: list[str] = field(default_factory=list)
    further_roles: list[Mapping[str, str]] = field(default_factory=list)
    missing_areas: list[str] = field(default_factory=list)
    plan_code: str = ""


@dataclass(slots=True)
class FileReading:
    """What a file holds: its forms, or in `problem` why none could be read.

    `remarks` are warnings about a file without any form. `must_not_be_kept`: it holds personal data, and
    every sheet carries PII-SUSPECTED, or it was not searched for them. `plan_code` is the plan that a file
    without sheets belongs to. `replies`: those to findings of earlier submissions, from the list in a
    returned workbook.
    """

    sheets: list[SheetReading] = field(default_factory=list)
    problem: Finding | None = None
    must_not_be_kept: bool = False
    remarks: list[Finding] = field(default_factory=list)
    plan_code: str = ""
    replies: tuple[Reply, ...] = ()
