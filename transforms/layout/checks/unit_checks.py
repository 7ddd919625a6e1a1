"""Findings about the units and quantities that a sheet states for the columns of its table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.declaration import Form, Measure, Severity
from schemas.findings import Finding, Words
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cells.cell_values import shown
from transforms.layout.cells.stated_units import (
    StatedUnit,
    conversion,
    mismatch_details,
    nouns_of,
    own_unit,
    read_unit,
    units_stated_in,
)
from transforms.layout.checks.table_checks import note_cell
from transforms.layout.found_text import FoundText, texts
from transforms.layout.parsed_sheet import ColumnUnit, SheetReading
from transforms.layout.rows.column_units import LineUnit, column_units, line_units, plain_number
from transforms.layout.table import RowKind, Table, at
from transforms.layout.table_header.header import OtherQuantity
from transforms.privacy.personal_data import mask
from transforms.text.normalise import ascii_key

_LEAST_AMOUNT = 1000  # dong
_MOST_TEXTS = 10  # of a sheet of notes; one with more is a guide
_LEAST_SCALE = 10  # highest value of a score or share that is not one itself
_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_LONGEST_LINE = 6  # words of a line of units below the table; a longer one is a note


def check_units(reading: SheetReading, table: Table) -> tuple[list[ColumnUnit], list[FoundText]]:
    """Note columns whose unit or quantity is not the form's; return the units and the lines stating them."""
    lines, unread = line_units(table)
    units, findings = column_units(table, lines)
    reading.findings += findings
    reading.units = units
    for found in unread:
        is_line = found.row < table.header.first_row or len(found.text.split()) <= _LONGEST_LINE
        severity = Severity.ERROR if _money(table) and is_line else Severity.WARNING
        note_cell(reading, found.row, found.column, found.text, "unit", severity)
    for other in table.header.others:
        if other.key not in table.header.columns:
            reading.findings.append(_other_quantity(reading.sheet_name, table, other))
    for text, row, column in table.header.remarks:
        note_cell(reading, row, column, text, "header", Severity.WARNING)
    _check_counted(reading, table)
    _check_unit_column(reading, table)
    _check_small_amounts(reading, table, units)
    _check_fractions(reading, table)
    _check_foreign_lines(reading, table, lines)
    _check_sheet_name(reading, table, units)
    return units, [line.found for line in lines] + unread


def _money(table: Table) -> list[Measure]:
    return [measure for measure in table.form.measures if measure.unit.money]


def _check_counted(reading: SheetReading, table: Table) -> None:
    """Note columns of counts whose header states that something else is counted ("hộ" for persons)."""
    for key, (stated, row, column) in table.header.units.items():
        measure = table.form.columns[key]
        if not isinstance(measure, Measure) or stated.base != "count":
            continue
        own = own_unit(measure.unit)
        words = f"{ascii_key(measure.label_vi)} {own.noun}"
        if own.base == "count" and stated.noun not in words and own.noun not in stated.noun:
            note_cell(reading, row, column, table.rows[row][column], "header", Severity.WARNING)


def _check_unit_column(reading: SheetReading, table: Table) -> None:
    """Note rows whose own unit, in a column of units, is another than the measures'."""
    position = table.header.unit_column
    if position is None:
        return
    seen: set[str] = set()
    for index, kind in table.kinds.items():
        value = at(table.rows[index], position)
        if kind is not RowKind.DATA or not isinstance(value, str) or value in seen:
            continue
        seen.add(value)
        stated = read_unit(value, nouns_of(table.form))
        measure = _in_other_unit(table, stated) if stated is not None else None
        if measure is not None:
            details = mismatch_details(measure, Words("unit.in-column"))
            cell = cell_name(index + 1, position)
            finding = Finding("UNIT-MISMATCH", table.sheet.name, cell, measure.key, shown(value), details)
            reading.findings.append(finding)


def _check_small_amounts(reading: SheetReading, table: Table, units: list[ColumnUnit]) -> None:
    """Note columns in dong of which no amount reaches 1,000 dong: they may be in thousands or millions."""
    converted = {unit.key for unit in units if unit.factor != 1}
    for measure in _money(table):
        position = table.header.columns.get(measure.key)
        own = own_unit(measure.unit)
        if position is None or measure.key in converted or (own.base, own.factor) != ("money", 1):
            continue
        cells = [(i, at(table.rows[i], position)) for i, k in table.kinds.items() if k is RowKind.DATA]
        amounts = [
            (i, v) for i, v in cells if isinstance(v, int | float) and not isinstance(v, bool) and v > 0
        ]
        if amounts and all(amount < _LEAST_AMOUNT for _, amount in amounts):
            index, first = amounts[0]
            details = mismatch_details(measure, Words("unit.small-amounts"))
            cell = cell_name(index + 1, position)
            finding = Finding("UNIT-MISMATCH", table.sheet.name, cell, measure.key, shown(first), details)
            reading.findings.append(replace(finding, severity_override=Severity.WARNING))


