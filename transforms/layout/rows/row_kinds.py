"""What each row below a header is: data, total, section heading, repeated header, note, footer."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from schemas.declaration import Form
from schemas.form_set import FormSet
from transforms.extract.sheet import Sheet
from transforms.layout.cells.cell_values import PlaceLookup
from transforms.layout.cells.stated_units import nouns_of
from transforms.layout.row_words import is_code_line, is_footer, is_line_of_letterhead, may_be_a_name
from transforms.layout.rows.section_headings import is_section
from transforms.layout.sheet_head.letterhead import form_code, is_mention
from transforms.layout.table import (
    TABLE_KINDS,
    RowKind,
    Table,
    at,
    cells,
    has_figure,
    has_number,
    is_blank,
    is_empty,
    joined,
    names_keys,
    row_summary,
    summary_cell,
)
from transforms.layout.table_header.header import Header
from transforms.layout.table_header.header_words import header_words, labels_of
from transforms.layout.table_header.number_rows import is_number_row, unit_row
from transforms.text.normalise import ascii_key, match_key

_SAME_SUM = 1e-6
_LONGEST_NUMBER = 8  # characters of a column's number ("Cột 12")
_DOTS = " .…_"
_ORDINAL = re.compile(r"[\d.,()\-/ ]+|(?:[ivx]{1,5}|[a-z])(?:[.)\d]+)?", re.IGNORECASE)
_ROMAN_OR_LETTER = re.compile(r"(?:[ivx]{1,5}|[a-h])[.)]?", re.IGNORECASE)


class _RowTexts(NamedTuple):
    """The texts of a row, and whether one is a line of a letterhead."""

    words: Sequence[str]
    repeat_letterhead: bool


def table_of(sheet: Sheet, header: Header, form: Form, forms: FormSet, lookup: PlaceLookup) -> Table:
    """The table of a form of the set below a header, its rows classified."""
    measures = [header.columns[m.key] for m in form.measures if m.key in header.columns]
    keys = [header.columns[d.key] for d in form.dimensions if d.key in header.columns]
    ordinal = [] if header.ordinal is None else [header.ordinal]
    texts = [
        {
            c: match_key(text)
            for c, text in enumerate(sheet.rows[row])
            if isinstance(text, str) and text.strip()
        }
        for row in range(header.first_row, header.last_row + 1)
    ]
    labels = sorted({*keys, *ordinal, *range(min(measures, default=0))})
    table = Table(sheet, header, form, forms, lookup, measures, keys, labels, texts)
    _classify_rows(table)
    _find_unnamed_total(table)
    _find_named_sums(table)
    _find_names_like_totals(table)
    return table


def _find_unnamed_total(table: Table) -> None:
    """Take a first or last row without any name for a total where its figures are the sums of the others."""
    data = [index for index, kind in table.kinds.items() if kind is RowKind.DATA]
    for index in {data[0], data[-1]} if len(data) > 2 else ():
        row = table.rows[index]
        others = [table.rows[other] for other in data if other != index]
        if is_blank(cells(row, table.label_columns)) and _is_sum(row, others, table):
            table.kinds[index] = RowKind.TOTAL


def _find_named_sums(table: Table) -> None:
    """Take a row with an unknown name for a total where its figures are the sums of rows beside it.

    "Tỉnh Đồng Nai" above its districts, "Khối huyện" above a group of them. The rows are all others, or those
    that follow or precede it up to the next such row.
    """
    data = [index for index, kind in table.kinds.items() if kind is RowKind.DATA]
    unknown = [index for index in data if not _may_be_named(table.rows[index], table)]
    if not unknown or len(unknown) * 2 > len(data):
        return
    known = [index for index in data if index not in unknown]
    for index in unknown:
        below = next((other for other in unknown if other > index), len(table.rows))
        above = max((other for other in unknown if other < index), default=-1)
        groups = (
            (RowKind.TOTAL, known),
            (RowKind.LEFT_OUT, [other for other in known if index < other < below]),
            (RowKind.LEFT_OUT, [other for other in known if above < other < index]),
        )
        for kind, group in groups:
            if len(group) > 1 and _is_sum(table.rows[index], [table.rows[n] for n in group], table):
                table.kinds[index] = kind
                break


def _find_names_like_totals(table: Table) -> None:
    """Take a row that only begins as a total ("Tổng đài tư vấn") for a row whose name the form lacks.

    It goes on counting the rows, or has a smaller figure than one of them, and is no sum of rows beside it.
    """
    names = [
        index for index, kind in table.kinds.items() if kind is RowKind.TOTAL and _is_like_total(table, index)
    ]
    data = [index for index, kind in table.kinds.items() if kind is RowKind.DATA]
    for index in names:
        row = table.rows[index]
        above = [other for other in data if other < index]
        groups = (data, above, [other for other in data if other > index])
        if any(_may_be_sum(row, [table.rows[n] for n in group], table) for group in groups):
            continue
        if (above and _counts_on(table, above[-1], index)) or _is_below_one_of(row, data, table):
            table.kinds[index] = RowKind.DATA


def _is_like_total(table: Table, index: int) -> bool:
    found = summary_cell(table.rows[index], table)
    return found is not None and found[1] in table.keys and may_be_a_name(str(table.rows[index][found[1]]))


def _counts_on(table: Table, above: int, index: int) -> bool:
    """Whether the ordinal of a row is the next one after that of a row above it."""
    if table.header.ordinal is None:
        return False
    numbers = [
        str(at(table.rows[row], table.header.ordinal)).strip(" .").removesuffix(".0")
        for row in (above, index)
    ]
    return all(number.isdecimal() for number in numbers) and int(numbers[1]) == int(numbers[0]) + 1


def _is_below_one_of(row: Sequence[object], data: Sequence[int], table: Table) -> bool:
    """Whether a figure of the row is smaller than one of the rows in its column, as no sum is."""
    for column in _additive(table):
        figure = at(row, column)
        figures = [at(table.rows[other], column) for other in data]
        if isinstance(figure, int | float) and any(
            isinstance(v, int | float) and v > figure for v in figures
        ):
            return True
    return False


def _may_be_named(row: Sequence[object], table: Table) -> bool:
    """Whether the row's keys are all known, or one is missing, which may be a key written once above.

    A row without any key but with words in place of its ordinal is named by these ("T/C").
    """
    keys = [at(row, column) for column in table.keys]
    if is_blank(keys) and any(_is_name(at(row, column)) for column in table.label_columns):
        return False
    return names_keys(row, table) or any(is_empty(key) for key in keys)


def _is_name(value: object) -> bool:
    """Whether a cell holds words that are no ordinal."""
    return isinstance(value, str) and len(value.strip()) > 1 and not _ORDINAL.fullmatch(value.strip())


def _is_sum(row: Sequence[object], others: Sequence[Sequence[object]], table: Table) -> bool:
    """Whether all figures of a row are sums, at least two of them not 0; only for numbers stored as such."""
    is_additive = len(_additive(table)) == len(table.measures)
    return is_additive and _sums_in(row, others, table) > 1


def _may_be_sum(row: Sequence[object], others: Sequence[Sequence[object]], table: Table) -> bool:
    """Whether the figures of a row named as a total are sums; one alone must be that of several rows."""
    sums = _sums_in(row, others, table)
    return sums > 1 or (sums == 1 and len(others) > 1)


def _sums_in(row: Sequence[object], others: Sequence[Sequence[object]], table: Table) -> int:
    """Return how many additive figures a row has if all are sums and not all are 0, else 0."""
    found = [(at(row, column), [at(other, column) for other in others]) for column in _additive(table)]
    figures = [(total, [v for v in values if isinstance(v, int | float)]) for total, values in found]
    given = [(total, values) for total, values in figures if isinstance(total, int | float)]
    if any(total for total, _ in given) and all(abs(t - sum(values)) < _SAME_SUM for t, values in given):
        return len(given)
    return 0


def _additive(table: Table) -> list[int]:
    """Return the columns of the measures that may be added up."""
    columns = table.header.columns
    return [columns[m.key] for m in table.form.measures if m.is_additive and m.key in columns]


def _classify_rows(table: Table) -> None:
    """Give every row below the header its kind; rows below the last one of the table are its footer."""
    rows, kinds = table.rows, table.kinds
    before_data, after_footer = True, False
    last = table.header.last_row
    for index in range(table.header.last_row + 1, len(rows)):
        words = [value for value in rows[index] if isinstance(value, str)]
        headings = [text for text in words if is_line_of_letterhead(text, table.forms)]
        if _begins_other_form(headings, table):
            kinds.update(dict.fromkeys(range(index, len(rows)), RowKind.OTHER_FORM))
            break
        row_texts = _RowTexts(words, bool(headings))
        kind = _kind(table, index, row_texts, before_data=before_data, after_footer=after_footer)
        kinds[index] = kind
        if kind in TABLE_KINDS:
            last = index
        before_data = kind is RowKind.HEADER or (
            before_data and kind in (RowKind.BLANK, RowKind.NUMBERS, RowKind.UNITS)
        )
        after_footer = kind is RowKind.NOTE or (after_footer and kind not in TABLE_KINDS)
    for index in range(last + 1, len(rows)):
        if kinds[index] in (RowKind.NOTE, RowKind.UNKNOWN):  # below the last row of the table
            kinds[index] = RowKind.FOOTER


def _kind(table: Table, index: int, texts: _RowTexts, *, before_data: bool, after_footer: bool) -> RowKind:
    row = table.rows[index]
    if is_blank(row):
        return RowKind.BLANK
    if before_data and (kind := _kind_before_data(table, index)):
        return kind
    if _repeats_header(row, table):
        return RowKind.HEADER
    if _numbers_columns_again(row, table):
        return RowKind.NUMBERS
    if _is_to_be_filled_in(row, table):
        return RowKind.UNKNOWN
    if (kind := row_summary(row, table)) is not None:
        return kind
    holds_figure = has_figure(row, table.measures)
    if texts.repeat_letterhead and not holds_figure:
        return RowKind.NOTE
    if holds_figure:
        if is_blank(cells(row, table.keys)) and is_footer(joined(row)):
            return RowKind.NOTE
        if is_section(table, index):
            return RowKind.SECTION
        return RowKind.DATA if not after_footer or names_keys(row, table) else _stray_kind(row)
    if names_keys(row, table) and not after_footer:
        return RowKind.SECTION if is_section(table, index) else RowKind.DATA
    if is_section(table, index):
        return RowKind.SECTION
    if any(is_footer(text) for text in texts.words):
        return RowKind.NOTE
    if not is_blank(cells(row, table.measures)) and not _is_single_text(row):
        return RowKind.NOTE if after_footer else RowKind.DATA
    return _kind_without_figures(row, table)


def _begins_other_form(words: Sequence[str], table: Table) -> bool:
    """Whether a row's texts have the code of another form, by itself: a second form below the first."""
    return any(
        is_code_line(text, table.forms)
        and form_code(text, table.forms) != table.form.code
        and not is_mention(text)
        for text in words
    )


