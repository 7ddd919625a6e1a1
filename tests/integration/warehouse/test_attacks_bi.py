"""Attacks of a BI tool on what is withheld from it, and of readers on the pipeline."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from schemas.linked_measures import withheld_columns
from tests.support.database_roles import as_role
from tests.support.forms import FORMS
from tests.support.side_channels import estimates, relations_read
from warehouse.blocking_readers import ending_blocking_readers
from warehouse.database import DatabaseError, advisory_lock
from warehouse.models.form_tables import fact_table, suppressed_table
from warehouse.models.target_tables import FIGURE_TABLES, partitions
from warehouse.quality.outliers import find_all_outliers
from warehouse.sql_templates import render

pytestmark = pytest.mark.long

READERS = ("chitieu_bi", "chitieu_area_731")
FORBIDDEN = {
    *(fact_table(form).fullname for form in FORMS if suppressed_table(form) is not None),
    *(table.fullname for table in FIGURE_TABLES),
    *(name for table in FIGURE_TABLES for name, is_sensitive in partitions(table).items() if is_sensitive),
}


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, attacked: Engine) -> Iterator[Engine]:
    engine = as_role(attacked, request.param)
    yield engine
    engine.dispose()


@pytest.fixture
def bi(attacked: Engine) -> Iterator[Engine]:
    engine = as_role(attacked, "chitieu_bi")
    yield engine
    engine.dispose()


def tables_that_may_be_read(connection: Connection, role: str) -> list[str]:
    """The tables of which a role may read at least a column."""
    query = text(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('dw', 'mart', 'audit') AND c.relkind IN ('r', 'p', 'm')"
        " AND has_any_column_privilege(CAST(:role AS name), c.oid, 'SELECT')"
    )
    return list(connection.execute(query, {"role": role}).scalars())


@pytest.mark.parametrize("role", READERS)
def test_a_reader_has_no_right_on_any_table(role: str, attacked: Engine) -> None:
    with attacked.connect() as connection:
        assert tables_that_may_be_read(connection, role) == []
        connection.execute(
            text("GRANT SELECT (value) ON dw.target_indicator_sensitive TO chitieu_bi, chitieu_area")
        )
        assert tables_that_may_be_read(connection, role) == ["dw.target_indicator_sensitive"]
        connection.rollback()


def relations_of_mart(connection: Connection) -> list[str]:
    rows = connection.execute(
        text(
            "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'mart'::regnamespace AND relkind = 'v'"
            " AND has_table_privilege(oid, 'SELECT')"  # area roles do not see the views of monitoring
        )
    )
    return [*rows.scalars(), "mart.target_indicator_as_of(now())"]


def test_what_is_withheld_is_in_no_table_that_a_query_reads(attacked: Engine, reader: Engine) -> None:
    with reader.connect() as connection:
        names = relations_of_mart(connection)
        assert len(names) > 40
        read = {name: relations_read(connection, f"SELECT * FROM {name}") & FORBIDDEN for name in names}
    assert {name: tables for name, tables in read.items() if tables} == {}


def test_a_branch_that_is_planned_is_noticed(attacked: Engine, bi: Engine) -> None:
    with attacked.begin() as connection:
        definition = str(connection.scalar(text("SELECT pg_get_viewdef('mart.enforcement'::regclass)")))
        weakened = definition.replace("audit.reader_at_planning()", "audit.reader()")
        connection.execute(text(f"CREATE VIEW mart.weakened WITH (security_barrier) AS {weakened}"))
        connection.execute(text("GRANT SELECT ON mart.weakened TO chitieu_bi"))
    try:
        with bi.connect() as connection:
            read = relations_read(connection, "SELECT * FROM mart.weakened")
        assert read & FORBIDDEN == {"dw.fact_enforcement"}
    finally:
        with attacked.begin() as connection:
            connection.execute(text("DROP VIEW mart.weakened"))


def test_a_plan_made_for_another_role_gives_no_rows(attacked: Engine) -> None:
    """A session that may take both roles, with a prepared statement: the constant of the planner is the other's."""
    with attacked.connect() as connection:
        connection.execute(text("SET plan_cache_mode = force_generic_plan"))
        connection.execute(text("SET ROLE chitieu_bi"))
        connection.execute(text("PREPARE everything AS SELECT area_code FROM mart.inspections"))
        everything = connection.execute(text("EXECUTE everything")).all()
        connection.execute(text("SET ROLE chitieu_area_731"))
        assert connection.execute(text("EXECUTE everything")).all() == []
        connection.execute(text("DEALLOCATE everything"))
        own = connection.execute(text("SELECT area_code FROM mart.inspections")).all()
        assert 0 < len(own) < len(everything)
        connection.rollback()


