"""Find the header of a form's table: which column of the sheet holds which column of the form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from schemas.declaration import Form, Measure
from schemas.reserved_labels import BELOW, NOTE_LABELS, ORDINAL_LABELS, UNIT_LABELS, is_total
from transforms.layout.cells.stated_units import StatedUnit, read_unit
from transforms.layout.found_text import Grid
from transforms.layout.table_header.header_above import (
    MergedRanges,
    OverHeader,
    has_text_above,
    spread,
    unit_above,
    unknown_above,
)
from transforms.layout.table_header.header_words import (
    HeaderWords,
    Labels,
    column_of,
    group_above,
    header_words,
    is_column_number,
    is_label,
    labels_of,
    quantity_above,
    quantity_over,
    sub_column,
)
from transforms.layout.table_header.misspelled_labels import misspelled
from transforms.layout.table_header.number_rows import is_number_row
from transforms.text.normalise import match_key

__all__ = ["Header", "OtherQuantity", "PartOfYear", "find_header", "is_number_row"]

NamesOwn = Callable[[str], bool]
_LOWEST_HEADER = 40  # rows: a table may start this far down
_LEAST_COLUMNS = 2  # cells of a row that must match before it is taken for a header
_MOST_ROWS = 3  # of a header


@dataclass(frozen=True, slots=True)
class OtherQuantity:
    """A column whose header names a label of the form and words that make it another quantity."""

    key: str
    row: int
    column: int
    text: str


class PartOfYear(NamedTuple):
    """A column whose header names a period ("Quý I/2019", "trong quý"), the report's own or another."""

    key: str
    row: int
    column: int
    words: str


