"""Digests of what was loaded: the audit chain remembers them, so that a later change shows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from schemas.forms import BY_CODE

NOTHING = ""  # the digest of no rows


def digests_of(
    connection: Connection, submissions: Sequence[int], form_codes: Iterable[str]
) -> dict[int, dict[str, str]]:
    """For each submission the digests of its findings and of its fact rows, as `findings` and `facts`.

    SHA-256 over the rows as JSON, in order; how and when a row ended is not part of it. Moments are written
    in UTC whatever the session's timezone.
    """
    connection.execute(text("SET LOCAL timezone = 'UTC'"))
    digests = {number: {"findings": NOTHING, "facts": NOTHING} for number in submissions}
    findings = _digest(connection, "audit.finding", "to_jsonb(t)", "finding_no", submissions)
    for number, digest in findings:
        digests[number]["findings"] = digest
    for code in form_codes:
        row = "to_jsonb(t) - 'superseded_at' - 'fact_id'"
        table = f"dw.fact_{BY_CODE[code].key}"
        for number, digest in _digest(connection, table, row, "source_row, fact_id", submissions):
            digests[number]["facts"] = digest
    return digests


def _digest(
    connection: Connection, table: str, row: str, order: str, submissions: Sequence[int]
) -> list[tuple[int, str]]:
    rows = connection.execute(
        text(
            f"SELECT submission_id, encode(sha256(convert_to(string_agg(({row})::text, E'\\n'"
            f" ORDER BY {order}), 'UTF8')), 'hex') FROM {table} t"
            " WHERE submission_id = ANY(:submissions) GROUP BY submission_id"
        ),
        {"submissions": list(submissions)},
    )
    return [(row[0], row[1]) for row in rows]
