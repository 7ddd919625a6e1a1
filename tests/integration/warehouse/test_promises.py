"""The promises that the database keeps for every client: facts, rules, submissions, the chain of events."""

import hashlib
import json
import os
import pwd
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from schemas.declaration import Form, Measure, Rule, RuleScope, Severity
from schemas.expressions import evaluate, names
from tests.support.forms import BY_KEY, FORMS
from tests.support.postgres import BINARIES, shared_database
from tests.support.reports import PLAN
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.integrity.events import append_event
from warehouse.loads import recorded_load
from warehouse.migrations.upgrade import migrate

NOW = datetime(2020, 4, 1, 3, 4, 5, 678901, tzinfo=UTC)

LOAD_ID = 1


@pytest.fixture(scope="module", params=sorted(BINARIES))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database with the plan and a submission 1 for facts to come from: changes are to be undone."""
    with shared_database(request.param) as url:
        engine = connect(url)
        migrate(engine)
        with engine.begin() as connection:
            load_reference(connection, PLAN)
            with recorded_load(connection, PLAN, "ingest", NOW) as batch:
                assert batch.load_id == LOAD_ID
                insert_submission(connection, 1)
        yield engine
        engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction is undone after the test."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def insert_submission(connection: Connection, number: int, **changed: object) -> None:
    row: dict[str, object] = {
        **{"submission_id": number, "plan_code": PLAN.code, "body_code": "CAT", "form_code": "01-PCMD"},
        **{
            "period_code": f"2020-M{number:02}",
            "revision": 0,
            "status": "accepted",
            "source_url": "file:///x",
        },
        **{"file_name": "a.xlsx", "sheet_name": "S", "sha256": "0" * 64, "size_bytes": 1, "received_at": NOW},
        **{
            "load_id": LOAD_ID,
            "ingested_at": NOW,
            "error_count": 0,
            "warning_count": 0,
            "column_map": "{}",
            **changed,
        },
    }
    insert(connection, "audit.submission", row)


def insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)


def fact(connection: Connection, form: Form, row: dict[str, Any]) -> dict[str, Any]:
    """A whole fact row with the given measures: submission 1, the first keys there are."""
    keys = connection.execute(
        text(
            "SELECT (SELECT min(body_key) FROM dw.dim_body), (SELECT min(period_key) FROM dw.dim_period),"
            " (SELECT min(area_key) FROM dw.dim_area)"
        )
    ).one()
    further = {
        d.key: d.code_list.codes[0].code if d.code_list else date(2020, 3, 5)
        for d in form.dimensions
        if not d.level
    }
    return {
        "submission_id": 1,
        **dict(zip(("body_key", "period_key", "area_key"), keys, strict=True)),
        **further,
        **row,
        **{"source_sheet": "S", "source_row": 8, "recorded_at": NOW, "load_id": LOAD_ID},
    }


def random_rows(form: Form, count: int = 30_000) -> pd.DataFrame:
    """Rows of measures at random, small figures mostly, so that every rule holds for some and not for others."""
    chance = np.random.default_rng(4711)
    amounts = np.array([0, 0, 0, 0, 1, 1, 2, 3, 5, 100, 101])
    columns: dict[str, Any] = {}
    for d in form.dimensions:
        if not d.level:
            codes = [code.code for code in d.code_list.codes] if d.code_list else [date(2020, 3, 5)]
            columns[d.key] = chance.choice(np.array(codes, dtype=object), count)
    for m in form.measures:
        if m.is_number:
            columns[m.key] = chance.choice(amounts, count)
        elif m.code_list is not None:
            columns[m.key] = chance.choice([code.code for code in m.code_list.codes], count)
        else:
            columns[m.key] = chance.choice([True, False], count)
    return pd.DataFrame(columns)


def row_rules(form: Form) -> list[Rule]:
    """The error rules over a single row's own columns: those that the database can hold."""
    own = {key for key, c in form.columns.items() if isinstance(c, Measure) or not c.level}
    return [
        rule
        for rule in form.rules_of(RuleScope.ROW)
        if rule.severity is Severity.ERROR and names(rule.expression) | names(rule.condition or "0") <= own
    ]


