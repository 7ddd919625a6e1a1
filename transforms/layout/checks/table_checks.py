"""Findings about the cells of a table as a person sees it: hidden, merged, without a role, a second form."""

from collections.abc import Iterable, Sequence
from itertools import islice

from schemas.declaration import MeasureType, Severity
from schemas.findings import Finding, Words
from transforms.cell_names import cell_name, column_letters
from transforms.layout.cell_roles import unaccounted
from transforms.layout.cells.cell_values import shown
from transforms.layout.found_text import FoundText, texts
from transforms.layout.parsed_sheet import RoleBlock, SheetReading
from transforms.layout.sheet_head.letterhead import form_code, is_mention
from transforms.layout.table import RowKind, Table, at, cells, has_figure, has_number, is_empty
from transforms.layout.table_header.header_words import header_words, is_label, labels_of
from transforms.text.numbers import read_number

_LEAST_COLUMNS_BESIDE = 2  # unknown columns that belong to another form, for it to be one
_MOST_NAMED = 10  # rows, columns or cells that a finding names one by one


def check_hidden(reading: SheetReading, table: Table, heads: Sequence[int] = ()) -> None:
    """Note hidden rows and columns of the table that hold figures: an error where one is not 0.

    `heads` are the rows of what was read above the table, such as the period.
    """
    sheet = table.sheet
    if not (sheet.hidden_rows or sheet.hidden_columns):
        return
    header = range(table.header.first_row, table.header.last_row + 1)
    above = sorted(sheet.hidden_rows.intersection((*heads, *header)))
    if above:
        names = ", ".join(str(index + 1) for index in above)
        details = {
            "hidden": Words("hidden.heads", {"rows": names}),
        }
        _note_hidden(reading, cell_name(above[0] + 1, 0), details, is_error=False)
    rows = [
        index
        for index, kind in table.kinds.items()
        if index in sheet.hidden_rows
        and kind in (RowKind.DATA, RowKind.TOTAL)
        and has_figure(table.rows[index], table.measures)
    ]
    if rows:
        names = ", ".join(str(index + 1) for index in rows[:_MOST_NAMED])
        names += " …" if len(rows) > _MOST_NAMED else ""
        counts = any(
            _is_nonzero(value) for index in rows for value in cells(table.rows[index], table.measures)
        )
        details = {"hidden": Words("hidden.rows", {"rows": names})}
        _note_hidden(reading, cell_name(rows[0] + 1, min(table.header.columns.values())), details, counts)
    for key, position in table.header.columns.items():
        if position in sheet.hidden_columns:
            values = [at(table.rows[i], position) for i, kind in table.kinds.items() if kind is RowKind.DATA]
            letters, label = column_letters(position), table.form.columns[key].label_vi
            details = {
                "hidden": Words("hidden.column", {"column": letters, "label": label}),
            }
            cell = cell_name(table.header.last_row + 1, position)
            _note_hidden(reading, cell, details, any(_is_nonzero(value) for value in values))


def _is_nonzero(value: object) -> bool:
    if is_empty(value):
        return False
    try:
        return read_number(value) != 0
    except ValueError:
        return True


def _note_hidden(reading: SheetReading, cell: str, details: dict[str, Words], is_error: bool) -> None:
    severity = Severity.ERROR if is_error else Severity.WARNING
    reading.findings.append(
        Finding("CELL-HIDDEN", reading.sheet_name, cell, details=details, severity_override=severity)
    )


