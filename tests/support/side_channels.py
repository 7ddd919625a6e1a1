"""What a reader learns of a query beside its rows: its plan, its estimates, the relations it reads, the counters.

Each channel gives a value that can be compared: it must be the same whether a hidden row matches or not.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

Channel = Callable[[Connection, str], object]


def executed_nodes(connection: Connection, query: str) -> object:
    """What EXPLAIN ANALYZE shows of the execution: each executed node with its rows and loops.

    The shape of what is not executed depends on the planner's statistics, which are about all areas together.
    """
    keys = (
        "Node Type",
        "Actual Rows",
        "Actual Loops",
        "Rows Removed by Filter",
        "Rows Removed by Join Filter",
    )
    plan = _explain(connection, "ANALYZE, TIMING OFF, COSTS OFF", query)
    return [tuple(node.get(key) for key in keys) for node in plan if node["Actual Loops"]]


def estimates(connection: Connection, query: str) -> object:
    """What EXPLAIN estimates, which it takes from the statistics of all rows."""
    return [(node["Node Type"], node["Plan Rows"]) for node in _explain(connection, "COSTS ON", query)]


def counters(connection: Connection, query: str) -> object:
    """How many rows of each table the query read, by the session's own counters."""
    read = text(
        "SELECT relid::regclass::text, seq_tup_read + coalesce(idx_tup_fetch, 0)"
        " FROM pg_stat_xact_all_tables WHERE schemaname IN ('dw', 'audit') ORDER BY 1"
    )
    before = dict(connection.execute(read).tuples().all())
    connection.execute(text(query))
    after = dict(connection.execute(read).tuples().all())
    connection.rollback()
    return {name: count - before.get(name, 0) for name, count in after.items()}


def errors(connection: Connection, query: str) -> object:
    """The error of a division by the column less the guess."""
    table, _, condition = query.partition(" WHERE ")
    column, _, guess = condition.rpartition(" = ")
    area, _, column = column.rpartition(" AND ")
    try:
        connection.execute(text(f"{table} WHERE {area} AND 1 / ({column} - {guess})::int > 5"))
    except DBAPIError as error:
        connection.rollback()
        return type(error.orig)
    return None


def sleeps(connection: Connection, query: str) -> object:
    """Whether the query takes its time where the column is the guess."""
    table, _, condition = query.partition(" WHERE ")
    started = time.monotonic()
    connection.execute(
        text(f"{table} WHERE CASE WHEN {condition} THEN pg_sleep(0.4) IS NOT NULL ELSE FALSE END")
    )
    return time.monotonic() - started > 0.4


CHANNELS: dict[str, Channel] = {
    "plan": executed_nodes,
    "estimates": estimates,
    "counters": counters,
    "errors": errors,
    "time": sleeps,
}


def relations_read(connection: Connection, query: str) -> set[str]:
    """The tables that the plan of a query reads, with their schemas."""
    plan = _explain(connection, "VERBOSE, COSTS OFF", query)
    return {f"{node['Schema']}.{node['Relation Name']}" for node in plan if "Relation Name" in node}


def gives_away(reader: Engine, channel: str, relation: str, column: str, area: str, figure: object) -> bool:
    """Whether a channel differs between the true figure and figures that no row has."""
    with reader.connect() as connection:
        queries = [
            f"SELECT 1 FROM {relation} WHERE area_code = '{area}' AND {column} = {value}"
            for value in (figure, 1_234_567, 1_234_568)
        ]
        true, wrong, also_wrong = (CHANNELS[channel](connection, query) for query in queries)
    assert wrong == also_wrong
    return true != wrong


def _explain(connection: Connection, options: str, query: str) -> list[dict[str, Any]]:
    found = connection.scalar(text(f"EXPLAIN ({options}, FORMAT JSON) {query}"))
    return list(_nodes((found if isinstance(found, list) else json.loads(str(found)))[0]["Plan"]))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)
