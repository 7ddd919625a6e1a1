"""Texts in and below a table by which its figures may not be those of the report: rows, headings, notes."""

from collections.abc import Iterator, Mapping
from itertools import islice

from plans.model import Calendar
from schemas.declaration import Severity
from schemas.findings import Finding, Text, Words
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cells.cell_values import shown
from transforms.layout.found_text import FoundText, texts
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.row_words import (
    is_carried,
    is_list_mark,
    is_part_of_year,
    is_wholly_left_out,
    names_other_figures,
)
from transforms.layout.rows.corrections_in_words import (
    corrects_figures,
    period_of_figures,
    tells_other_figure,
)
from transforms.layout.sheet_head.period_words import names_period
from transforms.layout.table import (
    TABLE_KINDS,
    RowKind,
    Table,
    at,
    has_figure,
    is_empty,
    joined,
    summary_cell,
)
from transforms.privacy.personal_data import mask

_MOST = 5  # findings of a kind
_MOST_NAMED = 10  # rows that one finding names
_MOST_TEXTS = 10  # of a sheet of notes; one with more is a guide
_HEADINGS = (RowKind.LEFT_OUT, RowKind.UNKNOWN, RowKind.SECTION, RowKind.NOTE, RowKind.ORDINAL_ONLY)
_BETWEEN = (RowKind.BLANK, RowKind.NUMBERS, RowKind.UNITS, RowKind.HEADER, *_HEADINGS)


def check_row_texts(reading: SheetReading, table: Table, calendar: Calendar) -> None:
    """Note rows with figures that were left out, and texts by which figures are others."""
    _check_left_out(reading, table)
    for found in (
        _texts_of_rows(reading, table, calendar),
        _headings(reading, table, calendar),
        _notes(reading, table, calendar),
    ):
        reading.findings += islice(found, _MOST)


def _check_left_out(reading: SheetReading, table: Table) -> None:
    """Note the rows left out whose name may be a row of the form's, or that have such rows below them."""
    last = max((index for index, kind in table.kinds.items() if kind is RowKind.DATA), default=-1)
    found: list[tuple[int, int]] = []
    for index, kind in table.kinds.items():
        row = table.rows[index]
        if kind is not RowKind.LEFT_OUT or not has_figure(row, table.measures):
            continue
        summary = summary_cell(row, table)
        if summary is None or summary[0] is not kind:
            continue
        name = str(row[summary[1]])
        if not is_carried(name) and (index < last or not is_wholly_left_out(name)):
            found.append((index, summary[1]))
    if not found:
        return
    names = ", ".join(str(index + 1) for index, _ in found[:_MOST_NAMED])
    details = {"rows": names + (" …" if len(found) > _MOST_NAMED else "")}
    text = _text_at(table, *found[0])
    reading.findings.append(_finding(reading.sheet_name, text, Severity.WARNING, "rows-left-out", details))


def _texts_of_rows(reading: SheetReading, table: Table, calendar: Calendar) -> Iterator[Finding]:
    """Texts beside the keys of a row that was read ("Lũy kế" in place of its ordinal)."""
    unknown = {column for _, column in table.header.unknown}
    columns = [c for c in table.label_columns if c not in table.keys and c not in table.header.notes]
    details = {"of": Words("figures-of.row")}
    for index, kind in table.kinds.items():
        for column in columns if kind is RowKind.DATA else ():
            text = at(table.rows[index], column)
            if not isinstance(text, str) or not is_wholly_left_out(text):
                continue
            if column in unknown and not names_other_figures(text):
                continue  # a remark; the column has its own finding
            if not _names_own_period(text, reading, calendar):
                severity = Severity.WARNING if column in unknown else Severity.ERROR
                where = _text_at(table, index, column)
                yield _finding(reading.sheet_name, where, severity, "other-figures", details)


