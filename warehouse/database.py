"""The connection to the database: the edge at which failures of the server become DatabaseError."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from socket import gethostname
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from plans.errors import ChitieuError
from warehouse.sql_templates import read_sql

OLDEST_VERSION = 15
_LOCK_ROW = "SELECT 1 FROM audit.lock WHERE what = :what FOR UPDATE"
_OPTIONS = "Correct the options of CHITIEU_DATABASE_URL, behind its question mark."
# What to do where no connection can be made, by words of the server or the driver.
_HINTS = {
    "password authentication failed": "Check user and password in CHITIEU_DATABASE_URL.",
    "does not exist": "Create it (createdb, createuser), or correct CHITIEU_DATABASE_URL.",
    "pg_hba.conf": "Let the account of CHITIEU_DATABASE_URL in by a line of the server's pg_hba.conf.",
    "invalid connection option": _OPTIONS,
    "invalid sslmode": _OPTIONS,
    "too many": "Wait, or end idle sessions: the server allows no more connections.",
}
_HINT = "Check that the server runs, and its address in CHITIEU_DATABASE_URL."
_READ_ONLY = "25006"  # an SQLSTATE
# Classes of SQLSTATEs with which the server, and not the statement, is at fault: I/O and damaged data.
_SERVER_FAULTS = ("58", "XX")
_LOGGER = logging.getLogger("chitieu")


class DatabaseError(ChitieuError):
    """A database that cannot be used: one sentence, without the password."""


def connect(url: str, now: datetime | None = None) -> Engine:
    """Return an engine on the database at the SQLAlchemy URL, after one trial connection.

    `now` replaces the clock in the database's own functions. Raises DatabaseError; so does the engine later,
    where the server fails during a statement.
    """
    engine = _engine(url)
    if now is not None:
        event.listen(engine, "connect", _setting_now(now))
    _check_server(engine)
    event.listen(engine, "handle_error", _map_server_failure)
    return engine


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() != "postgresql":
            raise ValueError(address.drivername)
        return create_engine(
            address.set(drivername="postgresql+psycopg"),  # the only driver installed
            pool_size=3,
            pool_pre_ping=True,  # the server may have been restarted since a connection was last used
            connect_args={"application_name": "chitieu", "connect_timeout": 10},
        )
    except (ArgumentError, ValueError) as error:
        raise DatabaseError("CHITIEU_DATABASE_URL is no URL of a PostgreSQL database.") from error


def _check_server(engine: Engine) -> None:
    """Check that the server can be reached and is new enough. Raises DatabaseError."""
    address = _without_password(engine.url)
    try:
        with engine.connect() as connection:
            version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    except DBAPIError as error:
        reason = "no answer"
        if error.orig:
            reason = str(error.orig).strip().splitlines()[0].rpartition("failed: ")[2].rstrip(".")
        hint = next((hint for words, hint in _HINTS.items() if words in reason), _HINT)
        message = f"The database {address} cannot be reached: {reason}."
        raise DatabaseError(message, hint, retryable=True) from error
    if version < OLDEST_VERSION:
        raise DatabaseError(
            f"The database {address} is PostgreSQL {version}; {OLDEST_VERSION} or newer is needed."
        )


def _without_password(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _map_server_failure(context: ExceptionContext) -> None:
    """Raise DatabaseError where the server failed; errors in statements and data stay SQLAlchemy's.

    SQLAlchemy's own check of a pooled connection is left alone: it opens another where one is gone.
    """
    failure = context.sqlalchemy_exception
    if context.is_pre_ping or not isinstance(failure, DBAPIError):
        return
    state = str(getattr(failure.orig, "sqlstate", None) or "")
    if state == _READ_ONLY:
        hint = "Check default_transaction_read_only, and that this is the primary server and no standby."
        raise DatabaseError("The database is read-only.", hint) from failure.orig
    if isinstance(failure, OperationalError | InterfaceError) or state.startswith(_SERVER_FAULTS):
        raise server_failure(failure.orig) from failure.orig


def server_failure(error: BaseException | None) -> DatabaseError:
    """Return the driver's error as one of ours; the same attempt may succeed once the server works again."""
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    return DatabaseError(f"The database failed: {reason}.", retryable=True)


def _setting_now(now: datetime) -> Any:
    def set_now(driver_connection: Any, _record: object) -> None:
        driver_connection.execute("SELECT set_config('chitieu.now', %s, false)", (now.isoformat(),))
        driver_connection.commit()

    return set_now


@contextmanager
def advisory_lock(engine: Engine, what: str) -> Iterator[None]:
    """Wait until no other process does `what` on this database; a killed process releases it at once.

    It is a row lock in a table of the schema audit, so that no reader can take it. The session names its
    process while it holds the lock; another one that has to wait logs that name.
    """
    with engine.connect() as connection:
        _add_lock(connection, what)
        connection.commit()  # the row itself must not be waited for
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        free = connection.execute(text(f"{_LOCK_ROW} SKIP LOCKED"), {"what": what}).first()
        if free is None:
            _LOGGER.warning("Waiting for %s", _lock_holder(connection, what))
            connection.execute(text(_LOCK_ROW), {"what": what})
        name = f"{what}: process {os.getpid()} on {gethostname()}"
        connection.execute(text("SELECT set_config('application_name', :name, true)"), {"name": name})
        try:
            yield
        finally:
            with suppress(DatabaseError):  # a connection that is gone holds no lock
                connection.commit()


def lock_in_transaction(connection: Connection, what: str) -> None:
    """Wait until no other process does `what`; the lock ends with the connection's transaction."""
    _add_lock(connection, what)
    connection.execute(text(_LOCK_ROW), {"what": what})


def _add_lock(connection: Connection, what: str) -> None:
    query = "INSERT INTO audit.lock (what) VALUES (:what) ON CONFLICT DO NOTHING"
    connection.execute(text(query), {"what": what})


def _lock_holder(connection: Connection, what: str) -> str:
    """Who holds a lock: what it does, process, machine, and since when, as far as this account may see it."""
    holder = connection.execute(text(read_sql("queries/lock_holder")), {"what": what}).first()
    if holder is None:
        return f"another {what}"
    since = f", since {holder.xact_start:%Y-%m-%d %H:%M:%S %z}" if holder.xact_start else ""
    return f"another {holder.application_name}{since}"
