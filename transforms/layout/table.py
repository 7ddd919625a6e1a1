"""A form's table in a sheet, and how its cells are looked at."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from schemas.declaration import Form
from schemas.form_set import FormSet
from transforms.extract.sheet import Sheet
from transforms.layout.cells.cell_values import PlaceLookup, read_cell
from transforms.layout.cells.stated_units import StatedUnit
from transforms.layout.found_text import Grid
from transforms.layout.row_words import summary_of
from transforms.layout.table_header.header import Header
from transforms.text.normalise import match_key
from transforms.text.numbers import read_number

_DIGIT = re.compile(r"\d")
_LIKE_NUMBER = re.compile(r"[+\-]?\d[\d., ]*%?")


class RowKind(StrEnum):
    """What a row below the header is. LEFT_OUT: cumulative or compared figures, knowingly not read."""

    BLANK = "blank"
    HEADER = "header"
    NUMBERS = "numbers"
    UNITS = "units"
    DATA = "data"
    SECTION = "section"
    TOTAL = "total"
    LEFT_OUT = "left_out"
    NOTE = "note"
    UNKNOWN = "unknown"
    STRAY = "stray"
    OTHER_FORM = "other_form"
    ORDINAL_ONLY = "ordinal_only"
    FOOTER = "footer"


TABLE_KINDS = frozenset(
    {RowKind.DATA, RowKind.SECTION, RowKind.TOTAL, RowKind.LEFT_OUT, RowKind.HEADER, RowKind.STRAY}
)


@dataclass(slots=True)
class Table:
    """A form's table in a sheet: what is the same for each of its rows.

    `measures` and `keys` are the sheet's columns of those that are there; `label_columns` those in which a
    total row may have the words of one; `header_texts` the header's texts by row and column; `headings` the
    section headings by row, each with the key that it names and the column of its text; `key_counts` how many
    rows have the same texts as keys, counted once it is needed; `heads` the rows above the table as a person
    sees them.
    """

    sheet: Sheet
    header: Header
    form: Form
    forms: FormSet
    lookup: PlaceLookup
    measures: list[int]
    keys: list[int]
    label_columns: list[int]
    header_texts: list[dict[int, str]]
    kinds: dict[int, RowKind] = field(default_factory=dict)
    unit_rows: list[tuple[int, dict[int, StatedUnit]]] = field(default_factory=list)
    headings: dict[int, tuple[str, int]] = field(default_factory=dict)
    key_counts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    heads: Grid = ()

    @property
    def rows(self) -> Grid:
        """All rows of the sheet."""
        return self.sheet.rows


def is_empty(value: object) -> bool:
    """Whether a cell has nothing in it but spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_blank(values: Iterable[object]) -> bool:
    """Whether no value has anything in it."""
    for value in values:
        if value is not None and not (isinstance(value, str) and not value.strip()):
            return False
    return True


def cells(row: Sequence[object], columns: Iterable[int]) -> list[object]:
    """The values of a row in the given columns, as far as the row reaches."""
    width = len(row)
    return [row[column] for column in columns if column < width]


def at(row: Sequence[object], column: int) -> object:
    """The value of a row in a column, None beyond its end."""
    return row[column] if column < len(row) else None


def joined(row: Sequence[object]) -> str:
    """Return the cells of a row as one text, whole numbers without decimals."""
    filled = (value for value in row if value is not None)
    return " ".join(str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in filled)


def has_figure(row: Sequence[object], columns: Iterable[int]) -> bool:
    """Whether a cell of the columns holds a number."""
    for value in cells(row, columns):
        if isinstance(value, float) and isfinite(value):
            return True
        try:
            if value is not None and read_number(value) is not None:
                return True
        except ValueError:
            if isinstance(value, str) and _LIKE_NUMBER.fullmatch(value.strip()):
                return True
    return False


def has_number(values: Iterable[object]) -> bool:
    """Whether a value is a number in digits; "không" and "-" are none here."""
    return any(
        has_figure([value], [0]) and not (isinstance(value, str) and not _DIGIT.search(value))
        for value in values
    )


def row_summary(row: Sequence[object], table: Table) -> RowKind | None:
    """Return TOTAL or LEFT_OUT where a label column has such a text; see `summary_cell`."""
    found = summary_cell(row, table)
    return None if found is None else found[0]


def summary_cell(row: Sequence[object], table: Table) -> tuple[RowKind, int] | None:
    """Return the kind and the column of the text by which a row is a total or left out, if any.

    The text is in a label column, and is no key and no remark.
    """
    for column in table.label_columns:
        value = at(row, column)
        if (
            isinstance(value, str)
            and (kind := summary_kind(value))
            and not _is_key(value, column, table)
            and not _is_remark(row, column, kind, table)
        ):
            return kind, column
    return None


def _is_remark(row: Sequence[object], column: int, kind: RowKind, table: Table) -> bool:
    """Whether a text beside the keys of a row does not change what the row is.

    A note does not classify a row that has a key. Another text names a row whose keys are all known only
    where it is the ordinal of a total, or where another row has the same keys, of which this one is "Lũy kế".
    """
    if column in table.keys:
        return False
    given = [key for key in table.keys if not is_empty(at(row, key))]
    if column in table.header.notes:
        return bool(given)
    if not given or len(given) < len(table.form.dimensions) or not names_keys(row, table):
        return False
    if kind is RowKind.TOTAL:
        return any(column == unknown for _, unknown in table.header.unknown)
    return not _has_keys_of_another(row, table)


def _has_keys_of_another(row: Sequence[object], table: Table) -> bool:
    """Whether another row of the table has the same keys, all of them written in it."""
    if not table.key_counts:
        table.key_counts.update(_written_keys(r, table) for r in table.rows[table.header.last_row + 1 :])
    return table.key_counts[_written_keys(row, table)] > 1


def _written_keys(row: Sequence[object], table: Table) -> tuple[str, ...]:
    return tuple(match_key(str(value)) for value in cells(row, table.keys))


def names_keys(row: Sequence[object], table: Table) -> bool:
    """Whether a key is given and all given ones are known: the row was meant, though it may hold nothing."""
    columns = table.header.columns
    given = []
    for dimension in table.form.dimensions:
        position = columns.get(dimension.key)
        value = at(row, position) if position is not None else None
        if not is_empty(value):
            given.append(read_cell(value, dimension, table.lookup).value)
    return bool(given) and None not in given


def summary_kind(text: str) -> RowKind | None:
    """TOTAL or LEFT_OUT for a text of such a row, else None; see `summary_of`."""
    summary = summary_of(text)
    return None if summary is None else RowKind(summary.value)


def _is_key(value: str, column: int, table: Table) -> bool:
    for dimension in table.form.dimensions:
        if table.header.columns.get(dimension.key) == column:
            return read_cell(value, dimension, table.lookup).value is not None
    return False
