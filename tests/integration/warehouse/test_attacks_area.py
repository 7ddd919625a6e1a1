"""Attacks of an account that may see one district, on the rows of the others.

A comparison that PostgreSQL knows to be leakproof may run before the condition that hides a row. EXPLAIN ANALYZE
then shows whether a hidden row matched: the account learns each figure by asking for one value after another.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.database_roles import as_role, drop, new_database, separate_server
from tests.support.pipeline import ingested_sample
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_area_role, create_roles

pytestmark = pytest.mark.long

PLAN = read_plan(DEFAULT_PLAN)
ROLE = "chitieu_area_731"
# Relations of mart with the column that is attacked: one per kind of view.
VICTIMS = {
    "inspections": "visits",
    "enforcement": "cases_detected",
    "inspections_by_area_today": "visits",
    "measure_value": "value",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    yield from separate_server()


@pytest.fixture(scope="module")
def owner(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = new_database(server)
    engine = connect(url)
    migrate(engine)
    with engine.begin() as connection:
        load_reference(connection, PLAN)
    ingested_sample(url, tmp_path_factory.mktemp("sample")).engine.dispose()
    assert create_roles(engine) == []
    create_area_role(engine, PLAN.area, "731")
    yield engine
    engine.dispose()
    drop(server, url)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _trace(connection: Connection, query: str) -> list[tuple[object, ...]]:
    """What EXPLAIN ANALYZE shows of the execution: each executed node with its rows and loops.

    The shape of what is not executed depends on the planner's statistics, which are about all areas together.
    """
    rows = connection.scalar(text(f"EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, FORMAT JSON) {query}"))
    keys = (
        "Node Type",
        "Actual Rows",
        "Actual Loops",
        "Rows Removed by Filter",
        "Rows Removed by Join Filter",
    )
    parsed = rows if isinstance(rows, list) else json.loads(rows)
    executed = (node for node in _nodes(parsed[0]["Plan"]) if node["Actual Loops"])
    return [tuple(node.get(key) for key in keys) for node in executed]


def _hidden(owner: Engine, view: str, column: str) -> tuple[str, int]:
    """A row of another district: its area and figure."""
    query = text(
        f"SELECT area_code, {column} FROM mart.{view} WHERE area_code NOT LIKE '%+%' AND {column} > 0"
        " AND area_code NOT IN (SELECT area_code FROM dw.dim_area WHERE '731' = ANY(ancestors))"
        " ORDER BY 1, 2 LIMIT 1"
    )
    with owner.connect() as connection:
        row = connection.execute(query).one()
    return row[0], row[1]


def _can_tell(reader: Engine, view: str, column: str, area: str, figure: int) -> bool:
    """Whether the execution differs between the true figure and figures that no row has."""
    with reader.connect() as connection:
        queries = [
            f"SELECT 1 FROM mart.{view} WHERE area_code = '{area}' AND {column} = {value}"
            for value in (figure, 1_234_567, 1_234_568)
        ]
        true, wrong, also_wrong = (_trace(connection, query) for query in queries)
    assert wrong == also_wrong
    return true != wrong


def _create_unfenced_view(owner: Engine) -> None:
    """Create a view as those of mart were before the fence: a condition on areas around a join."""
    areas = "(SELECT audit.areas_seen(current_user))"
    with owner.begin() as connection:
        connection.execute(
            text(
                "CREATE VIEW mart.unfenced WITH (security_barrier) AS SELECT v.* FROM ("
                " SELECT a.area_code, f.visits FROM dw.fact_inspections f JOIN dw.dim_area a USING (area_key)"
                " WHERE f.superseded_at IS NULL) AS v"
                f" WHERE CASE WHEN {areas} IS NULL THEN TRUE ELSE v.area_code = ANY({areas}::text[]) END"
            )
        )
        connection.execute(text("GRANT SELECT ON mart.unfenced TO chitieu_area"))


@pytest.mark.parametrize("view", VICTIMS)
def test_the_plan_of_a_query_does_not_tell_figures_of_another_district(view: str, owner: Engine) -> None:
    column = VICTIMS[view]
    area, figure = _hidden(owner, view, column)
    with as_role(owner, ROLE).connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM mart.{view}"))
        assert not connection.scalar(text(f"SELECT count(*) FROM mart.{view} WHERE area_code = '{area}'"))
    assert not _can_tell(as_role(owner, ROLE), view, column, area, figure)


def test_the_attack_succeeds_without_the_fence(owner: Engine) -> None:
    _create_unfenced_view(owner)
    area, figure = _hidden(owner, "inspections", "visits")
    assert _can_tell(as_role(owner, ROLE), "unfenced", "visits", area, figure)
