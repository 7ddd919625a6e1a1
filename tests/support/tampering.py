"""Change what a warehouse has stored, as a superuser who has turned triggers and constraints off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text

_SCHEMAS = "('dw', 'mart', 'audit')"
# Another value of each type of column, for a value that may be null.
_OTHER = {
    "text": "coalesce({0}, '') || 'x'",
    "character varying": "coalesce({0}, '') || 'x'",
    "integer": "coalesce({0}, 0) + 1",
    "bigint": "coalesce({0}, 0) + 1",
    "numeric": "coalesce({0}, 0) + 1",
    "double precision": "coalesce({0}, 0) + 1",
    "boolean": "NOT coalesce({0}, false)",
    "date": "coalesce({0}, date '2020-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, timestamptz '2020-01-01') + interval '1 day'",
    "jsonb": "coalesce({0}, '{{}}') || '{{\"x\": 1}}'",
    "bytea": "{0} || 'x'",
    "ARRAY": "array_append({0}, NULL)",
}


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column of a base table of the warehouse, by the catalogue."""

    table: str
    name: str
    kind: str


def stored_columns(connection: Connection) -> list[StoredColumn]:
    """Every column of every base table of the three schemas."""
    rows = connection.execute(
        text(
            "SELECT table_schema || '.' || table_name, column_name, data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            f" WHERE table_schema IN {_SCHEMAS} AND table_type = 'BASE TABLE'"
            " AND NOT (SELECT relispartition FROM pg_class"
            " WHERE oid = format('%I.%I', table_schema, table_name)::regclass)"
            " ORDER BY table_schema, table_name, ordinal_position"
        )
    )
    return [StoredColumn(*row) for row in rows]


def drop_constraints(connection: Connection) -> None:
    """Drop whatever would reject a change: constraints and unique indexes; triggers do not fire any more."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    constraints = connection.execute(
        text(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname)"
            " FROM pg_constraint WHERE contype IN ('c', 'f', 'p', 'u', 'x')"
            f" AND connamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN {_SCHEMAS})"
            " ORDER BY contype <> 'f', conparentid <> 0, coninhcount"  # those of partitions go with their table's
        )
    )
    for statement in constraints.scalars().all():
        connection.exec_driver_sql(statement)
    indexes = connection.execute(
        text(
            "SELECT format('DROP INDEX %s', indexrelid::regclass) FROM pg_index i"
            " JOIN pg_class c ON c.oid = indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            f" WHERE indisunique AND nspname IN {_SCHEMAS}"
        )
    )
    for statement in indexes.scalars().all():
        connection.exec_driver_sql(statement)
    for column in stored_columns(connection):
        statement = f'ALTER TABLE {column.table} ALTER COLUMN "{column.name}" DROP IDENTITY IF EXISTS'
        connection.exec_driver_sql(statement)


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Undo what was changed inside."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def change_cell(connection: Connection, column: StoredColumn, where: str = "true") -> bool:
    """Give the column another value in one row, in the middle of those chosen; False if there is none."""
    quoted = f'"{column.name}"'
    value = _OTHER[column.kind].format(quoted)
    row = (
        f"SELECT ctid FROM {column.table} WHERE {where} ORDER BY ctid"
        f" OFFSET (SELECT count(*) / 2 FROM {column.table} WHERE {where}) LIMIT 1"
    )
    statement = f"UPDATE {column.table} SET {quoted} = {value} WHERE ctid = ({row}) AND ({where})"
    return connection.exec_driver_sql(statement).rowcount == 1


def delete_row(connection: Connection, table: str) -> bool:
    """Delete one row; False for an empty table."""
    statement = f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table})"
    return connection.exec_driver_sql(statement).rowcount == 1


def insert_row(connection: Connection, columns: list[StoredColumn]) -> None:
    """Insert a row of made-up values into an empty table."""
    values = ", ".join(_OTHER[c.kind].format(f"NULL::{_CASTS.get(c.kind, c.kind)}") for c in columns)
    names = ", ".join(f'"{c.name}"' for c in columns)
    override = "OVERRIDING SYSTEM VALUE"
    connection.exec_driver_sql(f"INSERT INTO {columns[0].table} ({names}) {override} SELECT {values}")


_CASTS = {"ARRAY": "text[]"}
