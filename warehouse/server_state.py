"""The state of the database server and of the warehouse on it, for an examination that changes nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, select, text

from warehouse.models.tables import LOAD
from warehouse.privacy.roles import ROLES
from warehouse.sql_templates import read_sql

CLOCKS_WRONG = timedelta(minutes=5)  # of difference, with which one of two clocks is wrong


@dataclass(frozen=True)
class ServerState:
    """Version and clock of the server, the roles that are missing, when the last load was.

    `clock` is the server's clock, also where CHITIEU_NOW replaces it; `last_load` is None where there is no
    warehouse or no load yet. `missing_protection` has what readers could do to the server, with the statement
    that prevents it.
    """

    version: str
    clock: datetime
    missing_roles: list[str]
    last_load: datetime | None
    missing_protection: dict[str, str] = field(default_factory=dict)


def read_server_state(engine: Engine) -> ServerState:
    """Read the state of a server in a few queries."""
    with engine.connect() as connection:
        version = str(connection.scalar(text("SHOW server_version")))
        clock = server_clock(connection)
        roles = set(connection.scalars(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'chitieu%'")))
        has_loads = connection.scalar(select(func.to_regclass(LOAD.fullname))) is not None
        last = select(LOAD.c.started_at).order_by(LOAD.c.load_id.desc()).limit(1)
        last_load = connection.scalar(last) if has_loads else None
        protection = connection.execute(text(read_sql("roles/missing_protection"))).tuples()
        missing = dict(protection.all())
    return ServerState(version, clock, [role for role in ROLES if role not in roles], last_load, missing)


def server_clock(connection: Connection) -> datetime:
    """Return the server's clock, also where CHITIEU_NOW replaces it."""
    clock: datetime | None = connection.scalar(select(func.clock_timestamp()))
    if clock is None:
        raise AssertionError("clock_timestamp() gives a moment")
    return clock
