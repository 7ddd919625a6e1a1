"""Who may do what, on a server of its own: roles belong to the whole server, and here they come and go."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from plans.reporting_calendar import period_from_code
from services.ingest import IngestContext, ingest
from tests.support.database_roles import administer, as_role, new_database
from tests.support.reports import PLAN, district_rows, workbook
from warehouse import queries
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.history import snapshots
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import ROLES, create_area_role, create_roles

NOW = datetime(2020, 4, 20, tzinfo=UTC)
MARTS = {"target_indicator", "target_breakdown", "target_snapshot", "reporting_status"}
MARCH = period_from_code("2020-M03", PLAN.calendar)
Relations = list[tuple[str, str, str]]


@pytest.fixture
def no_roles(other_server: str) -> str:
    """A server that has none of our roles yet, and on which nothing else runs."""
    server = other_server
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'").fetchall()
    administer(server, *(f"DROP DATABASE {name} WITH (FORCE)" for (name,) in names))
    administer(server, *(f"DROP ROLE IF EXISTS {role}" for role in ROLES))
    return server


@pytest.fixture(scope="module")
def engine(server: str) -> Iterator[Engine]:
    """A database with roles, the plan, and what `ingest` and `close` as chitieu_writer put into it."""
    url = new_database(server)
    owner = connect(url)
    migrate(owner)
    assert create_roles(owner) == []
    yield owner
    owner.dispose()


@pytest.fixture(scope="module")
def filled(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """All that the pipeline does, done by an account that is nothing but chitieu_writer."""
    folder = tmp_path_factory.mktemp("roles")
    writer = as_role(engine, "chitieu_writer")
    with writer.begin() as connection:
        load_reference(connection, PLAN)
    app = IngestContext(writer, PLAN, NOW, folder / "archive")
    file = folder / "drive" / "CAT" / "a.xlsx"
    file.parent.mkdir(parents=True)
    for cases in (5, 9):  # a report, and its revision
        rows = district_rows("01-PCMD")
        rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
        file.with_name(f"{cases}.xlsx").write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
        result = ingest(app, [str(folder / "drive")])
        assert dict(result.submissions) == {"accepted": 1}
        assert result.problems == []
    with writer.begin() as connection:
        queries.waive(connection, PLAN, "CAT", "01-PCMD", "2020-M02", "lũ lụt", NOW)
        assert snapshots.close(connection, PLAN, MARCH, NOW) > 0
    with writer.begin() as connection:
        load_reference(connection, PLAN)  # and again, as each command does when the plan has changed
    writer.dispose()
    return engine


def relations(engine: Engine) -> Relations:
    """(schema, name, kind) of every table and view of ours."""
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT n.nspname, c.relname, c.relkind::text FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname IN ('dw', 'mart', 'audit') AND c.relkind IN ('r', 'v', 'm', 'p') ORDER BY 1, 2"
            )
        )
        return [(row[0], row[1], row[2]) for row in rows]


def denied(connection: Connection, statement: str) -> bool:
    """Whether the database refuses the statement for want of rights, and not for anything else."""
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
    except DBAPIError as error:
        return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
    return False


def writes(engine: Engine, schema: str, name: str) -> Iterator[str]:
    """One statement of each kind that would change a table, were it not for the rights."""
    with engine.connect() as connection:
        column = connection.scalar(
            text(
                "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0"
                " AND attidentity = '' ORDER BY attnum LIMIT 1"
            ),
            {"table": f"{schema}.{name}"},
        )
    yield f"INSERT INTO {schema}.{name} DEFAULT VALUES"
    yield f"UPDATE {schema}.{name} SET {column} = {column} WHERE false"
    yield f"DELETE FROM {schema}.{name} WHERE false"
    yield f"TRUNCATE {schema}.{name}"
    yield f"DROP TABLE {schema}.{name}"
    yield f"ALTER TABLE {schema}.{name} DISABLE TRIGGER ALL"


def test_the_writer_did_its_work(filled: Engine) -> None:
    with filled.connect() as connection:
        facts = text("SELECT count(*), count(superseded_at) FROM dw.fact_enforcement")
        assert tuple(connection.execute(facts).one()) == (22, 11)
        figure = "SELECT numerator FROM mart.target_indicator WHERE target_code = 'T1' AND period_code = '2020-M03'"
        assert connection.scalar(text(figure)) == 9
        query = "SELECT kind FROM audit.event WHERE kind <> 'load' ORDER BY event_id"
        kinds = connection.execute(text(query)).scalars()
        assert list(kinds) == ["plan", "ingest", "ingest", "waive", "close"]


def test_bi_reads_mart_and_nothing_else(filled: Engine) -> None:
    with as_role(filled, "chitieu_bi").connect() as connection:
        for schema, name, _ in relations(filled):
            actual = denied(connection, f"SELECT count(*) FROM {schema}.{name}")
            assert actual == (schema != "mart"), name
        for name in MARTS - {"target_breakdown"}:  # which the plan has no figures for
            assert connection.scalar(text(f"SELECT count(*) FROM mart.{name}")), name
        for name in MARTS - {"reporting_status"}:
            assert all(denied(connection, statement) for statement in writes(filled, "dw", name)), name
        assert denied(connection, "SELECT audit.append_event('x', 'x', '{}', now())")
        assert denied(connection, "CREATE TABLE mart.mine (n int)")


def test_the_auditor_reads_all_and_writes_nothing(filled: Engine) -> None:
    with as_role(filled, "chitieu_auditor").connect() as connection:
        for schema, name, kind in relations(filled):
            assert not denied(connection, f"SELECT count(*) FROM {schema}.{name}"), name
            connection.execute(text(f"SELECT * FROM {schema}.{name} LIMIT 1"))
            if kind == "r":
                for statement in writes(filled, schema, name):
                    assert denied(connection, statement), statement
        hashes = "SELECT bool_and(hash = audit.event_hash(previous_hash, event_id, occurred_at, recorded_at, role_name, account_name, kind, subject, payload)) FROM audit.event"
        assert connection.scalar(text(hashes)) is True
        assert denied(connection, "SELECT audit.append_event('x', 'x', '{}', now())")
        assert denied(connection, "SELECT nextval('audit.submission_id_seq')")
        for schema in ("dw", "mart", "audit"):
            assert denied(connection, f"CREATE TABLE {schema}.mine (n int)")


def test_the_writer_adds_but_rewrites_nothing(filled: Engine) -> None:
    facts = [name for schema, name, _ in relations(filled) if schema == "dw" and name.startswith("fact_")]
    forbidden = [
        *("UPDATE audit.submission SET status = 'rejected'", "DELETE FROM audit.submission"),
        *("UPDATE audit.finding SET code = 'x'", "DELETE FROM audit.finding", "TRUNCATE audit.finding"),
        *("UPDATE audit.event SET kind = 'x'", "DELETE FROM audit.event", "TRUNCATE audit.event"),
        "INSERT INTO audit.event SELECT * FROM audit.event WHERE false",
        *("UPDATE dw.target_snapshot SET value = 1", "DELETE FROM dw.target_snapshot"),
        *("DELETE FROM dw.target_indicator", "DELETE FROM dw.target_breakdown"),
        *("UPDATE dw.target_indicator_history SET value = 1", "DELETE FROM dw.target_indicator_history"),
        "INSERT INTO dw.target_indicator_history SELECT t.*, now() FROM dw.target_indicator t",
        "INSERT INTO dw.target_breakdown_history SELECT t.*, now() FROM dw.target_breakdown t",
        *("UPDATE audit.plan_document SET document = ''", "DELETE FROM audit.plan_document"),
        "UPDATE audit.indicator_coverage SET covered_since = now()",
        *(f"DELETE FROM dw.{name} WHERE false" for name in facts),
        *(f"TRUNCATE dw.{name}" for name in facts),
        *(f"UPDATE dw.{name} SET source_row = 1 WHERE false" for name in facts),
        *(f"ALTER TABLE dw.{name} DISABLE TRIGGER ALL" for name in facts),
        *("DELETE FROM dw.dim_area", "CREATE TABLE dw.mine (n int)", "DROP VIEW mart.enforcement"),
    ]
    with as_role(filled, "chitieu_writer").connect() as connection:
        for statement in forbidden:
            assert denied(connection, statement), statement


END_OF_FACTS = {
    "at another moment": "now()",
    "at the moment of a load of another report": "(SELECT max(started_at) FROM audit.load)",
    "as they were recorded": "recorded_at",
}


@pytest.mark.parametrize("moment", END_OF_FACTS.values(), ids=END_OF_FACTS)
def test_the_writer_ends_facts_for_a_later_report_only(moment: str, filled: Engine) -> None:
    """Loading needs the right to end facts; a guard that runs at the commit rejects any other use of it."""
    statement = text(f"UPDATE dw.fact_enforcement SET superseded_at = {moment} WHERE superseded_at IS NULL")
    with as_role(filled, "chitieu_writer").connect() as connection:
        assert connection.execute(statement).rowcount == 11
        with pytest.raises(DBAPIError, match="ends with a later report or a withdrawal, and there is none"):
            connection.commit()
    with filled.connect() as connection:
        current = text("SELECT count(*) FROM dw.fact_enforcement WHERE superseded_at IS NULL")
        assert connection.scalar(current) == 11
        connection.execute(text("ALTER TABLE dw.fact_enforcement DISABLE TRIGGER guard_end"))
        assert connection.execute(statement).rowcount == 11
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # without the guard it succeeds
        assert connection.scalar(current) == 0
        connection.rollback()


def test_a_role_of_a_district_sees_its_own_area_alone(filled: Engine) -> None:
    """In tables and views alike, whatever it asks; relations without areas it sees as BI tools do."""
    with filled.begin() as connection:
        load_reference(connection, PLAN)  # as the owner, who may make functions
    role = create_area_role(filled, "75", "731")
    assert create_area_role(filled, "75", "731") == role == "chitieu_area_731"
    assert create_roles(filled) == []
    inside = {"731", *(area.code for area in PLAN.areas if area.parent == "731")}
    with filled.connect() as connection:
        of_area = connection.execute(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                " WHERE c.relnamespace = 'mart'::regnamespace AND c.relkind IN ('r', 'v')"
                " AND a.attname = 'area_code' ORDER BY 1"
            )
        )
        names = list(of_area.scalars())
        assert {"target_indicator", "target_snapshot", "enforcement", "year_on_year", "area"} <= set(names)
        everybody = connection.scalar(text("SELECT count(DISTINCT area_code) FROM mart.target_indicator"))
        assert everybody == len(PLAN.areas)
    with filled.begin() as connection:  # so that all have a past
        connection.execute(text("UPDATE dw.target_indicator SET computed_at = computed_at + interval '1 s'"))
    with as_role(filled, role).connect() as connection:
        for name in names:
            seen = connection.execute(text(f"SELECT DISTINCT area_code FROM mart.{name}")).scalars()
            assert set(seen) <= inside, name
        for name in ("target_indicator", "target_indicator_history", "target_snapshot", "enforcement"):
            assert connection.scalar(text(f"SELECT count(*) FROM mart.{name}")) > 0, name
        known = connection.execute(
            text("SELECT DISTINCT area_code FROM mart.target_indicator_as_of('2020-04-21')")
        )
        assert {"731"} <= set(known.scalars()) <= inside
        bodies = connection.execute(text("SELECT DISTINCT body_code FROM mart.reporting_status")).scalars()
        assert set(bodies) == {"UBND-731"}
        assert connection.scalar(text("SELECT count(*) FROM mart.calendar")) > 300
        own = text("SELECT sum(counts) FROM mart.suppression WHERE form_code = '01-PCMD'")
        assert connection.scalar(own) == 8 * connection.scalar(text("SELECT count(*) FROM mart.enforcement"))
        for schema, name, _ in relations(filled):
            assert schema == "mart" or denied(connection, f"SELECT count(*) FROM {schema}.{name}"), name
        for name in ("check_result", "drive_freshness"):  # about the whole province
            assert denied(connection, f"SELECT count(*) FROM mart.{name}")
        assert denied(connection, "SELECT audit.areas_seen('chitieu_auditor')")
        assert denied(
            connection, "SELECT * FROM dw.targets_not_covered(now(), 'chitieu_auditor', NULL, NULL)"
        )
        assert denied(connection, "SET ROLE chitieu_auditor")


def test_a_role_of_an_area_that_is_not_listed_any_more_sees_nothing(filled: Engine) -> None:
    role = create_area_role(filled, "75", "732")
    with filled.begin() as connection:
        connection.execute(text("DELETE FROM dw.area_access WHERE role_name = :role"), {"role": role})
    with as_role(filled, role).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM mart.target_indicator")) == 0
        assert connection.scalar(text("SELECT count(*) FROM mart.enforcement")) == 0


def test_anybody_else_sees_nothing(filled: Engine) -> None:
    with filled.begin() as connection:
        connection.execute(text("CREATE ROLE passer_by LOGIN PASSWORD 'known'"))
    url = filled.url.set(username="passer_by", password="known").render_as_string(hide_password=False)
    with connect(url).connect() as connection:
        for schema, name, _ in relations(filled):
            assert denied(connection, f"SELECT 1 FROM {schema}.{name}"), name
        assert denied(connection, "SELECT audit.append_event('x', 'x', '{}', now())")


def test_roles_are_granted_again_after_a_form_was_added(filled: Engine) -> None:
    """A view that is made again has lost its grants, a new table never had any."""
    lost = "dw.fact_trials, mart.trials, mart.reporting_status"
    with filled.begin() as connection:
        connection.execute(text(f"REVOKE ALL ON {lost} FROM chitieu_auditor, chitieu_bi, chitieu_writer"))
        connection.execute(text("GRANT SELECT ON dw.dim_area TO chitieu_bi"))  # opened by mistake
    assert create_roles(filled) == []
    with as_role(filled, "chitieu_bi").connect() as connection:
        assert not denied(connection, "SELECT count(*) FROM mart.reporting_status")
        assert not denied(connection, "SELECT count(*) FROM mart.trials")
        assert denied(connection, "SELECT count(*) FROM dw.dim_area")
    with as_role(filled, "chitieu_auditor").connect() as connection:
        assert not denied(connection, "SELECT count(*) FROM dw.fact_trials")


def test_tables_of_the_office_itself_are_left_alone(filled: Engine) -> None:
    with filled.begin() as connection:
        connection.execute(text("CREATE TABLE fact_a (n int); CREATE TABLE fact_b (superseded_at date)"))
    assert create_roles(filled) == []
    with as_role(filled, "chitieu_writer").connect() as connection:
        assert denied(connection, "UPDATE fact_b SET superseded_at = now()")


def test_databases_create_the_roles_at_once(no_roles: str) -> None:
    server = no_roles
    first = new_database(server)
    engine = connect(first)
    migrate(engine)
    engine.dispose()
    urls = [first, *(new_database(server, f"TEMPLATE {make_url(first).database}") for _ in range(3))]
    engines = [connect(url) for url in urls]
    for _ in range(4):
        actual: list[object] = []
        start = threading.Barrier(len(engines))

        def create(engine: Engine, actual: list[object] = actual, start: threading.Barrier = start) -> None:
            start.wait(10)
            try:
                actual.append(create_roles(engine))
            except Exception as error:
                actual.append(error)

        threads = [threading.Thread(target=create, args=(engine,)) for engine in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert actual == [[]] * len(engines)
        for engine in engines:
            with engine.begin() as connection:
                assert connection.scalar(
                    text("SELECT has_table_privilege('chitieu_bi', 'mart.target_indicator', 'SELECT')")
                )
                connection.execute(text(f"DROP OWNED BY {', '.join(ROLES)}"))
        administer(server, *(f"DROP ROLE {role}" for role in ROLES))


def test_an_account_without_rights_gets_the_statements_to_run(no_roles: str) -> None:
    """The office's database belongs to a plain account: everything works, but an administrator makes the roles."""
    server = no_roles
    administer(server, "CREATE ROLE plain LOGIN PASSWORD 'known'")
    url = new_database(server, "OWNER plain")
    account = make_url(url).set(username="plain", password="known")
    plain = connect(account.render_as_string(hide_password=False))
    migrate(plain)
    (sentence,) = create_roles(plain)
    assert all(role in sentence for role in ROLES)
    assert "chitieu init" in sentence
    administer(server, *(f"CREATE ROLE {role} NOLOGIN" for role in ROLES))
    warnings = create_roles(plain)
    assert len(warnings) == 3
    assert all("ALTER ROLE" in warning and "statement_timeout" in warning for warning in warnings)
    with plain.begin() as connection:
        load_reference(connection, PLAN)
        assert connection.scalar(text("SELECT audit.append_event('test', 'x', '{}', now())")) == 2
    plain.dispose()
