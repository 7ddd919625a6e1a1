"""The period and window that a sheet states: read, and compared with what its body reports."""

from datetime import date

from plans.model import Body, Obligation, Plan
from plans.period_names import period_names
from plans.reporting_calendar import Period, ad_hoc_period, scheduled_periods
from schemas.declaration import Severity
from schemas.findings import Finding, Words
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cell_roles import CellRole
from transforms.layout.cells.cell_values import shown
from transforms.layout.form_search import FoundForm
from transforms.layout.found_text import FoundText, Grid
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.reading_context import ReadingContext
from transforms.layout.sheet_head.period_search import find_period
from transforms.layout.sheet_head.stated_windows import find_last_day, find_window, find_window_without_year

Heads = dict[CellRole, list[FoundText]]
_PROBLEMS = {
    "the year is missing": "why.no-year",
    "a part of a month is no period": "why.part-of-month",
    "no period has this window": "why.window",
    "several months are no period": "why.several-months",
    "the period is compared with another": "why.compared",
}


def note_at(
    reading: SheetReading,
    code: str,
    found: FoundText | None,
    severity: Severity | None = None,
    **details: object,
) -> None:
    """Add a finding about a text that was found, or about the sheet where there is none."""
    cell = cell_name(found.row + 1, found.column) if found else ""
    value = shown(found.text) if found else ""
    reading.findings.append(
        Finding(code, reading.sheet_name, cell, "", value, details, severity_override=severity)
    )


def read_stated_period(
    reading: SheetReading,
    form: FoundForm,
    top: int,
    body: Body | None,
    obligation: Obligation | None,
    context: ReadingContext,
    heads: Heads,
) -> None:
    """Read the period and the window stated above row `top` into the reading; note what is wrong.

    What nobody sees counts only where no period is seen.
    """
    sheet, frequency = form.sheet, obligation.frequency if obligation else ""
    rows = _head_as_shown(sheet, form.seen, top)
    found = find_period(rows, top, context.plan, frequency)
    if found is None and form.seen is not form.written:
        rows = _head_as_shown(sheet, form.written, top)
        found = find_period(rows, top, context.plan, frequency)
    if found is None:
        note_at(reading, "PERIOD-MISSING", None, example=_example(obligation, context))
        for row, column in sorted(sheet.formula_without_value):
            if row < top:  # it may hold the period
                reading.findings.append(
                    Finding("FORMULA-UNCALCULATED", reading.sheet_name, cell_name(row + 1, column))
                )
        return
    heads[CellRole.PERIOD] = [found.found]
    period = found.period
    if period is None:
        example = _example(obligation, context)
        line = Words("sample.period", {"example": example}, as_in_sheets=True)
        why, advice = _why_unread(found.problem, example), Words("advice.example", {"sample": line})
        note_at(reading, "PERIOD-INVALID", found.found, why=why, advice=advice)
        return
    reading.period = period
    reading.window = (period.window_start, period.window_end)
    if why_not := _why_not_owed(period, body, obligation, context):
        note_at(reading, "PERIOD-INVALID", found.found, why=why_not)
    _check_window(reading, rows, top, period, heads)


def _check_window(reading: SheetReading, rows: Grid, top: int, period: Period, heads: Heads) -> None:
    """Note a stated window that is not the period's, and another day up to which figures are stated.

    Such a day is an error where it comes before the period; later figures may be all the same.
    """
    first, last = period.window_start, period.window_end
    stated = find_window(rows, top) or find_window_without_year(rows, top, last.year)
    if stated is not None:
        heads[CellRole.WINDOW] = [stated.found]
        if stated.days != (first, last):
            no_such_day = "" if stated.days else Words("advice.no-such-day")
            start, end = _days(first, last)
            note_at(reading, "PERIOD-WINDOW", stated.found, start=start, end=end, advice=no_such_day)
    elif (found := find_last_day(rows, top)) is not None:
        text, day = found
        heads[CellRole.WINDOW] = [text]
        if day != last:
            severity = Severity.ERROR if day < first else Severity.WARNING
            start, end = _days(first, last)
            note_at(reading, "PERIOD-WINDOW", text, severity, start=start, end=end)


def _days(first: date, last: date) -> tuple[str, str]:
    """The days of a window as a finding shows them."""
    return f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}"


def _head_as_shown(sheet: Sheet, rows: Grid, top: int) -> Grid:
    """The rows with the dates and numbers above row `top` as their formats show them ("3/2020")."""
    shown_texts = {
        (row, column): text
        for (row, column), text in sheet.displayed.items()
        if row < top and rows[row][column] is not None and not isinstance(rows[row][column], str)
    }
    if not shown_texts:
        return rows
    changed = [list(row) for row in rows[:top]]
    for (row, column), text in shown_texts.items():
        changed[row][column] = text
    return [*changed, *rows[top:]]


def _why_unread(problem: str, example: str) -> Words:
    """Why words name no period."""
    several = "several periods: "
    if problem.startswith(several):
        return Words("why.several-periods", {"names": problem.removeprefix(several)})
    return Words(_PROBLEMS.get(problem, "why.no-period"), {"sample": example})


def _why_not_owed(
    period: Period, body: Body | None, obligation: Obligation | None, context: ReadingContext
) -> Words | None:
    """Why no report is due for the period; None if one is."""
    first, last = context.plan_window
    if not first <= period.window_end <= last:
        example = _example(obligation, context)
        return Words("why.outside-plan", {"year": context.plan.year, "sample": example})
    in_force = context.plan.effective_plan(period.window_start, period.window_end)
    if body is not None and body.code not in in_force.bodies_by_code:
        return Words("why.no-body")
    if period.window_start > context.today:
        return Words("why.not-begun", {"start": f"{period.window_start:%d/%m/%Y}"})
    if body is not None:
        obligation = in_force.cadences.get((body.code, obligation.form), obligation) if obligation else None
    if obligation is not None and period.kind != obligation.frequency:
        cadence = Words(f"cadence.{obligation.frequency}")
        return Words("why.cadence", {"cadence": cadence, "sample": _example(obligation, context)})
    return None


def _example(obligation: Obligation | None, context: ReadingContext) -> str:
    """Return a period of the kind that the body reports, as sheets name it: the last one that is over."""
    plan, kind = context.plan, obligation.frequency if obligation else "M"
    if kind == "A":
        return ad_hoc_period(min(context.today, context.plan_window[1]), plan.language).name_vi
    periods = [p for p in scheduled_periods(plan.year, plan.calendar) if p.kind == kind]
    over = [period for period in periods if period.window_end < context.today]
    return next((period.name_vi for period in (over[-1:] or periods)), month_in_words(plan))


def month_in_words(plan: Plan) -> str:
    """Return a month of the plan as its sheets name it, for an example."""
    return period_names(plan.language, "month", plan.year, month=3)[0]