def test_estimates_do_not_give_withheld_counts_away(attacked: Engine, bi: Engine) -> None:
    def differing(engine: Engine, relation: str, column: str) -> bool:
        with engine.connect() as connection:
            found = [
                estimates(connection, f"SELECT 1 FROM {relation} WHERE {column} = {n}") for n in range(1, 5)
            ]
        return any(one != found[0] for one in found)

    leaks = [
        f"{form.key}.{column}"
        for form in FORMS
        for column in withheld_columns(form)
        if suppressed_table(form) is not None and differing(bi, f"mart.{form.key}", column)
    ]
    assert leaks == []
    # The facts themselves do: their statistics have the small counts.
    assert differing(attacked, "dw.fact_enforcement", "offenders_total")


def differing_by_view(connection: Connection) -> set[str]:
    """The counts that are withheld in the view of a form and not in that of today's areas, or the reverse."""
    found = set()
    for form in FORMS:
        if form.dimensions and not form.dimensions[0].level:
            continue
        for column in withheld_columns(form):
            query = text(
                f"SELECT count(*) FILTER (WHERE a.{column} IS NULL), count(*) FILTER (WHERE (a.{column} IS NULL)"
                f" <> (b.{column} IS NULL)) FROM mart.{form.key} a JOIN mart.{form.key}_by_area_today b"
                " USING (period_code, area_code) WHERE b.areas_merged = 1"
            )
            withheld, differing = connection.execute(query).one()
            assert withheld or form.key != "enforcement"
            if differing:
                found.add(f"{form.key}.{column}")
    return found


def test_no_view_gives_what_another_withholds(bi: Engine) -> None:
    """The same cells by the areas of today: withheld in both or in none; no outlier is about them."""
    with bi.connect() as connection:
        assert differing_by_view(connection) == set()
        named = set(connection.execute(text("SELECT DISTINCT measure_name FROM mart.outlier")).scalars())
    assert not named & {column for form in FORMS for column in withheld_columns(form)}


def test_a_view_over_the_facts_gives_away_what_another_withholds(attacked: Engine) -> None:
    view, facts = "mart.enforcement_by_area_today", "dw.fact_enforcement WHERE superseded_at IS NULL"
    with attacked.connect() as connection:
        definition = str(connection.scalar(text(f"SELECT pg_get_viewdef('{view}'::regclass)")))
        weakened = definition.replace(
            "dw.suppressed_enforcement", f"(SELECT *, false AS is_suppressed FROM {facts})"
        )
        assert weakened != definition
        connection.execute(text(f"CREATE OR REPLACE VIEW {view} WITH (security_barrier) AS {weakened}"))
        connection.execute(text("SET LOCAL ROLE chitieu_bi"))
        found = differing_by_view(connection)
        connection.rollback()
    assert "enforcement.offenders_total" in found
    assert {name.partition(".")[0] for name in found} == {"enforcement"}


