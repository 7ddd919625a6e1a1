"""Texts outside the cells that a person reads with the table: boxes and notes with a unit or a figure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from schemas.declaration import Form, Measure, Severity
from schemas.findings import Finding
from schemas.form_set import FormSet
from transforms.layout.cells.cell_values import shown
from transforms.layout.cells.stated_units import (
    StatedUnit,
    conversion,
    nouns_of,
    states_unit,
    units_stated_in,
)
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.rows.corrections_in_words import corrects_figures
from transforms.layout.rows.nil_reports import nil_statement

_BOXES = re.compile(r"(?:.*/)?drawings/drawing\d*\.xml$", re.IGNORECASE)  # not charts, not notes
_OF_ANOTHER_TABLE = re.compile(r"(?:.*/)?(?:charts|pivotcache|externallinks)/", re.IGNORECASE)
_OWN_NOTE = re.compile(r"\b[A-Z]+(?:-[A-Z0-9]+)+: ")  # a finding in a returned file
_FIGURE = re.compile(r"\d")
_MOST = 5  # findings of a file


def note_texts_outside_cells(
    readings: Sequence[SheetReading], other_text: Iterable[tuple[str, str]], forms: FormSet
) -> None:
    """Note texts outside the cells that figures may depend on; `other_text` as `read_contents` has it.

    A unit of money that is neither the form's nor that of a cell is an error: no figure can be converted by
    it for certain. Another unit, a text box with a figure, a note that says that a figure is another one, and
    a statement that there is nothing to report, which belongs into a cell, are warnings.
    """
    known = [(reading, forms.by_code[reading.form_code]) for reading in readings if reading.form_code]
    lines = [
        (line, _BOXES.match(part) is not None)
        for part, text in other_text
        if not _OF_ANOTHER_TABLE.match(part)
        for line in dict.fromkeys(text.split("\n"))
        if line and not _OWN_NOTE.search(line)
    ]
    for reading, form in known:
        found = [
            (line, severity)
            for line, is_box in lines
            if (severity := _severity(line, reading, form, is_box=is_box))
        ]
        for line, severity in found[:_MOST]:
            finding = Finding(
                "CELL-UNACCOUNTED",
                reading.sheet_name,
                value_shown=shown(line),
                severity_override=severity,
                text_key="text-outside-cells",
            )
            reading.findings.append(finding)


def _severity(line: str, reading: SheetReading, form: Form, *, is_box: bool) -> Severity | None:
    """How much may depend on a line; None for nothing."""
    stated = units_stated_in(line, nouns_of(form))
    numbers = [measure for measure in form.measures if measure.is_number]
    if stated or states_unit(line):
        factors = {unit.key: unit.factor for unit in reading.units}
        if stated and all(_is_known(unit, numbers, factors) for unit in stated):
            return None
        return Severity.ERROR if any(measure.unit.money for measure in numbers) else Severity.WARNING
    if not reading.rows and nil_statement([[line]]) is not None:
        return Severity.WARNING
    states_figure = _FIGURE.search(line) is not None if is_box else corrects_figures(line)
    return Severity.WARNING if states_figure else None


def _is_known(unit: StatedUnit, numbers: Sequence[Measure], factors: Mapping[str, Decimal]) -> bool:
    """Whether a stated unit is that in which some measure was read, so that nothing changes by it."""
    return any(conversion(unit, measure.unit) == factors.get(measure.key, 1) for measure in numbers)
