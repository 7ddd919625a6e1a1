"""The schema of the database: as declared, as the contract names it, and unchanged by a second migration."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text
from sqlalchemy.schema import CheckConstraint

from tests.support.forms import CATALOG, CODE_LISTS, FORMS
from tests.support.postgres import BINARIES, shared_database
from warehouse import sql_objects
from warehouse.database import DatabaseError, connect
from warehouse.migrations import upgrade as migrating
from warehouse.migrations.baseline import BASELINE, baseline_script
from warehouse.migrations.release import HEAD
from warehouse.migrations.upgrade import migrate, schema_is_current
from warehouse.models.form_tables import form_tables
from warehouse.models.tables import METADATA
from warehouse.models.target_tables import FIGURE_TABLES, partitions

FIGURES = (
    "plan_code target_code area_code area_name area_level period_code window_start window_end numerator"
    " denominator value unit target_value achievement_pct expected_value status value_min value_max verdict"
    " completeness_pct is_final computed_at"
)
CONTRACT = {
    "mart.target_indicator": FIGURES,
    "mart.target_snapshot": f"{FIGURES} snapshot_code closed_at",
    "mart.reporting_status": "body_code body_name form_code period_code due_at received_at status revision"
    " submission_id",
    "audit.submission": "submission_id body_code form_code period_code revision status source_url file_name"
    " sheet_name sha256 size_bytes received_at ingested_at error_count warning_count",
    "audit.finding": "submission_id severity code sheet_name cell column_key value_shown message_vi message_en",
    "audit.event": "",
    **{f"dw.dim_{name}": "" for name in ("area", "body", "period", "form", "measure")},
}
NEXTVAL = "[('modify_default', 'audit', 'submission', 'submission_id'"
OURS = "n.nspname IN ('dw', 'mart', 'audit')"


@pytest.fixture(scope="module", params=sorted(BINARIES))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database, for looking at."""
    with shared_database(request.param) as url:
        engine = connect(url)
        migrate(engine)
        yield engine
        engine.dispose()


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    assert schema_is_current(engine)
    with engine.connect() as connection:
        before = connection.execute(text("SELECT oid, xmin::text FROM pg_class ORDER BY oid")).all()
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT oid, xmin::text FROM pg_class ORDER BY oid")).all() == before


def test_threads_migrate_at_once(any_database_url: str) -> None:
    engines = [connect(any_database_url) for _ in range(3)]
    assert not schema_is_current(engines[0])
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, engines))
    assert all(schema_is_current(engine) for engine in engines)


