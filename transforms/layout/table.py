"""A form's table in a sheet, and how its cells are looked at."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.declaration import Form
from schemas.form_set import FormSet
from transforms.extract.sheet import Sheet
from transforms.layout.cell_values import PlaceLookup, read_cell
from transforms.layout.found_text import Grid
from transforms.layout.header import Header
from transforms.layout.row_words import summary_of
from transforms.layout.stated_units import StatedUnit
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
    section headings by row, each with the key that it names and the column of its text; `heads` the rows
    above the table as a person sees them.
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


def has_figure(row: Sequence[object], columns: Iterable[int]) -> bool:
    """Whether a cell of the columns holds a number."""
    for value in cells(row, columns):
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
    """Return TOTAL or LEFT_OUT where a label column has such a text that is no key of the form."""
    for column in table.label_columns:
        value = at(row, column)
        if isinstance(value, str) and (kind := summary_kind(value)) and not _is_key(value, column, table):
            return kind
    return None


def summary_kind(text: str) -> RowKind | None:
    """TOTAL or LEFT_OUT for a text of such a row, else None; see `summary_of`."""
    summary = summary_of(text)
    return None if summary is None else RowKind(summary.value)


def _is_key(value: str, column: int, table: Table) -> bool:
    for dimension in table.form.dimensions:
        if table.header.columns.get(dimension.key) == column:
            return read_cell(value, dimension, table.lookup).value is not None
    return False
