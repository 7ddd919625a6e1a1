"""Bring a database to the declared schema: migrations, then the objects whose declaration changed."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, select, text
from sqlalchemy.dialects.postgresql import insert

from schemas.form_catalog import FormCatalog
from warehouse import sql_objects
from warehouse.blocking_readers import ending_blocking_readers
from warehouse.bulk_copy import run_script
from warehouse.database import DatabaseError, lock_in_transaction
from warehouse.form_catalog import catalog_of, check_names
from warehouse.history import as_of
from warehouse.loads import software_version
from warehouse.migrations.baseline import table_statements
from warehouse.migrations.form_evolution import evolve_forms, reject_dropped_forms
from warehouse.migrations.release import HEAD, RELEASE, reject_newer_schema
from warehouse.models.audit_tables import LOCK, SCHEMA_FINGERPRINT
from warehouse.models.form_tables import form_tables
from warehouse.models.outlier_table import OUTLIER
from warehouse.models.tables import METADATA
from warehouse.quality import outliers
from warehouse.sql_objects import SqlObject
from warehouse.sql_templates import read_sql, sources_digest

_EVERYTHING = "everything"
_FORMS = "forms"
_BASELINE = "baseline"
_FINGERPRINT = SCHEMA_FINGERPRINT.columns


def migrate(engine: Engine) -> None:
    """Create or migrate the database; safe to repeat, and from several processes at once.

    Raises DatabaseError for a database of an unreleased version, which no migration leads on from, and for
    one that a newer release has migrated.
    """
    catalog = catalog_of(engine)
    check_names(catalog)
    with ending_blocking_readers(engine), engine.begin() as connection:
        _lock(connection)
        reject_newer_schema(connection)
        run_script(connection, read_sql("schemas/schemas"))
        _run_migrations(connection)
        run_script(connection, read_sql("schemas/alembic_version"))
        known = _read_fingerprints(connection)
        _check_baseline(connection, known)
        known = _drop_changed_suppressed(connection, known, catalog)
        _create_changed(connection, known, sql_objects.functions())
        _create_missing_tables(connection)
        _evolve_changed_forms(connection, known)
        _create_changed(connection, known, sql_objects.guards(catalog))
        _create_views(connection, known)
        _fill_suppressed(connection, known)
        _rebuild_outliers(connection, known)
        _create_changed(connection, known, _plan_functions(connection))
        _save_fingerprints(connection, {_EVERYTHING: _everything(catalog), RELEASE: software_version()})


def _lock(connection: Connection) -> None:
    """Wait for another migration. A new database has no row to lock, and no readers that could lock it."""
    if not _has_table(connection, LOCK):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("chitieu.migrate"))))
    if _has_table(connection, LOCK):
        lock_in_transaction(connection, "migrate")


def _has_table(connection: Connection, table: Table) -> bool:
    return connection.scalar(select(func.to_regclass(table.fullname))) is not None


def has_warehouse(engine: Engine) -> bool:
    """Whether `migrate` has ever run in the database."""
    with engine.connect() as connection:
        return _has_table(connection, SCHEMA_FINGERPRINT)


def schema_is_current(engine: Engine) -> bool:
    """Whether `migrate` has nothing to do: one query."""
    with engine.connect() as connection:
        if not _has_table(connection, SCHEMA_FINGERPRINT):
            return False
        known = connection.scalar(select(_FINGERPRINT.sha256).where(_FINGERPRINT.name == _EVERYTHING))
        return bool(known == _everything(catalog_of(engine)))


def _run_migrations(connection: Connection) -> None:
    from alembic import command  # 0.2 s, only where a migration is due
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _check_baseline(connection: Connection, known: dict[str, str]) -> None:
    """Record from which tables a new database was created; compare those of one that is there."""
    baseline = Path(__file__).with_name("versions") / "0001_baseline.sql"
    digest = sha256(baseline.read_bytes()).hexdigest()
    if not known:
        _save_fingerprints(connection, {_BASELINE: digest})
    elif known.get(_BASELINE) != digest:
        raise DatabaseError(
            "The database was created by an unreleased version of Chỉ Tiêu, whose tables were others.",
            "Create an empty database, run chitieu init and ingest the drives again.",
        )


def _create_missing_tables(connection: Connection) -> None:
    """Create the fact tables and code list dimensions that do not exist yet, in one round trip."""
    existing = frozenset(
        connection.execute(text("SELECT schemaname || '.' || tablename FROM pg_tables")).scalars()
    )
    missing = [table for table in _tables(catalog_of(connection)) if table.fullname not in existing]
    if missing:
        run_script(connection, ";\n".join(table_statements(missing)))


def _evolve_changed_forms(connection: Connection, known: dict[str, str]) -> None:
    """Bring the fact tables to their forms where a form changed since the last migration."""
    catalog = catalog_of(connection)
    if known.get(_FORMS) != catalog.digest:
        reject_dropped_forms(connection, catalog)
        evolve_forms(connection, catalog.forms)
        _save_fingerprints(connection, {_FORMS: catalog.digest})


def _tables(catalog: FormCatalog) -> tuple[Table, ...]:
    return (*METADATA.sorted_tables, *form_tables(catalog))


def _drop_changed_suppressed(
    connection: Connection, known: dict[str, str], catalog: FormCatalog
) -> dict[str, str]:
    """Drop the suppressed tables whose definition changed, with the views over them; they are created again.

    Returns the fingerprints that are left: without those of views, where any table was dropped.
    """
    changed = [
        name for name, digest in _suppressed_digests(catalog).items() if known.get(name, digest) != digest
    ]
    if not changed:
        return known
    run_script(connection, f"DROP TABLE IF EXISTS {', '.join(changed)} CASCADE")
    gone = {*changed, *(view.name for view in (*sql_objects.views(catalog), *sql_objects.derived(catalog)))}
    return {name: digest for name, digest in known.items() if name not in gone}


def _fill_suppressed(connection: Connection, known: dict[str, str]) -> None:
    """Fill the suppressed tables that were created now."""
    catalog = catalog_of(connection)
    fills = sql_objects.suppressed_fills(catalog)
    digests = {
        name: digest for name, digest in _suppressed_digests(catalog).items() if known.get(name) != digest
    }
    for name in digests:
        run_script(connection, fills[name])
    if digests:
        _save_fingerprints(connection, digests)


def _suppressed_digests(catalog: FormCatalog) -> dict[str, str]:
    """The hash of the statements that fill each suppressed table: they name all that it depends on."""
    fills = sql_objects.suppressed_fills(catalog)
    return {name: sha256(statements.encode()).hexdigest() for name, statements in fills.items()}


def _create_changed(connection: Connection, known: dict[str, str], objects: tuple[SqlObject, ...]) -> None:
    """Create the objects whose statements differ from those that they were created from."""
    _create(connection, _changed(known, objects))


def _create_views(connection: Connection, known: dict[str, str]) -> None:
    """Create the changed views; what reads them is dropped before and created again."""
    catalog = catalog_of(connection)
    changed, derived = _changed(known, sql_objects.views(catalog)), sql_objects.derived(catalog)
    if changed:
        run_script(connection, "\n".join(one.drop for one in derived))
        _create(connection, (*changed, *derived))
    else:
        _create(connection, _changed(known, derived))


def _changed(known: dict[str, str], objects: tuple[SqlObject, ...]) -> tuple[SqlObject, ...]:
    return tuple(one for one in objects if known.get(one.name) != _digest(one))


def _digest(one: SqlObject) -> str:
    return sha256(one.statements.encode()).hexdigest()


def _create(connection: Connection, objects: tuple[SqlObject, ...]) -> None:
    """Create objects and record from which statements."""
    if objects:
        run_script(connection, "\n".join(one.script for one in objects))
        _save_fingerprints(connection, {one.name: _digest(one) for one in objects})


def _plan_functions(connection: Connection) -> tuple[SqlObject, ...]:
    functions = as_of.plan_functions(connection)
    return tuple(SqlObject(name, statements) for name, statements in functions.items())


def _rebuild_outliers(connection: Connection, known: dict[str, str]) -> None:
    """Compute the outliers again where their definition changed."""
    name, digest = OUTLIER.fullname, sha256(outliers.definition(catalog_of(connection)).encode()).hexdigest()
    if known.get(name) != digest:
        outliers.find_all_outliers(connection)
        _save_fingerprints(connection, {name: digest})


def _read_fingerprints(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(_FINGERPRINT.name, _FINGERPRINT.sha256)).tuples()
    return dict(rows.all())


def _save_fingerprints(connection: Connection, digests: dict[str, str]) -> None:
    statement = insert(SCHEMA_FINGERPRINT)
    statement = statement.on_conflict_do_update(
        index_elements=[_FINGERPRINT.name],
        set_={"sha256": statement.excluded.sha256},
        where=_FINGERPRINT.sha256 != statement.excluded.sha256,
    )
    connection.execute(statement, [{"name": name, "sha256": digest} for name, digest in digests.items()])


@lru_cache(maxsize=8)
def _everything(catalog: FormCatalog) -> str:
    """The hash of all that is declared: tables, forms, templates with values, migrations and the release.

    The release covers the code that composes statements, such as the indicator compiler.
    """
    tables = [(t.fullname, [(c.name, str(c.type)) for c in t.columns]) for t in _tables(catalog)]
    templates = (sources_digest(), sql_objects.declared_context(catalog))
    parts = (HEAD, software_version(), tables, catalog.digest, *templates)
    return sha256(repr(parts).encode()).hexdigest()
