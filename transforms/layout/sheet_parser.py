"""One sheet of a file: which form it is, for which period and window, its columns and its rows."""

from dataclasses import dataclass, field
from datetime import date

from plans.model import Body, Obligation, Plan
from plans.reporting_calendar import Period, year_window
from schemas.declaration import Form
from schemas.findings import Finding
from schemas.forms import BY_CODE, FORMS
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cell_values import Place, shown
from transforms.layout.header import Header, find_header
from transforms.layout.letterhead import (
    Mark,
    find_form,
    find_period,
    find_title,
    find_window,
    is_declared_correction,
    letterheads,
    other_body,
)
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.sheet_checks import check_sheet
from transforms.layout.table_rows import read_rows
from transforms.privacy.personal_scan import known_phrases
from transforms.text.legacy_encodings import decode_as, recognise
from transforms.text.normalise import ascii_key
from transforms.text.places import Gazetteer, gazetteer

_CADENCES = {"M": ("tháng", "monthly"), "Q": ("quý", "quarterly"), "H": ("6 tháng", "half-yearly")}
_CADENCES |= {"Y": ("năm", "yearly"), "A": ("đột xuất", "ad hoc")}


@dataclass(frozen=True)
class ReadingContext:
    """What reading needs to know of the plan, made once; `today` is the present day there."""

    plan: Plan
    today: date
    places: Gazetteer = field(repr=False)
    ways: dict[str, frozenset[str]] = field(repr=False)
    phrases: frozenset[str] = field(repr=False)
    gazetteers: dict[tuple[date, date], Gazetteer] = field(repr=False, default_factory=dict)

    def places_of(self, plan: Plan, first: date, last: date) -> Gazetteer:
        """The names of places as they are in a window, in which `plan` is in force."""
        if plan is self.plan:
            return self.places
        if (first, last) not in self.gazetteers:
            self.gazetteers[first, last] = gazetteer(plan, last)
        return self.gazetteers[first, last]


def reading_context(plan: Plan, today: date) -> ReadingContext:
    """The context for reading files of this plan."""
    return ReadingContext(plan, today, gazetteer(plan), letterheads(plan), known_phrases(plan))


@dataclass(slots=True)
class FoundForm:
    """A sheet in which a form was looked for: its code, where it stands, and its table's header."""

    sheet: Sheet
    code: str | None
    mark: Mark | None
    header: Header | None


def decode_sheet(sheet: Sheet) -> Sheet:
    """The sheet with text typed in a legacy font as Unicode; decided for the sheet as a whole."""
    texts = [value for row in sheet.rows for value in row if isinstance(value, str) and not value.isascii()]
    encoding = recognise("\n".join(texts)) if texts else None
    if encoding is not None:
        sheet.rows = [
            [decode_as(value, encoding) if isinstance(value, str) else value for value in row]
            for row in sheet.rows
        ]
    return sheet


def look_for_form(sheet: Sheet) -> FoundForm | None:
    """The form of a sheet (its code None where it looks like a report but bears no known one), or None."""
    if not sheet.visible or not sheet.rows:
        return None
    code, mark = find_form(sheet.rows)
    if code is not None:
        header = find_header(sheet.rows, sheet.merged, BY_CODE[code])
        if header is not None or _speaks_of_a_period(sheet) or find_title(sheet.rows)[0]:
            return FoundForm(sheet, code, mark, header)
        return None
    likely = mark is not None or find_title(sheet.rows)[0] is not None or _speaks_of_a_period(sheet)
    return FoundForm(sheet, None, mark, None) if likely or _has_some_table(sheet) else None


def _speaks_of_a_period(sheet: Sheet) -> bool:
    return any(isinstance(v, str) and "ky bao cao" in ascii_key(v) for row in sheet.rows[:40] for v in row)


def _has_some_table(sheet: Sheet) -> bool:
    """Whether the sheet holds most columns of some form."""
    for form in FORMS:
        header = find_header(sheet.rows, sheet.merged, form)
        if header is not None and len(header.columns) * 3 >= len(form.columns) * 2:
            return True
    return False


def read_sheet(found: FoundForm, body_code: str, context: ReadingContext) -> SheetReading:
    """Read a sheet that is a form of the body: everything that it says, with a finding for every fault."""
    sheet = found.sheet
    reading = SheetReading(sheet.name, found.code)
    if found.code is None:
        _note_unknown_form(reading, found)
    form = BY_CODE.get(found.code or "")
    top = found.header.first_row if found.header else len(sheet.rows)
    body = context.plan.bodies_by_code.get(body_code)
    obligation = context.plan.cadences.get((body_code, found.code or ""))
    if form is not None and obligation is None:
        _note_at(reading, "FORM-NOT-OWED", found.mark, body=body_code, form=form.code)
    if body is not None and (other := other_body(sheet.rows, top, body_code, context.ways)):
        _note_at(reading, "BODY-MISMATCH", other, body=body.name)
    reading.is_declared_correction = is_declared_correction(sheet.rows, top)
    _read_period(reading, sheet, top, body, obligation, context)
    if form is not None:
        _read_table(reading, found, form, body, context)
    return reading