def _check_fractions(reading: SheetReading, table: Table) -> None:
    """Note columns of scores or shares that hold nothing above 1: "0.85" may be 85."""
    for measure in table.form.measures:
        position = table.header.columns.get(measure.key)
        is_scale = measure.is_number and own_unit(measure.unit).base in ("score", "share")
        if position is None or not is_scale or measure.unit.max_value < _LEAST_SCALE:
            continue
        rows = [index for index, kind in table.kinds.items() if kind is RowKind.DATA]
        cells = [(i, v) for i in rows if (v := plain_number(at(table.rows[i], position)))]
        if not cells or any(abs(v) > 1 for _, v in cells) or all(abs(v) == 1 for _, v in cells):
            continue
        index, first = cells[0]
        if (index, position) in table.sheet.displayed:
            continue  # "85%"
        details = mismatch_details(measure, Words("unit.fractions"))
        cell = cell_name(index + 1, position)
        finding = Finding("UNIT-MISMATCH", table.sheet.name, cell, measure.key, shown(first), details)
        reading.findings.append(replace(finding, severity_override=Severity.WARNING))


def _check_foreign_lines(reading: SheetReading, table: Table, lines: list[LineUnit]) -> None:
    """Note a line above the table all of whose units are of another kind than any measure's."""
    measures = [measure for measure in table.form.measures if measure.is_number]
    if not measures:
        return
    bases = {own_unit(measure.unit).base for measure in measures}
    above = [line for line in lines if line.found.row < table.header.first_row]
    for found in dict.fromkeys(line.found for line in above):
        stated = [line.stated for line in above if line.found == found]
        if any(unit.base in bases or unit.base in ("foreign", "scaled") for unit in stated):
            continue
        details = mismatch_details(measures[0], Words("unit.not-convertible"))
        cell = cell_name(found.row + 1, found.column)
        finding = Finding(
            "UNIT-MISMATCH", table.sheet.name, cell, measures[0].key, shown(found.text), details
        )
        reading.findings.append(replace(finding, severity_override=Severity.WARNING))


def _check_sheet_name(reading: SheetReading, table: Table, units: list[ColumnUnit]) -> None:
    """Note a sheet whose name states another unit of money than its figures were read in."""
    parts = [table.sheet.name, *_BRACKETS.findall(table.sheet.name)]
    units_named = (unit for part in parts for unit in units_stated_in(part))
    stated = next((unit for unit in units_named if unit.base in ("money", "scaled")), None)
    factors = {unit.key: unit.factor for unit in units}
    for measure in _money(table) if stated is not None else ():
        if stated and conversion(stated, measure.unit) != factors.get(measure.key, 1):
            details = mismatch_details(measure, Words("unit.in-sheet-name"))
            name = shown(table.sheet.name)
            finding = Finding("UNIT-MISMATCH", table.sheet.name, "", measure.key, name, details)
            # "Đồng" or "Tỷ" alone may be any name.
            is_error = measure.key not in factors and stated.base == "money" and stated.factor > 1
            severity = None if is_error else Severity.WARNING
            reading.findings.append(replace(finding, severity_override=severity))
            return


def _in_other_unit(table: Table, stated: StatedUnit) -> Measure | None:
    """The measure that the unit of a row is about, where it is another unit than the measure's own."""
    if stated.base in ("money", "scaled", "foreign") and (money := _money(table)):
        return next((measure for measure in money if conversion(stated, measure.unit) != 1), None)
    return table.form.measures[0] if stated.base == "count" and stated.factor > 1 else None


def _other_quantity(sheet_name: str, table: Table, other: OtherQuantity) -> Finding:
    column = table.form.columns[other.key]
    unit = column.unit.label_vi if isinstance(column, Measure) else ""
    details = {
        "label": column.label_vi,
        "expected": Words("unit.of-period" if unit else "unit.as-form", {"unit": unit}),
        "reason": Words("unit.other-quantity"),
    }
    cell = cell_name(other.row + 1, other.column)
    return Finding("UNIT-MISMATCH", sheet_name, cell, other.key, shown(other.text), details)


def units_beside(sheet: Sheet, forms: Sequence[Form]) -> Iterator[Finding]:
    """Yield a warning about a unit of a sheet of few texts beside a form, if it is not the form's."""
    found = list(texts(sheet.rows))
    for text in found if len(found) <= _MOST_TEXTS else ():
        for form in forms:
            if any(_changes_a_figure(unit, form) for unit in units_stated_in(text.text, nouns_of(form))):
                name, cell = mask(sheet.name), cell_name(text.row + 1, text.column)
                details = {"form": form.code}
                yield Finding(
                    "UNIT-MISMATCH",
                    name,
                    cell,
                    "",
                    shown(text.text),
                    details,
                    Severity.WARNING,
                    text_key="unit-beside",
                )
                return


def _changes_a_figure(stated: StatedUnit, form: Form) -> bool:
    """Whether figures of a form would be others in a stated unit."""
    units = [measure.unit for measure in form.measures if measure.is_number]
    if stated.base == "foreign":
        return any(unit.money for unit in units)
    return any(conversion(stated, unit) not in (None, 1) for unit in units)
