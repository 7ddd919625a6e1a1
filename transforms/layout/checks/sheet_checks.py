"""Checks between the rows of one sheet: each key once, expected rows present, totals right."""

from datetime import date

from plans.model import Body, Plan
from schemas.declaration import Form, Measure
from schemas.findings import Finding, Words, rule_of
from transforms.cell_names import cell_name
from transforms.layout.checks.total_advice import row_advice
from transforms.layout.parsed_sheet import SheetReading, TotalRow

_NOTHING = Words("sample.nothing", as_in_sheets=True)
_MOST_TERMS = 12  # figures that a sum spells out
_MOST_NAMED = 10  # missing rows that one finding names; the rest it counts
_MISNAMED = ("AREA-UNKNOWN", "AREA-AMBIGUOUS", "AREA-OUTSIDE", "VALUE-MISSING")  # rows without their place
_FRACTION_TOLERANCE = 0.0005  # half of the last place shown, for each row that was rounded


def check_sheet(reading: SheetReading, form: Form) -> None:
    """Add to the reading what is wrong between its rows: keys twice, totals that do not add up."""
    _check_duplicates(reading, form)
    for total in reading.totals:
        _check_total(reading, total, form)


def check_expected_rows(reading: SheetReading, form: Form, body: Body | None, plan: Plan, last: date) -> None:
    """Add the rows that the form expects and lacks; `last` is the last day of the window."""
    if body is not None:
        _check_expected_rows(reading, form, body, plan, last)
    if not reading.rows and not any(f.code in ("ROW-MISSING", "COM-01") for f in reading.findings):
        how = Words("advice.nothing-to-report", {"nothing": _NOTHING})
        details = {"missing": Words("missing.no-figures"), "advice": how}
        reading.findings.append(Finding("ROW-MISSING", reading.sheet_name, details=details))


def _check_duplicates(reading: SheetReading, form: Form) -> None:
    width = len(form.dimensions)
    first_row: dict[tuple[object, ...], int] = {}
    for row, values in zip(reading.rows, reading.values, strict=True):
        key = tuple(values[:width])
        if None in key:
            continue
        other = first_row.setdefault(key, row)
        if other != row:
            column = next((d.key for d in form.dimensions if d.key in reading.columns), "")
            cell = cell_name(row, reading.columns[column]) if column else ""
            reading.findings.append(
                Finding("ROW-DUPLICATE", reading.sheet_name, cell, column, details={"other": other})
            )


def _check_expected_rows(reading: SheetReading, form: Form, body: Body, plan: Plan, last: date) -> None:
    """Every commune of the district (form 05), every district of the province (forms by district).

    Those that are there at the end of the window; where there are no districts, communes take their place.
    """
    dimension = form.area_dimension
    if form.rows_expected is None or dimension is None or dimension.key not in reading.columns:
        return
    level, code = form.rows_expected
    reported = plan.effective_level(level, last)
    if reported == body.level and level != "commune":
        return  # a district that reports by district reports on itself alone
    within = plan.areas_within[body.area]
    expected = [a for a in plan.areas if a.level == reported and a.code in within and a.exists(last, last)]
    position = form.dimensions.index(dimension)
    present = {values[position] for values in reading.values}
    absent = [area for area in expected if area.code not in present]
    missing = [area.name for area in absent]
    misnamed = sum(f.code in _MISNAMED and f.column_key == dimension.key for f in reading.findings)
    if missing and len(missing) > misnamed:
        reading.missing_areas = [area.code for area in absent]
        _note_missing(reading, code, form, missing, misnamed)


def _note_missing(reading: SheetReading, code: str, form: Form, names: list[str], misnamed: int) -> None:
    rest = len(names) - _MOST_NAMED
    more = Words("missing.more", {"count": rest}) if rest > 0 else ""
    details = {
        "missing": (", ".join(names[:_MOST_NAMED]), more),
        "advice": (
            Words("advice.misnamed", {"count": misnamed}) if misnamed else "",
            Words("advice.add-rows"),
            *row_advice(reading, "added"),
        ),
    }
    column = form.area_dimension.key if form.area_dimension else ""
    reading.findings.append(
        Finding(code, reading.sheet_name, "", column, details=details, wording=rule_of(form, code))
    )


def _check_total(reading: SheetReading, total: TotalRow, form: Form) -> None:
    """Compare a total row with the sum of all rows; where there are several, one may close its own group."""
    keys = list(form.columns)
    for key, stated in total.sums.items():
        measure = form.columns[key]
        if not isinstance(measure, Measure):
            continue
        figures = [
            (row, value)
            for row, values in zip(reading.rows, reading.values, strict=True)
            if isinstance(value := values[keys.index(key)], int | float)
        ]
        if len(figures) < len(reading.rows):
            continue  # a cell has its own finding, so the sum of the others means nothing
        group = [(row, value) for row, value in figures if total.first_data_row <= row <= total.last_data_row]
        tolerance = 1e-6 if measure.unit.whole else _FRACTION_TOLERANCE * (len(figures) + 1)
        choices = [group] if total.is_heading else [figures, group] if len(reading.totals) > 1 else [figures]
        if all(abs(stated - sum(value for _, value in choice)) > tolerance for choice in choices):
            meant = min(
                [*choices, *([group] if group else [])],
                key=lambda choice: abs(stated - sum(value for _, value in choice)),
            )
            reading.findings.append(_mismatch(reading, total, form, measure, stated, meant))


def _mismatch(
    reading: SheetReading,
    total: TotalRow,
    form: Form,
    measure: Measure,
    stated: float,
    figures: list[tuple[int, float]],
) -> Finding:
    position = reading.columns[measure.key]
    spelled = " + ".join(_plain(value) for _, value in figures) if len(figures) <= _MOST_TERMS else ""
    details = {
        "label": form.label_of(measure.key),
        "sum": _plain(round(sum(value for _, value in figures), 3)),
        "terms": f"{spelled} = " if len(figures) > 1 and spelled else "",
        "related_cells": " ".join(cell_name(row, position) for row, _ in figures),
    }
    cell = cell_name(total.row, position)
    return Finding("TOTAL-MISMATCH", reading.sheet_name, cell, measure.key, _plain(stated), details)


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else f"{number:.12g}"