# A report whose only warnings are about two withheld cells: they were blank, so 0.
BLANK_CELLS = (
    'INSERT INTO audit.submission SELECT (jsonb_populate_record(s, \'{"submission_id": 900001, "revision": 9,'
    ' "status": "accepted_with_warnings", "warning_count": 2}\')).* FROM audit.submission s'
    " WHERE s.form_code = '01-PCMD' AND s.status = 'accepted' LIMIT 1",
    "INSERT INTO audit.finding SELECT (jsonb_populate_record(NULL::audit.finding, jsonb_build_object('submission_id',"
    " 900001, 'finding_no', n, 'severity', 'warning', 'code', 'VALUE-BLANK', 'sheet_name', '', 'cell', 'A' || n,"
    " 'column_key', c, 'value_shown', '', 'message_vi', 'x', 'message_en', 'x'))).*"
    " FROM unnest(ARRAY['offenders_other', 'fines_amount']) WITH ORDINALITY AS t (c, n)",
)
OF_BLANK_CELLS = (
    "SELECT (SELECT sum(findings) FROM mart.finding WHERE submission_id = 900001), warning_count, status"
    " FROM mart.submission WHERE submission_id = 900001"
)


@pytest.mark.parametrize("is_weakened", [False, True])
def test_no_warning_tells_of_a_withheld_count(attacked: Engine, is_weakened: bool) -> None:
    """The weakened views show all warnings."""
    with attacked.connect() as connection:
        for view in ("mart.finding", "mart.submission") if is_weakened else ():
            connection.execute(text(f"DROP VIEW {view} CASCADE"))
            connection.exec_driver_sql(render(f"views/{view}", forms=()))
            connection.execute(text(f"GRANT SELECT ON {view} TO chitieu_bi"))
        for statement in BLANK_CELLS:
            connection.exec_driver_sql(statement)
        connection.execute(text("SET LOCAL ROLE chitieu_bi"))
        seen = connection.execute(text(OF_BLANK_CELLS)).one()
        connection.rollback()
    assert tuple(seen) == ((2, 2, "accepted_with_warnings") if is_weakened else (None, 0, "accepted"))


def test_a_guess_cannot_be_compared_with_a_hash(bi: Engine) -> None:
    """A small text file, or the frozen figures of a district, can be guessed until the hash is right."""
    with bi.connect() as connection:
        for view in ("submission", "closed_period"):
            assert connection.scalar(text(f"SELECT count(sha256) FROM mart.{view}")) == 0