def _kind_before_data(table: Table, index: int) -> RowKind | None:
    row = table.rows[index]
    if is_number_row(row):
        return RowKind.NUMBERS
    merged = [(left, right) for top, left, bottom, right in table.sheet.merged if top <= index <= bottom]
    if units := unit_row(row, table.measures, merged, nouns_of(table.form)):
        table.unit_rows.append((index, units))
        return RowKind.UNITS
    return None


def _numbers_columns_again(row: Sequence[object], table: Table) -> bool:
    """Whether a row numbers the columns once more, as below a page break: its keys are column numbers."""
    key = at(row, table.keys[0]) if table.keys else None
    if key is None or (isinstance(key, str) and len(key) > _LONGEST_NUMBER):
        return False  # nearly always
    return is_number_row(row) and not names_keys(row, table)


def _is_to_be_filled_in(row: Sequence[object], table: Table) -> bool:
    """Whether all texts of a row are the dots of a printed form ("…", "....")."""
    first = at(row, table.keys[0]) if table.keys else None
    if not isinstance(first, str) or first[:1] not in _DOTS or first.strip(_DOTS):
        return False  # nearly always
    return all(is_empty(v) or (isinstance(v, str) and not v.strip(_DOTS)) for v in row) and not is_blank(row)


def _stray_kind(row: Sequence[object]) -> RowKind:
    """A row with figures below a footer that names nothing: part of a date line, or cells without a role."""
    return RowKind.NOTE if is_footer(joined(row)) else RowKind.STRAY