def holds(rule: Rule, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    columns = {str(name): frame[name] for name in frame}
    held = evaluate(rule.expression, columns)
    outside = ~evaluate(rule.condition, columns).astype(bool) if rule.condition else False
    return np.asarray(held.astype(bool) | outside)


def first_row(frame: pd.DataFrame, mask: np.ndarray[Any, Any]) -> dict[str, Any]:
    row = frame[mask].iloc[0].to_dict()
    return {str(key): value.item() if hasattr(value, "item") else value for key, value in row.items()}


def sound_row(form: Form) -> dict[str, Any]:
    frame = random_rows(form)
    return first_row(
        frame, np.logical_and.reduce([np.ones(len(frame), bool), *(holds(r, frame) for r in row_rules(form))])
    )


def refused(connection: Connection, statement: str, **parameters: object) -> str:
    """The error of the database for a statement; the transaction goes on."""
    with pytest.raises(DBAPIError) as caught, connection.begin_nested():
        connection.execute(text(statement), parameters)
    return str(caught.value.orig)


def test_facts_end_once_and_never_change(connection: Connection) -> None:
    form = BY_KEY["enforcement"]
    table = f"dw.fact_{form.key}"
    insert(connection, table, fact(connection, form, sound_row(form)))
    for statement in (
        f"UPDATE {table} SET source_row = 9",
        f"UPDATE {table} SET recorded_at = recorded_at",
        f"UPDATE {table} SET superseded_at = recorded_at, source_row = 9",
        f"DELETE FROM {table}",
    ):
        assert "may end but not change or go" in refused(connection, statement), statement
    assert "append-only" in refused(connection, f"TRUNCATE {table}")
    assert "append-only" in refused(connection, "TRUNCATE audit.submission CASCADE")
    early = refused(connection, f"UPDATE {table} SET superseded_at = :at", at=NOW - timedelta(days=1))
    assert "ended_check" in early
    end = {"at": NOW + timedelta(days=1)}
    assert connection.execute(text(f"UPDATE {table} SET superseded_at = :at"), end).rowcount == 1
    for again in ("superseded_at + interval '1 day'", "NULL", "superseded_at"):
        expected = refused(connection, f"UPDATE {table} SET superseded_at = {again}")
        assert "may end but not change or go" in expected, again
    assert connection.scalar(text(f"SELECT count(*) FROM dw.current_{form.key}")) == 0
    assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1


def test_every_fact_table_is_guarded(connection: Connection) -> None:
    for form in FORMS:
        table = f"dw.fact_{form.key}"
        row = fact(connection, form, sound_row(form))
        insert(connection, table, row)
        with pytest.raises(IntegrityError, match="in_force_idx"), connection.begin_nested():
            insert(connection, table, row)
        assert "not change or go" in refused(connection, f"UPDATE {table} SET source_row = source_row")
        assert "not change or go" in refused(connection, f"DELETE FROM {table}")
        assert "append-only" in refused(connection, f"TRUNCATE {table}")


def test_a_row_that_breaks_a_rule_is_refused(connection: Connection) -> None:
    tried = 0
    for form in FORMS:
        frame, rules, table = random_rows(form), row_rules(form), f"dw.fact_{form.key}"
        held = {rule.id: holds(rule, frame) for rule in rules}
        for rule in rules:
            only = np.logical_and.reduce([~held[rule.id], *(held[r.id] for r in rules if r is not rule)])
            name = f"fact_{form.key}_{rule.id.lower().replace('-', '_')}_check"
            with pytest.raises(IntegrityError, match=name), connection.begin_nested():
                insert(connection, table, fact(connection, form, first_row(frame, only)))
            tried += 1
        sound = sound_row(form)
        for measure in (m for m in form.measures if m.is_number):
            with pytest.raises(IntegrityError, match="_check"), connection.begin_nested():
                insert(connection, table, fact(connection, form, {**sound, measure.key: -1}))
        insert(connection, table, fact(connection, form, sound))
    assert tried >= 10


IMPOSSIBLE: list[tuple[dict[str, object], str]] = [
    ({"status": "lost", "revision": None}, "submission_status_check"),
    ({"revision": None}, "submission_revision_check"),
    ({"status": "rejected"}, "submission_revision_check"),
    ({"error_count": 1}, "submission_valid_check"),
    ({"period_code": "2020-M01"}, "submission_revision_idx"),
]


@pytest.mark.parametrize(("changed", "constraint"), IMPOSSIBLE)
def test_a_submission_that_cannot_be_is_refused(
    connection: Connection, changed: dict[str, object], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        insert_submission(connection, 3, **changed)


def test_a_submission_never_changes(connection: Connection) -> None:
    for statement in (
        "UPDATE audit.submission SET received_at = received_at - interval '1 day'",
        "UPDATE audit.submission SET file_name = 'b.xlsx' WHERE submission_id = 1",
        "DELETE FROM audit.submission",
    ):
        assert "append-only" in refused(connection, statement), statement


def test_the_chain_of_events_grows_and_never_changes(connection: Connection) -> None:
    known = connection.execute(text("SELECT hash FROM audit.event ORDER BY event_id")).scalars().all()
    payloads: list[dict[str, Any]] = [{"a": 1}, {"lời": 'Không có tệ nạn; 50 % "xong"'}, {}]
    numbers = [append_event(connection, "test", "Đồng Nai", payload, NOW) for payload in payloads]
    assert numbers == [len(known) + n for n in (1, 2, 3)]
    assert connection.scalar(text(BROKEN_LINKS)) == 0
    events = (
        "SELECT event_id, (extract(epoch FROM recorded_at) * 1000000)::bigint, role_name, account_name,"
        " payload, previous_hash, hash FROM audit.event ORDER BY 1"
    )
    rows = connection.execute(text(events)).all()[len(known) :]
    previous = bytes(known[-1]) if known else b""
    for (number, recorded, role, account, stored, said_before, hashed), payload in zip(
        rows, payloads, strict=True
    ):
        assert account == pwd.getpwuid(os.getuid()).pw_name
        moments = [1585710245678901, recorded]  # NOW in microseconds
        assert {key: value for key, value in stored.items() if key != "salt"} == payload
        particulars = [number, *moments, role, account, "test", "Đồng Nai", stored]
        actual = json.dumps(particulars, ensure_ascii=False).encode()
        assert bytes(said_before) == previous
        assert bytes(hashed) == hashlib.sha256(previous + actual).digest()
        previous = bytes(hashed)
    for statement in (
        *("UPDATE audit.event SET subject = 'x'", "UPDATE audit.event SET hash = hash"),
        *("DELETE FROM audit.event WHERE event_id = 3", "TRUNCATE audit.event"),
    ):
        assert "append-only" in refused(connection, statement), statement


BROKEN_LINKS = """
    SELECT count(*) FROM (SELECT *, lag(hash, 1, ''::bytea) OVER w AS before, row_number() OVER w AS number
        FROM audit.event WINDOW w AS (ORDER BY event_id)) AS e
    WHERE e.event_id <> e.number OR e.previous_hash <> e.before
        OR e.hash <> audit.event_hash(e.before, e.event_id, e.occurred_at, e.recorded_at, e.role_name,
            e.account_name, e.kind, e.subject, e.payload)
"""


def test_tampering_shows_in_the_chain(connection: Connection) -> None:
    for number in range(3):
        append_event(connection, "test", "x", {"n": number}, NOW)
    connection.execute(text("ALTER TABLE audit.event DISABLE TRIGGER ALL"))
    connection.execute(text("""UPDATE audit.event SET payload = '{"n": 7}' WHERE event_id = 2"""))
    assert connection.scalar(text(BROKEN_LINKS)) == 1


def test_events_of_many_connections_make_one_chain(database_url: str) -> None:
    engine = connect(database_url)
    migrate(engine)

    def append(number: int) -> int:
        with engine.begin() as connection:
            return append_event(connection, "test", str(number), {"n": number}, NOW)

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(append, range(60)))
    assert sorted(numbers) == list(range(1, 61))
    with engine.connect() as connection:
        assert connection.scalar(text(BROKEN_LINKS)) == 0


def test_a_snapshot_never_changes(connection: Connection) -> None:
    for statement in ("TRUNCATE dw.target_snapshot", "TRUNCATE dw.target_snapshot CASCADE"):
        assert "append-only" in refused(connection, statement)