def _headings(reading: SheetReading, table: Table, calendar: Calendar) -> Iterator[Finding]:
    """Rows without figures, above rows that were read, that name another quantity or another period.

    Where nothing shows that the text heads those rows, it may be a row that was not filled in.
    """
    is_first = True
    details = {"of": Words("figures-of.rows-below")}
    heads = _rows_above_data(table)
    for index, kind in table.kinds.items():
        is_first = is_first and kind is not RowKind.DATA
        row = table.rows[index]
        if kind not in _HEADINGS or has_figure(row, table.measures) or index not in heads:
            continue
        for column, text in enumerate(row):
            if not isinstance(text, str) or not _heads_other_figures(text, reading, calendar):
                continue
            is_marked = any(isinstance(value, str) and is_list_mark(value) for value in row[:column])
            severity = Severity.ERROR if is_first or is_marked else Severity.WARNING
            where = _text_at(table, index, column)
            yield _finding(reading.sheet_name, where, severity, "other-figures", details)
            break


def _rows_above_data(table: Table) -> set[int]:
    """The rows below which the next row that holds figures is one that was read."""
    rows: set[int] = set()
    below: RowKind | None = None
    for row in sorted(table.kinds, reverse=True):
        if below is RowKind.DATA:
            rows.add(row)
        if table.kinds[row] not in _BETWEEN:
            below = table.kinds[row]
    return rows


def _heads_other_figures(text: str, reading: SheetReading, calendar: Calendar) -> bool:
    if is_part_of_year(text):
        return not _names_own_period(text, reading, calendar)
    return names_other_figures(text) or tells_other_figure(text)


def _names_own_period(text: str, reading: SheetReading, calendar: Calendar) -> bool:
    """Whether a text is that of the report's period, or no period is known to compare it with."""
    if not is_part_of_year(text):
        return False
    return reading.period is None or names_period(text, reading.period, calendar)


def _notes(reading: SheetReading, table: Table, calendar: Calendar) -> Iterator[Finding]:
    """Notes beside the figures of a row or below the table that correct figures."""
    for index, kind in table.kinds.items():
        row = table.rows[index]
        if _is_note(table, index):
            filled = [column for column, value in enumerate(row) if not is_empty(value)]
            columns = filled[:1] if _corrects(joined(row), reading, calendar) else []
        elif kind in (RowKind.DATA, RowKind.TOTAL):
            columns = [c for c in table.header.notes if _corrects(at(row, c), reading, calendar)]
        else:
            continue
        for column in columns:
            text = _text_at(table, index, column)
            yield _finding(reading.sheet_name, text, Severity.WARNING, "note-corrects", {})


def correcting_notes(sheet: Sheet) -> Iterator[Finding]:
    """Yield the warnings about the texts of a sheet beside a form that correct figures; not of a guide."""
    found = list(texts(sheet.rows))
    for text in found if len(found) <= _MOST_TEXTS else ():
        if corrects_figures(text.text):
            yield _finding(mask(sheet.name), text, Severity.WARNING, "note-corrects", {})


def _is_note(table: Table, index: int) -> bool:
    """Whether a row is a note, or has the words of a total or "Lũy kế" but no figure and no other text."""
    kind, above = table.kinds[index], table.kinds.get(index - 1)
    if kind in (RowKind.TOTAL, RowKind.LEFT_OUT):
        return not has_figure(table.rows[index], table.measures) and above not in TABLE_KINDS
    return kind in (RowKind.NOTE, RowKind.FOOTER, RowKind.ORDINAL_ONLY)


def _corrects(value: object, reading: SheetReading, calendar: Calendar) -> bool:
    if not isinstance(value, str):
        return False
    part = period_of_figures(value)
    is_of_other = part and reading.period and not names_period(part, reading.period, calendar)
    return bool(is_of_other) or tells_other_figure(value)


def _text_at(table: Table, row: int, column: int) -> FoundText:
    return FoundText(str(at(table.rows[row], column)), row, column)


def _finding(
    sheet_name: str, found: FoundText, severity: Severity, text_key: str, details: Mapping[str, Text]
) -> Finding:
    return Finding(
        "CELL-UNACCOUNTED",
        sheet_name,
        cell_name(found.row + 1, found.column),
        value_shown=shown(found.text),
        details=dict(details),
        severity_override=severity,
        text_key=text_key,
    )
