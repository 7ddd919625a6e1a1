"""The audit chain: the database appends events and links each to the previous one."""

import os
import pwd
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Integer, cast, func, select, text

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


def latest_editions(connection: Connection, plan_code: str) -> dict[str, int]:
    """The latest edition of each period of a plan that was ever closed, in the order of the first closing."""
    payload = EVENT.c.payload
    query = (
        select(EVENT.c.subject, func.max(cast(payload["edition"].astext, Integer)))
        .where(EVENT.c.kind == "close", payload["plan"].astext == plan_code)
        .group_by(EVENT.c.subject)
        .order_by(func.min(EVENT.c.event_id))
    )
    return dict(connection.execute(query).tuples().all())
