"""One sheet of a file: which form it is, for which period and window, its columns and its rows."""

from dataclasses import dataclass, field
from datetime import date

from plans.model import Body, Obligation, Plan
from plans.period_names import period_names
from plans.plan_years import plan_window
from plans.reporting_calendar import Period
from schemas.declaration import Form
from schemas.findings import Finding, Named, Words
from schemas.form_set import FormSet
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cell_roles import CellRole, cell_roles, role_ranges
from transforms.layout.cell_values import PlaceLookup, shown
from transforms.layout.cut_tables import check_cut
from transforms.layout.form_search import FoundForm, decode_sheet, look_for_form
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.header import Header, find_header
from transforms.layout.invisible_cells import check_invisible
from transforms.layout.letterhead import find_title, is_declared_correction, letterheads, other_body
from transforms.layout.nil_reports import check_nil, is_nil_without_table
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.period_search import find_period, find_window
from transforms.layout.period_words import has_period_label, names_period
from transforms.layout.row_kinds import table_of
from transforms.layout.sheet_checks import check_expected_rows, check_sheet
from transforms.layout.table import Table
from transforms.layout.table_checks import (
    check_hidden,
    check_merged,
    check_roles,
    check_second_form,
)
from transforms.layout.table_rows import read_rows
from transforms.layout.total_advice import with_total_advice
from transforms.layout.unit_checks import check_units
from transforms.privacy.personal_scan import known_phrases
from transforms.text.places import Gazetteer, gazetteer
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

Heads = dict[CellRole, list[FoundText]]
_PROBLEMS = {
    "the year is missing": "why.no-year",
    "a part of a month is no period": "why.part-of-month",
    "no period has this window": "why.window",
    "several months are no period": "why.several-months",
}


@dataclass(frozen=True)
class ReadingContext:
    """What reading needs of a plan and its forms, made once; `today` is the present day in its zone."""

    plan: Plan
    forms: FormSet = field(repr=False)
    today: date
    places: Gazetteer = field(repr=False)
    ways: dict[str, frozenset[str]] = field(repr=False)
    phrases: frozenset[str] = field(repr=False)
    gazetteers: dict[tuple[date, date], Gazetteer] = field(repr=False, default_factory=dict)

    def places_of(self, plan: Plan, first: date, last: date) -> Gazetteer:
        """Return the names of places as they are in a window, in which `plan` is in force."""
        if plan is self.plan:
            return self.places
        if (first, last) not in self.gazetteers:
            self.gazetteers[first, last] = gazetteer(plan, last)
        return self.gazetteers[first, last]


def reading_context(plan: Plan, forms: FormSet, today: date) -> ReadingContext:
    """Return the context for reading files of this plan."""
    return ReadingContext(plan, forms, today, gazetteer(plan), letterheads(plan), known_phrases(plan, forms))


def read_sheet(found: FoundForm, body_code: str, context: ReadingContext) -> SheetReading:
    """Read a sheet that is a form of the body, with a finding for every fault.

    Expected rows are checked by `complete_sheet`, once the parts of a report are put together.
    """
    sheet = found.sheet
    reading = SheetReading(sheet.name, found.code)
    if found.code is None:
        _note_unknown_form(reading, found, context.forms)
    form = context.forms.by_code.get(found.code or "")
    top = found.header.first_row if found.header else len(sheet.rows)
    body = context.plan.bodies_by_code.get(body_code)
    obligation = context.plan.cadences.get((body_code, found.code or ""))
    if form is not None and obligation is None:
        _note_at(reading, "FORM-NOT-OWED", found.code_text, body=body_code, form=form.code)
    if body is not None and (other := other_body(sheet.rows, top, body_code, context.ways)):
        _note_at(reading, "BODY-MISMATCH", other, body=body.name)
    reading.is_declared_correction = is_declared_correction(sheet.rows, top)
    heads: Heads = {CellRole.FORM_CODE: [found.code_text] if found.code_text else []}
    _read_period(reading, sheet, top, body, obligation, context, heads)
    if form is not None:
        _read_table(reading, found, form, body, context, heads)
        reading.findings = [with_total_advice(finding, reading, form) for finding in reading.findings]
    return reading


