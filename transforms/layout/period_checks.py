"""The period and window that a sheet states: read, and compared with what its body reports."""

from plans.model import Body, Obligation
from plans.plan_years import plan_window
from plans.reporting_calendar import Period, ad_hoc_period, scheduled_periods
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cell_roles import CellRole
from transforms.layout.cell_values import shown
from transforms.layout.found_text import FoundText, Grid
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.period_search import find_period, find_window
from transforms.layout.reading_context import ReadingContext

Heads = dict[CellRole, list[FoundText]]
_CADENCES = {"M": ("tháng", "monthly"), "Q": ("quý", "quarterly"), "H": ("6 tháng", "half-yearly")}
_CADENCES |= {"Y": ("năm", "yearly"), "A": ("đột xuất", "ad hoc")}
_CADENCES |= {"W": ("tuần", "weekly"), "D": ("10 ngày", "every ten days")}


_NO_SUCH_DAY = (
    " Ngày ghi trên biểu không có trong lịch.",
    " The days on the sheet do not exist.",
)


def note_at(reading: SheetReading, code: str, found: FoundText | None, **details: object) -> None:
    """Add a finding about a text that was found, or about the sheet where there is none."""
    cell = cell_name(found.row + 1, found.column) if found else ""
    value = shown(found.text) if found else ""
    reading.findings.append(Finding(code, reading.sheet_name, cell, "", value, details))


def read_stated_period(
    reading: SheetReading,
    sheet: Sheet,
    top: int,
    body: Body | None,
    obligation: Obligation | None,
    context: ReadingContext,
    heads: Heads,
) -> None:
    """Read the period and the window stated above row `top` into the reading; note what is wrong."""
    rows = _head_as_shown(sheet, top)
    found = find_period(rows, top, context.plan)
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
        vi, en = _why_unread(found.problem)
        example = _example(obligation, context)
        advice = {
            "advice_vi": f" Ví dụ: “Kỳ báo cáo: {example}”.",
            "advice_en": f" For example “Kỳ báo cáo: {example}”.",
        }
        note_at(reading, "PERIOD-INVALID", found.found, why_vi=vi, why_en=en, **advice)
        return
    reading.period = period
    reading.window = (period.window_start, period.window_end)
    if why_not := _why_not_owed(period, body, obligation, context):
        vi, en = why_not
        note_at(reading, "PERIOD-INVALID", found.found, why_vi=vi, why_en=en)
    stated = find_window(rows, top)
    if stated is not None:
        heads[CellRole.WINDOW] = [stated.found]
    if stated is not None and stated.days != reading.window:
        start, end = (day.strftime("%d/%m/%Y") for day in reading.window)
        advice = {} if stated.days else dict(zip(("advice_vi", "advice_en"), _NO_SUCH_DAY, strict=True))
        note_at(reading, "PERIOD-WINDOW", stated.found, start=start, end=end, **advice)


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


def _why_unread(problem: str) -> tuple[str, str]:
    """Why words name no period, in Vietnamese and English."""
    if problem.startswith("several periods: "):
        names = problem.removeprefix("several periods: ")
        return (
            f"biểu ghi nhiều kỳ khác nhau ({names}), hãy chỉ ghi kỳ của báo cáo này",
            f"the sheet has {problem}",
        )
    if problem == "the year is missing":
        return "chưa ghi năm, hãy ghi cả năm (ví dụ “Tháng 3 năm 2020”)", problem
    if problem == "a part of a month is no period":
        return "không phải là một kỳ báo cáo trọn tháng, quý, 6 tháng hoặc năm", problem
    if problem == "no period has this window":
        return "không có kỳ báo cáo nào từ và đến các ngày này, hãy ghi rõ tháng, quý hoặc năm", problem
    if problem == "several months are no period":
        return "ghi nhiều tháng, hãy chỉ ghi kỳ của báo cáo này", problem
    return "không có kỳ báo cáo như vậy", "there is no such period"


def _why_not_owed(
    period: Period, body: Body | None, obligation: Obligation | None, context: ReadingContext
) -> tuple[str, str] | None:
    """Why no report is due for the period, in Vietnamese and English; None if one is."""
    first, last = plan_window(context.plan)
    if not first <= period.window_end <= last:
        year, example = context.plan.year, _example(obligation, context)
        return (
            f"kỳ này không thuộc kế hoạch năm {year}, hãy kiểm tra lại năm (ví dụ “{example}”)",
            f"it lies outside the plan year {year}; check the year (for example “{example}”)",
        )
    in_force = context.plan.effective_plan(period.window_start, period.window_end)
    if body is not None and body.code not in in_force.bodies_by_code:
        return "đơn vị không hoạt động trong kỳ này", "the body does not exist in it"
    if period.window_start > context.today:
        start = f"{period.window_start:%d/%m/%Y}"
        return (
            f"kỳ này chưa bắt đầu (từ {start}), hãy kiểm tra lại kỳ ghi trên biểu",
            f"it has not begun yet (it starts on {start}); check the period stated",
        )
    if body is not None:
        obligation = in_force.cadences.get((body.code, obligation.form), obligation) if obligation else None
    if obligation is not None and period.kind != obligation.frequency:
        vi, en = _CADENCES[obligation.frequency]
        example = _example(obligation, context)
        return (
            f"biểu này báo cáo theo kỳ {vi}, hãy ghi kỳ {vi} (ví dụ “{example}”)",
            f"this form is reported {en}; state such a period (for example “{example}”)",
        )
    return None


def _example(obligation: Obligation | None, context: ReadingContext) -> str:
    """Return a period of the kind that the body reports, in words: the last one that is over."""
    kind = obligation.frequency if obligation else "M"
    if kind == "A":
        return ad_hoc_period(min(context.today, plan_window(context.plan)[1])).name_vi
    periods = [p for p in scheduled_periods(context.plan.year, context.plan.calendar) if p.kind == kind]
    over = [period for period in periods if period.window_end < context.today]
    return next((period.name_vi for period in (over[-1:] or periods)), f"Tháng 3 năm {context.plan.year}")
