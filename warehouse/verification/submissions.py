"""Verify submissions, findings, facts, withdrawals and purges against what the audit chain recorded."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from warehouse.form_catalog import catalog_of
from warehouse.integrity.digests import NO_ROWS, former_digests, recorded_again_digest, submission_entries
from warehouse.models.audit_tables import EVENT, PURGE, WITHDRAWAL
from warehouse.models.form_tables import fact_table
from warehouse.models.submission_table import SUBMISSION
from warehouse.sql_templates import render

Entries = dict[int, dict[str, Any]]

_LOADING = ("ingest", "backfill")
_NAMES = {"findings": "its findings", "facts": "its fact rows"}
ERASED = ("file_name", "sheet_name")  # columns of a submission that a purge empties
_EMPTY = {"findings": NO_ROWS, "facts": NO_ROWS}


def verify_facts(connection: Connection) -> list[str]:
    """Report loaded rows that differ from the chain, facts without a report and wrong revisions."""
    purged = _purges(connection)
    return [
        *_differences_from_chain(connection, frozenset(purged)),
        *_rows_of(connection, "orphan_facts"),
        *_rows_of(connection, "wrong_revisions"),
        *_rows_of(connection, "superseded_moments"),
        *_wrong_withdrawals(connection, frozenset(purged)),
        *_wrong_purges(connection, purged),
    ]


def _differences_from_chain(connection: Connection, purged: frozenset[int]) -> Iterator[str]:
    """Submissions that are gone, not recorded, recorded twice, or whose columns or rows differ."""
    numbers = connection.execute(select(SUBMISSION.c.submission_id).order_by(SUBMISSION.c.submission_id))
    stored = submission_entries(connection, list(numbers.scalars()), catalog_of(connection).by_code)
    recorded: Entries = {}
    query = select(EVENT.c.event_id, EVENT.c.payload).where(EVENT.c.kind.in_(_LOADING))
    for event_id, payload in connection.execute(query.order_by(EVENT.c.event_id)):
        for entry in payload["submissions"]:
            number = entry["submission_id"]
            if number in recorded:
                yield f"Event {event_id} records submission {number}, which was recorded before."
            if entry["load_id"] != payload["load_id"]:
                yield f"Event {event_id} records submission {number} of another load."
            recorded.setdefault(number, entry)
    yield from (f"Submission {n} is gone." for n in sorted(recorded.keys() - stored.keys()))
    yield from (f"Submission {n} is not in the audit chain." for n in sorted(stored.keys() - recorded.keys()))
    for number in sorted(recorded.keys() & stored.keys()):
        expected, now = recorded[number], stored[number]
        if number in purged:
            expected = expected | _EMPTY | {name: now[name] for name in ERASED}
        keys = sorted(key for key in now.keys() | expected if now.get(key) != expected.get(key))
        if keys == ["facts"] and _was_renamed(connection, now, expected["facts"]):
            continue
        if keys:
            names = ", ".join(_NAMES.get(key, key) for key in keys)
            yield f"Submission {number}: {names} are not what was loaded."


def _was_renamed(connection: Connection, submission: dict[str, Any], digest: str) -> bool:
    """Whether the fact rows have the digest under names that measures of the form had before."""
    form = catalog_of(connection).by_code.get(submission["form_code"] or "")
    return form is not None and digest in former_digests(connection, form, submission["submission_id"])


_MESSAGES = {
    "orphan_facts": "Fact {1} of {0} belongs to submission {2}, which was not accepted.",
    "wrong_revisions": "Submission {1} ({0}): the wrong revision is in force.",
    "superseded_moments": "Submission {1} ({0}): its rows were not superseded when they were replaced.",
}


def _rows_of(connection: Connection, check: str) -> Iterator[str]:
    """Yield a message for each row of a check's query over the facts of each form."""
    for form in catalog_of(connection).forms:
        query = render(f"verification/{check}", fact_table=fact_table(form).fullname)
        for row in connection.execute(text(query), {"form_code": form.code} if ":form_code" in query else {}):
            yield _MESSAGES[check].format(form.key, *row)


def _wrong_withdrawals(connection: Connection, purged: frozenset[int]) -> Iterator[str]:
    """Withdrawals that differ from the chain, or whose restored rows do."""
    recorded = _events(connection, "withdraw")
    stored = {row.submission_id: row for row in connection.execute(select(WITHDRAWAL))}
    for submission in sorted(recorded.keys() | stored.keys()):
        event, row = recorded.get(submission), stored.get(submission)
        if event is None or row is None or dict(row._mapping) != _row_of(event, "withdrawn_at"):
            yield f"The withdrawal of submission {submission} is not what the audit chain recorded."
        else:
            for number in event.payload["restored"]:
                if number not in purged:
                    yield from _wrong_restoration(connection, number, event.payload)


def _row_of(event: Row[Any], moment: str) -> dict[str, Any]:
    """The row of audit.withdrawal or audit.purge that an event recorded."""
    payload = event.payload
    row = {
        "submission_id": payload["submission_id"],
        moment: event.occurred_at,
        "reason": payload["reason"],
        "event_id": event.event_id,
        "load_id": payload["load_id"],
    }
    return row | ({"restored_ids": payload["restored"]} if "restored" in payload else {})


def _wrong_restoration(connection: Connection, number: int, payload: dict[str, Any]) -> Iterator[str]:
    form = connection.scalar(select(SUBMISSION.c.form_code).where(SUBMISSION.c.submission_id == number))
    declared = catalog_of(connection).by_code[form or ""]
    load_id, recorded = payload["load_id"], payload["facts"][str(number)]
    if recorded_again_digest(connection, declared, number, load_id) == recorded:
        return
    if recorded not in former_digests(connection, declared, number, load_id):
        yield f"Submission {number}: the rows that are in force again are not those that were recorded."


def _purges(connection: Connection) -> dict[int, Row[Any]]:
    return {row.submission_id: row for row in connection.execute(select(PURGE))}


def _wrong_purges(connection: Connection, stored: dict[int, Row[Any]]) -> Iterator[str]:
    """Purges that differ from the chain, or that left a name."""
    recorded = _events(connection, "purge")
    for submission in sorted(recorded.keys() | stored.keys()):
        event, row = recorded.get(submission), stored.get(submission)
        if event is None or row is None or dict(row._mapping) != _row_of(event, "purged_at"):
            yield f"The purge of submission {submission} is not what the audit chain recorded."
    columns = SUBMISSION.c
    names = func.concat(*(columns[name] for name in ERASED))
    named = select(columns.submission_id).where(columns.submission_id.in_(stored), names != "")
    for number in connection.execute(named).scalars():
        yield f"Submission {number} was purged, but its file or sheet has a name."


def _events(connection: Connection, kind: str) -> dict[int, Row[Any]]:
    """The last event of a kind about each submission."""
    query = select(EVENT.c.event_id, EVENT.c.occurred_at, EVENT.c.payload).where(EVENT.c.kind == kind)
    rows = connection.execute(query.order_by(EVENT.c.event_id))
    return {row.payload["submission_id"]: row for row in rows}
