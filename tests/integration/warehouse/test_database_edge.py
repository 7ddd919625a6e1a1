"""Failures of the server become DatabaseError; errors in statements stay SQLAlchemy's."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, ProgrammingError

from warehouse.database import DatabaseError, advisory_lock, connect


def test_a_connection_that_is_cut_is_a_retryable_error(database_url: str) -> None:
    engine, other = connect(database_url), connect(database_url)
    with engine.connect() as connection, other.connect() as killer:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
        killer.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
        with pytest.raises(DatabaseError, match=r"The database failed: .*terminat") as caught:
            connection.execute(text("SELECT 1"))
    assert caught.value.retryable
    with engine.connect() as connection:  # the pool has replaced the connection
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
    other.dispose()


def test_errors_in_statements_are_not_mapped(database_url: str) -> None:
    engine = connect(database_url)
    with engine.connect() as connection, pytest.raises(ProgrammingError):
        connection.execute(text("SELECT nothing FROM nowhere"))
    with engine.connect() as connection, pytest.raises(DataError):
        connection.execute(text("SELECT 1 / 0"))
    engine.dispose()


def _cut_and_fail(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    raise ZeroDivisionError


def test_a_lock_whose_connection_is_cut_raises_no_second_error(warehouse_url: str) -> None:
    engine, other = connect(warehouse_url), connect(warehouse_url)
    with pytest.raises(ZeroDivisionError), advisory_lock(engine, "test"):
        _cut_and_fail(other)
    engine.dispose()
    other.dispose()