def check_merged(reading: SheetReading, table: Table) -> None:
    """Note merged cells that reach over measures of data rows: one figure for several cells.

    Its other cells are not reported as blank. Where it reports that nothing happened, they are 0 as it is.
    """
    by_column = {position: key for key, position in table.header.columns.items()}
    for top, left, bottom, right in table.sheet.merged:
        if bottom <= table.header.last_row or (top == bottom and left == right):
            continue
        over = [column for column in table.measures if left <= column <= right]
        data = [row for row in range(top, bottom + 1) if table.kinds.get(row) is RowKind.DATA]
        if not over or not data or is_empty(at(table.rows[top], left)):
            continue
        covered = {cell_name(row + 1, column) for row in range(top, bottom + 1) for column in over}
        covered.discard(cell_name(top + 1, left))
        nothing = left in over and _says_nothing(at(table.rows[top], left), over, table)
        _fill_covered(reading, table, covered, 0 if nothing else None)
        passed_over = ("VALUE-BLANK", "VALUE-MISSING") if nothing else ("VALUE-BLANK",)
        reading.findings = [f for f in reading.findings if f.code not in passed_over or f.cell not in covered]
        if nothing:
            continue
        key = by_column[over[0]]
        details = {
            "label": table.form.label_of(key),
            "range": f"{cell_name(top + 1, left)}:{cell_name(bottom + 1, right)}",
        }
        value = shown(at(table.rows[top], left))
        cell = cell_name(top + 1, left if left in over else over[0])
        reading.findings.append(Finding("CELL-MERGED", reading.sheet_name, cell, key, value, details))


def _says_nothing(value: object, columns: Sequence[int], table: Table) -> bool:
    """Whether a cell over these columns reports in words that there is nothing to count."""
    if not isinstance(value, str) or has_number([value]):
        return False
    over = [m for m in table.form.measures if table.header.columns.get(m.key) in columns]
    if not all(measure.is_number and measure.kind is MeasureType.FLOW for measure in over):
        return False
    return not _is_nonzero(value)


def _fill_covered(reading: SheetReading, table: Table, covered: set[str], figure: int | None) -> None:
    """Take the figures of covered cells for this one; for unknown, no rule is broken by them."""
    for place, key in enumerate(table.form.columns):
        position = reading.columns.get(key)
        if position is None:
            continue
        for row, values in zip(reading.rows, reading.values, strict=True):
            if cell_name(row, position) in covered:
                values[place] = figure


def check_roles(reading: SheetReading, table: Table, roles: list[RoleBlock]) -> None:
    """Note the cells in or beside the table that have no role."""
    for row, column, value, is_figure in islice(unaccounted(roles, table), _MOST_NAMED):
        where = "column" if table.kinds[row] in (RowKind.DATA, RowKind.TOTAL) else "row"
        severity = Severity.ERROR if is_figure else Severity.WARNING
        note_cell(reading, row, column, value, where, severity)


def note_cell(
    reading: SheetReading, row: int, column: int, value: object, where: str, severity: Severity
) -> None:
    """Note a cell that has no role; `where` is "unit", "header", "row" or "column"."""
    details = {"where": Words(f"where.{where}"), "advice_cell": Words(f"where.{where}.advice")}
    cell = cell_name(row + 1, column)
    reading.findings.append(
        Finding(
            "CELL-UNACCOUNTED",
            reading.sheet_name,
            cell,
            "",
            shown(value),
            details,
            severity_override=severity,
        )
    )


def check_second_form(reading: SheetReading, table: Table) -> None:
    """Note another form below the table or beside it: it was not read."""
    start = next((index for index, kind in table.kinds.items() if kind is RowKind.OTHER_FORM), None)
    found = _second_beside(table) if start is None else _other_code(texts(table.rows, start), table)
    if found is None:
        return
    code, text = found
    details = {
        "other": Words("other.form", {"form": code}),
        "kept": Words("kept.one-form"),
        "remedy": Words("remedy.one-form"),
    }
    cell = cell_name(text.row + 1, text.column)
    reading.findings.append(Finding("FORM-SECOND", reading.sheet_name, cell, "", shown(text.text), details))


def _other_code(found: Iterable[FoundText], table: Table) -> tuple[str, FoundText] | None:
    """The first code of another form that a text has by itself."""
    for text in found:
        code = form_code(text.text, table.forms)
        if code in table.forms.by_code and code != table.form.code and not is_mention(text.text):
            return code, text
    return None


def _second_beside(table: Table) -> tuple[str, FoundText] | None:
    """Another form whose code is above the table and whose columns are among the unknown ones."""
    if len(table.header.unknown) < _LEAST_COLUMNS_BESIDE:
        return None
    other = _other_code(texts(table.heads, last=table.header.first_row), table)
    if other is None:
        return None
    labels = labels_of(table.forms.by_code[other[0]])
    known = sum(is_label(header_words(text, labels).words, labels) for text, _ in table.header.unknown)
    return other if known >= _LEAST_COLUMNS_BESIDE else None