def complete_sheet(reading: SheetReading, body_code: str, context: ReadingContext) -> None:
    """Check the rows that the form expects, after all parts of a report were put together."""
    form = context.forms.by_code.get(reading.form_code or "")
    if form is None or not reading.columns:
        return
    first, last = reading.window or plan_window(context.plan)
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


def _note_at(reading: SheetReading, code: str, found: FoundText | None, **details: object) -> None:
    cell = cell_name(found.row + 1, found.column) if found else ""
    value = shown(found.text) if found else ""
    reading.findings.append(Finding(code, reading.sheet_name, cell, "", value, details))


def _note_unknown_form(reading: SheetReading, found: FoundForm, forms: FormSet) -> None:
    hint, title = find_title(found.sheet.rows, forms)
    _note_at(reading, "FORM-UNKNOWN", found.code_text or title, example=hint or forms.forms[0].code)


def _read_period(
    reading: SheetReading,
    sheet: Sheet,
    top: int,
    body: Body | None,
    obligation: Obligation | None,
    context: ReadingContext,
    heads: Heads,
) -> None:
    rows = _head_as_shown(sheet, top)
    found = find_period(rows, top, context.plan, obligation.frequency if obligation else "")
    if found is None:
        example = month_in_words(context.plan)
        _note_at(reading, "PERIOD-MISSING", None, example=example)
        for row, column in sorted(sheet.formula_without_value):
            if row < top:  # it may hold the period
                reading.findings.append(
                    Finding("FORMULA-UNCALCULATED", reading.sheet_name, cell_name(row + 1, column))
                )
        return
    heads[CellRole.PERIOD] = [found.found]
    period = found.period
    if period is None:
        _note_at(reading, "PERIOD-INVALID", found.found, why=_why_unread(found.problem, context.plan))
        return
    reading.period = period
    reading.window = (period.window_start, period.window_end)
    if why_not := _why_not_owed(period, body, obligation, context):
        _note_at(reading, "PERIOD-INVALID", found.found, why=why_not)
    stated = find_window(rows, top)
    if stated is not None:
        heads[CellRole.WINDOW] = [stated.found]
    if stated is not None and stated.days != reading.window:
        start, end = (day.strftime("%d/%m/%Y") for day in reading.window)
        _note_at(reading, "PERIOD-WINDOW", stated.found, start=start, end=end)


def _head_as_shown(sheet: Sheet, top: int) -> Grid:
    """The rows with the dates and numbers above row `top` as their formats show them ("3/2020")."""
    shown_texts = {
        (row, column): text
        for (row, column), text in sheet.displayed.items()
        if row < top and not isinstance(sheet.rows[row][column], str)
    }
    if not shown_texts:
        return sheet.rows
    rows = [list(row) for row in sheet.rows[:top]]
    for (row, column), text in shown_texts.items():
        rows[row][column] = text
    return [*rows, *sheet.rows[top:]]


def month_in_words(plan: Plan) -> str:
    """Return a month of the plan as its sheets name it, for an example."""
    return period_names(plan.language, "month", plan.year, month=3)[0]


def _why_unread(problem: str, plan: Plan) -> Words:
    """Why words name no period."""
    several = "several periods: "
    if problem.startswith(several):
        return Words("why.several-periods", {"names": problem.removeprefix(several)})
    return Words(_PROBLEMS.get(problem, "why.no-period"), {"sample": month_in_words(plan)})


def _why_not_owed(
    period: Period, body: Body | None, obligation: Obligation | None, context: ReadingContext
) -> Words | None:
    """Why no report is due for the period; None if one is."""
    first, last = plan_window(context.plan)
    if not first <= period.window_end <= last:
        return Words("why.outside-plan", {"year": context.plan.year})
    in_force = context.plan.effective_plan(period.window_start, period.window_end)
    if body is not None and body.code not in in_force.bodies_by_code:
        return Words("why.no-body")
    if period.window_start > context.today:
        return Words("why.not-begun")
    if body is not None:
        obligation = in_force.cadences.get((body.code, obligation.form), obligation) if obligation else None
    if obligation is not None and period.kind != obligation.frequency:
        return Words("why.cadence", {"cadence": Words(f"cadence.{obligation.frequency}")})
    return None


