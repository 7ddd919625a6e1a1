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


def frozen_digests(
    connection: Connection, plan_code: str | None = None, period_code: str | None = None
) -> dict[tuple[str, str], str]:
    """The hash of what is frozen by plan and period, of all or of some."""
    # The rows are hashed as text, in which the session's time zone would show.
    connection.execute(text("SET LOCAL TimeZone = 'UTC'"))
    rows = connection.execute(
        text(
            "SELECT plan_code, snapshot_code, encode(sha256(convert_to(string_agg(t::text, E'\\n'"
            " ORDER BY target_code, area_code), 'UTF8')), 'hex') FROM mart.target_snapshot t"
            " WHERE plan_code = coalesce(:plan, plan_code)"
            " AND snapshot_code = coalesce(:period, snapshot_code)"
            " GROUP BY plan_code, snapshot_code"
        ),
        {"plan": plan_code, "period": period_code},
    )
    return {(plan, period): digest for plan, period, digest in rows}