def test_processes_migrate_at_once(database_url: str) -> None:
    code = (
        "import sys; from warehouse.database import connect; from warehouse.migrations.upgrade import migrate;"
        "engine = connect(sys.argv[1]); print('ready', flush=True); input(); migrate(engine)"
    )
    command = [sys.executable, "-c", code, database_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    callers = [subprocess.Popen(command, text=True, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for caller in callers:
        caller.stdout.readline()
    for caller in callers:
        caller.stdin.write("go\n")
        caller.stdin.flush()
    actual = [caller.communicate(timeout=60)[1] for caller in callers]
    assert [caller.returncode for caller in callers] == [0, 0, 0], actual
    assert schema_is_current(connect(database_url))


def test_a_view_whose_declaration_changed_is_created_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(database_url)
    migrate(engine)
    first, *others = sql_objects.views(CATALOG)
    statements = first.statements.replace("SELECT\n", "SELECT\n    1 AS one,\n", 1)
    statements += f"\nCOMMENT ON COLUMN {first.name}.one IS 'One.';"
    monkeypatch.setattr(
        sql_objects, "views", lambda _catalog: (replace(first, statements=statements), *others)
    )
    monkeypatch.setattr(sql_objects, "declared_context", lambda _catalog: "another")
    migrating._everything.cache_clear()
    try:
        assert not schema_is_current(engine)
        migrate(engine)
        assert schema_is_current(engine)
    finally:
        migrating._everything.cache_clear()
    with engine.connect() as connection:
        connection.execute(text(f"SELECT one FROM {first.name}"))
        assert uncommented(connection) == []


def test_a_changed_sql_file_is_noticed_by_the_fingerprint(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert schema_is_current(engine)
    monkeypatch.setattr(migrating, "sources_digest", lambda: "another")
    migrating._everything.cache_clear()
    try:
        assert not schema_is_current(engine)
    finally:
        migrating._everything.cache_clear()


def test_the_migrated_database_is_as_the_tables_declare(engine: Engine) -> None:
    together = MetaData(naming_convention=METADATA.naming_convention)
    for table in (*METADATA.sorted_tables, *form_tables(CATALOG)):
        table.to_metadata(together)

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "schema" or name in ("dw", "mart", "audit")

    def declared(_object: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or name not in ("alembic_version", *partition_names)

    partition_names = {name.partition(".")[2] for table in FIGURE_TABLES for name in partitions(table)}
    with engine.connect() as connection:
        options = {"include_schemas": True, "include_name": ours, "include_object": declared}
        more = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts={**options, **more})
        actual = compare_metadata(context, together)
        # Alembic asks the server whether a default equals itself, which nextval() never does.
        assert [one for one in actual if not str(one).startswith(NEXTVAL)] == []
        default = "SELECT column_default FROM information_schema.columns WHERE column_name = 'submission_id'"
        default += " AND table_schema = 'audit' AND table_name = 'submission'"
        assert connection.scalar(text(default)) == "nextval('audit.submission_id_seq'::regclass)"
        rows = connection.execute(
            text(
                "SELECT n.nspname || '.' || c.relname, k.conname FROM pg_constraint k JOIN pg_class c"
                f" ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND contype = 'c' AND NOT c.relispartition"
            )
        )
        there = {tuple(row) for row in rows}
    dialect = engine.dialect
    checks = {
        (table.fullname, dialect.identifier_preparer.format_constraint(constraint))
        for table in together.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert there == checks
    assert len(checks) > 100


def test_each_release_migrates_from_the_last() -> None:
    """One line of migrations from the baseline to the head that the code expects."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert scripts.get_bases() == ["0001"]
    assert not any(script.is_branch_point or script.is_merge_point for script in scripts.walk_revisions())


def test_the_baseline_is_as_the_tables_declare() -> None:
    """Run `python -m warehouse.migrations.baseline` where this fails and no release is deployed yet."""
    assert BASELINE.read_text(encoding="utf-8") == baseline_script()


def uncommented(connection: Connection) -> list[str]:
    rows = connection.execute(
        text(
            f"""
            SELECT n.nspname FROM pg_namespace n WHERE {OURS} AND obj_description(n.oid) IS NULL
            UNION ALL
            SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {OURS} AND c.relkind IN ('r', 'v', 'm', 'p') AND coalesce(obj_description(c.oid), '') = ''
            UNION ALL
            SELECT c.oid::regclass || '.' || a.attname FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE {OURS} AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0 AND NOT a.attisdropped
                AND coalesce(col_description(c.oid, a.attnum), '') = ''
            UNION ALL
            SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            JOIN pg_language l ON l.oid = p.prolang AND l.lanname <> 'internal'
            WHERE {OURS} AND coalesce(obj_description(p.oid), '') = ''
            """
        )
    )
    return list(rows.scalars())


def test_everything_carries_a_comment(engine: Engine) -> None:
    with engine.connect() as connection:
        assert uncommented(connection) == []


def test_the_names_of_the_contract_are_there(engine: Engine) -> None:
    wanted = {name: set(columns.split()) for name, columns in CONTRACT.items()}
    for form in FORMS:
        measures = {measure.key for measure in form.measures}
        provenance = {"submission_id", "source_sheet", "source_row", "recorded_at"}
        wanted[f"dw.fact_{form.key}"] = measures | provenance | {"superseded_at"}
        wanted[f"dw.current_{form.key}"] = measures | provenance
        wanted[f"mart.{form.key}"] = measures | {
            "body_code",
            "body_name",
            "area_code",
            "area_name",
            "period_code",
        }
    wanted |= {f"dw.dim_{code_list.key}": set() for code_list in CODE_LISTS}
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns"
                " WHERE table_schema IN ('dw', 'mart', 'audit')"
            )
        )
        there: dict[str, set[str]] = {}
        for table, column in rows:
            there.setdefault(table, set()).add(column)
    assert {
        name: columns - there.get(name, set())
        for name, columns in wanted.items()
        if columns - there.get(name, set())
    } == {}
    assert set(wanted) <= set(there)


def test_a_database_of_an_unreleased_version_is_rejected_in_a_sentence() -> None:
    with shared_database() as url:
        engine = connect(url)
        migrate(engine)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE audit.schema_fingerprint SET sha256 = '0' WHERE name = 'baseline'")
            )
        with pytest.raises(DatabaseError, match="unreleased version"):
            migrate(engine)
        engine.dispose()
