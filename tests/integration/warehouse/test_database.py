"""The connection: faults are reported in one sentence, without the password."""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from warehouse import database
from warehouse.database import DatabaseError, advisory_lock, connect
from warehouse.migrations.upgrade import migrate


def one_sentence(caught: pytest.ExceptionInfo[DatabaseError]) -> str:
    words = str(caught.value)
    assert "\n" not in words
    assert words.endswith(".")
    return words


def test_an_unreachable_server_is_named_without_the_password() -> None:
    with pytest.raises(DatabaseError) as caught:
        connect("postgresql+psycopg://someone:geheim123@127.0.0.1:1/x")
    words = one_sentence(caught)
    assert "127.0.0.1:1" in words
    assert "refused" in words
    assert "geheim123" not in words


def test_a_wrong_password_is_not_shown(database_url: str) -> None:
    wrong = make_url(database_url).set(password="geheim123")
    with pytest.raises(DatabaseError) as caught:
        connect(wrong.render_as_string(hide_password=False))
    words = one_sentence(caught)
    assert "password authentication failed" in words
    assert "geheim123" not in words
    assert "geheim123" not in str(caught.value.__cause__)


def test_a_missing_database_is_named(database_url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        connect(make_url(database_url).set(database="nowhere").render_as_string(hide_password=False))
    assert 'database "nowhere" does not exist' in one_sentence(caught)


@pytest.mark.parametrize(
    "url",
    [
        *("", "geheim123", "postgresql+psycopg://u:geheim123@h:port/x", "oracle9://u:geheim123@h/x"),
        *("sqlite://", "mysql://u:geheim123@h/x", "mysql+nodriver://u:geheim123@h/x", "/some/file"),
    ],
)
def test_an_unsupported_url_is_reported(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        connect(url)
    words = one_sentence(caught)
    assert "CHITIEU_DATABASE_URL" in words
    assert "geheim123" not in words


@pytest.mark.parametrize("driver", ["postgresql", "postgresql+psycopg2", "postgresql+asyncpg"])
def test_any_url_of_a_postgresql_is_taken(database_url: str, driver: str) -> None:
    with connect(database_url.replace("postgresql+psycopg", driver)).connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_an_old_server_is_refused(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_VERSION", 99)
    with pytest.raises(DatabaseError, match="99 or newer is needed") as caught:
        connect(database_url)
    assert (make_url(database_url).password or "") not in one_sentence(caught)


def test_the_present_can_be_set_and_is_the_clock_otherwise(any_database_url: str) -> None:
    then = datetime(2020, 3, 14, 17, 30, tzinfo=UTC)
    migrate(connect(any_database_url))
    with connect(any_database_url, then).connect() as connection:
        assert connection.scalar(text("SELECT audit.present()")) == then
        connection.rollback()
        assert connection.scalar(text("SELECT audit.present()")) == then
    with connect(any_database_url).connect() as connection:
        present = connection.scalar(text("SELECT audit.present()"))
    assert present is not None
    assert abs(present - datetime.now(UTC)) < timedelta(minutes=1)


def test_one_at_a_time_waits_for_the_other_and_only_for_the_same(warehouse_url: str) -> None:
    engine = connect(warehouse_url)
    order: list[str] = []
    entered = threading.Event()

    def second() -> None:
        entered.set()
        with advisory_lock(engine, "ingest"):
            order.append("second")

    other = threading.Thread(target=second)
    with advisory_lock(engine, "ingest"):
        other.start()
        assert entered.wait(5)
        with advisory_lock(engine, "publish"):
            order.append("something else")
        other.join(0.2)
        order.append("first")
    other.join(5)
    assert order == ["something else", "first", "second"]


def test_what_goes_wrong_inside_lets_the_next_one_in(warehouse_url: str) -> None:
    engine = connect(warehouse_url)
    with pytest.raises(ZeroDivisionError), advisory_lock(engine, "ingest"):
        raise ZeroDivisionError
    with advisory_lock(connect(warehouse_url), "ingest"):
        pass


def test_a_lost_connection_does_not_hide_what_went_wrong(warehouse_url: str) -> None:
    """The server falls while the work is done: the work's own error is what counts."""
    engine = connect(warehouse_url)
    with pytest.raises(ZeroDivisionError):
        _fall_into_trouble(engine)


def _fall_into_trouble(engine: Engine) -> None:
    with advisory_lock(engine, "ingest"), engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'audit.lock'::regclass"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                " AND pid <> pg_backend_pid()"
            )
        )
        raise ZeroDivisionError


def _hold(url: str, holding: Event) -> None:
    with advisory_lock(connect(url), "ingest"):
        holding.set()
        signal.pause()


def test_whoever_is_killed_lets_go(warehouse_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    holding = context.Event()
    holder = context.Process(target=_hold, args=(warehouse_url, holding), daemon=True)
    holder.start()
    assert holding.wait(20)
    assert holder.pid
    os.kill(holder.pid, signal.SIGKILL)
    holder.join(5)
    waiter = threading.Thread(target=_take, args=(warehouse_url,), daemon=True)
    waiter.start()
    waiter.join(5)
    assert not waiter.is_alive()


def _take(url: str) -> None:
    with advisory_lock(connect(url), "ingest"):
        pass


def test_a_waiting_ingest_names_the_process_that_it_waits_for(warehouse_url: str, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    holding = context.Event()
    holder = context.Process(target=_hold, args=(warehouse_url, holding), daemon=True)
    holder.start()
    assert holding.wait(20)
    drive = tmp_path / "drive"
    drive.mkdir()
    environment = os.environ | {"CHITIEU_DATABASE_URL": warehouse_url, "CHITIEU_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "cli.main", "ingest", f"file://{drive}"]
    ingest = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert ingest.stderr
    waiting = next(line for line in ingest.stderr if line.startswith("Waiting"))
    name = f"another ingest: process {holder.pid} on {re.escape(socket.gethostname())}"
    assert re.fullmatch(rf"Waiting for {name}, since \d{{4}}-\d\d-\d\d [\d:]{{8}} \+0000\n", waiting)
    holder.kill()
    ingest.communicate(timeout=60)
    assert ingest.returncode == 0
