"""Bring a database to the shape that the code declares: migrations first, then what forms declare."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_mock_engine, text
from sqlalchemy.schema import CreateSequence, SchemaItem

from schemas.forms import FORMS
from warehouse.bulk_copy import run_script
from warehouse.history import as_of
from warehouse.models.form_tables import declare_all, fact_table
from warehouse.models.tables import METADATA
from warehouse.privacy.suppression import AREAS_SEEN, READER, target_is_seen
from warehouse.quality import outliers
from warehouse.views.area_views import AREA_VIEWS
from warehouse.views.catalog_views import MEASURE, TARGET
from warehouse.views.comparison_views import FORECAST, YEAR_ON_YEAR
from warehouse.views.form_views import CALENDAR, REPORTING_STATUS, SUPPRESSION, View, form_views
from warehouse.views.functions import SCHEMAS, guard_statements
from warehouse.views.revision_views import CLOSED_PERIOD, REVISION_LOG, REVISION_STATISTICS

HEAD = "0004"
_EVERYTHING = "everything"
_FURTHER_VIEWS = (
    *(CALENDAR, REPORTING_STATUS, SUPPRESSION, CLOSED_PERIOD, REVISION_LOG, REVISION_STATISTICS),
    *(YEAR_ON_YEAR, FORECAST, TARGET, MEASURE),
    *AREA_VIEWS,
)
_ALEMBICS_OWN = """
COMMENT ON TABLE audit.alembic_version IS 'The last migration that was run.';
COMMENT ON COLUMN audit.alembic_version.version_num IS 'Its number.';
"""


def migrate(engine: Engine) -> None:
    """Create or migrate the database; safe to repeat, and from several processes at once."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chitieu.migrate'))"))
        run_script(connection, SCHEMAS)
        _run_migrations(connection)
        run_script(connection, _ALEMBICS_OWN)
        _create_declared_tables(connection)
        _create_views(connection)
        _make_anew(connection)
        _note_shape(connection, _EVERYTHING, _fingerprint())