@dataclass(slots=True)
class Header:
    """The header found: its rows (0-based), the sheet's column by form column, and what does not fit.

    `units` are the units stated in the cells of columns, each with the cell (row, column) of the text;
    `unit_column` is a column of units; `parts` are the columns that name a period, decided by `names_own`
    of `find_header`; `misspelled` are the texts by column that are its label but for one letter;
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
    unit_column: int | None = None
    parts: list[PartOfYear] = field(default_factory=list)
    misspelled: dict[str, str] = field(default_factory=dict)


def find_header(
    rows: Grid,
    merged: MergedRanges,
    form: Form,
    area_headings: tuple[str, ...] = (),
    names_own: NamesOwn | None = None,
) -> Header | None:
    """Return the header of the table, of one to three rows, or None where no row looks like one.

    In several rows the group is above its columns, merged over them or in the first of them; in one row it
    may come before the label ("Kiểm tra - Số lượt kiểm tra"). `names_own`: whether words of a period
    in it name that of the report; without it the first column of a label counts.
    """
    labels = labels_of(form, area_headings)
    found = _find_header(rows, merged, form, labels, names_own)
    if found is None or len(found.columns) < len(form.columns):
        joined = _joined_rows(rows, labels)
        again = _find_header(joined[1], merged, form, labels, names_own) if joined else None
        if joined and again and (found is None or len(again.columns) > len(found.columns)):
            found = replace(again, first_row=min(again.first_row, joined[0]))
    if found is not None and len(found.columns) < len(form.columns):
        _add_misspelled(found, form)
    return found


def _add_misspelled(header: Header, form: Form) -> None:
    """Take the unknown columns whose header is a missing label but for one letter."""
    elsewhere = {other.key for other in header.others} | header.columns.keys()
    missing = {
        key: (column.label_vi, *column.aliases)
        for key, column in form.columns.items()
        if key not in elsewhere and not (isinstance(column, Measure) and column.group)
    }
    for column, (key, text) in misspelled(header.unknown, missing).items():
        header.columns[key] = column
        header.misspelled[key] = text
    header.unknown = [(t, c) for t, c in header.unknown if c not in header.columns.values()]


def _joined_rows(rows: Grid, labels: Labels) -> tuple[int, Grid] | None:
    """Return the rows with labels put together that are typed in two cells, one above the other, unmerged.

    The first row of such a label comes with them; None where there is none. The lower cell gets the label,
    and cells of the upper row with nothing below them move there.
    """
    first = -1
    joined: list[list[object]] | None = None
    for index, (above, below) in enumerate(pairwise(rows[:_LOWEST_HEADER])):
        changed: dict[int, object] = {}
        for column, (upper, lower) in enumerate(zip(above, below, strict=False)):
            if not (isinstance(upper, str) and isinstance(lower, str)) or _names_label(lower, labels):
                continue
            whole = f"{upper.strip()} {lower.strip()}"
            if _names_label(whole, labels):
                changed[column] = whole
        if changed and (joined is None or len(changed) >= _LEAST_COLUMNS):
            if joined is None:
                first, joined = index, [list(row) for row in rows]
            for column, upper in enumerate(above):
                if column in changed or (isinstance(upper, str) and column >= len(below)):
                    joined[index + 1][column] = changed.get(column, upper)
                elif isinstance(upper, str) and below[column] in (None, ""):
                    joined[index + 1][column] = upper
    return (first, joined) if joined is not None else None


def _find_header(
    rows: Grid, merged: MergedRanges, form: Form, labels: Labels, names_own: NamesOwn | None
) -> Header | None:
    best: Header | None = None
    least = min(_LEAST_COLUMNS, len(form.columns))
    for index, row in enumerate(rows):
        texts = [value for value in row if isinstance(value, str)]
        if len(texts) < least or sum(_names_label(text, labels) for text in texts) < least:
            continue
        for first in (index, *_starts_above(rows, index, labels)):
            for height in range(1, _MOST_ROWS + 1):
                header = _read_header(rows, merged, form, labels, (first, height), names_own)
                if best is None or _matches(header) > _matches(best) or _divides(rows, best, header):
                    best = header
                complete = len(header.columns) == len(form.columns)
                if complete and not _has_sub_columns(rows, first + height):
                    break
        if best is not None and len(best.columns) == len(form.columns):
            break
    return best


def _starts_above(rows: Grid, index: int, labels: Labels) -> list[int]:
    """The rows above a row of labels that hold one as well, as where most labels are below "Trong kỳ"."""
    above = range(max(index - _MOST_ROWS + 1, 0), index)
    return [row for row in above if any(isinstance(v, str) and _names_label(v, labels) for v in rows[row])]


def _has_sub_columns(rows: Grid, row: int) -> bool:
    """Whether a row below a header divides its columns into "Trong kỳ" and "Lũy kế"."""
    return row < len(rows) and any(isinstance(v, str) and sub_column(match_key(v)) for v in rows[row])


def _divides(rows: Grid, above: Header, header: Header) -> bool:
    """Whether a header has the columns of the one above and one more row, "Trong kỳ" below each of them.

    A row "Cộng" with figures is the first one of the table.
    """
    if (header.first_row, header.last_row) != (above.first_row, above.last_row + 1):
        return False
    row = rows[header.last_row] if header.last_row < len(rows) else ()
    below = [row[column] for column in header.columns.values() if column < len(row)]
    texts = [value for value in below if value is not None and str(value).strip()]
    return (
        header.columns == above.columns
        and bool(texts)
        and all(isinstance(text, str) and sub_column(match_key(text)) for text in texts)
    )


def _matches(header: Header) -> tuple[int, int]:
    """How well a header fits: its labels, then how many columns are known as another quantity ("Lũy kế")."""
    return len({*header.columns, *(other.key for other in header.others)}), len(header.others)


@lru_cache(maxsize=16384)
def _names_label(text: str, labels: Labels) -> bool:
    return is_label(header_words(text, labels).words, labels)


def _read_header(
    rows: Grid,
    merged: MergedRanges,
    form: Form,
    labels: Labels,
    place: tuple[int, int],
    names_own: NamesOwn | None,
) -> Header:
    """Read the header that begins in a row and has a height, both in `place`."""
    first, height = place
    last = min(first + height, len(rows)) - 1
    header = Header(first, last, {})
    upper = [spread(rows, merged, row, last) for row in range(first, last)]
    over = OverHeader(rows, merged, first, last)
    previous_group = ""
    for column in range(max(len(row) for row in rows[first : last + 1])):
        lowest = _lowest(rows, first, last, column, labels.nouns)
        if lowest is None:
            continue
        found = header_words(rows[lowest][column], labels)
        above = [upper[row - first].get(column, "") for row in range(lowest - 1, first - 1, -1)]
        group = group_above(above, labels)
        is_sum = not group and any(map(is_total, above))
        # The texts beside the group: two of them together may name it ("Dương tính" over "Trẻ em").
        beside = above if not group or group in map(match_key, above) else [""] * len(above)
        found = _with_quantity(found, beside, labels)
        key = column_of(found.words, group, "" if is_sum else previous_group, labels)
        is_measure = key is not None and isinstance(form.columns[key], Measure)
        text_over = over.text_over(column, is_measure=is_measure)
        found = _with_period(found, text_over, names_own)
        if key is None:
            text = str(rows[lowest][column])
            _note_unknown(header, found.words, column, f"{above[0]}{BELOW}{text}" if is_sum else text)
            continue
        declared = form.columns[key]
        previous_group = match_key(declared.group) if isinstance(declared, Measure) else ""
        if isinstance(declared, Measure):
            if found.unit is None and (unit := unit_above(above, declared, labels)) is not None:
                found = replace(found, unit=unit)
            _note_above(header, above, unknown_above(beside, labels), (lowest, column))
            if over.is_unknown_group(column, text_over, labels):
                header.remarks.append((text_over, over.row, column))
        _note_column(header, key, found, (lowest, column), str(rows[lowest][column]))
    return header


def _lowest(rows: Grid, first: int, last: int, column: int, nouns: frozenset[str]) -> int | None:
    """The lowest row of the block with words in the column, numbers and units below them left out."""
    for row in range(last, first - 1, -1):
        value = rows[row][column] if column < len(rows[row]) else None
        if not isinstance(value, str) or not (words := match_key(value)) or is_column_number(words):
            continue
        if row > first and read_unit(value, nouns) is not None and has_text_above(rows, first, row, column):
            continue
        return row
    return None


def _with_quantity(found: HeaderWords, above: Sequence[str], labels: Labels) -> HeaderWords:
    """The words of a column with the quantity that the cells above them name.

    A sub-column ("Trong kỳ", "Lũy kế") takes the label above it.
    """
    if is_label(found.words, labels):
        for text in above:
            quantity = "" if _names_label(text, labels) else quantity_above(text)
            if quantity == "other":
                found = replace(found, other_quantity=text)
            elif quantity == "part":
                found = replace(found, part_of_year=text)
        return found
    side = sub_column(found.words)
    for text in above if side else ():
        parent = header_words(text, labels)
        if parent.words in labels.plain:
            return HeaderWords(
                parent.words,
                found.unit or parent.unit,
                found.words if side == "other" else parent.other_quantity,
                parent.remark,
                found.words if side == "part" else parent.part_of_year,
            )
    return found


def _with_period(found: HeaderWords, over: str, names_own: NamesOwn | None) -> HeaderWords:
    """The words of a column with the text over the header; a part of the year may be another period."""
    quantity = quantity_over(over)
    if quantity == "other":
        return replace(found, other_quantity=found.other_quantity or over)
    if quantity == "part":
        found = replace(found, part_of_year=found.part_of_year or over)
    if found.part_of_year and names_own is not None and not names_own(found.part_of_year):
        return replace(found, other_quantity=found.other_quantity or found.part_of_year)
    return found


def _note_above(header: Header, above: Sequence[str], unknown: Sequence[int], cell: tuple[int, int]) -> None:
    """Note the unknown texts above a column, each of them once."""
    lowest, column = cell
    for place in unknown:
        row, text = lowest - 1 - place, above[place]
        if not any((known, at) == (text, row) for known, at, _ in header.remarks):
            header.remarks.append((text, row, column))


def _note_column(header: Header, key: str, found: HeaderWords, cell: tuple[int, int], text: str) -> None:
    row, column = cell
    if found.part_of_year:
        header.parts.append(PartOfYear(key, row, column, found.part_of_year))
    if found.other_quantity or (found.part_of_year and key in header.columns):
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
    if words in ORDINAL_LABELS and header.ordinal is None:
        header.ordinal = column
    elif words in ORDINAL_LABELS or words in NOTE_LABELS:  # a second ordinal counts nothing new
        header.notes.append(column)
    elif words in UNIT_LABELS and header.unit_column is None:
        header.unit_column = column
    else:
        header.unknown.append((shown, column))
