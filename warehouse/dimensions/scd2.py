"""Areas and bodies as slowly changing dimensions of type 2: a row for each state, with its days.

The states come from all loaded plans of a province (`plans.area_history`). A row keeps its key as long as any
state continues it; one that no plan has any more stays for the facts that refer to it, without days.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select, text, update

from plans.area_history import (
    ALWAYS,
    BodyState,
    Lifetime,
    area_states,
    body_states,
    located,
    successor_closure,
)
from plans.model import Plan, Succession
from transforms.text.english_names import english_area_name, english_body_name
from transforms.text.vietnamese_collation import sort_key
from warehouse.bulk_copy import copy_rows
from warehouse.models.area_tables import AREA_PATH
from warehouse.models.tables import AREA_SUCCESSION, BRIDGE_AREA, DIM_AREA, DIM_BODY, DIM_PLAN
from warehouse.sql_templates import read_sql

_AREA_ATTRIBUTES = (
    "area_name",
    "area_name_en",
    "area_kind",
    "area_level",
    "parent_code",
    "ancestors",
    "sort_key",
)
_BODY_ATTRIBUTES = ("body_name", "body_name_en", "short_name", "body_level", "area_key")
_SUCCESSION_COLUMNS = (
    "from_day",
    "old_province_code",
    "old_area_code",
    "new_province_code",
    "new_area_code",
    "kind",
    "extent",
    "decree",
)


@dataclass(frozen=True, slots=True)
class DimensionState:
    """A row of a dimension of type 2: its natural code, its attributes in the order of the columns, its days.

    `end` is the first day after the state. A wanted state has a key once it continues a stored row.
    """

    code: str
    attributes: tuple[Any, ...]
    start: date
    end: date
    key: int | None = None
    is_latest: bool = False

    @property
    def has_days(self) -> bool:
        """Whether the state exists on any day."""
        return self.start < self.end

    def overlaps(self, other: "DimensionState") -> bool:
        """Whether both exist on some day."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _Dimension:
    """A dimension of type 2: its table, the columns of key and code, and its attributes."""

    table: Table
    name: str
    attributes: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.name}_key"

    @property
    def code(self) -> str:
        return f"{self.name}_code"


_AREAS = _Dimension(DIM_AREA, "area", _AREA_ATTRIBUTES)
_BODIES = _Dimension(DIM_BODY, "body", _BODY_ATTRIBUTES)


def load_histories(connection: Connection, province: str) -> None:
    """Bring areas, bodies and successions to the state of the loaded plans of a province; safe to repeat."""
    documents = connection.execute(
        select(DIM_PLAN.c.document).where(DIM_PLAN.c.province_code == province)
    ).scalars()
    plans = [Plan.model_validate(document) for document in documents]
    _update_dimension(connection, _AREAS, province, list(_area_states(plans)))
    _update_dimension(connection, _BODIES, province, list(_body_states(connection, province, plans)))
    _load_successions(connection)
    paths = connection.execute(text(read_sql("dimensions/area_path")))
    _replace_rows(connection, AREA_PATH, AREA_PATH.columns.keys(), {tuple(row) for row in paths})


def _area_states(plans: Sequence[Plan]) -> Iterator[DimensionState]:
    for state in area_states(plans):
        area = state.area
        attributes = (
            area.name,
            english_area_name(area.name),
            area.kind,
            area.level,
            area.parent,
            list(state.ancestors),
            sort_key(area.name.removeprefix(area.kind).strip()),
        )
        yield DimensionState(area.code, attributes, state.start, state.end)


def _body_states(connection: Connection, province: str, plans: Sequence[Plan]) -> Iterator[DimensionState]:
    """The states of the bodies; a body changes with its area, because it refers to the area's row."""
    columns = DIM_AREA.columns
    query = (
        select(columns.area_code, columns.valid_from, columns.valid_to, columns.area_key)
        .where(columns.province_code == province, columns.valid_from < columns.valid_to)
        .order_by(columns.valid_from)
    )
    lifetimes: dict[str, list[tuple[date, date, int]]] = {}
    for row in connection.execute(query):
        lifetimes.setdefault(row.area_code, []).append((row.valid_from, row.valid_to, row.area_key))
    for state in body_states(plans):
        yield from _split_by_area(state, lifetimes[state.body.area])


def _split_by_area(state: BodyState, lifetimes: Sequence[tuple[date, date, int]]) -> Iterator[DimensionState]:
    """One state of a body for each state of its area."""
    body = state.body
    current = [life for life in lifetimes if life[0] < state.end and state.start < life[1]]
    current = current or [lifetimes[-1]]
    for number, (start, end, area_key) in enumerate(current):
        yield DimensionState(
            body.code,
            (
                body.name,
                body.name_en or english_body_name(body.name),
                body.short_name,
                body.level,
                area_key,
            ),
            state.start if number == 0 else start,
            state.end if number == len(current) - 1 else end,
        )


