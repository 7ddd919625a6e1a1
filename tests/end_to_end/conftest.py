"""Fixtures of the end-to-end tests."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.office import Office
from tests.support.paths import ROOT
from tests.support.prefect_server import posts
from warehouse.database import connect


@pytest.fixture
def office(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Office:
    return Office(tmp_path, migrated_url, monkeypatch.setenv, capsys.readouterr)


@pytest.fixture
def prefect_database(prefect_database_url: str | None) -> dict[str, str]:
    """Prefect's server on PostgreSQL where this machine has one with pg_trgm, else on its own SQLite."""
    if prefect_database_url is None:
        return {}
    with connect(prefect_database_url).begin() as connection:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
    return {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": prefect_database_url.replace("+psycopg", "+asyncpg"),
    }


@pytest.fixture
def inbox() -> Iterator[tuple[str, list[str]]]:
    """A web server that keeps what is posted to it."""
    with posts() as server:
        yield server


@pytest.fixture
def prefect_environment(
    database_url: str, prefect_database: dict[str, str], tmp_path: Path
) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        **os.environ,
        **prefect_database,
        "PWD": str(ROOT),  # prefect.yaml takes it from the shell, from which the tests need not be started
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "CHITIEU_DATABASE_URL": database_url,
        "CHITIEU_HOME": str(tmp_path / "home"),
        "CHITIEU_SOURCES": f"file://{tmp_path / 'drive'}",
        "CHITIEU_NOW": "2020-04-01T08:00:00+07:00",
        "PYTHONPATH": str(ROOT),
    }
