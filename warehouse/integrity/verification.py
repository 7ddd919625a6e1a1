"""Check the audit chain link by link, and that the warehouse is what the chain says was loaded.

The chain can be checked without this project: the hash of an event is SHA-256 over the hash before and the
text `[number, microseconds since 1970, "kind", "subject", payload]`, the payload as the database writes it.
"""

import json
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from schemas.forms import BY_CODE
from warehouse.integrity.digests import digests_of, frozen_digests

_LOADING = ("ingest", "backfill")


def chain_head(connection: Connection) -> str:
    """The hash of the last event in hex; empty where nothing has happened yet."""
    return str(
        connection.scalar(text("SELECT encode(hash, 'hex') FROM audit.event ORDER BY event_id DESC LIMIT 1"))
        or ""
    )


def published_head(connection: Connection) -> str:
    """The hash, in hex, of the last event that is no publication: what published pages bear.

    A publication is an event itself; pages that bore its hash would have to be written again for it.
    """
    return str(
        connection.scalar(
            text(
                "SELECT encode(hash, 'hex') FROM audit.event WHERE kind <> 'publish'"
                " ORDER BY event_id DESC LIMIT 1"
            )
        )
        or ""
    )


def verify_chain(connection: Connection, head: str | None = None) -> list[str]:
    """What is wrong with the chain, the first broken link first; `head` is one that was published."""
    rows = connection.execute(
        text(
            "SELECT event_id, floor(extract(epoch FROM occurred_at) * 1000000)::text, kind, subject,"
            " payload::text, previous_hash, hash FROM audit.event ORDER BY event_id"
        )
    )
    wrong: list[str] = []
    before, expected, hashes = b"", 1, set()
    for number, moment, kind, subject, payload, previous, digest in rows:
        if number != expected:
            wrong.append(f"Event {expected} is missing from the chain.")
        elif bytes(previous) != before:
            wrong.append(f"Event {number} does not follow the event before it.")
        if event_hash(bytes(previous), number, moment, kind, subject, payload) != bytes(digest):
            wrong.append(f"Event {number} ({kind} {subject}) is not what was recorded.")
        before, expected = bytes(digest), number + 1
        hashes.add(before.hex())
    if head and head.lower() not in hashes:
        wrong.append(
            f"The published head {head[:16]}… is not in the chain: events were cut off or rewritten."
        )
    return wrong


def event_hash(previous: bytes, number: int, moment: str, kind: str, subject: str, payload: str) -> bytes:
    """The hash of an event from its parts, as the database reckons it."""
    said = (json.dumps(part, ensure_ascii=False) for part in (kind, subject))
    return sha256(previous + f"[{number}, {moment}, {', '.join(said)}, {payload}]".encode()).digest()


def verify_facts(connection: Connection) -> list[str]:
    """What in the warehouse is not what the chain says was loaded, and facts that no report stands behind."""
    return [*_against_chain(connection), *_orphans(connection), *_wrongly_in_force(connection)]


def verify_snapshots(connection: Connection) -> list[str]:
    """Frozen figures that are not what their closing recorded, or that no closing recorded."""
    rows = connection.execute(
        text("SELECT payload ->> 'plan', subject, payload ->> 'sha256' FROM audit.event WHERE kind = 'close'")
    )
    told = {(plan, period): digest for plan, period, digest in rows}
    kept = frozen_digests(connection)
    wrong = [
        f"{period} of {plan} has frozen figures, but was not closed." for plan, period in kept.keys() - told
    ]
    wrong += [
        f"The frozen figures of {period} of {plan} are not those that its closing recorded."
        for (plan, period), digest in told.items()
        if kept.get((plan, period)) != digest
    ]
    return sorted(wrong)