def _note_at(reading: SheetReading, code: str, mark: Mark | None, **details: object) -> None:
    cell = cell_name(mark.row + 1, mark.column) if mark else ""
    value = shown(mark.text) if mark else ""
    reading.findings.append(Finding(code, reading.sheet_name, cell, "", value, details))


def _note_unknown_form(reading: SheetReading, found: FoundForm) -> None:
    hint, title = find_title(found.sheet.rows)
    _note_at(reading, "FORM-UNKNOWN", found.mark or title, example=hint or FORMS[0].code)


def _read_period(
    reading: SheetReading,
    sheet: Sheet,
    top: int,
    body: Body | None,
    obligation: Obligation | None,
    context: ReadingContext,
) -> None:
    marked = find_period(sheet.rows, top, context.plan)
    if marked is None:
        example = f"Tháng 3 năm {context.plan.year}"
        return _note_at(reading, "PERIOD-MISSING", None, example=example)
    period = marked.period
    if period is None:
        why = {"why_vi": "không có kỳ báo cáo như vậy", "why_en": "there is no such period"}
        return _note_at(reading, "PERIOD-INVALID", marked.mark, **why)
    reading.period = period
    reading.window = (period.window_start, period.window_end)
    if why_not := _why_not_owed(period, body, obligation, context):
        vi, en = why_not
        _note_at(reading, "PERIOD-INVALID", marked.mark, why_vi=vi, why_en=en)
    stated = find_window(sheet.rows, top)
    if stated is not None and stated.days != reading.window:
        start, end = (day.strftime("%d/%m/%Y") for day in reading.window)
        _note_at(reading, "PERIOD-WINDOW", stated.mark, start=start, end=end)
    return None


def _why_not_owed(
    period: Period, body: Body | None, obligation: Obligation | None, context: ReadingContext
) -> tuple[str, str] | None:
    """Why no report is due for the period, in Vietnamese and English; None if one is."""
    first, last = year_window(context.plan.year, context.plan.calendar)
    if not (first <= period.window_start and period.window_end <= last):
        year = context.plan.year
        return f"kỳ này không thuộc kế hoạch năm {year}", f"it lies outside the plan year {year}"
    in_force = context.plan.effective_plan(period.window_start, period.window_end)
    if body is not None and body.code not in in_force.bodies_by_code:
        return "đơn vị không hoạt động trong kỳ này", "the body does not exist in it"
    if period.window_start > context.today:
        return "kỳ này chưa bắt đầu", "it has not begun yet"
    if body is not None:
        obligation = in_force.cadences.get((body.code, obligation.form), obligation) if obligation else None
    if obligation is not None and period.kind != obligation.frequency:
        vi, en = _CADENCES[obligation.frequency]
        return f"biểu này báo cáo theo kỳ {vi}", f"this form is reported {en}"
    return None


def _read_table(
    reading: SheetReading, found: FoundForm, form: Form, body: Body | None, context: ReadingContext
) -> None:
    header = found.header
    if header is None:
        labels = ", ".join(column.label_vi for column in form.columns.values())
        reading.findings.append(Finding("COLUMN-MISSING", reading.sheet_name, details={"label": labels}))
        return
    reading.columns = dict(header.columns)
    for key, column in form.columns.items():
        if key not in header.columns:
            details = {"label": column.label_vi}
            reading.findings.append(
                Finding(
                    "COLUMN-MISSING", reading.sheet_name, cell_name(header.first_row + 1, 0), key, "", details
                )
            )
    for key, position in header.duplicates:
        cell = cell_name(header.last_row + 1, position)
        details = {"label": form.columns[key].label_vi}
        reading.findings.append(Finding("COLUMN-DUPLICATE", reading.sheet_name, cell, key, "", details))
    for label, position in header.unknown:
        cell = cell_name(header.last_row + 1, position)
        reading.findings.append(Finding("COLUMN-UNKNOWN", reading.sheet_name, cell, "", shown(label)))
    first, last = reading.window or year_window(context.plan.year, context.plan.calendar)
    plan = context.plan.effective_plan(first, last)
    body = plan.bodies_by_code.get(body.code, body) if body is not None else None
    within = body.area if body is not None else plan.area
    if within not in plan.areas_within:  # what the body is responsible for is not there in the window
        plan = context.plan
    read_rows(reading, found.sheet, header, form, Place(context.places_of(plan, first, last), within))
    check_sheet(reading, form, body, plan, last)
