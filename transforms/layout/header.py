"""Find the header of a form's table: which column of the sheet holds which column of the form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from schemas.declaration import Form, Measure
from transforms.layout.found_text import Grid
from transforms.layout.header_words import (
    NOTE_LABELS,
    ORDINAL_LABELS,
    HeaderWords,
    Labels,
    column_of,
    header_words,
    is_column_number,
    is_label,
    labels_of,
    sub_column,
)
from transforms.layout.number_rows import is_number_row
from transforms.layout.stated_units import StatedUnit, read_unit
from transforms.text.normalise import match_key

__all__ = ["Header", "OtherQuantity", "find_header", "is_number_row"]

MergedRanges = Sequence[tuple[int, int, int, int]]
_LEAST_COLUMNS = 2  # cells of a row that must match before it is taken for a header
_HEIGHTS = (1, 2, 3)  # rows that a header may have


@dataclass(frozen=True, slots=True)
class OtherQuantity:
    """A column whose header names a label of the form and words that make it another quantity."""

    key: str
    row: int
    column: int
    text: str


@dataclass(slots=True)
class Header:
    """The header found: its rows (0-based), the sheet's column by form column, and what does not fit.

    `units` are the units stated in the cells of columns, each with the cell (row, column) of the text;
    `remarks` are the cells with words in brackets that are not understood.
    """

    first_row: int
    last_row: int
    columns: dict[str, int]
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    ordinal: int | None = None
    notes: list[int] = field(default_factory=list)
    others: list[OtherQuantity] = field(default_factory=list)
    units: dict[str, tuple[StatedUnit, int, int]] = field(default_factory=dict)
    remarks: list[tuple[str, int, int]] = field(default_factory=list)


def find_header(
    rows: Grid, merged: MergedRanges, form: Form, area_headings: tuple[str, ...] = ()
) -> Header | None:
    """Return the header of the table, of one to three rows, or None where no row looks like one.

    In several rows the group is above its columns, merged over them or in the first of them; in one row it
    may come before the label ("Kiểm tra - Số lượt kiểm tra").
    """
    labels = labels_of(form, area_headings)
    best: Header | None = None
    least = min(_LEAST_COLUMNS, len(form.columns))
    for index, row in enumerate(rows):
        texts = [value for value in row if isinstance(value, str)]
        if len(texts) < least or sum(_names_label(text, labels) for text in texts) < least:
            continue
        for height in _HEIGHTS:
            header = _read_header(rows, merged, form, labels, index, height)
            if best is None or _matches(header) > _matches(best):
                best = header
            complete = len(header.columns) == len(form.columns)
            if complete and not _has_sub_columns(rows, index + height):
                break
        if best is not None and len(best.columns) == len(form.columns):
            break
    return best


def _has_sub_columns(rows: Grid, row: int) -> bool:
    """Whether a row below a header divides its columns into "Trong kỳ" and "Lũy kế"."""
    return row < len(rows) and any(isinstance(v, str) and sub_column(match_key(v)) for v in rows[row])


def _matches(header: Header) -> tuple[int, int]:
    """How well a header fits: its columns, then those known as another quantity ("Lũy kế")."""
    return len(header.columns), len(header.others)


@lru_cache(maxsize=16384)
def _names_label(text: str, labels: Labels) -> bool:
    return is_label(header_words(text, labels).words, labels)


def _read_header(
    rows: Grid, merged: MergedRanges, form: Form, labels: Labels, first: int, height: int
) -> Header:
    last = min(first + height, len(rows)) - 1
    header = Header(first, last, {})
    spread = [_spread(rows, merged, row, last) for row in range(first, last)]
    previous_group = ""
    for column in range(max(len(row) for row in rows[first : last + 1])):
        lowest = _lowest(rows, first, last, column)
        if lowest is None:
            continue
        found = header_words(rows[lowest][column], labels)
        above = [spread[row - first].get(column, "") for row in range(lowest - 1, first - 1, -1)]
        found, other = _parent_of(found, above, labels)
        group = next((text for text in map(match_key, above) if text in labels.groups), "")
        key = column_of(found.words, group, previous_group, labels)
        if key is None:
            _note_unknown(header, found.words, column, str(rows[lowest][column]))
            continue
        declared = form.columns[key]
        previous_group = match_key(declared.group) if isinstance(declared, Measure) else ""
        _note_column(header, key, found, other, (lowest, column), str(rows[lowest][column]))
    return header


def _lowest(rows: Grid, first: int, last: int, column: int) -> int | None:
    """The lowest row of the block with words in the column, numbers and units below them left out."""
    for row in range(last, first - 1, -1):
        value = rows[row][column] if column < len(rows[row]) else None
        if not isinstance(value, str) or not (words := match_key(value)) or is_column_number(words):
            continue
        if row > first and read_unit(value) is not None and _has_text_above(rows, first, row, column):
            continue
        return row
    return None


def _has_text_above(rows: Grid, first: int, row: int, column: int) -> bool:
    return any(
        column < len(rows[r]) and isinstance(rows[r][column], str) and str(rows[r][column]).strip()
        for r in range(first, row)
    )


def _spread(rows: Grid, merged: MergedRanges, row: int, last: int) -> dict[int, str]:
    """The text of a header's upper row that is above a column, by column.

    It reaches over the columns on its right that have a text below and nothing in this row; where its cell
    is merged, over blank columns inside it too (text tables and old files know no merged cells). A cell
    merged down to the last row is a label, and reaches over no other column.
    """
    ranges = {left: (bottom, right) for top, left, bottom, right in merged if top <= row <= bottom}
    texts: dict[int, str] = {}
    text, end = "", -1
    for column in range(max(len(line) for line in rows[row : last + 1])):
        upper = rows[row][column] if column < len(rows[row]) else None
        if isinstance(upper, str) and upper.strip():
            bottom, end = ranges.get(column, (row, -1))
            text = "" if bottom >= last and end <= column and bottom > row else upper
            texts[column] = upper
            continue
        if column > end and not _has_text_above(rows, row + 1, last + 1, column):
            text = ""
        if text:
            texts[column] = text
    return texts


def _parent_of(found: HeaderWords, above: Sequence[str], labels: Labels) -> tuple[HeaderWords, str]:
    """The label that a sub-column ("Trong kỳ", "Lũy kế") belongs to, and the words of another quantity."""
    if is_label(found.words, labels):
        return found, found.other_quantity
    side = sub_column(found.words)
    if not side:
        return found, found.other_quantity
    for text in above:
        parent = header_words(text, labels)
        if parent.words in labels.plain:
            merged = HeaderWords(parent.words, found.unit or parent.unit, "", parent.remark)
            return merged, found.words if side == "other" else parent.other_quantity
    return found, found.other_quantity


def _note_column(
    header: Header, key: str, found: HeaderWords, other: str, cell: tuple[int, int], text: str
) -> None:
    row, column = cell
    if other:
        header.others.append(OtherQuantity(key, row, column, text))
        return
    if key in header.columns:
        header.duplicates.append((key, column))
        return
    header.columns[key] = column
    if found.unit is not None:
        header.units[key] = (found.unit, row, column)
    if found.remark:
        header.remarks.append((text, row, column))


def _note_unknown(header: Header, words: str, column: int, shown: str) -> None:
    if words in ORDINAL_LABELS:
        header.ordinal = column
    elif words in NOTE_LABELS:
        header.notes.append(column)
    else:
        header.unknown.append((shown, column))
