"""The audit chain: events are appended by the database, which links each to the one before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text


def append_event(
    connection: Connection, kind: str, subject: str, payload: Mapping[str, Any], now: datetime
) -> int:
    """Add an event to the chain; returns its number."""
    number = connection.scalar(
        text("SELECT audit.append_event(:kind, :subject, :payload, :now)"),
        {"kind": kind, "subject": subject, "payload": Jsonb(dict(payload)), "now": now},
    )
    return int(number or 0)


def closed_codes(connection: Connection, plan_code: str) -> list[str]:
    """The codes of a plan's closed periods, in the order of their closing."""
    return list(
        connection.execute(
            text(
                "SELECT subject FROM audit.event WHERE kind = 'close' AND payload ->> 'plan' = :plan"
                " ORDER BY event_id"
            ),
            {"plan": plan_code},
        ).scalars()
    )
