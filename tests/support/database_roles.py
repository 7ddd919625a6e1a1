"""Servers of their own for tests of roles: roles belong to a whole server, and these tests create and drop them."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from tests.support.postgres import FAST
from warehouse.database import connect
from warehouse.embedded.server import administrator_url, bundled_binaries, start_cluster, stop_cluster


def separate_server() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="chitieu-roles-"))
    folder.chmod(0o711)
    try:
        start_cluster(folder / "server", bundled_binaries(), FAST)
        yield administrator_url(folder / "server")
    finally:
        stop_cluster(folder / "server", bundled_binaries())
        shutil.rmtree(folder, ignore_errors=True)


def administer(server: str, *statements: str) -> None:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def new_database(server: str, more: str = "") -> str:
    name = f"test_{uuid.uuid4().hex}"
    administer(server, f"CREATE DATABASE {name} {more}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop(server: str, *urls: str) -> None:
    administer(server, *(f"DROP DATABASE {make_url(url).database} WITH (FORCE)" for url in urls))


def as_role(engine: Engine, role: str) -> Engine:
    """Another engine on the same database, of an account that has but this role."""
    account = f"{role}_account"
    with engine.begin() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :a"), {"a": account}):
            connection.execute(text(f"CREATE ROLE {account} LOGIN PASSWORD 'known' IN ROLE {role}"))
    return connect(engine.url.set(username=account, password="known").render_as_string(hide_password=False))
