"""Areas and bodies as slowly changing dimensions of type 2: a row for each state, with its days.

The states come from all loaded plans of a province (`plans.area_history`). A row keeps its key as long as
any state is its own; one that no plan tells of any more is left for the facts that point to it, without days.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

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
from transforms.text.vietnamese_collation import sort_key
from warehouse.bulk_copy import copy_rows

_AREA_COLUMNS = "area_name area_kind area_level parent_code ancestors sort_key"
_BODY_COLUMNS = "body_name short_name body_level area_key"


class State(NamedTuple):
    """A row of a dimension of type 2 to be: its natural code, what it says, and its days."""

    code: str
    said: tuple[Any, ...]
    start: date
    end: date
    key: int | None = None


def load_histories(connection: Connection, province: str) -> None:
    """Bring areas, bodies and successions to what the loaded plans of a province say; safe to repeat."""
    documents = connection.execute(
        text("SELECT document FROM dw.dim_plan WHERE province_code = :province"), {"province": province}
    ).scalars()
    plans = [Plan.model_validate(document) for document in documents]
    areas = [
        State(
            s.area.code,
            (
                *(s.area.name, s.area.kind, s.area.level, s.area.parent, list(s.ancestors)),
                sort_key(s.area.name.removeprefix(s.area.kind).strip()),
            ),
            s.start,
            s.end,
        )
        for s in area_states(plans)
    ]
    _bring(connection, "area", _AREA_COLUMNS.split(), province, areas)
    _bring(connection, "body", _BODY_COLUMNS.split(), province, _bodies(connection, province, plans))
    _load_successions(connection)


def _bodies(connection: Connection, province: str, plans: Sequence[Plan]) -> list[State]:
    """The states of the bodies; one that changes whenever its area does, to whose row it points."""
    lives: dict[str, list[tuple[date, date, int]]] = {}
    rows = connection.execute(
        text(
            "SELECT area_code, valid_from, valid_to, area_key FROM dw.dim_area"
            " WHERE province_code = :province AND valid_from < valid_to ORDER BY valid_from"
        ),
        {"province": province},
    )
    for code, *life in rows:
        lives.setdefault(code, []).append((life[0], life[1], life[2]))
    return [state for body in body_states(plans) for state in _in_its_areas(body, lives[body.body.area])]


def _in_its_areas(state: BodyState, lives: Sequence[tuple[date, date, int]]) -> Iterable[State]:
    body = state.body
    there = [life for life in lives if life[0] < state.end and state.start < life[1]] or [lives[-1]]
    for number, (start, end, area_key) in enumerate(there):
        yield State(
            body.code,
            (body.name, body.short_name, body.level, area_key),
            state.start if number == 0 else start,
            state.end if number == len(there) - 1 else end,
        )


def _bring(
    connection: Connection, of: str, columns: Sequence[str], province: str, wanted: Sequence[State]
) -> None:
    """Bring a dimension's rows of a province to the states; rows that are right stay untouched."""
    names = ", ".join(columns)
    there: dict[str, list[State]] = {}
    latest_now: dict[int, bool] = {}
    for row in connection.execute(
        text(
            f"SELECT {of}_key, {of}_code, valid_from, valid_to, is_latest, {names} FROM dw.dim_{of}"
            f" WHERE province_code = :province ORDER BY {of}_key"
        ),
        {"province": province},
    ):
        there.setdefault(row[1], []).append(State(row[1], tuple(row[5:]), row[2], row[3], row[0]))
        latest_now[row[0]] = row[4]
    by_code: dict[str, list[State]] = {}
    for state in wanted:
        by_code.setdefault(state.code, []).append(state)
    changed, new = [], []
    for code in {*there, *by_code}:
        before = {state.key: state for state in there.get(code, [])}
        states = _with_keys(by_code.get(code, []), list(before.values()))
        last = max((state.start for state in states if state.start < state.end), default=None)
        for state in states:
            is_latest = state.start == last and state.start < state.end
            if state.key is None:
                new.append((state, is_latest))
            elif state != before[state.key] or is_latest != latest_now[state.key]:
                changed.append((state, is_latest))
    _write(connection, of, columns, province, changed, new)


