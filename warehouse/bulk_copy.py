"""Access to psycopg below SQLAlchemy: COPY, scripts of several statements in one round trip, passwords.

Failures of the server become DatabaseError, as those of SQLAlchemy's statements do.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import InterfaceError, OperationalError, sql
from sqlalchemy import Connection

from warehouse.database import server_failure


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """COPY rows into a table ("schema.name") within the connection's transaction."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with _mapped(), _driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def run_script(connection: Connection, statements: str) -> None:
    """Run several statements unchanged, in the connection's transaction; % has no special meaning."""
    with _mapped():
        _driver(connection).execute(statements)


def encrypt_password(connection: Connection, account: str, password: str) -> str:
    """The SCRAM verifier of a password: what the server keeps, so that no log has the password."""
    verifier: bytes = _driver(connection).pgconn.encrypt_password(
        password.encode(), account.encode(), b"scram-sha-256"
    )
    return verifier.decode()


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise server_failure(error) from error


def _driver(connection: Connection) -> Any:
    # psycopg opens the transaction that SQLAlchemy commits or rolls back.
    return connection.connection.driver_connection
