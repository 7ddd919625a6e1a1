"""Digests of stored rows: the audit chain records them, so that a later change is detected.

A digest is SHA-256 in hex over rows as JSON, one per line, in order. Moments are written in UTC, whatever the
session's time zone is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Subquery,
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
from warehouse.form_catalog import catalog_of
from warehouse.models.audit_tables import FINDING
from warehouse.models.form_tables import fact_table
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.target_tables import PERSON_TOTAL
from warehouse.sql_templates import read_sql

NO_ROWS = ""  # the digest of no rows
_LATER = ["superseded_at"]  # the column of a fact that is set after its load
# Columns of a submission of which the chain has the hash alone: a purge erases two, and the chain remains.
_HASHED = ("source_url", "file_name", "sheet_name", "column_map", "roles", "stated_units")


def in_utc(connection: Connection) -> None:
    """Write moments in UTC until the end of the transaction."""
    connection.execute(text("SET LOCAL timezone = 'UTC'"))


def submission_entries(
    connection: Connection, submissions: Sequence[int], form_codes: Iterable[str]
) -> dict[int, dict[str, Any]]:
    """What the audit chain records of each submission: its columns, and digests as `findings` and `facts`.

    Of names and addresses it has the hash. Fact rows are without nulls: a measure that the form gets later
    changes no digest. Whether and when a fact row was superseded is not part of it.
    """
    in_utc(connection)
    row = func.to_jsonb(literal_column(SUBMISSION.name))
    hashed = [part for name in _HASHED for part in (literal(name), _hash_of(row.op("->>")(name)))]
    query = select(SUBMISSION.c.submission_id, row.op("||")(func.jsonb_build_object(*hashed)))
    rows = connection.execute(query.where(_is_one_of(SUBMISSION.c.submission_id, submissions)))
    entries = {number: entry | {"findings": NO_ROWS, "facts": NO_ROWS} for number, entry in rows}
    for number, digest in _of_submissions(connection, submissions, FINDING, ["finding_no"], []):
        entries[number]["findings"] = digest
    forms = catalog_of(connection).by_code
    for code in form_codes:
        table, order = fact_table(forms[code]), ["source_row", "fact_id"]
        first_load = table.c.load_id == SUBMISSION.c.load_id  # not recorded again after a withdrawal
        for number, digest in _of_submissions(connection, submissions, table, order, _LATER, first_load):
            entries[number]["facts"] = digest
    return entries


def former_digests(
    connection: Connection, form: Form, submission_id: int, load_id: int | None = None
) -> Iterator[str]:
    """Yield the digests of a submission's fact rows under the names that renamed measures had before.

    With a load: of the rows that a withdrawal recorded again.
    """
    in_utc(connection)
    renamed = [(m.key, m.renamed_from) for m in form.measures if m.renamed_from]
    table, order = fact_table(form), ["source_row", "fact_id"]
    of_load = table.c.load_id == (SUBMISSION.c.load_id if load_id is None else load_id)
    for size in range(1, len(renamed) + 1):
        for names in combinations(renamed, size):
            rows = _of_submissions(connection, [submission_id], table, order, _LATER, of_load, dict(names))
            yield from (digest for _, digest in rows)


def recorded_again_digest(connection: Connection, form: Form, submission_id: int, load_id: int) -> str:
    """The digest of the fact rows of a submission that a withdrawal recorded again."""
    in_utc(connection)
    table = fact_table(form)
    order, of_load = ["source_row", "fact_id"], table.c.load_id == load_id
    rows = _of_submissions(connection, [submission_id], table, order, _LATER, of_load)
    return rows[0][1] if rows else NO_ROWS


def frozen_digests(
    connection: Connection,
    plan_code: str | None = None,
    period_code: str | None = None,
    edition: int | None = None,
) -> dict[tuple[str, str, int], str]:
    """The hash of the frozen figures by plan, period and edition; of all or of one of each."""
    in_utc(connection)  # the rows are hashed as text
    query = text(read_sql("verification/frozen_digests"))
    rows = connection.execute(query, {"plan": plan_code, "period": period_code, "edition": edition})
    return {(plan, period, number): digest for plan, period, number, digest in rows}


def person_total_digests(connection: Connection) -> dict[tuple[Any, ...], str]:
    """The hash of the published sums of persons by plan and period."""
    return grouped_digests(connection, PERSON_TOTAL, ["plan_code", "period_code"])


def grouped_digests(
    connection: Connection,
    table: Table | Subquery,
    groups: Sequence[str],
    condition: ColumnElement[bool] | None = None,
) -> dict[tuple[Any, ...], str]:
    """The digest of the rows of each group, by the values of its columns; the rows in order of their JSON."""
    in_utc(connection)
    line = cast(func.to_jsonb(literal_column(table.name)), Text)
    columns = [table.c[name] for name in groups]
    query = select(*columns, _digest(line, [line.collate("C")])).select_from(table).group_by(*columns)
    if condition is not None:
        query = query.where(condition)
    return {tuple(row[:-1]): row[-1] for row in connection.execute(query)}


def column_digests(connection: Connection, table: Table, columns: Sequence[str]) -> dict[str, str]:
    """The digest of each of a table's columns, in the order of its primary key."""
    in_utc(connection)
    order: list[Column[Any]] = list(table.primary_key.columns)
    digests = [
        _digest(func.coalesce(cast(func.to_jsonb(table.c[name]), Text), "null"), order).label(name)
        for name in columns
    ]
    row = connection.execute(select(*digests)).mappings().one()
    return {name: row[name] or NO_ROWS for name in columns}


def _of_submissions(
    connection: Connection,
    submissions: Sequence[int],
    table: Table,
    order: list[str],
    ignored: list[str],
    condition: ColumnElement[bool] | None = None,
    former_names: Mapping[str, str] = MappingProxyType({}),
) -> list[tuple[int, str]]:
    """Hash the rows of each submission in the given order, without some columns.

    `condition` may refer to the columns of the table and of the submission. Columns in `former_names` get the
    name that they had before.
    """
    t = table
    whole: ColumnElement[Any] = func.jsonb_strip_nulls(func.to_jsonb(literal_column(table.name)))
    row = whole.op("-")(cast([*ignored, *former_names], ARRAY(Text)))
    for name, former in former_names.items():
        row = row.op("||")(func.jsonb_build_object(former, whole.op("->")(name)))
    digest = _digest(cast(row, Text), [t.c[name] for name in order])
    query = select(t.c.submission_id, digest).where(_is_one_of(t.c.submission_id, submissions))
    if condition is not None:
        query = query.join(SUBMISSION, SUBMISSION.c.submission_id == t.c.submission_id).where(condition)
    return [(number, found) for number, found in connection.execute(query.group_by(t.c.submission_id))]


def _digest(line: ColumnElement[Any], order: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """The aggregate that hashes the lines of a group."""
    return _hash_of(func.string_agg(line, aggregate_order_by(literal("\n"), *order)))


def _hash_of(content: ColumnElement[Any]) -> ColumnElement[str]:
    return func.encode(func.sha256(func.convert_to(content, "UTF8")), "hex")


def _is_one_of(column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    return column == any_(literal(list(numbers), ARRAY(BigInteger)))
