"""What SQLAlchemy has no word for: rows by COPY, and scripts of many statements in one round trip."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """COPY rows into a table ("schema.name") within the connection's transaction."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def run_script(connection: Connection, statements: str) -> None:
    """Run many statements as they stand, in the connection's transaction; % means nothing special."""
    _driver(connection).execute(statements)


def _driver(connection: Connection) -> Any:
    # Opens the transaction that SQLAlchemy would open at its own first statement.
    return connection.connection.driver_connection
