"""Real PostgreSQL servers for the tests: one of each kind for the whole run, a fresh database for each test."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from warehouse.embedded import bundled_binaries, start_cluster, stop_cluster

# What a crash would lose is of no interest here, and syncing is most of what a small test waits for.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_FOLDER = "CHITIEU_TEST_SERVERS"  # the workers of a run inherit it


def _binaries() -> dict[str, Path]:
    found = {"embedded": bundled_binaries()}
    debian = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists() and folder.parent.name.isdigit() and int(folder.parent.name) >= 15
    ]
    if debian:
        found["debian"] = max(debian, key=lambda folder: int(folder.parent.name))
    return found


BINARIES = _binaries()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="chitieu-tests-"))
        folder.chmod(0o711)  # the server's user passes through
        os.environ[_FOLDER] = str(folder)
    for name in [name for name in os.environ if name.startswith(("CHITIEU_", "PREFECT_"))]:
        if name != _FOLDER:
            del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: begun last, it would run alone at the end."""
    items.sort(key=lambda item: "test_deployments" not in item.nodeid)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ[_FOLDER])
        for name, binaries in BINARIES.items():
            stop_cluster(folder / name, binaries)
        shutil.rmtree(folder, ignore_errors=True)


def _server(name: str) -> str:
    return start_cluster(Path(os.environ[_FOLDER]) / name, BINARIES[name], _FAST)


def _fresh_database(server: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def database_url() -> Iterator[str]:
    """The URL of an empty database of its own on the embedded server."""
    yield from _fresh_database(_server("embedded"))


@contextmanager
def shared_database(kind: str = "embedded") -> Iterator[str]:
    """The same on a kind of server, for what several tests share."""
    yield from _fresh_database(_server(kind))


@pytest.fixture
def another_database_url() -> Iterator[str]:
    """One more, to compare with."""
    yield from _fresh_database(_server("embedded"))


@pytest.fixture(params=sorted(BINARIES))
def any_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same on each kind of server that this machine has."""
    yield from _fresh_database(_server(request.param))


@pytest.fixture
def prefect_database_url() -> Iterator[str | None]:
    """A database for Prefect's own server, which needs an extension that only the distribution's server has."""
    if "debian" in BINARIES:
        yield from _fresh_database(_server("debian"))
    else:
        yield None