def _with_keys(wanted: Sequence[State], there: Sequence[State]) -> list[State]:
    """The states with the keys of those they continue; those that nothing continues lose their days."""
    free = list(there)
    found: list[State] = []
    for same in (True, False):  # first those that say the same, then corrections of what a row says
        for state in [s for s in wanted if not any(s[:4] == f[:4] for f in found)]:
            fits = [
                f
                for f in free
                if f.start < state.end and state.start < f.end and (f.said == state.said or not same)
            ]
            if fits:
                free.remove(fits[0])
                found.append(state._replace(key=fits[0].key))
    found += [s for s in wanted if not any(s[:4] == f[:4] for f in found)]
    return found + [state._replace(end=state.start) for state in free]


def _write(
    connection: Connection,
    of: str,
    columns: Sequence[str],
    province: str,
    changed: Sequence[tuple[State, bool]],
    new: Sequence[tuple[State, bool]],
) -> None:
    further = [*columns, "valid_from", "valid_to", "is_latest"]
    if changed:
        sets = ", ".join(f"{name} = :{name}" for name in further)
        connection.execute(
            text(f"UPDATE dw.dim_{of} SET {sets} WHERE {of}_key = :key"),
            [
                dict(zip(further, (*s.said, s.start, s.end, latest), strict=True)) | {"key": s.key}
                for s, latest in sorted(changed, key=lambda change: change[1])  # one latest at all times
            ],
        )
    copy_rows(
        connection,
        f"dw.dim_{of}",
        [f"{of}_code", "province_code", *further],
        ((s.code, province, *s.said, s.start, s.end, latest) for s, latest in new),
    )


def _load_successions(connection: Connection) -> None:
    """Make the table of successions and the bridge from what all loaded plans say."""
    said: dict[tuple[Any, ...], Succession] = {}
    rows = connection.execute(
        text(
            "SELECT province_code, document -> 'successions' FROM dw.dim_plan"
            " WHERE jsonb_array_length(coalesce(document -> 'successions', '[]')) > 0"
            " ORDER BY year, plan_code"
        )
    )
    for province, listed in rows:
        for s in located(province, [Succession.model_validate(entry) for entry in listed]):
            said[s.from_day, s.old_province, s.old, s.new_province, s.new] = s
    columns = "from_day old_province_code old_area_code new_province_code new_area_code kind extent decree"
    _replace(
        connection,
        "dw.area_succession",
        columns.split(),
        {(*key, s.kind, s.extent, s.decree) for key, s in said.items()},
    )
    _replace(connection, "dw.bridge_area", ["area_key", "later_area_key"], _bridge(connection, said.values()))


def _bridge(connection: Connection, said: Iterable[Succession]) -> set[tuple[Any, ...]]:
    """Pairs of keys: an area as it was, and as what it, or a part of it, went on."""
    rows = connection.execute(
        text(
            "SELECT area_key, province_code, area_code, ancestors, valid_from, valid_to FROM dw.dim_area"
            " WHERE valid_from < valid_to ORDER BY area_key"
        )
    ).all()
    lives = [Lifetime(row[1], row[2], tuple(row[3]), row[4], row[5]) for row in rows]
    if all(life.end == ALWAYS for life in lives):
        return set()
    closure = successor_closure(lives, said)
    return {(rows[n][0], rows[later][0]) for n, found in closure.items() for later in found if later != n}


def _replace(
    connection: Connection, table: str, columns: Sequence[str], wanted: set[tuple[Any, ...]]
) -> None:
    """Bring a table to exactly these rows; nothing is written where it holds them."""
    names = ", ".join(columns)
    there = {tuple(row) for row in connection.execute(text(f"SELECT {names} FROM {table}"))}
    for row in there - wanted:
        where = " AND ".join(f"{name} = :{name}" for name in columns)
        connection.execute(text(f"DELETE FROM {table} WHERE {where}"), dict(zip(columns, row, strict=True)))
    copy_rows(connection, table, list(columns), sorted(wanted - there))
