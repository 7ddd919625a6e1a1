"""The audit chain: the database appends events and links each to the previous one."""

import os
import pwd
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, func, select, text

from warehouse.models.audit_tables import EVENT


def append_event(
    connection: Connection, kind: str, subject: str, payload: Mapping[str, Any], now: datetime
) -> int:
    """Append an event to the chain; returns its number.

    The payload has the reason, where one was given, as `reason`. The event also gets the database's
    own time, the role that logged in, and the account of the operating system.
    """
    parameters = {"kind": kind, "subject": subject, "payload": Jsonb(dict(payload)), "now": now}
    connection.execute(select(func.set_config("chitieu.account", account_name(), True)))
    number = connection.scalar(text("SELECT audit.append_event(:kind, :subject, :payload, :now)"), parameters)
    return int(number or 0)


def account_name() -> str:
    """The account of the operating system that this process runs as: its name, or its number without one."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def closed_codes(connection: Connection, plan_code: str) -> list[str]:
    """The codes of a plan's closed periods, in the order of their closing."""
    query = (
        select(EVENT.c.subject)
        .where(EVENT.c.kind == "close", EVENT.c.payload["plan"].astext == plan_code)
        .order_by(EVENT.c.event_id)
    )
    return list(connection.execute(query).scalars())
