"""The audit chain: the database appends events and links each to the previous one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, select, text

from warehouse.models.audit_tables import EVENT


def append_event(
    connection: Connection, kind: str, subject: str, payload: Mapping[str, Any], now: datetime
) -> int:
    """Append an event to the chain; returns its number."""
    number = connection.scalar(
        text("SELECT audit.append_event(:kind, :subject, :payload, :now)"),
        {"kind": kind, "subject": subject, "payload": Jsonb(dict(payload)), "now": now},
    )
    return int(number or 0)


def closed_codes(connection: Connection, plan_code: str) -> list[str]:
    """The codes of a plan's closed periods, in the order of their closing."""
    query = (
        select(EVENT.c.subject)
        .where(EVENT.c.kind == "close", EVENT.c.payload["plan"].astext == plan_code)
        .order_by(EVENT.c.event_id)
    )
    return list(connection.execute(query).scalars())
