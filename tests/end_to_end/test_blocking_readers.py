"""A reader in an open transaction stops no command of the pipeline: the reader is ended, and the work is done."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from services.backfill import backfill
from services.context import AppContext
from services.erasure import purge
from services.ingest import IngestContext, ingest
from services.plan_apply import apply_compared_plan, compare_plan
from services.preparation import prepare_database
from services.publish import publish_to
from services.retraction import unwaive, waive, withdraw
from services.scheduled_jobs import close_due
from services.settings import Settings
from tests.support.database_roles import as_role, drop, new_database, separate_server
from tests.support.pipeline import PLAN, ingested_sample
from warehouse import blocking_readers
from warehouse.database import DatabaseError
from warehouse.privacy.roles import create_roles

pytestmark = pytest.mark.long

VIEWS = ("area", "plan", "submission", "reporting_status", "target_indicator", "drive_freshness")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppContext]:
    """The sample drive on a server of its own, where a session gives a lock up after three seconds."""
    folder = tmp_path_factory.mktemp("blocked")
    for server in separate_server():
        url = new_database(server)
        made = ingested_sample(url, folder)
        assert create_roles(made.engine) == []
        event.listen(made.engine, "checkout", _limit_waiting)
        settings = Settings(home=folder, database_url=url, sources=())
        yield AppContext(settings, PLAN, made.now, made.engine)
        made.engine.dispose()
        drop(server, url)


def _limit_waiting(driver_connection: Any, *_: object) -> None:
    driver_connection.execute("SET lock_timeout = '3s'")
    driver_connection.commit()


def a_submission(context: AppContext) -> int:
    query = (
        "SELECT max(submission_id) FROM audit.submission AS s WHERE revision IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM audit.withdrawal AS w WHERE w.submission_id = s.submission_id)"
    )
    with context.engine.connect() as connection:
        return int(connection.scalar(text(query)) or 0)


COMMANDS: dict[str, Callable[[AppContext, int], object]] = {
    "init": lambda context, _: prepare_database([context]),
    "ingest": lambda context, _: ingest(IngestContext.of(context), [str(context.settings.home / "drive")]),
    "plan diff": lambda context, _: compare_plan(context),
    "plan apply": lambda context, _: apply_compared_plan(context),
    "waive": lambda context, _: waive(context, "CAT", "01-PCMD", "2020-M05", "not owed"),
    "unwaive": lambda context, _: unwaive(context, "CAT", "01-PCMD", "2020-M05", "owed"),
    "close": lambda context, _: close_due(context, "M"),
    "backfill": lambda context, _: backfill(context, ["2020-M03"], False),
    "withdraw": lambda context, number: withdraw(context, number, "sent by mistake"),
    "purge": lambda context, number: purge([context], number, "names of persons"),
    "publish": lambda context, _: publish_to(context, context.settings.home / "pages"),
}

READ = {"ingest": "audit.drive_freshness", "plan diff": "dw.dim_plan", "plan apply": "dw.dim_plan"}


@contextmanager
def blocked_by_a_reader(engine: Engine, table: str) -> Iterator[Any]:
    """A reader in an open transaction, and behind it a statement that needs a table of its views for itself."""
    account = as_role(engine, "chitieu_bi")
    with account.connect() as reader:
        reader.execute(text("SET statement_timeout = 0"))
        reader.execute(text("SET idle_in_transaction_session_timeout = 0"))
        for view in VIEWS:
            reader.execute(text(f"SELECT 1 FROM mart.{view} LIMIT 1"))
        behind = threading.Thread(target=_take_exclusively, args=(engine, table), daemon=True)
        behind.start()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.scalar(text(WAITING)):
                pass
        yield reader
        reader.invalidate()
        behind.join()
    account.dispose()


def _take_exclusively(engine: Engine, table: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_reader_that_blocks_a_command_is_ended(
    name: str, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking_readers, "PATIENCE", timedelta(seconds=0.4))
    number, table = a_submission(context), READ.get(name, "dw.dim_area")
    with blocked_by_a_reader(context.engine, table) as reader:
        COMMANDS[name](context, number)
        with suppress(DatabaseError, DBAPIError):
            reader.execute(text("SELECT 1"))
            pytest.fail("the reader was not ended")


def test_a_reader_blocks_a_command_that_does_not_end_it(context: AppContext) -> None:
    with blocked_by_a_reader(context.engine, "dw.dim_area") as reader:
        with (
            pytest.raises((DatabaseError, DBAPIError), match="lock timeout"),
            context.engine.begin() as connection,
        ):
            connection.execute(text("SELECT 1 FROM dw.dim_area"))
        assert reader.scalar(text("SELECT 1")) == 1
