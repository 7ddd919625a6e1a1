"""Cells of a table whose text has the colour of the cell: what is read there is seen by nobody."""

from schemas.declaration import Severity
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.extract.sheet import CellFlag
from transforms.layout.cells.cell_values import shown
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table import RowKind, Table, at, is_empty
from transforms.text.numbers import read_number

_MOST_NAMED = 10  # cells


def check_invisible(reading: SheetReading, table: Table) -> None:
    """Note the keys and measures that nobody sees, an error but for zeros, and their headers."""
    if CellFlag.INVISIBLE not in table.sheet.flags.values():
        return
    columns = sorted({*table.measures, *table.keys})
    unseen = [
        (index, column, value)
        for index, kind in table.kinds.items()
        if kind in (RowKind.DATA, RowKind.TOTAL)
        for column in columns
        if table.sheet.flags.get((index, column)) is CellFlag.INVISIBLE
        and not is_empty(value := at(table.rows[index], column))
    ]
    is_error = any(c not in table.measures or not _is_zero(v) for _, c, v in unseen)
    _note(reading, unseen, Severity.ERROR if is_error else Severity.WARNING)
    heads = range(table.header.first_row, table.header.last_row + 1)
    unseen = [
        (index, column, value)
        for index in heads
        for column in columns
        if table.sheet.flags.get((index, column)) is CellFlag.INVISIBLE
        and isinstance(value := at(table.rows[index], column), str)
    ]
    _note(reading, unseen, Severity.WARNING)


def _note(reading: SheetReading, unseen: list[tuple[int, int, object]], severity: Severity) -> None:
    if not unseen:
        return
    row, column, value = unseen[0]
    names = ", ".join(cell_name(r + 1, c) for r, c, _ in unseen[:_MOST_NAMED])
    details = {"cells": names + (" …" if len(unseen) > _MOST_NAMED else "")}
    reading.findings.append(
        Finding(
            "CELL-HIDDEN",
            reading.sheet_name,
            cell_name(row + 1, column),
            value_shown=shown(value),
            details=details,
            severity_override=severity,
            text_key="cell-invisible",
        )
    )


def _is_zero(value: object) -> bool:
    try:
        return read_number(value) == 0
    except ValueError:
        return False
