"""All sheets of a file together: parts of one report put together, hidden and unrecognised sheets noted."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.declaration import Severity
from schemas.findings import Finding, Words
from schemas.form_set import FormSet
from transforms.extract.sheet import Sheet
from transforms.layout.cells.cell_values import PlaceLookup
from transforms.layout.checks.unit_checks import units_beside
from transforms.layout.file_names import check_file_name
from transforms.layout.form_search import (
    FoundForm,
    form_of_table,
    has_row_of_figures,
    holds_a_figure,
    holds_row_of,
    is_headed_as_report,
    look_in_sheet,
    looks_like_report,
    tells_report,
)
from transforms.layout.parsed_sheet import FileReading, SheetReading, Value
from transforms.layout.rows.row_texts import correcting_notes
from transforms.layout.sheet_parser import ReadingContext, complete_sheet, read_sheet
from transforms.privacy.personal_data import mask
from transforms.text.reading_words import cell_words

Key = tuple[Value, ...]
_SAME_TOTAL = 0.001


def read_forms(
    found: Sequence[tuple[Sheet, FoundForm | None]], file_name: str, body_code: str, context: ReadingContext
) -> FileReading:
    """Read the forms of a file; `found` has for each of its sheets the form looked for in it, if any."""
    forms = [form for _, form in found if form is not None]
    if any(_is_form(form) for form in forms):
        helpers = [form for form in forms if not (_is_form(form) or _is_report(form, context.forms))]
        forms = [form for form in forms if form not in helpers]
    headings = context.plan.area_headings
    hidden = [
        form
        for sheet, _ in found
        if sheet.hidden and (form := look_in_sheet(sheet, context.forms, headings)) and _is_form(form)
    ]
    readings = [read_sheet(form, body_code, context) for form in (forms or hidden)]
    readings = combine_parts(_without_blank_forms(readings, context.forms), context.forms)
    for reading in readings:
        check_file_name(reading, file_name, context.plan.language)
        complete_sheet(reading, body_code, context)
    names = {form.sheet.name for form in forms}
    remarks = [
        _unrecognised(sheet, file_name, readings, context.forms)
        for sheet, form in found
        if not sheet.hidden
        and sheet.name not in names
        and (
            looks_like_report(sheet, beside_form=bool(readings))
            or (form is not None and has_row_of_figures(sheet))
            or (not readings and (tells_report(sheet) or holds_a_figure(sheet)))
        )
    ]
    remarks += _about_forms(found, readings, names | {f.sheet_name for f in remarks}, context)
    remarks += [_hidden_form(form, is_error=not forms) for form in hidden]
    if readings:
        readings[0].findings += remarks
        return FileReading(readings)
    return FileReading(remarks=remarks)


def _without_blank_forms(readings: Sequence[SheetReading], declared: FormSet) -> list[SheetReading]:
    """Leave out sheets without any figure beside a filled-in one of the same form, with a warning there."""
    kept = [reading for reading in readings if _has_figures(reading, declared)]
    for reading in readings:
        filled = next((other for other in kept if other.form_code == reading.form_code), None)
        if _has_figures(reading, declared):
            continue
        if filled is None or reading.form_code is None:
            kept.append(reading)
        else:
            filled.findings.append(_second(filled, reading, "blank", is_error=False))
    return [reading for reading in readings if reading in kept]


def _has_figures(reading: SheetReading, declared: FormSet) -> bool:
    if reading.is_nil or reading.form_code not in declared.by_code:
        return True
    width = len(declared.by_code[reading.form_code].dimensions)
    return any(value is not None for values in reading.values for value in values[width:])


def _is_report(form: FoundForm, declared: FormSet) -> bool:
    if looks_like_report(form.sheet):
        return True
    if form.code is not None:
        return False
    has_table = has_row_of_figures(form.sheet) and form_of_table(form.sheet, declared) is not None
    return has_table or is_headed_as_report(form, declared)


def _is_form(form: FoundForm) -> bool:
    return form.code is not None and form.header is not None


def _unrecognised(
    sheet: Sheet, file_name: str, readings: Sequence[SheetReading], declared: FormSet
) -> Finding:
    """The warning about a sheet in which no form was found; it may go on with that of another sheet."""
    value = mask(sheet.name or file_name)
    beside = next((reading.form_code for reading in readings if reading.form_code), None)
    details = {"example": beside or declared.forms[0].code}
    return Finding("REPORT-UNRECOGNISED", mask(sheet.name), value_shown=value, details=details)


def _about_forms(
    found: Sequence[tuple[Sheet, FoundForm | None]],
    readings: Sequence[SheetReading],
    noted: set[str],
    context: ReadingContext,
) -> list[Finding]:
    """The warnings about other sheets that hold a row of a form that was read, a note on it or a unit.

    `noted` are the names of the sheets that have findings of their own.
    """
    plan = context.plan
    lookup = PlaceLookup(context.places, plan.area, cell_words(plan.language))
    forms = {r.form_code: context.forms.by_code[r.form_code] for r in readings if r.columns and r.form_code}
    read = noted.union(*({reading.sheet_name, *reading.row_sheets} for reading in readings))
    findings: list[Finding] = []
    for sheet, _ in found if forms else ():
        name = mask(sheet.name)
        if sheet.hidden or not {sheet.name, name}.isdisjoint(read):
            continue
        code = next((code for code, form in forms.items() if holds_row_of(sheet, form, lookup)), None)
        if code is not None:
            details = {"form": code}
            findings.append(
                Finding("REPORT-UNRECOGNISED", name, "", "", name, details, text_key="sheet-continues")
            )
        else:
            findings += correcting_notes(sheet)
            findings += units_beside(sheet, list(forms.values()))
    return findings


def _hidden_form(form: FoundForm, *, is_error: bool) -> Finding:
    name = mask(form.sheet.name)
    details = {
        "hidden": Words("hidden.sheet", {"name": name, "form": form.code}),
    }
    severity = Severity.ERROR if is_error else Severity.WARNING
    return Finding("CELL-HIDDEN", name, details=details, severity_override=severity)


def combine_parts(readings: Sequence[SheetReading], declared: FormSet) -> list[SheetReading]:
    """Put together the sheets that are parts of one report: same form and period, no key twice.

    Sheets that repeat keys get FORM-SECOND: a warning where the second one repeats the first, which then
    counts alone; an error on all of them where figures differ.
    """
    groups: dict[object, list[SheetReading]] = {}
    for place, reading in enumerate(readings):
        known = reading.form_code in declared.by_code and reading.period is not None and bool(reading.columns)
        group = (reading.form_code, reading.period.code) if known and reading.period else place
        groups.setdefault(group, []).append(reading)
    combined: list[SheetReading] = []
    for group_readings in groups.values():
        combined += group_readings if len(group_readings) == 1 else _combine(group_readings, declared)
    return combined


def _combine(parts: list[SheetReading], declared: FormSet) -> list[SheetReading]:
    first, *others = parts
    _accept_grand_totals(parts, declared)
    keyed = {id(part): _keyed(part, declared) for part in parts}
    kept = [first]
    for part in others:
        if any(keyed[id(part)] == keyed[id(other)] and part.rows for other in kept):
            first.findings.append(_second(first, part, "same", is_error=False))
        else:
            kept.append(part)
    if len(kept) == 1:
        return kept
    keys = [key for part in kept for key in keyed[id(part)]]
    if len(set(keys)) == len(keys) and all(part.columns == first.columns for part in kept):
        return [_joined(kept)]
    repeated = len(set(keys)) < len(keys)
    for part in kept:
        other = next(p for p in kept if p is not part)
        kept_as = "other-figures" if repeated else "other-columns"
        part.findings.append(_second(part, other, kept_as, is_error=True))
    return kept


def _accept_grand_totals(parts: Sequence[SheetReading], declared: FormSet) -> None:
    """Take back the finding of a total that is not the sum of its own sheet but of all sheets."""
    for part in parts:
        keys = list(declared.by_code[part.form_code or ""].columns)
        for finding in [f for f in part.findings if f.code == "TOTAL-MISMATCH" and f.column_key]:
            place = keys.index(finding.column_key)
            figures = [values[place] for other in parts for values in other.values]
            total = sum(figure for figure in figures if isinstance(figure, int | float))
            stated = [
                t.sums.get(finding.column_key) for t in part.totals if finding.cell.endswith(str(t.row))
            ]
            if any(figure is not None and abs(figure - total) < _SAME_TOTAL for figure in stated):
                part.findings.remove(finding)


def _keyed(reading: SheetReading, declared: FormSet) -> dict[Key, Key]:
    """The rows of a sheet by their keys; rows with a faulty key by their place, so that none is lost."""
    width = len(declared.by_code[reading.form_code or ""].dimensions)
    keyed: dict[Key, Key] = {}
    for row, values in zip(reading.rows, reading.values, strict=True):
        key = tuple(values[:width])
        keyed[(*key, reading.sheet_name, row) if None in key else key] = tuple(values[width:])
    return keyed


def _second(reading: SheetReading, other: SheetReading, kept: str, *, is_error: bool) -> Finding:
    name = mask(other.sheet_name)
    details = {
        "other": Words("other.sheet", {"name": name}),
        "kept": Words(f"kept.{kept}"),
        "remedy": Words(f"remedy.{kept}"),
    }
    severity = Severity.ERROR if is_error else Severity.WARNING
    return Finding("FORM-SECOND", mask(reading.sheet_name), details=details, severity_override=severity)


def _joined(parts: list[SheetReading]) -> SheetReading:
    """One report of several sheets: all rows, each with its sheet, and all findings."""
    first = parts[0]
    return replace(
        first,
        findings=[finding for part in parts for finding in part.findings],
        rows=[row for part in parts for row in part.rows],
        values=[values for part in parts for values in part.values],
        row_sheets=[mask(part.sheet_name) for part in parts for _ in part.rows],
        totals=[],
        units=[unit for part in parts for unit in part.units],
        further_roles=[part.roles for part in parts[1:]],
        is_declared_correction=any(part.is_declared_correction for part in parts),
        is_nil=all(part.is_nil for part in parts),
    )
