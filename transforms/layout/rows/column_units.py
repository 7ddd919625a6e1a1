"""The factor from the unit that a sheet states for a column to the measure's own unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.declaration import Form, Measure, Severity
from schemas.findings import Finding, Named, Words
from transforms.cell_names import cell_name
from transforms.layout.cells.stated_units import (
    StatedUnit,
    conversion,
    is_unit_label,
    mismatch_details,
    nouns_of,
    own_unit,
    states_unit,
    units_of_line,
    units_stated_in,
)
from transforms.layout.found_text import FoundText, texts
from transforms.layout.parsed_sheet import ColumnUnit
from transforms.layout.table import RowKind, Table, at
from transforms.text.numbers import read_number

_BESIDE = (RowKind.NOTE, RowKind.FOOTER, RowKind.UNKNOWN, RowKind.ORDINAL_ONLY)  # rows of lines below a table
_ENGLISH = {
    "money": "money",
    "count": "a count",
    "score": "a score",
    "share": "a share",
    "foreign": "foreign money",
}


@dataclass(frozen=True, slots=True)
class LineUnit:
    """A unit that a line above the table states for all columns that it fits."""

    stated: StatedUnit
    found: FoundText


def line_units(table: Table) -> tuple[list[LineUnit], list[FoundText]]:
    """The units that hold for all columns, and the lines whose unit cannot be read.

    Lines above the table or below it state them, and in the table the header of a column of keys or units
    and the words of a total or a section.
    """
    units: list[LineUnit] = []
    unread: list[FoundText] = []
    nouns = nouns_of(table.form)
    labelled: set[int] = set()  # rows with the label in one cell and the unit in the next ones
    for found in _lines(table):
        if found.row in labelled:
            continue
        stated = units_stated_in(found.text, nouns)
        if not stated and is_unit_label(found.text) and found.row < table.header.first_row:
            stated = units_of_line(f"ĐVT: {_beside(table, found)}", nouns)
            labelled.add(found.row)
        units += [LineUnit(unit, found) for unit in stated]
        if not stated and states_unit(found.text) and table.kinds.get(found.row) is not RowKind.UNKNOWN:
            unread.append(found)
    units += [
        LineUnit(unit, found) for found in _header_texts(table) for unit in units_stated_in(found.text, nouns)
    ]
    return units, unread


def _lines(table: Table) -> Iterator[FoundText]:
    """The texts in which units of all columns may be stated; rows that are UNKNOWN are noted anyway."""
    yield from texts(table.heads, last=table.header.first_row)
    labels = {*table.label_columns} - {table.header.unit_column}
    for found in texts(table.rows, table.header.last_row + 1):
        kind = table.kinds.get(found.row)
        if kind in _BESIDE or (kind in (RowKind.TOTAL, RowKind.SECTION) and found.column in labels):
            yield found


def _header_texts(table: Table) -> Iterator[FoundText]:
    """The texts of the header above columns that hold no figures."""
    header = table.header
    columns = {*table.keys, *header.notes, header.ordinal, header.unit_column}
    for found in texts(table.rows, header.first_row, header.last_row + 1):
        if found.column in columns:
            yield found


def _beside(table: Table, found: FoundText) -> str:
    """The filled cells on the right of a cell as one text, whole numbers without decimals."""
    values = table.heads[found.row][found.column + 1 :]
    return " ".join(f"{v:.15g}" if isinstance(v, float) else str(v) for v in values if v is not None)


def column_units(table: Table, lines: Iterable[LineUnit]) -> tuple[list[ColumnUnit], list[Finding]]:
    """The unit stated for each measure column with its factor, and a finding where none is certain."""
    lines = list(lines)
    units: list[ColumnUnit] = []
    findings: list[Finding] = []
    for measure in table.form.measures:
        if not measure.is_number or measure.key not in table.header.columns:
            continue
        stated = _stated(table, measure, lines)
        if not stated:
            continue
        factors = {_factor(table, measure, unit) for unit, _, _ in stated}
        factor = factors.pop() if len(factors) == 1 else None
        unit, row, column = stated[0]
        cell = cell_name(row + 1, column)
        if factor is None:
            findings.append(_mismatch(table.sheet.name, measure, [text.text for text, _, _ in stated], cell))
        else:
            units.append(ColumnUnit(measure.key, unit.text, cell, factor))
            if factor != 1:
                findings.append(_conversion(table, measure, unit.text, cell, factor))
    return units, findings


def _factor(table: Table, measure: Measure, stated: StatedUnit) -> Decimal | None:
    """The factor to the measure's unit; None where it is not certain that the measure is meant.

    So with "nghìn lượt" above a table where nothing counts "lượt", or "nghìn" above one of several counts.
    """
    own = own_unit(measure.unit)
    of_column = measure.key in table.header.units or table.unit_rows
    if stated.base == "scaled" and own.base == "count" and not of_column:
        return None
    if stated.base == own.base == "count" and stated.noun != own.noun and stated.factor > 1 and not of_column:
        return None
    return conversion(stated, measure.unit)


def _stated(table: Table, measure: Measure, lines: list[LineUnit]) -> list[tuple[StatedUnit, int, int]]:
    """The units that hold for a measure, each with its cell: those of the column, else those of lines."""
    position = table.header.columns[measure.key]
    if measure.key in table.header.units:
        return [table.header.units[measure.key]]
    for row, units in table.unit_rows:
        if position in units:
            return [(units[position], row, position)]
    return list(_of_lines(table, measure, lines)) if lines else []


@lru_cache
def _counted(form: Form) -> tuple[frozenset[str], bool]:
    """What the measures of a form count, and whether one is an amount of money."""
    nouns = frozenset(own_unit(measure.unit).noun for measure in form.measures)
    return nouns, any(measure.unit.money for measure in form.measures)


def _of_lines(table: Table, measure: Measure, lines: list[LineUnit]) -> Iterator[tuple[StatedUnit, int, int]]:
    own = own_unit(measure.unit)
    nouns, has_money = _counted(table.form)
    for line in lines:
        stated = line.stated
        fits = stated.base == own.base and (own.base != "count" or stated.noun == own.noun)
        foreign = stated.base in ("foreign", "scaled") and own.base == "money"
        # "nghìn lượt" where no column counts "lượt" leaves open which counts it is about.
        scaled = stated.base == own.base == "count" and stated.factor > 1 and stated.noun not in nouns
        scaled |= stated.base == "scaled" and own.base == "count" and not has_money
        if fits or foreign or scaled:
            yield stated, line.found.row, line.found.column


def _conversion(table: Table, measure: Measure, stated: str, cell: str, factor: Decimal) -> Finding:
    """The warning that figures were converted, with the first one as an example."""
    position = table.header.columns[measure.key]
    numbers = (
        number
        for index, kind in table.kinds.items()
        if kind is RowKind.DATA and (number := plain_number(at(table.rows[index], position)))
    )
    first = next(numbers, None)
    example = f" ({_in_words(first)} → {_in_words(converted(first, factor))})" if first is not None else ""
    details = mismatch_details(measure, Words("unit.converted", {"example": example}))
    return Finding(
        "UNIT-MISMATCH",
        table.sheet.name,
        cell,
        measure.key,
        stated,
        details,
        severity_override=Severity.WARNING,
    )


def plain_number(value: object) -> int | float | None:
    """Return the number of a cell, None for what is none."""
    try:
        return read_number(value)
    except ValueError:
        return None


def _in_words(number: int | float) -> str:
    return f"{number:.12g}".replace(".", ",")


def _mismatch(sheet_name: str, measure: Measure, stated: list[str], cell: str) -> Finding:
    own = own_unit(measure.unit)
    details = mismatch_details(measure, Words("unit.not-convertible"))
    label = measure.unit.label_vi
    details["expected"] = Named(label, f"“{label}” ({_ENGLISH[own.base]})")
    shown = "; ".join(dict.fromkeys(stated))
    return Finding("UNIT-MISMATCH", sheet_name, cell, measure.key, shown, details)


def converted(number: int | float, factor: Decimal) -> int | float:
    """The number times the factor, exactly; whole results as int."""
    product = Decimal(str(number)) * factor
    return int(product) if product == product.to_integral_value() else float(product)
