"""End the sessions of readers that block the pipeline.

A reader can unset its timeouts and keep a transaction open; a statement that needs a table for itself, as
migrations have, would wait for it without end.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from warehouse.database import DatabaseError, advisory_lock

PATIENCE = timedelta(seconds=5)
_LOGGER = logging.getLogger("chitieu")


@contextmanager
def ending_blocking_readers(engine: Engine, patience: timedelta | None = None) -> Iterator[None]:
    """End the sessions of readers that keep the pipeline waiting longer than `patience`, within the block.

    Where the database has no such function yet, or its owner may not end sessions, nothing is ended.
    """
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(engine, done, patience or PATIENCE), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def exclusively(engine: Engine, what: str) -> Iterator[None]:
    """Wait until no other process does `what`; readers that block the pipeline are ended meanwhile."""
    with ending_blocking_readers(engine), advisory_lock(engine, what):
        yield


@contextmanager
def begin_writing(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction in which readers that block the pipeline are ended."""
    with ending_blocking_readers(engine), engine.begin() as connection:
        yield connection


def _watch(engine: Engine, done: threading.Event, patience: timedelta) -> None:
    while not done.wait(patience.total_seconds() / 2):
        try:
            with engine.begin() as connection:
                ended = connection.scalars(select(func.audit.end_blocking_readers(patience))).all()
        except (DatabaseError, SQLAlchemyError) as error:
            _LOGGER.debug("Sessions that block the pipeline cannot be ended: %s", error)
            return
        for account in ended:
            _LOGGER.warning(
                "The session of the reader %s was ended, because it blocked the pipeline.", account
            )
