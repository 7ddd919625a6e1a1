"""PostgreSQL servers for the tests: one of each kind for the whole run, a fresh database for each test."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from warehouse.embedded.server import administrator_url, bundled_binaries, start_cluster

# What a crash would lose is of no interest here, and syncing is most of what a small test waits for.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
FOLDER = "CHITIEU_TEST_SERVERS"  # the workers of a run inherit it


def _binaries() -> dict[str, Path]:
    found = {"embedded": bundled_binaries()}
    debian = [
        folder
        for folder in Path("/usr/lib/postgresql").glob(f"{os.environ.get('POSTGRESQL', '*')}/bin")
        if (folder / "initdb").exists() and folder.parent.name.isdigit() and int(folder.parent.name) >= 15
    ]
    if debian:
        found["debian"] = max(debian, key=lambda folder: int(folder.parent.name))
    return found


BINARIES = _binaries()


def running_server(name: str) -> str:
    """The URL of the superuser: tests tamper with rows and create roles."""
    folder = Path(os.environ[FOLDER]) / name
    start_cluster(folder, BINARIES[name], FAST)
    return administrator_url(folder)


def fresh_database(server: str, template: str = "template0") -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def shared_database(kind: str = "embedded") -> Iterator[str]:
    """The same on a kind of server, for what several tests share."""
    yield from fresh_database(running_server(kind))
