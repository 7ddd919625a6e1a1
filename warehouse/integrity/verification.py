"""Verify the audit chain link by link, and frozen figures and plans against what the chain recorded.

The chain can be verified without this project: the bytes of an event are specified in the concepts on audit.
"""

import json
from hashlib import sha256

from sqlalchemy import Connection, Integer, cast, func, select, text

from warehouse.integrity.digests import NO_ROWS, frozen_digests, person_total_digests
from warehouse.models.audit_tables import EVENT
from warehouse.sql_templates import read_sql

_LAST_HASH = select(func.encode(EVENT.c.hash, "hex")).order_by(EVENT.c.event_id.desc()).limit(1)


def chain_head(connection: Connection) -> str:
    """The hash of the last event in hex; empty without events."""
    return str(connection.scalar(_LAST_HASH) or "")


def published_head(connection: Connection) -> str:
    """The hash, in hex, of the last event that is no publication; published pages show it.

    A publication is an event itself: pages with its hash would have to be written again for it.
    """
    return str(connection.scalar(_LAST_HASH.where(EVENT.c.kind != "publish")) or "")


def verify_chain(connection: Connection, head: str | None = None) -> list[str]:
    """Report what is wrong with the chain, the first broken link first; `head` is a published one."""
    wrong: list[str] = []
    previous_hash, expected, recorded_before, hashes = b"", 1, 0, set()
    for number, *content, previous, digest in connection.execute(text(read_sql("verification/chain"))):
        occurred, recorded, role, account, kind, subject, payload = content
        if number != expected:
            wrong.append(f"Event {expected} is missing from the chain.")
        elif bytes(previous) != previous_hash:
            wrong.append(f"Event {number} does not follow the event before it.")
        event = event_text(number, (occurred, recorded), (role, account, kind, subject), payload)
        if sha256(bytes(previous) + event.encode()).digest() != bytes(digest):
            wrong.append(f"Event {number} ({kind} {subject}) is not what was recorded.")
        if int(recorded) <= recorded_before:
            wrong.append(f"Event {number} ({kind} {subject}) was not recorded after the event before it.")
        previous_hash, expected, recorded_before = bytes(digest), number + 1, int(recorded)
        hashes.add(previous_hash.hex())
    if head and head.lower() not in hashes:
        wrong.append(
            f"The published head {head[:16]}… is not in the chain: events were cut off or rewritten."
        )
    return wrong


def event_text(number: int, moments: tuple[str, str], texts: tuple[str, str, str, str], payload: str) -> str:
    """An event as its hash covers it, after the previous hash.

    `moments` are when it occurred and was recorded, in microseconds since 1970; `texts` are role, account,
    kind and subject; the payload is as PostgreSQL writes it.
    """
    quoted = [json.dumps(part, ensure_ascii=False) for part in texts]
    return f"[{number}, {', '.join([*moments, *quoted])}, {payload}]"


def verify_snapshots(connection: Connection) -> list[str]:
    """Report frozen figures that differ from what their closing recorded, or that no closing recorded."""
    payload = EVENT.c.payload
    edition = cast(payload["edition"].astext, Integer)
    query = select(payload["plan"].astext, EVENT.c.subject, edition, payload["sha256"].astext)
    rows = connection.execute(query.where(EVENT.c.kind == "close"))
    recorded = {(plan, period, number): digest for plan, period, number, digest in rows}
    stored = frozen_digests(connection)
    wrong = [
        f"{_edition(period, number)} of {plan} has frozen figures, but was not closed."
        for plan, period, number in stored.keys() - recorded
    ]
    wrong += [
        f"The frozen figures of {_edition(period, number)} of {plan} are not those that its closing recorded."
        for (plan, period, number), digest in recorded.items()
        if stored.get((plan, period, number)) != digest
    ]
    return sorted(wrong)


def verify_person_totals(connection: Connection) -> list[str]:
    """Report published sums of persons that are not those that the last closing of their period recorded."""
    payload = EVENT.c.payload
    query = select(payload["plan"].astext, EVENT.c.subject, payload["person_totals"].astext)
    rows = connection.execute(query.where(EVENT.c.kind == "close").order_by(EVENT.c.event_id))
    recorded = {(plan, period): digest or NO_ROWS for plan, period, digest in rows}  # the last one counts
    stored = person_total_digests(connection)
    return [
        f"The published sums of persons for {period} of {plan} are not those that its closing recorded."
        for plan, period in sorted({*recorded, *stored})
        if recorded.get((plan, period), NO_ROWS) != stored.get((plan, period), NO_ROWS)
    ]


def _edition(period: str, number: int) -> str:
    return period if number == 1 else f"{period}, edition {number},"


def verify_plans(connection: Connection) -> list[str]:
    """Report recorded plan versions that differ from the chain, are not in it, or are missing."""
    wrong: list[str] = []
    rows = connection.execute(text(read_sql("verification/plan_documents")))
    for plan, number, recorded_at, is_missing, is_unchanged in rows:
        if number is None:
            wrong.append(f"The version of plan {plan} recorded at {recorded_at} is not in the chain.")
        elif is_missing:
            wrong.append(f"The version of plan {plan} of event {number} is gone.")
        elif not is_unchanged:
            wrong.append(f"The version of plan {plan} is not what event {number} recorded.")
    return wrong
