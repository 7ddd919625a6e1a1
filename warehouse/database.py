"""Connections to the database; errors are one sentence without the password."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

OLDEST_VERSION = 15


class DatabaseError(RuntimeError):
    """A database that cannot be used: one sentence, without the password."""


def connect(url: str, now: datetime | None = None) -> Engine:
    """An engine on the database at the SQLAlchemy URL, tried once. Raises DatabaseError.

    `now` is the present for the database's own functions; None for its clock.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() != "postgresql":
            raise ValueError(address.drivername)
        engine = create_engine(
            address.set(drivername="postgresql+psycopg"),  # the only installed driver
            pool_size=3,
            pool_pre_ping=True,  # the server may have restarted since
            connect_args={"application_name": "chitieu", "connect_timeout": 10},
        )
    except (ArgumentError, ValueError) as error:
        raise DatabaseError("CHITIEU_DATABASE_URL is no URL of a PostgreSQL database.") from error
    if now is not None:
        event.listen(engine, "connect", _setting_now(now))
    name = address.render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
    except OperationalError as error:
        reason = (
            str(error.orig).strip().splitlines()[0].rpartition("failed: ")[2] if error.orig else "no answer"
        )
        raise DatabaseError(f"The database {name} cannot be reached: {reason}.") from error
    if version < OLDEST_VERSION:
        raise DatabaseError(
            f"The database {name} is PostgreSQL {version}; {OLDEST_VERSION} or newer is needed."
        )
    return engine


def _setting_now(now: datetime):  # type: ignore[no-untyped-def]
    def set_now(driver_connection, _record) -> None:  # type: ignore[no-untyped-def]
        driver_connection.execute("SELECT set_config('chitieu.now', %s, false)", (now.isoformat(),))
        driver_connection.commit()

    return set_now


@contextmanager
def advisory_lock(engine: Engine, what: str) -> Iterator[None]:
    """Hold the advisory lock `what` of this database; a killed process releases it at once."""
    with engine.connect() as connection:
        key = func.hashtext(f"chitieu.{what}")
        connection.execute(select(func.pg_advisory_lock(key)))
        connection.commit()
        try:
            yield
        finally:
            with suppress(OperationalError):  # a lost connection holds no lock
                connection.execute(select(func.pg_advisory_unlock(key)))
                connection.commit()
