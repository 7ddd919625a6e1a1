"""Texts above a table that nobody sees: those that were read all the same, and units that were not."""

from collections.abc import Iterator
from decimal import Decimal

from schemas.declaration import Severity
from schemas.findings import Finding, Words
from transforms.cell_names import cell_name
from transforms.extract.sheet import CellFlag
from transforms.layout.cell_roles import CellRole
from transforms.layout.cells.cell_values import shown
from transforms.layout.cells.stated_units import nouns_of, units_stated_in
from transforms.layout.checks.period_checks import Heads
from transforms.layout.form_search import FoundForm
from transforms.layout.found_text import FoundText, texts
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.rows.column_units import LineUnit, column_units
from transforms.layout.sheet_head.seen_texts import is_unseen
from transforms.layout.table import Table


def check_unseen_heads(reading: SheetReading, form: FoundForm, table: Table, heads: Heads) -> None:
    """Note a code or period read from a cell that nobody sees, and unseen units, which were not used.

    An unseen unit is an error where no other is seen and the figures would be converted by it.
    """
    if form.seen is form.written:
        return
    for text in (text for found in heads.values() for text in found):
        if is_unseen(form.sheet, text.row, text.column) and text.row not in form.sheet.hidden_rows:
            _note(reading, form, text, Severity.WARNING)
    for text, converts in _unseen_units(form, table):
        is_error = converts and not heads.get(CellRole.UNIT)
        _note(reading, form, text, Severity.ERROR if is_error else Severity.WARNING)


def _unseen_units(form: FoundForm, table: Table) -> Iterator[tuple[FoundText, bool]]:
    """The unseen texts that state units of the table's columns, and whether these convert figures."""
    nouns = nouns_of(table.form)
    for text in texts(form.written, last=table.header.first_row):
        if not is_unseen(form.sheet, text.row, text.column):
            continue
        stated = [LineUnit(unit, text) for unit in units_stated_in(text.text, nouns)]
        units, findings = column_units(table, stated) if stated else ([], [])
        converts = bool(findings) or any(unit.factor != Decimal(1) for unit in units)
        if units or findings:
            yield text, converts


def _note(reading: SheetReading, form: FoundForm, text: FoundText, severity: Severity) -> None:
    cell = cell_name(text.row + 1, text.column)
    is_invisible = form.sheet.flags.get((text.row, text.column)) is CellFlag.INVISIBLE
    details = {"cells": cell, "hidden": Words("hidden.head-cell", {"cell": cell})}
    reading.findings.append(
        Finding(
            "CELL-HIDDEN",
            reading.sheet_name,
            cell,
            value_shown=shown(text.text),
            details=details,
            severity_override=severity,
            text_key="cell-invisible" if is_invisible else "",
        )
    )
