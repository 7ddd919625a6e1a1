"""The accounts of the embedded cluster: its superuser, the owner of the database, and their passwords.

Each password is in a file of the cluster's folder with mode 0600, named after the account. A cluster of the
first release has one account only, a superuser that owns the database; it keeps working.
"""

import os
import secrets
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

DATABASE = "chitieu"
ADMINISTRATOR = "chitieu_admin"
OWNER = "chitieu"
_ADMINISTRATOR_FILE = "password"
# What a reader could fill the disk, the write-ahead log or the lock table of the server with, after which
# nobody can connect. Each database has its own copy of the rights.
_EXHAUSTING_FUNCTIONS = """
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND p.proname ~ '^(lo(_|read$|write$)|pg_(try_)?advisory_|pg_logical_emit_message$)'
"""


def administrator(folder: Path) -> str:
    """The superuser of a cluster."""
    return ADMINISTRATOR if _file(folder, OWNER).exists() else OWNER


def read_password(folder: Path, account: str) -> str:
    """Read the password of an account; FileNotFoundError if it has none yet."""
    path = _file(folder, account)
    if account == administrator(folder):
        path = folder / _ADMINISTRATOR_FILE
    return path.read_text(encoding="utf-8").strip()


def make_passwords(folder: Path) -> Path:
    """Write new passwords of the superuser and the owner; return the superuser's file, which initdb reads."""
    save_password(folder, OWNER, secrets.token_urlsafe(24))
    return save_password(folder, ADMINISTRATOR, secrets.token_urlsafe(24))


def save_password(folder: Path, account: str, password: str) -> Path:
    """Write the password of an account, readable by the current user only; return its file."""
    path = _file(folder, account)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{password}\n")
    fresh.replace(path)
    return path


def create_owner(folder: Path, server: str) -> None:
    """Create the owner and its database, unless they exist; the caller holds the cluster's lock.

    `server` is the superuser's libpq URL of the database postgres.
    """
    with psycopg.connect(server, autocommit=True, connect_timeout=10) as connection:
        if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", OWNER):
            _create_account(connection, read_password(folder, OWNER))
            connection.execute(  # to end the sessions of readers that block the pipeline
                sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(OWNER))
            )
        if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    with psycopg.connect(server, dbname=DATABASE, autocommit=True, connect_timeout=10) as connection:
        for (statement,) in connection.execute(_EXHAUSTING_FUNCTIONS).fetchall():
            connection.execute(statement)
        owner = sql.Identifier(OWNER)
        # The owner's first migration locks with it.
        grant = "GRANT EXECUTE ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint) TO {}"
        connection.execute(sql.SQL(grant).format(owner))
        for database in ("postgres", "template1"):  # in these, PUBLIC has the rights
            connection.execute(
                sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
            )
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), owner)
            )


def _create_account(connection: psycopg.Connection, password: str) -> None:
    # The server gets a SCRAM verifier, so that the password is in none of its logs.
    verifier = connection.pgconn.encrypt_password(password.encode(), OWNER.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
            sql.Identifier(OWNER), sql.Literal(verifier.decode())
        )
    )


def _exists(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None


def _file(folder: Path, account: str) -> Path:
    return folder / (_ADMINISTRATOR_FILE if account == ADMINISTRATOR else f"{account}.password")