def test_outliers_would_give_withheld_counts_away(attacked: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that looks for outliers among all measures that add up."""
    counted = {form.code: [m.key for m in form.measures if m.is_additive] for form in FORMS}
    monkeypatch.setattr("warehouse.quality.outliers._measures", lambda form: counted[form.code])
    monkeypatch.setattr("warehouse.quality.outliers._MIN_PERIODS", 3)
    monkeypatch.setattr("warehouse.quality.outliers._MAX_SCORE", 0.5)
    with attacked.connect() as connection:
        find_all_outliers(connection)
        connection.execute(text("SET LOCAL ROLE chitieu_bi"))
        named = set(connection.scalars(text("SELECT DISTINCT measure_name FROM mart.outlier")))
        connection.rollback()
    assert named & {column for form in FORMS for column in withheld_columns(form)}


LOCKS = (
    "LOCK TABLE mart.enforcement IN SHARE MODE",
    "SELECT * FROM mart.area FOR UPDATE",
    "SELECT * FROM audit.lock FOR UPDATE",
    "LOCK TABLE audit.lock IN ACCESS SHARE MODE",
    "LOCK TABLE dw.dim_area IN ACCESS SHARE MODE",
)


@pytest.mark.parametrize("statement", LOCKS)
def test_a_reader_takes_no_lock_that_the_pipeline_waits_for(statement: str, reader: Engine) -> None:
    with reader.connect() as connection, pytest.raises((DBAPIError, DatabaseError)):
        connection.execute(text(statement))


def test_advisory_locks_of_guessed_keys_block_nothing(attacked: Engine) -> None:
    """On a server whose administrator lets readers take them."""
    with attacked.connect() as connection:
        connection.execute(
            text("SELECT pg_advisory_lock(hashtext('chitieu.' || w)) FROM unnest(ARRAY['ingest', 'close']) w")
        )
        with attacked.connect() as other:
            other.execute(text("SET lock_timeout = '2s'"))
        with advisory_lock(attacked, "ingest"):
            pass


EXCLUSIVE = "LOCK TABLE dw.dim_area IN ACCESS EXCLUSIVE MODE"


def test_a_reader_that_blocks_the_pipeline_is_ended(attacked: Engine, reader: Engine) -> None:
    """A reader without timeouts in an open transaction: a migration would wait for it without end."""
    with reader.connect() as blocking:
        blocking.execute(text("SET statement_timeout = 0"))
        blocking.execute(text("SET idle_in_transaction_session_timeout = 0"))
        blocking.execute(text("SELECT count(*) FROM mart.area"))
        with attacked.connect() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '1s'"))
            with pytest.raises((DBAPIError, DatabaseError), match="lock timeout"):
                connection.execute(text(EXCLUSIVE))
        with ending_blocking_readers(attacked, timedelta(seconds=0.4)), attacked.connect() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            connection.execute(text(EXCLUSIVE))
        with pytest.raises((DBAPIError, DatabaseError)):
            blocking.execute(text("SELECT 1"))
        blocking.invalidate()


def test_nobody_but_readers_is_ended(attacked: Engine) -> None:
    writer = as_role(attacked, "chitieu_writer")
    with writer.connect() as blocking:
        blocking.execute(text("SELECT count(*) FROM dw.dim_area"))
        with ending_blocking_readers(attacked, timedelta(seconds=0.2)), attacked.connect() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            with pytest.raises((DBAPIError, DatabaseError), match="lock timeout"):
                connection.execute(text(EXCLUSIVE))
        assert blocking.scalar(text("SELECT 1")) == 1
    writer.dispose()


# What stores or ends something, and the right without which it does not.
EXHAUSTION = {
    "CREATE TEMPORARY TABLE t AS SELECT generate_series(1, 10)": "TEMPORARY ON DATABASE {database}",
    "SELECT lo_create(0)": "EXECUTE ON FUNCTION pg_catalog.lo_create(oid)",
    "SELECT lo_from_bytea(0, 'x')": "EXECUTE ON FUNCTION pg_catalog.lo_from_bytea(oid, bytea)",
    # Each takes an entry of the lock table, which all sessions of the server share: one statement fills it.
    "SELECT pg_advisory_lock(1)": "EXECUTE ON FUNCTION pg_catalog.pg_advisory_lock(bigint)",
    "SELECT pg_try_advisory_lock_shared(1, 1)": (
        "EXECUTE ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(integer, integer)"
    ),
    # A record of any size in the write-ahead log, also in a transaction that is undone.
    "SELECT pg_logical_emit_message(false, 'x', repeat('x', 100))": "EXECUTE ON FUNCTION {message}",
    "CREATE TABLE mart.t (n int)": "CREATE ON SCHEMA mart",
    "CREATE SCHEMA s": "CREATE ON DATABASE {database}",
    "SELECT audit.end_blocking_readers('0 s')": (
        "USAGE ON SCHEMA audit; GRANT EXECUTE ON FUNCTION audit.end_blocking_readers(interval)"
    ),
}


@pytest.mark.parametrize("statement", EXHAUSTION)
def test_a_reader_can_store_nothing(statement: str, reader: Engine) -> None:
    with reader.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(statement))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize("statement", EXHAUSTION)
@pytest.mark.parametrize("role", READERS)
def test_a_reader_with_one_right_more_can(statement: str, role: str, attacked: Engine) -> None:
    message = text(  # its arguments depend on the release of PostgreSQL
        "SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE proname = 'pg_logical_emit_message' AND proargtypes[2] = 'text'::regtype"
    )
    with attacked.connect() as connection:
        names = {"database": attacked.url.database, "message": connection.scalar(message)}
        rights = EXHAUSTION[statement].format(**names).split("; GRANT ")
        for right in rights:
            connection.execute(text(f"GRANT {right} TO {role}"))
        connection.execute(text(f"SET LOCAL ROLE {role}"))
        connection.execute(text(statement))
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock_all()"))  # no rollback gives these back