def verify_plans(connection: Connection) -> list[str]:
    """What plans said that is not what the chain recorded, or that it did not record, or that is gone."""
    rows = connection.execute(
        text(
            "SELECT coalesce(e.subject, d.plan_code), e.event_id, d.recorded_at, d.document IS NULL,"
            " encode(sha256(convert_to(d.document, 'UTF8')), 'hex') = e.sha256"
            " FROM (SELECT event_id, subject, occurred_at, payload ->> 'sha256' AS sha256 FROM audit.event"
            " WHERE kind = 'plan' AND payload ? 'document_kept') e FULL JOIN audit.plan_document d"
            " ON d.plan_code = e.subject AND d.recorded_at = e.occurred_at AND d.sha256 = e.sha256"
            " ORDER BY e.event_id, d.recorded_at"
        )
    )
    wrong: list[str] = []
    for plan, number, recorded_at, is_gone, is_right in rows:
        if number is None:
            wrong.append(f"What the plan {plan} is to have said at {recorded_at} is not in the chain.")
        elif is_gone:
            wrong.append(f"What the plan {plan} said at event {number} is gone.")
        elif not is_right:
            wrong.append(f"What the plan {plan} said is not what event {number} recorded.")
    return wrong


def _against_chain(connection: Connection) -> list[str]:
    payloads = connection.execute(
        text("SELECT payload FROM audit.event WHERE kind = ANY(:kinds) ORDER BY event_id"),
        {"kinds": list(_LOADING)},
    )
    told: dict[int, dict[str, Any]] = {
        entry["submission_id"]: entry for payload in payloads.scalars() for entry in payload["submissions"]
    }
    rows = connection.execute(
        text(
            "SELECT submission_id, body_code, form_code, period_code, revision, status, sha256"
            " FROM audit.submission"
        )
    )
    stored = {row["submission_id"]: dict(row) for row in rows.mappings()}
    digests = digests_of(connection, sorted(stored), BY_CODE)
    wrong = [f"Submission {n} is gone." for n in sorted(told.keys() - stored.keys())]
    wrong += [f"Submission {n} is not in the audit chain." for n in sorted(stored.keys() - told.keys())]
    for number in sorted(told.keys() & stored.keys()):
        now = stored[number] | digests[number]
        differing = [key for key, value in told[number].items() if now[key] != value]
        names = {"findings": "its findings", "facts": "its fact rows"}
        if differing:
            what = ", ".join(names.get(key, key) for key in differing)
            wrong.append(f"Submission {number}: {what} are not what was loaded.")
    return wrong


def _orphans(connection: Connection) -> list[str]:
    wrong: list[str] = []
    for form in BY_CODE.values():
        rows = connection.execute(
            text(
                f"SELECT f.fact_id, f.submission_id FROM dw.fact_{form.key} f"
                " LEFT JOIN audit.submission s ON s.submission_id = f.submission_id"
                " AND s.revision IS NOT NULL AND s.form_code = :code WHERE s.submission_id IS NULL"
            ),
            {"code": form.code},
        )
        wrong += [
            f"Fact {row[0]} of {form.key} belongs to submission {row[1]}, which was not accepted."
            for row in rows
        ]
    return wrong


def _wrongly_in_force(connection: Connection) -> list[str]:
    """Reports whose latest revision is not the one in force."""
    wrong: list[str] = []
    for form in BY_CODE.values():
        rows = connection.execute(
            text(
                "SELECT s.submission_id FROM audit.submission s JOIN (SELECT plan_code, body_code, form_code,"
                " period_code, max(revision) AS revision FROM audit.submission WHERE revision IS NOT NULL"
                " AND form_code = :code GROUP BY 1, 2, 3, 4) latest"
                " USING (plan_code, body_code, form_code, period_code)"
                f" JOIN dw.fact_{form.key} f ON f.submission_id = s.submission_id"
                " WHERE s.revision IS NOT NULL"
                " AND (s.revision = latest.revision) <> (f.superseded_at IS NULL)"
                " GROUP BY 1 ORDER BY 1"
            ),
            {"code": form.code},
        )
        wrong += [
            f"Submission {number} ({form.key}): the wrong revision is in force." for number in rows.scalars()
        ]
    return wrong