def schema_is_current(engine: Engine) -> bool:
    """Whether `migrate` has nothing to do: one query."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT to_regclass('audit.shape')")) is None:
            return False
        noted = connection.scalar(
            text("SELECT sha256 FROM audit.shape WHERE name = :name"), {"name": _EVERYTHING}
        )
        return bool(noted == _fingerprint())


def _run_migrations(connection: Connection) -> None:
    from alembic import command  # 0.2 s, only where a migration is due
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _create_declared_tables(connection: Connection) -> None:
    """Create the fact tables and code list dimensions that are not there yet."""
    declare_all()
    rows = connection.execute(text("SELECT schemaname || '.' || tablename FROM pg_tables"))
    there = frozenset(rows.scalars())
    missing = [table for table in METADATA.sorted_tables if table.fullname not in there]
    facts = {fact_table(form).fullname for form in FORMS}
    statements = _statements(missing)
    statements += [guard_statements(t.fullname, "dw.guard_fact") for t in missing if t.fullname in facts]
    if statements:
        run_script(connection, ";\n".join(statements))


def _statements(tables: list[Table]) -> list[str]:
    """The DDL of the tables with their comments and indexes; sent as one it takes one round trip."""
    statements: list[str] = []

    def note(item: SchemaItem, *_: object, **__: object) -> None:
        if not isinstance(item, CreateSequence):  # that of submissions is there from the first migration
            statements.append(str(item.compile(dialect=engine.dialect)))  # type: ignore[attr-defined]

    engine = create_mock_engine("postgresql+psycopg://", note)
    METADATA.create_all(engine, tables=tables, checkfirst=False)
    return statements


def _create_views(connection: Connection) -> None:
    noted = _noted(connection)
    for view in _views():
        statements = _view_statements(view)
        fingerprint = sha256(statements.encode()).hexdigest()
        if noted.get(view[0]) != fingerprint:
            run_script(connection, statements)
            _note_shape(connection, view[0], fingerprint)


def _make_anew(connection: Connection) -> None:
    """Make again what depends on what was loaded, where that which makes it has changed since."""
    noted = _noted(connection)
    for name, definition, make in (
        (outliers.OUTLIER.fullname, outliers.definition(), outliers.find_all_outliers),
        (as_of.NAME, as_of.definition(), as_of.create_all_as_of),
    ):
        fingerprint = sha256(definition.encode()).hexdigest()
        if noted.get(name) != fingerprint:
            make(connection)
            _note_shape(connection, name, fingerprint)


def _noted(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text("SELECT name, sha256 FROM audit.shape"))
    return {row[0]: row[1] for row in rows}


@cache
def _views() -> tuple[View, ...]:
    return (*(view for form in FORMS for view in form_views(form)), *_FURTHER_VIEWS)


def _view_statements(view: View) -> str:
    name, comment, query, columns = view
    if (seen := _seen(name, columns)) is not None:
        # As a case, of which the planner expects half; with OR it would expect next to no rows.
        query = f"SELECT v.* FROM ({query}) v WHERE CASE WHEN {_ALL_SEEN} THEN TRUE ELSE {seen} END"
        if {"plan_code", "target_code"} <= columns.keys():
            query += f" AND {target_is_seen('v')}"
    # Nothing of a reader's own runs before what is withheld has been taken out.
    barrier = " WITH (security_barrier)" if READER in query or AREAS_SEEN in query else ""
    said = [f"COMMENT ON VIEW {name} IS {_quoted(comment)}"]
    said += [f"COMMENT ON COLUMN {name}.{column} IS {_quoted(c)}" for column, c in columns.items()]
    inherited = f"""DO $$ DECLARE said record; BEGIN
        FOR said IN SELECT v.attname, col_description(t.oid, c.attnum) AS comment FROM pg_attribute v
            JOIN pg_class t ON t.oid = '{_base_table(name)}'::regclass
            JOIN pg_attribute c ON c.attrelid = t.oid AND c.attname = v.attname
            WHERE v.attrelid = '{name}'::regclass AND v.attnum > 0 AND c.attnum > 0
              AND col_description(v.attrelid, v.attnum) IS NULL
        LOOP EXECUTE format('COMMENT ON COLUMN {name}.%I IS %L', said.attname, said.comment); END LOOP;
    END $$"""
    return ";\n".join(
        [f"DROP VIEW IF EXISTS {name}", f"CREATE VIEW {name}{barrier} AS {query}", *said, inherited]
    )


_ALL_SEEN = f"{AREAS_SEEN} IS NULL"


def _seen(name: str, columns: Mapping[str, str]) -> str | None:
    """The condition that a row of a view is about an area that the reader may see; None where about none."""
    if not name.startswith("mart."):
        return None
    if "area_code" in columns:
        return f"v.area_code = ANY({AREAS_SEEN}::text[])"
    if "body_code" in columns:
        return (
            "v.body_code IN (SELECT b.body_code FROM dw.dim_body b JOIN dw.dim_area a USING (area_key)"
            f" WHERE a.area_code = ANY({AREAS_SEEN}::text[]))"
        )
    return None


def _base_table(view: str) -> str:
    """The table whose column comments a view repeats where it has none of its own."""
    schema, name = view.split(".")
    return f"dw.fact_{name.removeprefix('current_')}" if schema == "dw" else "audit.submission"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _note_shape(connection: Connection, name: str, fingerprint: str) -> None:
    connection.execute(
        text(
            "INSERT INTO audit.shape (name, sha256) VALUES (:name, :sha256)"
            " ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256"
        ),
        {"name": name, "sha256": fingerprint},
    )


@cache
def _fingerprint() -> str:
    """The hash of all that is declared: tables, views and the head of the migrations."""
    declare_all()
    tables = [(t.fullname, [(c.name, str(c.type)) for c in t.columns]) for t in METADATA.sorted_tables]
    return sha256(
        repr(
            (
                *(HEAD, _ALEMBICS_OWN, tables, outliers.definition(), as_of.definition()),
                [_view_statements(v) for v in _views()],
            )
        ).encode()
    ).hexdigest()