def _read_table(
    reading: SheetReading,
    found: FoundForm,
    form: Form,
    body: Body | None,
    context: ReadingContext,
    heads: Heads,
) -> None:
    header = found.header
    first, last = reading.window or plan_window(context.plan)
    plan, body, within = _in_force(context, first, last, body)
    if header is None and is_nil_without_table(reading, found.sheet.rows, form, body, plan):
        return
    if header is None:
        labels = ", ".join(column.label_vi for column in form.columns.values())
        reading.findings.append(Finding("COLUMN-MISSING", reading.sheet_name, details={"label": labels}))
        return
    period, calendar = reading.period, context.plan.calendar
    if header.parts and period is not None:
        sheet = found.sheet
        headings = context.plan.area_headings
        own = find_header(
            sheet.rows, sheet.merged, form, headings, lambda words: names_period(words, period, calendar)
        )
        header = own or header
    reading.columns = dict(header.columns)
    _check_columns(reading, header, form, form.of_window(first, last))
    lookup = PlaceLookup(context.places_of(plan, first, last), within, cell_words(plan.language))
    table = table_of(found.sheet, header, form, context.forms, lookup)
    units, heads[CellRole.UNIT] = check_units(reading, table)
    read_rows(reading, table, units)
    check_nil(reading, table, body, plan)
    check_sheet(reading, form)
    check_hidden(reading, table, [text.row for found_texts in heads.values() for text in found_texts])
    check_invisible(reading, table)
    check_merged(reading, table)
    check_second_form(reading, table)
    check_cut(reading, table)
    _check_second_period(reading, table, context.plan)
    blocks = cell_roles(table, heads)
    reading.roles = role_ranges(blocks)  # short: it goes from process to process
    check_roles(reading, table, blocks)


def _check_columns(reading: SheetReading, header: Header, form: Form, due: Form) -> None:
    """Note missing, repeated and unknown columns; `due` has the columns that the sheet's window requires."""
    elsewhere = {other.key for other in header.others}
    for key, column in due.columns.items():
        if key not in header.columns and key not in elsewhere:
            details = {"label": column.label_vi}
            cell = cell_name(header.first_row + 1, 0)
            reading.findings.append(Finding("COLUMN-MISSING", reading.sheet_name, cell, key, "", details))
    if header.columns.keys() <= {key for key, _ in header.duplicates}:
        reading.findings.append(_second_block(reading.sheet_name, header))
        return
    for key, position in header.duplicates:
        cell = cell_name(header.last_row + 1, position)
        details = {"label": form.columns[key].label_vi}
        reading.findings.append(Finding("COLUMN-DUPLICATE", reading.sheet_name, cell, key, "", details))
    for label, position in header.unknown:
        cell = cell_name(header.last_row + 1, position)
        reading.findings.append(Finding("COLUMN-UNKNOWN", reading.sheet_name, cell, "", shown(label)))


def _second_block(sheet_name: str, header: Header) -> Finding:
    """The finding of a table whose rows go on beside it, below the same labels."""
    first, last = (pick(position for _, position in header.duplicates) for pick in (min, max))
    cells = f"{cell_name(header.last_row + 1, first)}:{cell_name(header.last_row + 1, last)}"
    details = {
        "other": Words("other.block", {"cells": cells}),
        "kept": Words("kept.left-block"),
    }
    return Finding("FORM-SECOND", sheet_name, cells.partition(":")[0], details=details)


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
    }
    cell = cell_name(found.found.row + 1, found.found.column)
    reading.findings.append(
        Finding("FORM-SECOND", reading.sheet_name, cell, "", shown(found.found.text), details)
    )
