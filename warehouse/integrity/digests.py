"""Digests of loaded rows: the audit chain records them, so that a later change is detected."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    Text,
    any_,
    cast,
    func,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from schemas.declaration import Form
from schemas.forms import BY_CODE
from warehouse.models.audit_tables import FINDING
from warehouse.models.form_tables import fact_table
from warehouse.models.tables import SUBMISSION
from warehouse.sql_templates import read_sql

NO_ROWS = ""  # the digest of no rows
_NOT_OF_THE_SHEET = ["superseded_at", "fact_id"]  # columns of a fact that its sheet does not determine


def digests_of(
    connection: Connection, submissions: Sequence[int], form_codes: Iterable[str]
) -> dict[int, dict[str, str]]:
    """For each submission the digests of its findings and of its fact rows, as `findings` and `facts`.

    SHA-256 in hex over the rows as JSON, in order, without nulls: a measure that the form gets later
    changes no digest. Whether and when a row was superseded is not part of it. Moments are written in UTC,
    independent of the session's time zone.
    """
    connection.execute(text("SET LOCAL timezone = 'UTC'"))
    digests = {number: {"findings": NO_ROWS, "facts": NO_ROWS} for number in submissions}
    for number, digest in _row_digests(connection, submissions, FINDING, ["finding_no"], []):
        digests[number]["findings"] = digest
    for code in form_codes:
        table, order, ignored = fact_table(BY_CODE[code]), ["source_row", "fact_id"], _NOT_OF_THE_SHEET
        first_load = table.c.load_id == SUBMISSION.c.load_id  # not recorded again after a withdrawal
        for number, digest in _row_digests(connection, submissions, table, order, ignored, first_load):
            digests[number]["facts"] = digest
    return digests


def former_digests(
    connection: Connection, form: Form, submission_id: int, load_id: int | None = None
) -> Iterator[str]:
    """Yield the digests of a submission's fact rows under the names that renamed measures had before.

    With a load: of the rows that a withdrawal recorded again.
    """
    connection.execute(text("SET LOCAL timezone = 'UTC'"))
    renamed = [(m.key, m.renamed_from) for m in form.measures if m.renamed_from]
    table, order = fact_table(form), ["source_row", "fact_id"]
    of_load = table.c.load_id == (SUBMISSION.c.load_id if load_id is None else load_id)
    for size in range(1, len(renamed) + 1):
        for names in combinations(renamed, size):
            rows = _row_digests(
                connection, [submission_id], table, order, _NOT_OF_THE_SHEET, of_load, dict(names)
            )
            yield from (digest for _, digest in rows)


def recorded_again_digest(connection: Connection, form: Form, submission_id: int, load_id: int) -> str:
    """The digest of the fact rows of a submission that a withdrawal recorded again."""
    connection.execute(text("SET LOCAL timezone = 'UTC'"))
    table = fact_table(form)
    order, of_load = ["source_row", "fact_id"], table.c.load_id == load_id
    rows = _row_digests(connection, [submission_id], table, order, _NOT_OF_THE_SHEET, of_load)
    return rows[0][1] if rows else NO_ROWS


def frozen_digests(
    connection: Connection,
    plan_code: str | None = None,
    period_code: str | None = None,
    edition: int | None = None,
) -> dict[tuple[str, str, int], str]:
    """The hash of the frozen figures by plan, period and edition; of all or of one of each."""
    # The rows are hashed as text, which depends on the session's time zone.
    connection.execute(text("SET LOCAL timezone = 'UTC'"))
    query = text(read_sql("verification/frozen_digests"))
    rows = connection.execute(query, {"plan": plan_code, "period": period_code, "edition": edition})
    return {(plan, period, number): digest for plan, period, number, digest in rows}


def _row_digests(
    connection: Connection,
    submissions: Sequence[int],
    table: Table,
    order: list[str],
    ignored: list[str],
    condition: ColumnElement[bool] | None = None,
    former_names: Mapping[str, str] = MappingProxyType({}),
) -> list[tuple[int, str]]:
    """Hash the rows of each submission as JSON, one per line in the given order, without some columns.

    `condition` may refer to the columns of the table and of the submission. Columns in `former_names` get the
    name that they had before.
    """
    t = table
    whole: ColumnElement[Any] = func.jsonb_strip_nulls(func.to_jsonb(literal_column(table.name)))
    row = whole.op("-")(cast([*ignored, *former_names], ARRAY(Text)))
    for name, former in former_names.items():
        row = row.op("||")(func.jsonb_build_object(former, whole.op("->")(name)))
    separator = aggregate_order_by(literal("\n"), *(t.c[name] for name in order))
    lines = func.string_agg(cast(row, Text), separator)
    digest = func.encode(func.sha256(func.convert_to(lines, "UTF8")), "hex")
    query = select(t.c.submission_id, digest).where(
        t.c.submission_id == any_(literal(list(submissions), ARRAY(BigInteger)))
    )
    if condition is not None:
        query = query.join(SUBMISSION, SUBMISSION.c.submission_id == t.c.submission_id).where(condition)
    return [(number, found) for number, found in connection.execute(query.group_by(t.c.submission_id))]