def _update_dimension(
    connection: Connection, dimension: _Dimension, province: str, wanted: Sequence[DimensionState]
) -> None:
    """Bring a dimension's rows of a province to the wanted states; rows that are right stay untouched."""
    stored = _by_code(_stored_states(connection, dimension, province))
    wanted_by_code = _by_code(wanted)
    changed: list[DimensionState] = []
    new: list[DimensionState] = []
    for code in {*stored, *wanted_by_code}:
        before = {state.key: state for state in stored.get(code, [])}
        for state in _mark_latest(_with_keys(wanted_by_code.get(code, []), list(before.values()))):
            if state.key is None:
                new.append(state)
            elif state != before[state.key]:
                changed.append(state)
    _write_changed(connection, dimension, changed)
    columns = [dimension.code, "province_code", *dimension.attributes, "valid_from", "valid_to", "is_latest"]
    rows = ((s.code, province, *s.attributes, s.start, s.end, s.is_latest) for s in new)
    copy_rows(connection, dimension.table.fullname, columns, rows)


def _stored_states(connection: Connection, dimension: _Dimension, province: str) -> Iterator[DimensionState]:
    columns = dimension.table.columns
    query = select(dimension.table).where(columns.province_code == province).order_by(columns[dimension.key])
    for row in connection.execute(query).mappings():
        yield DimensionState(
            row[dimension.code],
            tuple(row[name] for name in dimension.attributes),
            row["valid_from"],
            row["valid_to"],
            row[dimension.key],
            row["is_latest"],
        )


def _by_code(states: Iterable[DimensionState]) -> dict[str, list[DimensionState]]:
    found: dict[str, list[DimensionState]] = {}
    for state in states:
        found.setdefault(state.code, []).append(state)
    return found


def _mark_latest(states: Sequence[DimensionState]) -> list[DimensionState]:
    """The states of one code, where the last one that has days is marked."""
    last = max((state.start for state in states if state.has_days), default=None)
    return [replace(state, is_latest=state.has_days and state.start == last) for state in states]


def _with_keys(wanted: Sequence[DimensionState], stored: Sequence[DimensionState]) -> list[DimensionState]:
    """The states with the keys of the rows that they continue; rows that nothing continues lose their days.

    A row is first continued by a state with the same attributes, then by one that corrects its attributes.
    """
    free = list(stored)
    open_states = list(wanted)
    found: list[DimensionState] = []
    for same_attributes in (True, False):
        unmatched: list[DimensionState] = []
        for state in open_states:
            row = _first_match(state, free, same_attributes)
            if row is None:
                unmatched.append(state)
            else:
                free.remove(row)
                found.append(replace(state, key=row.key))
        open_states = unmatched
    return [*found, *open_states, *(replace(row, end=row.start) for row in free)]


def _first_match(
    state: DimensionState, rows: Sequence[DimensionState], same_attributes: bool
) -> DimensionState | None:
    for row in rows:
        if row.overlaps(state) and (row.attributes == state.attributes or not same_attributes):
            return row
    return None


def _write_changed(connection: Connection, dimension: _Dimension, changed: Sequence[DimensionState]) -> None:
    if not changed:
        return
    names = [*dimension.attributes, "valid_from", "valid_to", "is_latest"]
    statement = (
        update(dimension.table)
        .where(dimension.table.c[dimension.key] == bindparam("row_key"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    rows = []
    for state in sorted(changed, key=lambda state: state.is_latest):  # never two latest rows of a code
        values = (*state.attributes, state.start, state.end, state.is_latest)
        row = {f"new_{name}": value for name, value in zip(names, values, strict=True)}
        rows.append(row | {"row_key": state.key})
    connection.execute(statement, rows)


def _load_successions(connection: Connection) -> None:
    """Derive the table of successions and the bridge from all loaded plans."""
    successions: dict[tuple[Any, ...], Succession] = {}
    for province, listed in connection.execute(text(read_sql("dimensions/plan_successions"))):
        for s in located(province, [Succession.model_validate(entry) for entry in listed]):
            successions[s.from_day, s.old_province, s.old, s.new_province, s.new] = s
    rows = {(*key, s.kind, s.extent, s.decree) for key, s in successions.items()}
    _replace_rows(connection, AREA_SUCCESSION, _SUCCESSION_COLUMNS, rows)
    bridge = _bridge(connection, successions.values())
    _replace_rows(connection, BRIDGE_AREA, ("area_key", "later_area_key"), bridge)


def _bridge(connection: Connection, successions: Iterable[Succession]) -> set[tuple[Any, ...]]:
    """Pairs of keys: of an area's state, and of a later state that it or a part of it became."""
    columns = DIM_AREA.columns
    query = select(DIM_AREA).where(columns.valid_from < columns.valid_to).order_by(columns.area_key)
    rows = connection.execute(query).all()
    lifetimes = [
        Lifetime(row.province_code, row.area_code, tuple(row.ancestors), row.valid_from, row.valid_to)
        for row in rows
    ]
    if all(life.end == ALWAYS for life in lifetimes):
        return set()
    closure: Mapping[int, Collection[int]] = successor_closure(lifetimes, successions)
    return {
        (rows[number].area_key, rows[later].area_key)
        for number, found in closure.items()
        for later in found
        if later != number
    }


def _replace_rows(
    connection: Connection, table: Table, columns: Sequence[str], wanted: set[tuple[Any, ...]]
) -> None:
    """Bring a table to exactly these rows; rows that it has already stay untouched."""
    query = select(*(table.c[name] for name in columns))
    stored = {tuple(row) for row in connection.execute(query)}
    for row in stored - wanted:
        matches = (table.c[name] == value for name, value in zip(columns, row, strict=True))
        connection.execute(delete(table).where(*matches))
    copy_rows(connection, table.fullname, list(columns), sorted(wanted - stored))