def _kind_without_figures(row: Sequence[object], table: Table) -> RowKind:
    ordinal = table.header.ordinal
    mark = at(row, ordinal) if ordinal is not None else None
    if isinstance(mark, str) and _ROMAN_OR_LETTER.fullmatch(mark.strip()):
        return RowKind.SECTION
    if any(isinstance(value, str) and ascii_key(value).startswith("trong do") for value in row):
        return RowKind.SECTION
    others = [value for column, value in enumerate(row) if column != ordinal]
    if is_blank(others):
        return RowKind.ORDINAL_ONLY
    return _stray_kind(row) if has_number(others) else RowKind.UNKNOWN


def _is_single_text(row: Sequence[object]) -> bool:
    """Whether a row holds one text and nothing else."""
    filled = [value for value in row if not is_empty(value)]
    return len(filled) == 1 and isinstance(filled[0], str)


def _repeats_header(row: Sequence[object], table: Table) -> bool:
    """Whether the row repeats a row of the header or its labels in other wordings, as below a page break."""
    first = next((c for c, value in enumerate(row) if isinstance(value, str) and value.strip()), None)
    if first is None:
        return False
    words = match_key(str(row[first]))
    candidates = [texts for texts in table.header_texts if texts.get(first) == words]
    if not candidates and not (table.measures and isinstance(at(row, table.measures[0]), str)):
        return False  # nearly always
    texts = {c: value for c, value in enumerate(row) if isinstance(value, str) and value.strip()}
    if len(texts) < 2 or len(texts) < sum(not is_empty(value) for value in row):
        return False
    for header_row in candidates:
        if len(texts) * 2 > len(header_row) and all(
            header_row.get(column) == match_key(text) for column, text in texts.items()
        ):
            return True
    labels = labels_of(table.form)
    named = {column: labels.plain.get(header_words(text, labels).words, ()) for column, text in texts.items()}
    keys = {position: key for key, position in table.header.columns.items()}
    own = [keys.get(column) in named[column] for column in texts if column != table.header.ordinal]
    return len(texts) > 2 and sum(own) > 1 and sum(own) * 2 > len(own) and not has_number(texts.values())
