"""Columns of sums ("Cộng", "Tổng số") beside those that a dimension is spread over: compared, not loaded."""

from collections.abc import Sequence

from schemas.declaration import Measure
from schemas.findings import Finding
from schemas.printed_form import codes_of, declared_key
from schemas.reserved_labels import is_total
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import shown
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table import Table, at
from transforms.text.numbers import read_number

_CLOSE = 1e-6

Parts = tuple[int, ...]  # columns of the sheet that are added up


def check_sum_columns(reading: SheetReading, table: Table) -> None:
    """Take columns of sums for what they are, and note where one is not the sum of its parts.

    Which columns the parts are follows from the figures: all of a measure, or those that share a code. Where
    none fit in any row, the column stays an unknown one.
    """
    spread = [m for m in table.form.measures if codes_of(m.key) and m.is_additive]
    choices = _choices(table, spread)
    for label, column in table.header.unknown if choices else ():
        if not is_total(label):
            continue
        best = max(choices, key=lambda parts: _fitting(reading, table, column, parts))
        if not _fitting(reading, table, column, best):
            continue
        cell = cell_name(table.header.last_row + 1, column)
        unknown = next((f for f in reading.findings if (f.code, f.cell) == ("COLUMN-UNKNOWN", cell)), None)
        if unknown is not None:
            reading.findings.remove(unknown)
        reading.findings += [
            _mismatch(reading.sheet_name, label, (row, column), figure, dict(zip(best, numbers, strict=True)))
            for row, figure, numbers in _rows(reading, table, column, best)
            if abs(figure - sum(numbers)) > _CLOSE
        ]


def _choices(table: Table, measures: Sequence[Measure]) -> list[Parts]:
    """The sets of columns that a column of sums may add up, the smallest first."""
    found: dict[object, list[int]] = {}
    for measure in measures:
        position = table.header.columns.get(measure.key)
        if position is None:
            continue
        for shared in ((), *enumerate(codes_of(measure.key))):
            found.setdefault((declared_key(measure.key), shared), []).append(position)
    choices = {tuple(parts) for parts in found.values() if len(parts) > 1}
    return sorted(choices, key=lambda parts: (len(parts), parts))


def _rows(
    reading: SheetReading, table: Table, column: int, parts: Parts
) -> list[tuple[int, float, list[float]]]:
    """The rows in which a column and its parts hold numbers: row number, number, numbers of the parts."""
    places = [list(table.form.columns).index(_key_of(table, part)) for part in parts]
    rows: list[tuple[int, float, list[float]]] = []
    for row, values in zip(reading.rows, reading.values, strict=True):
        figures = [values[place] for place in places]
        try:
            stated = read_number(at(table.rows[row - 1], column))
        except ValueError:
            continue
        numbers = [float(figure) for figure in figures if isinstance(figure, int | float)]
        if stated is not None and len(numbers) == len(parts):
            rows.append((row, float(stated), numbers))
    return rows


def _key_of(table: Table, position: int) -> str:
    return next(key for key, column in table.header.columns.items() if column == position)


def _fitting(reading: SheetReading, table: Table, column: int, parts: Parts) -> int:
    """In how many rows a column is the sum of others and not zero."""
    rows = _rows(reading, table, column, parts)
    return sum(abs(figure - sum(numbers)) <= _CLOSE and figure != 0 for _, figure, numbers in rows)


def _mismatch(
    sheet_name: str, label: str, place: tuple[int, int], figure: float, parts: dict[int, float]
) -> Finding:
    """The finding of a sum at a row (1-based) and column; `parts` are the numbers by their columns."""
    row, column = place
    details = {
        "label": label,
        "terms": " + ".join(map(shown, parts.values())) + " = ",
        "sum": shown(sum(parts.values())),
        "related_cells": " ".join(cell_name(row, part) for part in parts),
    }
    cell = cell_name(row, column)
    return Finding("TOTAL-MISMATCH", sheet_name, cell, "", shown(figure), details, text_key="column-of-sums")
