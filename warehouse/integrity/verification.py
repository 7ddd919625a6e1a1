"""Verify the audit chain link by link, and the warehouse against what the chain recorded.

The chain can be verified without this project: the hash of an event is SHA-256 over the previous hash and the
text `[number, microseconds since 1970, "kind", "subject", payload]`, the payload as the database writes it.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Integer, cast, func, select, text

from schemas.forms import BY_CODE
from warehouse.integrity.digests import digests_of, former_digests, frozen_digests, recorded_again_digest
from warehouse.models.audit_tables import EVENT, WITHDRAWAL
from warehouse.models.tables import SUBMISSION
from warehouse.sql_templates import read_sql, render

_LOADING = ("ingest", "backfill")
_LAST_HASH = select(func.encode(EVENT.c.hash, "hex")).order_by(EVENT.c.event_id.desc()).limit(1)
_RECORDED = ("submission_id", "body_code", "form_code", "period_code", "revision", "status", "sha256")


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
    previous_hash, expected, hashes = b"", 1, set()
    events = connection.execute(text(read_sql("verification/chain")))
    for number, moment, kind, subject, payload, previous, digest in events:
        if number != expected:
            wrong.append(f"Event {expected} is missing from the chain.")
        elif bytes(previous) != previous_hash:
            wrong.append(f"Event {number} does not follow the event before it.")
        if event_hash(bytes(previous), number, moment, kind, subject, payload) != bytes(digest):
            wrong.append(f"Event {number} ({kind} {subject}) is not what was recorded.")
        previous_hash, expected = bytes(digest), number + 1
        hashes.add(previous_hash.hex())
    if head and head.lower() not in hashes:
        wrong.append(
            f"The published head {head[:16]}… is not in the chain: events were cut off or rewritten."
        )
    return wrong


def event_hash(previous: bytes, number: int, moment: str, kind: str, subject: str, payload: str) -> bytes:
    """The hash of an event from its parts, as audit.event_hash computes it."""
    quoted_kind, quoted_subject = (json.dumps(part, ensure_ascii=False) for part in (kind, subject))
    event = f"[{number}, {moment}, {quoted_kind}, {quoted_subject}, {payload}]"
    return sha256(previous + event.encode()).digest()


def verify_facts(connection: Connection) -> list[str]:
    """Report loaded rows that differ from the chain, facts without a report and wrong revisions."""
    return [
        *_differences_from_chain(connection),
        *_orphan_facts(connection),
        *_wrong_revisions(connection),
        *_wrong_withdrawals(connection),
    ]


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


def _differences_from_chain(connection: Connection) -> list[str]:
    recorded = _recorded_submissions(connection)
    stored = _stored_submissions(connection)
    digests = digests_of(connection, sorted(stored), BY_CODE)
    wrong = [f"Submission {n} is gone." for n in sorted(recorded.keys() - stored.keys())]
    wrong += [f"Submission {n} is not in the audit chain." for n in sorted(stored.keys() - recorded.keys())]
    names = {"findings": "its findings", "facts": "its fact rows"}
    for number in sorted(recorded.keys() & stored.keys()):
        now = stored[number] | digests[number]
        differing = [
            names.get(key, key)
            for key, value in recorded[number].items()
            if now[key] != value and not (key == "facts" and _was_renamed(connection, now, value))
        ]
        if differing:
            wrong.append(f"Submission {number}: {', '.join(differing)} are not what was loaded.")
    return wrong


def _was_renamed(connection: Connection, submission: dict[str, Any], digest: str) -> bool:
    """Whether the fact rows have the digest under names that measures of the form had before."""
    form = BY_CODE.get(submission["form_code"] or "")
    return form is not None and digest in former_digests(connection, form, submission["submission_id"])


def _recorded_submissions(connection: Connection) -> dict[int, dict[str, Any]]:
    """The submissions as the events of their loads recorded them, by number."""
    query = select(EVENT.c.payload).where(EVENT.c.kind.in_(_LOADING)).order_by(EVENT.c.event_id)
    payloads = connection.execute(query).scalars()
    return {entry["submission_id"]: entry for payload in payloads for entry in payload["submissions"]}


def _stored_submissions(connection: Connection) -> dict[int, dict[str, Any]]:
    rows = connection.execute(select(*(SUBMISSION.c[name] for name in _RECORDED))).mappings()
    return {row["submission_id"]: dict(row) for row in rows}


def _orphan_facts(connection: Connection) -> Iterator[str]:
    for form in BY_CODE.values():
        query = render("verification/orphan_facts", fact_table=f"dw.fact_{form.key}")
        for fact, submission in connection.execute(text(query), {"form_code": form.code}):
            yield f"Fact {fact} of {form.key} belongs to submission {submission}, which was not accepted."


def _wrong_revisions(connection: Connection) -> Iterator[str]:
    """Reports whose latest revision is not the current one."""
    for form in BY_CODE.values():
        query = render("verification/wrong_revisions", fact_table=f"dw.fact_{form.key}")
        for number in connection.execute(text(query), {"form_code": form.code}).scalars():
            yield f"Submission {number} ({form.key}): the wrong revision is in force."


def _wrong_withdrawals(connection: Connection) -> Iterator[str]:
    """Withdrawals that differ from the chain, or whose restored rows do."""
    events = select(EVENT.c.event_id, EVENT.c.payload).where(EVENT.c.kind == "withdraw")
    recorded = {payload["submission_id"]: (number, payload) for number, payload in connection.execute(events)}
    table = select(WITHDRAWAL.c.submission_id, WITHDRAWAL.c.event_id, WITHDRAWAL.c.restored_id)
    stored = {row.submission_id: (row.event_id, row.restored_id) for row in connection.execute(table)}
    for submission in sorted(recorded.keys() | stored.keys()):
        number, payload = recorded.get(submission, (0, {}))
        if stored.get(submission) != (number, payload.get("restored")):
            yield f"The withdrawal of submission {submission} is not what the audit chain recorded."
        elif payload["restored"] is not None:
            yield from _wrong_restoration(connection, payload)


def _wrong_restoration(connection: Connection, payload: dict[str, Any]) -> Iterator[str]:
    number = payload["restored"]
    form = connection.scalar(select(SUBMISSION.c.form_code).where(SUBMISSION.c.submission_id == number))
    declared, load_id, recorded = BY_CODE[form or ""], payload["load_id"], payload["facts"]
    if recorded_again_digest(connection, declared, number, load_id) == recorded:
        return
    if recorded not in former_digests(connection, declared, number, load_id):
        yield f"Submission {number}: the rows that are in force again are not those that were recorded."
