"""Find the header of a form's table: which column of the sheet holds which column of the form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from schemas.declaration import Form, Measure
from transforms.layout.letterhead import Grid
from transforms.text.normalise import match_key

ORDINAL_LABELS = frozenset({"tt", "stt", "số tt", "số thứ tự"})
NOTE_LABELS = frozenset({"ghi chú", "ghi chú khác", "chú thích"})
_UNIT_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
# "(5)", and where the form says how a column is reckoned "(5)=(3)+(4)".
_COLUMN_NUMBER = re.compile(r"^\(?(\d{1,2})\)?(?: ?= ?[\d()+\-: ]+)?$")
_LEAST_COLUMNS = 2  # cells of a row that must match before it is taken for a header


@dataclass(slots=True)
class Header:
    """The header found: rows (0-based), the sheet's column by form column, and what does not fit."""

    first_row: int
    last_row: int
    columns: dict[str, int]
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    ordinal: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Labels:
    """The labels of a form: by "group label" and by label alone, each with the columns they may mean."""

    grouped: dict[tuple[str, str], str]
    plain: dict[str, tuple[str, ...]]
    groups: frozenset[str]


@lru_cache
def _labels(form: Form) -> _Labels:
    grouped: dict[tuple[str, str], str] = {}
    plain: dict[str, list[str]] = {}
    groups = set()
    for column in form.columns.values():
        group = match_key(column.group) if isinstance(column, Measure) else ""
        groups.add(group)
        for label in (column.label_vi, *column.aliases):
            words = match_key(label)
            grouped[group, words] = column.key
            if column.key not in plain.setdefault(words, []):
                plain[words].append(column.key)
    return _Labels(grouped, {w: tuple(keys) for w, keys in plain.items()}, frozenset(groups - {""}))


def find_header(rows: Grid, merged: Sequence[tuple[int, int, int, int]], form: Form) -> Header | None:
    """The header of the table, of one row or two, or None where no row looks like one.

    In two rows the group stands above its columns, merged over them or in the first of them; in one row
    it may stand before the label ("Kiểm tra - Số lượt kiểm tra").
    """
    labels = _labels(form)
    best: Header | None = None
    least = min(_LEAST_COLUMNS, len(form.columns))
    for index, row in enumerate(rows):
        said = [value for value in row if isinstance(value, str)]
        if len(said) < least or sum(_is_label(text, labels) for text in said) < least:
            continue
        for height in (1, 2):
            header = _read_header(rows, merged, form, index, height)
            if best is None or len(header.columns) > len(best.columns):
                best = header
        if best is not None and len(best.columns) == len(form.columns):
            break
    return best


@lru_cache(maxsize=16384)
def _is_label(text: str, labels: _Labels) -> bool:
    words = _words(text)
    return words in labels.plain or words in labels.groups or bool(_split_group(words, labels))


def _words(value: object) -> str:
    """A header cell as a comparison key, without a unit in brackets behind it."""
    return _words_of(value) if isinstance(value, str) else ""


@lru_cache(maxsize=16384)
def _words_of(text: str) -> str:
    words = match_key(text).rstrip(".: ")
    return _UNIT_IN_BRACKETS.sub("", words) or words


@lru_cache(maxsize=16384)
def _split_group(words: str, labels: _Labels) -> tuple[str, str] | None:
    for group in labels.groups:
        if words.startswith(group):
            rest = words[len(group) :].lstrip(" -–:/.")
            if (group, rest) in labels.grouped:
                return group, rest
    return None


def _read_header(
    rows: Grid, merged: Sequence[tuple[int, int, int, int]], form: Form, first: int, height: int
) -> Header:
    labels = _labels(form)
    header = Header(first, first + height - 1, {})
    groups = _groups_above(rows, merged, first, labels) if height == 2 else {}
    previous_group = ""
    for column in range(max(len(row) for row in rows[first : first + height])):
        lower = _words(_cell(rows, first + 1, column)) if height == 2 else ""
        words = lower or _words(_cell(rows, first, column))
        if not words or _COLUMN_NUMBER.match(words):
            continue
        key = _column(words, groups.get(column, "") if lower else "", previous_group, labels)
        if key is None:
            _note_other(header, words, column, str(_cell(rows, first + (1 if lower else 0), column)))
            continue
        measure = form.columns[key]
        previous_group = match_key(measure.group) if isinstance(measure, Measure) else ""
        if key in header.columns:
            header.duplicates.append((key, column))
        else:
            header.columns[key] = column
    return header


def _cell(rows: Grid, row: int, column: int) -> object:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def _groups_above(
    rows: Grid, merged: Sequence[tuple[int, int, int, int]], row: int, labels: _Labels
) -> dict[int, str]:
    """The group that stands in the row above a column, by column.

    It reaches over the columns on its right that have a label below and nothing above; where its cell is
    merged, over blank columns inside that too (text tables and old files know no merged cells).
    """
    ends = {left: right for top, left, bottom, right in merged if top <= row <= bottom and right > left}
    groups: dict[int, str] = {}
    group, end = "", -1
    for column in range(max(len(line) for line in rows[row : row + 2])):
        if upper := _words(_cell(rows, row, column)):
            group, end = (upper if upper in labels.groups else ""), ends.get(column, -1)
        elif column > end and not _words(_cell(rows, row + 1, column)):
            group = ""
        if group:
            groups[column] = group
    return groups


def _column(words: str, group: str, previous_group: str, labels: _Labels) -> str | None:
    """The form's column for a header cell; a label of several groups goes with its neighbour's group."""
    if (group, words) in labels.grouped:
        return labels.grouped[group, words]
    if split := _split_group(words, labels):
        return labels.grouped[split]
    keys = labels.plain.get(words, ())
    if len(keys) == 1:
        return keys[0]
    return labels.grouped.get((previous_group, words)) if keys else None


def _note_other(header: Header, words: str, column: int, shown: str) -> None:
    if words in ORDINAL_LABELS:
        header.ordinal = column
    elif words not in NOTE_LABELS:
        header.unknown.append((shown, column))


def is_number_row(row: Sequence[object]) -> bool:
    """Whether a row is the "(1) (2) (3)" below a header: consecutive small numbers, mostly in brackets.

    Columns before the first number may have letters ("A", "B"), sums may be spelled out ("(3)=(1)+(2)").
    """
    values = [str(v).strip().removesuffix(".0") for v in row if v is not None and str(v).strip()]
    found = [_COLUMN_NUMBER.match(value) for value in values]
    if len(values) < 2 or not all(match or len(v) == 1 for match, v in zip(found, values, strict=True)):
        return False
    numbers = [int(match[1]) for match in found if match]
    consecutive = all(b - a == 1 for a, b in pairwise(numbers))
    bracketed = sum(v.startswith("(") for v in values)
    return bracketed >= 2 or (len(numbers) > 2 and consecutive and numbers[0] <= 1)
