"""The role of every filled cell of a recognised sheet, and the cells that have none.

Roles are kept as runs of columns per block of rows. A cell in or beside the table without a role is a
finding: an error where it holds a number, which could be a figure of the report, else a warning.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from transforms.cell_names import cell_name
from transforms.layout.found_text import FoundText
from transforms.layout.parsed_sheet import RoleBlock, RoleRun
from transforms.layout.table import RowKind, Table, at, cells, has_number, is_blank, is_empty


class CellRole(StrEnum):
    """What a cell is."""

    LETTERHEAD = "letterhead"
    FORM_CODE = "form_code"
    TITLE = "title"
    PERIOD = "period"
    WINDOW = "window"
    UNIT = "unit"
    HEADER = "header"
    COLUMN_NUMBER = "column_number"
    ORDINAL = "ordinal"
    KEY = "key"
    MEASURE = "measure"
    SECTION = "section"
    TOTAL = "total"
    LEFT_OUT = "left_out"
    NOTE = "note"
    FOOTER = "footer"
    UNUSED_COLUMN = "unused_column"
    OTHER_FORM = "other_form"
    UNACCOUNTED = "unaccounted"


_WHOLE_ROWS = {
    RowKind.HEADER: CellRole.HEADER,
    RowKind.NUMBERS: CellRole.COLUMN_NUMBER,
    RowKind.UNITS: CellRole.UNIT,
    RowKind.SECTION: CellRole.SECTION,
    RowKind.LEFT_OUT: CellRole.LEFT_OUT,
    RowKind.NOTE: CellRole.NOTE,
    RowKind.FOOTER: CellRole.FOOTER,
    RowKind.OTHER_FORM: CellRole.OTHER_FORM,
    RowKind.ORDINAL_ONLY: CellRole.ORDINAL,
    RowKind.UNKNOWN: CellRole.UNACCOUNTED,
    RowKind.STRAY: CellRole.UNACCOUNTED,
}


_SHARED_ROLES = (CellRole.NOTE, CellRole.UNUSED_COLUMN)  # of all columns under one merged header cell


def cell_roles(table: Table, heads: dict[CellRole, list[FoundText]]) -> list[RoleBlock]:
    """Return the roles of all filled cells of a sheet; `heads` are the texts found above its table."""
    blocks: list[RoleBlock] = []
    for row, runs in _runs_of_rows(table, heads):
        if blocks and blocks[-1].runs == runs and blocks[-1].last_row == row:
            blocks[-1] = blocks[-1]._replace(last_row=row + 1)
        elif runs:
            blocks.append(RoleBlock(row + 1, row + 1, runs))
    return blocks


def _runs_of_rows(
    table: Table, heads: dict[CellRole, list[FoundText]]
) -> Iterator[tuple[int, tuple[RoleRun, ...]]]:
    # A cell with the title or the period may state the unit as well.
    in_order = sorted(heads.items(), key=lambda head: head[0] is not CellRole.UNIT)
    special = {(text.row, text.column): role for role, found in in_order for text in found}
    header, rows = table.header, table.rows
    for row in range(header.first_row):
        yield row, _runs_above(rows[row], row, special)
    for row in range(header.first_row, header.last_row + 1):
        yield row, _whole_row(rows[row], CellRole.HEADER)
    columns = column_roles(table)
    of_data = _runs(sorted(columns.items()))
    others = [column for column in range(max(map(len, rows), default=0)) if column not in columns]
    for row, kind in table.kinds.items():
        if kind is RowKind.DATA and is_blank(cells(rows[row], others)):
            yield row, of_data  # nearly always
        elif kind in (RowKind.DATA, RowKind.TOTAL):
            yield row, _runs_of_data(rows[row], columns, kind)
        elif kind is not RowKind.BLANK:
            yield row, _whole_row(rows[row], _WHOLE_ROWS[kind])


def _runs_above(
    row: Sequence[object], index: int, special: dict[tuple[int, int], CellRole]
) -> tuple[RoleRun, ...]:
    runs: list[RoleRun] = []
    role = CellRole.LETTERHEAD
    for column, value in enumerate(row):
        if is_empty(value):
            continue
        found = special.get((index, column))
        if found is None and role in (CellRole.PERIOD, CellRole.UNIT):
            found = role  # the value beside a label
        role = found or CellRole.LETTERHEAD
        runs.append(RoleRun(column, column, role))
    return tuple(runs)


def _whole_row(row: Sequence[object], role: CellRole) -> tuple[RoleRun, ...]:
    filled = [column for column, value in enumerate(row) if not is_empty(value)]
    return (RoleRun(filled[0], filled[-1], role),) if filled else ()


def column_roles(table: Table) -> dict[int, CellRole]:
    """Return the role of each column of the table; columns without a header are not in it."""
    header = table.header
    roles = dict.fromkeys(table.keys, CellRole.KEY) | dict.fromkeys(table.measures, CellRole.MEASURE)
    if header.ordinal is not None:
        roles[header.ordinal] = CellRole.ORDINAL
    roles |= dict.fromkeys(header.notes, CellRole.NOTE)
    if header.unit_column is not None:
        roles[header.unit_column] = CellRole.UNIT
    unused = (
        [c for _, c in header.unknown] + [c for _, c in header.duplicates] + [o.column for o in header.others]
    )
    roles |= dict.fromkeys(unused, CellRole.UNUSED_COLUMN)
    for top, left, bottom, right in table.sheet.merged:
        if top <= header.last_row and bottom >= header.first_row and roles.get(left) in _SHARED_ROLES:
            roles = dict.fromkeys(range(left, right + 1), roles[left]) | roles
    ordinal = _ordinal_without_header(table, roles)
    return roles if ordinal is None else roles | {ordinal: CellRole.ORDINAL}


def _ordinal_without_header(table: Table, roles: dict[int, CellRole]) -> int | None:
    """A column left of all others that counts the rows from 1 on, though nothing is written above it."""
    for column in range(min(roles, default=0)):
        numbers = [
            value
            for index, kind in table.kinds.items()
            if kind is RowKind.DATA and isinstance(value := at(table.rows[index], column), int | float)
        ]
        if numbers and all(number == place for place, number in enumerate(numbers, 1)):
            return column
    return None


def _runs_of_data(row: Sequence[object], columns: dict[int, CellRole], kind: RowKind) -> tuple[RoleRun, ...]:
    roles: list[tuple[int, CellRole]] = []
    for column, value in enumerate(row):
        if is_empty(value):
            continue
        role = columns.get(column, CellRole.UNACCOUNTED)
        if kind is RowKind.TOTAL and role is not CellRole.UNUSED_COLUMN:
            role = CellRole.TOTAL if column in columns or isinstance(value, str) else role
        roles.append((column, role))
    return _runs(roles)


def _runs(roles: Sequence[tuple[int, CellRole]]) -> tuple[RoleRun, ...]:
    """Columns in order with their roles as runs."""
    runs: list[RoleRun] = []
    for column, role in roles:
        if runs and runs[-1].role == role and runs[-1].last_column == column - 1:
            runs[-1] = RoleRun(runs[-1].first_column, column, role)
        else:
            runs.append(RoleRun(column, column, role))
    return tuple(runs)


def role_ranges(blocks: Sequence[RoleBlock]) -> dict[str, str]:
    """Return the cells of each role as ranges in A1 notation, with spaces between."""
    ranges: dict[str, list[list[int]]] = {}  # first and last row, first and last column
    latest: dict[RoleRun, list[int]] = {}
    for block in blocks:
        for run in block.runs:
            above = latest.get(run)
            if above is not None and above[1] == block.first_row - 1:
                above[1] = block.last_row
                continue
            latest[run] = [block.first_row, block.last_row, run.first_column, run.last_column]
            ranges.setdefault(str(run.role), []).append(latest[run])
    return {role: " ".join(_range_name(*one) for one in of_role) for role, of_role in ranges.items()}


def _range_name(first_row: int, last_row: int, first_column: int, last_column: int) -> str:
    first, last = cell_name(first_row, first_column), cell_name(last_row, last_column)
    return first if first == last else f"{first}:{last}"


def unaccounted(blocks: Sequence[RoleBlock], table: Table) -> Iterator[tuple[int, int, object, bool]]:
    """Yield the filled cells without a role: row and column from 0, value, whether it could be a figure."""
    for block in blocks:
        for run in block.runs:
            if run.role != CellRole.UNACCOUNTED:
                continue
            for row in range(block.first_row - 1, block.last_row):
                for column in range(run.first_column, run.last_column + 1):
                    value = at(table.rows[row], column)
                    if not is_empty(value):
                        yield row, column, value, has_number([value])
