"""What protects against readers and writers: search paths of definer functions, conditions of views, append-only."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from tests.support.forms import CATALOG
from tests.support.postgres import BINARIES, shared_database
from tests.support.reports import PLAN
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_roles
from warehouse.sql_objects import APPEND_ONLY
from warehouse.sql_objects import derived as derived_objects
from warehouse.sql_templates import render

SAFE_PATH = "search_path=pg_catalog, pg_temp"
# A type of the attacker's own: pg_temp is searched first for types unless the path names it last.
ATTACK = """
CREATE TEMPORARY TABLE seen (account text);
GRANT ALL ON seen TO PUBLIC;
CREATE FUNCTION pg_temp.note(value pg_catalog.bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO pg_temp.seen VALUES (current_user);
    RETURN true;
END $$;
CREATE DOMAIN pg_temp.bytea AS pg_catalog.bytea CHECK (pg_temp.note(VALUE));
SELECT audit.append_event('attack', 'x', '{}', now());
"""


@pytest.fixture(scope="module", params=sorted(BINARIES))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database with the plan and the roles: changes are to be undone."""
    with shared_database(request.param) as url:
        engine = connect(url)
        migrate(engine)
        with engine.begin() as connection:
            load_reference(connection, PLAN)
        assert create_roles(engine) == []
        yield engine
        engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction is undone after the test."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def definer_functions(connection: Connection) -> dict[str, list[str]]:
    """The settings of each SECURITY DEFINER function of the warehouse."""
    rows = connection.execute(
        text(
            "SELECT p.oid::regprocedure::text, p.proconfig FROM pg_proc p"
            " JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE p.prosecdef AND n.nspname IN ('dw', 'mart', 'audit')"
        )
    )
    return {name: settings or [] for name, settings in rows}


def unsafe(functions: dict[str, list[str]]) -> list[str]:
    return [
        name
        for name, settings in functions.items()
        if [one for one in settings if one.startswith("search_path")] != [SAFE_PATH]
    ]


def accounts_that_ran_the_attack(connection: Connection) -> set[str]:
    connection.execute(text("SET LOCAL ROLE chitieu_writer"))
    connection.exec_driver_sql(ATTACK)
    return set(connection.execute(text("SELECT account FROM pg_temp.seen")).scalars())


def weakened_append_event() -> str:
    """The function as it was: no pg_temp in the path, and types without a schema."""
    statements = render("functions/audit.append_event")
    weakened = statements.replace("search_path = pg_catalog, pg_temp", "search_path = pg_catalog")
    weakened = weakened.replace("pg_catalog.bytea", "bytea")
    assert weakened.count("pg_catalog") == 4  # the path, and the types of moment, salt and account
    return weakened


def test_every_definer_function_has_the_safe_search_path(connection: Connection) -> None:
    functions = definer_functions(connection)
    assert len(functions) >= 8
    assert unsafe(functions) == []
    connection.exec_driver_sql(weakened_append_event())
    assert unsafe(definer_functions(connection)) == [
        "audit.append_event(text,text,jsonb,timestamp with time zone)"
    ]


def test_a_writers_own_type_is_never_run_by_the_owner(connection: Connection) -> None:
    assert accounts_that_ran_the_attack(connection) == set()


def test_the_attack_succeeds_on_a_weakened_function(connection: Connection) -> None:
    owner = connection.scalar(text("SELECT current_user"))
    connection.exec_driver_sql(weakened_append_event())
    assert accounts_that_ran_the_attack(connection) == {owner}


def test_every_view_of_mart_limits_its_rows_to_the_readers_areas(connection: Connection) -> None:
    rows = connection.execute(
        text(
            "SELECT c.relname, pg_get_viewdef(c.oid), c.reloptions, array_agg(a.attname::text)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            " WHERE c.relnamespace = 'mart'::regnamespace AND c.relkind = 'v' GROUP BY c.oid"
        )
    )
    limited = 0
    derived = {view.name.removeprefix("mart.") for view in derived_objects(CATALOG)}
    for name, definition, options, columns in rows:
        if name in derived:
            assert options == ["security_barrier=true"] or options == ["security_barrier"], name
        elif {"area_code", "body_code"} & {*columns}:
            assert "areas_seen(CURRENT_USER)" in definition, name
            assert options == ["security_barrier=true"] or options == ["security_barrier"], name
            limited += 1
            if {"plan_code", "target_code"} <= {*columns}:
                assert re.search(r"target_\w+_open\b", definition), name
    assert limited > 25


@pytest.mark.parametrize("table", [table.fullname for table in APPEND_ONLY])
def test_append_only_tables_reject_every_change(connection: Connection, table: str) -> None:
    triggers = connection.execute(
        text(
            "SELECT tgname, tgenabled = 'O' FROM pg_trigger"
            " WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal AND tgname LIKE 'guard%'"
        ),
        {"table": table},
    )
    assert {tuple(row) for row in triggers} == {("guard_rows", True), ("guard_table", True)}
    with pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


def test_a_view_over_views_of_mart_reads_no_areas_but_theirs(connection: Connection) -> None:
    """What it reads beside them are the names of forms and measures."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT v.relname, d.refobjid::regclass::text FROM pg_class v"
            " JOIN pg_rewrite r ON r.ev_class = v.oid JOIN pg_depend d ON d.objid = r.oid"
            " WHERE v.relnamespace = 'mart'::regnamespace AND d.refclassid = 'pg_class'::regclass"
            " AND d.refobjid <> v.oid"
        )
    )
    sources: dict[str, set[str]] = {}
    for name, source in rows:
        sources.setdefault(f"mart.{name}", set()).add(source)
    for view in derived_objects(CATALOG):
        if view.name not in sources:
            continue  # a function
        others = {source for source in sources[view.name] if not source.startswith("mart.")}
        assert others <= {"dw.dim_form", "dw.dim_measure"}, view.name
        assert len(sources[view.name]) > len(others)
