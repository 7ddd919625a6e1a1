"""What must hold inside one sheet beyond its single rows: keys once, expected rows there, totals right."""

from datetime import date

from plans.model import Body, Plan
from schemas.declaration import Form, Measure
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.parsed_sheet import SheetReading, TotalRow

_MOST_NAMED = 10  # missing rows that one finding names; the rest it counts
_FRACTION_TOLERANCE = 0.0005  # half of the last place shown, for each row that was rounded


def check_sheet(reading: SheetReading, form: Form, body: Body | None, plan: Plan, last: date) -> None:
    """Add to the reading what is wrong between its rows; `last` is the last day of the window."""
    _check_duplicates(reading, form)
    if body is not None:
        _check_expected_rows(reading, form, body, plan, last)
    if not reading.rows and not any(f.code in ("ROW-MISSING", "COM-01") for f in reading.findings):
        _note_missing(reading, "ROW-MISSING", form, ["bảng chưa có số liệu"])
    for total in reading.totals:
        _check_total(reading, total, form)


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

    Those that are there at the end of the window; where there are no districts, communes stand for them.
    """
    dimension = form.area_dimension
    if form.rows_expected is None or dimension is None or dimension.key not in reading.columns:
        return
    level, code = form.rows_expected
    told = plan.effective_level(level, last)
    if told == body.level and level != "commune":
        return  # a district that reports by district speaks of itself alone, where there is something to say
    within = plan.areas_within[body.area]
    expected = [a for a in plan.areas if a.level == told and a.code in within and a.exists(last, last)]
    position = form.dimensions.index(dimension)
    present = {values[position] for values in reading.values}
    missing = [area.name for area in expected if area.code not in present]
    misnamed = sum(f.code in ("AREA-UNKNOWN", "AREA-AMBIGUOUS") for f in reading.findings)
    if missing and len(missing) > misnamed:
        _note_missing(reading, code, form, missing)


def _note_missing(reading: SheetReading, code: str, form: Form, names: list[str]) -> None:
    more = f" và {len(names) - _MOST_NAMED} dòng khác" if len(names) > _MOST_NAMED else ""
    details = {"missing": ", ".join(names[:_MOST_NAMED]) + more}
    column = form.area_dimension.key if form.area_dimension else ""
    reading.findings.append(Finding(code, reading.sheet_name, "", column, details=details))


def _check_total(reading: SheetReading, total: TotalRow, form: Form) -> None:
    """Hold a total row against all rows; where there are several, one may close its own group only."""
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
            continue  # a cell has its own finding; the sum of the others says nothing
        whole = sum(value for _, value in figures)
        group = sum(value for row, value in figures if total.first_data_row <= row < total.row)
        tolerance = 1e-6 if measure.unit.whole else _FRACTION_TOLERANCE * (len(figures) + 1)
        if abs(stated - whole) <= tolerance:
            continue
        if len(reading.totals) > 1 and abs(stated - group) <= tolerance:
            continue
        cell = cell_name(total.row, reading.columns[key])
        details = {"label": measure.label_vi, "sum": f"{round(whole, 3):g}" if whole % 1 else str(int(whole))}
        shown = str(int(stated)) if float(stated).is_integer() else str(stated)
        reading.findings.append(Finding("TOTAL-MISMATCH", reading.sheet_name, cell, key, shown, details))
