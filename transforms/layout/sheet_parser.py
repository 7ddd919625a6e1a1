"""One sheet of a file: which form it is, for which period and window, its columns and its rows."""

from datetime import date

from plans.model import Body, Plan
from schemas.declaration import Form
from schemas.findings import Finding, Named, Words
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cell_roles import CellRole, cell_roles, role_ranges
from transforms.layout.cells.cell_values import PlaceLookup, shown
from transforms.layout.checks.above_table import check_above
from transforms.layout.checks.column_checks import check_columns
from transforms.layout.checks.cut_tables import check_cut
from transforms.layout.checks.form_checks import check_sender, note_no_table, note_unknown_form
from transforms.layout.checks.head_remarks import check_head_remarks
from transforms.layout.checks.invisible_cells import check_invisible
from transforms.layout.checks.other_periods import check_other_periods
from transforms.layout.checks.period_checks import Heads, read_stated_period
from transforms.layout.checks.printed_cells import check_printed
from transforms.layout.checks.sheet_checks import check_expected_rows, check_sheet
from transforms.layout.checks.table_checks import (
    check_hidden,
    check_merged,
    check_roles,
    check_second_form,
)
from transforms.layout.checks.total_advice import with_total_advice
from transforms.layout.checks.unit_checks import check_units
from transforms.layout.checks.unseen_heads import check_unseen_heads
from transforms.layout.form_search import FoundForm, decode_sheet, look_for_form
from transforms.layout.found_text import texts
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.reading_context import ReadingContext, reading_context
from transforms.layout.rows.nil_reports import check_nil, is_nil_without_table
from transforms.layout.rows.row_kinds import table_of
from transforms.layout.rows.row_texts import check_row_texts
from transforms.layout.rows.sum_columns import check_sum_columns
from transforms.layout.rows.table_rows import read_rows
from transforms.layout.sheet_head.letterhead import is_declared_correction
from transforms.layout.sheet_head.period_search import find_period
from transforms.layout.sheet_head.period_words import has_period_label, names_period
from transforms.layout.table import Table
from transforms.layout.table_header.header import Header, find_header
from transforms.text.reading_words import cell_words

__all__ = [
    "FoundForm",
    "ReadingContext",
    "complete_sheet",
    "decode_sheet",
    "look_for_form",
    "read_sheet",
    "reading_context",
]


def read_sheet(found: FoundForm, body_code: str, context: ReadingContext) -> SheetReading:
    """Read a sheet that is a form of the body, with a finding for every fault.

    Expected rows are checked by `complete_sheet`, once the parts of a report are put together.
    """
    sheet = found.sheet
    reading = SheetReading(sheet.name, found.code)
    if found.code is None:
        note_unknown_form(reading, found, context.forms)
    form = context.forms.by_code.get(found.code or "")
    top = found.header.first_row if found.header else len(sheet.rows)
    body = context.plan.bodies_by_code.get(body_code)
    obligation = context.plan.cadences.get((body_code, found.code or ""))
    check_sender(reading, found, body_code, form, context)
    reading.is_declared_correction = is_declared_correction(found.seen, top)
    heads: Heads = {CellRole.FORM_CODE: [found.code_text] if found.code_text else []}
    read_stated_period(reading, found, top, body, obligation, context, heads)
    if form is not None:
        _read_table(reading, found, form, body, context, heads)
        reading.findings = [with_total_advice(finding, reading, form) for finding in reading.findings]
    return reading


def complete_sheet(reading: SheetReading, body_code: str, context: ReadingContext) -> None:
    """Check the rows that the form expects, after all parts of a report were put together."""
    form = context.forms.by_code.get(reading.form_code or "")
    if form is None or not reading.columns:
        return
    first, last = reading.window or context.plan_window
    plan, body, _ = _in_force(context, first, last, context.plan.bodies_by_code.get(body_code))
    check_expected_rows(reading, form, body, plan, last)


def _in_force(
    context: ReadingContext, first: date, last: date, body: Body | None
) -> tuple[Plan, Body | None, str]:
    """The plan and the body as they are in a window, and the area that the body reports on."""
    plan = context.plan.effective_plan(first, last)
    body = plan.bodies_by_code.get(body.code, body) if body is not None else None
    within = body.area if body is not None else plan.area
    if within not in plan.areas_within:  # the body's area does not exist in the window
        plan = context.plan
    return plan, body, within


