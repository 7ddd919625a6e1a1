"""The factor from the unit that a sheet states for a column to the measure's own unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from schemas.declaration import Measure, Severity
from schemas.findings import Finding, Named, Words
from transforms.cell_names import cell_name
from transforms.layout.found_text import FoundText, texts
from transforms.layout.parsed_sheet import ColumnUnit
from transforms.layout.stated_units import (
    StatedUnit,
    conversion,
    is_unit_label,
    mismatch_details,
    money_named,
    nouns_of,
    own_unit,
    read_unit,
    states_unit,
    units_of_line,
)
from transforms.layout.table import RowKind, Table, at
from transforms.text.numbers import read_number

_BESIDE = (RowKind.NOTE, RowKind.FOOTER, RowKind.UNKNOWN, RowKind.ORDINAL_ONLY)  # rows of lines below a table
_SHORTEST_UNIT = 3  # characters of a unit that is a line by itself
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
    """The units that lines above the table or below it state, and the lines above with unreadable units."""
    units: list[LineUnit] = []
    unread: list[FoundText] = []
    nouns = nouns_of(table.form)
    labelled: set[int] = set()  # rows with the label in one cell and the unit in the next ones
    for found in texts(table.heads, last=table.header.first_row):
        if found.row in labelled:
            continue
        stated = units_stated_in(found.text, nouns)
        if not stated and is_unit_label(found.text):
            stated = units_of_line(f"ĐVT: {_beside(table, found)}", nouns)
            labelled.add(found.row)
        units += [LineUnit(unit, found) for unit in stated]
        if not stated and states_unit(found.text):
            unread.append(found)
    below = (text for text in texts(table.rows, table.header.last_row + 1) if _is_beside_table(table, text))
    units += [LineUnit(unit, text) for text in below for unit in units_stated_in(text.text, nouns)]
    return units, unread


def units_stated_in(text: str, nouns: frozenset[str]) -> tuple[StatedUnit, ...]:
    """The units that a line states, as its label does, by itself or in words ("Số tiền: nghìn đồng")."""
    stated = units_of_line(text, nouns) or _unit_alone(text, nouns)
    named = None if stated or states_unit(text) else money_named(text)
    return stated if named is None else (named,)


def _unit_alone(text: str, nouns: frozenset[str]) -> tuple[StatedUnit, ...]:
    """The unit of a line that holds nothing else ("(nghìn đồng)"), where it is one of money or a multiple."""
    alone = read_unit(text, nouns)
    if alone is None or len(alone.text) < _SHORTEST_UNIT:
        return ()
    return (alone,) if alone.base in ("money", "scaled") or alone.factor > 1 else ()


def _beside(table: Table, found: FoundText) -> str:
    """The filled cells on the right of a cell as one text, whole numbers without decimals."""
    values = table.heads[found.row][found.column + 1 :]
    return " ".join(f"{v:.15g}" if isinstance(v, float) else str(v) for v in values if v is not None)


def _is_beside_table(table: Table, found: FoundText) -> bool:
    return table.kinds.get(found.row) in _BESIDE


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
    """The factor to the measure's unit; None for "nghìn lượt" above a table where nothing counts "lượt"."""
    own = own_unit(measure.unit)
    of_column = measure.key in table.header.units or table.unit_rows
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
    return list(_of_lines(table, measure, lines))


def _of_lines(table: Table, measure: Measure, lines: list[LineUnit]) -> Iterator[tuple[StatedUnit, int, int]]:
    own = own_unit(measure.unit)
    nouns = {own_unit(other.unit).noun for other in table.form.measures}
    for line in lines:
        stated = line.stated
        fits = stated.base == own.base and (own.base != "count" or stated.noun == own.noun)
        foreign = stated.base in ("foreign", "scaled") and own.base == "money"
        # "nghìn lượt" where no column counts "lượt" leaves open which counts it is about.
        scaled = stated.base == own.base == "count" and stated.factor > 1 and stated.noun not in nouns
        if fits or foreign or scaled:
            yield stated, line.found.row, line.found.column


def _conversion(table: Table, measure: Measure, stated: str, cell: str, factor: Decimal) -> Finding:
    """The warning that figures were converted, with the first one as an example."""
    position = table.header.columns[measure.key]
    numbers = (
        number
        for index, kind in table.kinds.items()
        if kind is RowKind.DATA and (number := _plain_number(at(table.rows[index], position)))
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


def _plain_number(value: object) -> int | float | None:
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