def _read_table(
    reading: SheetReading,
    found: FoundForm,
    form: Form,
    body: Body | None,
    context: ReadingContext,
    heads: Heads,
) -> None:
    header = found.header
    first, last = reading.window or context.plan_window
    plan, body, within = _in_force(context, first, last, body)
    if header is None and is_nil_without_table(reading, found.written, form, body, plan):
        return
    if header is None:
        note_no_table(reading, found, form, context.forms)
        return
    header = _header_of_period(reading, found, header, form, context)
    reading.columns = dict(header.columns)
    check_columns(reading, header, form, form.of_window(first, last))
    _check_header_formulas(reading, found.sheet, header)
    lookup = PlaceLookup(context.places_of(plan, first, last), within, cell_words(plan.language))
    table = table_of(found.sheet, header, form, context.forms, lookup)
    table.heads = found.seen
    units, heads[CellRole.UNIT] = check_units(reading, table)
    read_rows(reading, table, units)
    check_nil(reading, table, body, plan)
    check_sheet(reading, form)
    check_sum_columns(reading, table)
    _check_heads(reading, found, table, heads, context)
    check_invisible(reading, table)
    check_merged(reading, table)
    check_second_form(reading, table)
    check_cut(reading, table)
    check_printed(reading, table)
    check_above(reading, table)
    check_row_texts(reading, table, context.plan.calendar)
    _check_second_period(reading, table, context.plan)
    blocks = cell_roles(table, heads)
    reading.roles = role_ranges(blocks)  # short: it goes from process to process
    check_roles(reading, table, blocks)


def _header_of_period(
    reading: SheetReading, found: FoundForm, header: Header, form: Form, context: ReadingContext
) -> Header:
    """The header without the columns of other periods, where it has columns for several."""
    period, plan = reading.period, context.plan
    if not header.parts or period is None:
        return header

    def names(words: str) -> bool:
        return names_period(words, period, plan.calendar)

    return find_header(found.written, found.sheet.merged, form, plan.area_headings, names) or header


def _check_heads(
    reading: SheetReading, found: FoundForm, table: Table, heads: Heads, context: ReadingContext
) -> None:
    """Note texts above the table that change its figures, and what is hidden there or in the table."""
    top = table.header.first_row
    check_head_remarks(reading, found.seen, table.header, context.phrases)
    for stated in heads.get(CellRole.PERIOD, ()):
        check_other_periods(reading, found.seen, top, stated, context.plan, table.form.title)
    check_unseen_heads(reading, found, table, heads)
    check_hidden(reading, table, [text.row for found_texts in heads.values() for text in found_texts])


def _check_header_formulas(reading: SheetReading, sheet: Sheet, header: Header) -> None:
    """Note labels that are formulas without a value: because of them columns seem to be missing."""
    for row, column in sorted(sheet.formula_without_value):
        if header.first_row <= row <= header.last_row:
            cell = cell_name(row + 1, column)
            reading.findings.append(Finding("FORMULA-UNCALCULATED", reading.sheet_name, cell))


def _check_second_period(reading: SheetReading, table: Table, plan: Plan) -> None:
    """Note another period stated below the header: the rows below it belong to another report."""
    start = table.header.last_row + 1
    labelled = {text.row for text in texts(table.rows, start) if has_period_label(text.text)}
    if not labelled:
        return
    below = [row if index in labelled else [] for index, row in enumerate(table.rows)]
    found = find_period(below, len(below), plan)
    if found is None or found.period is None or reading.period in (None, found.period):
        return
    details = {
        "other": Words("other.period", {"period": Named(found.period.name_vi, found.period.name_en)}),
        "kept": Words("kept.one-period"),
        "remedy": Words("remedy.one-period"),
    }
    cell = cell_name(found.found.row + 1, found.found.column)
    reading.findings.append(
        Finding("FORM-SECOND", reading.sheet_name, cell, "", shown(found.found.text), details)
    )
