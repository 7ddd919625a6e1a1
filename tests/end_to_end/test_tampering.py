"""Whatever a published figure depends on: a superuser changes it, and the verification names it.

The columns are those of the catalogue. What is not covered is declared with its reason, and nothing else is.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from plans.reporting_calendar import period_from_code
from services import erasure, retraction
from services.context import AppContext
from services.ingest import IngestContext, ingest
from services.settings import Settings
from tests.support.pipeline import NOW
from tests.support.postgres import fresh_database, running_server
from tests.support.reports import PLAN, district_rows, workbook
from tests.support.tampering import (
    change_cell,
    delete_row,
    drop_constraints,
    insert_row,
    stored_columns,
    undone,
)
from warehouse.database import connect
from warehouse.history.snapshots import close
from warehouse.quality.finding_states import explain
from warehouse.verification.coverage import not_covered
from warehouse.verification.database import CHECKS, run_check, verify_database


@pytest.fixture(scope="module")
def lived(sample: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppContext]:
    """A warehouse in which everything has happened once: a closing, a revision of it, a withdrawal, a purge."""
    name, _ = sample
    folder = tmp_path_factory.mktemp("lived")
    for url in fresh_database(running_server("embedded"), name):
        context = AppContext(Settings(home=folder, database_url=url, sources=()), PLAN, NOW, connect(url))
        with context.engine.begin() as connection:
            close(connection, PLAN, period_from_code("2020-M03", PLAN.calendar), NOW)
            query = "SELECT submission_id, finding_no FROM audit.finding LIMIT 1"
            submission, finding = connection.execute(text(query)).one()
            explain(connection, PLAN, submission, finding, "a reason", NOW)
        for days, cases in enumerate((31, 32, 33), 1):
            report(replace(context, now=NOW + timedelta(days=days)), folder, cases)
        later = replace(context, now=NOW + timedelta(days=5))
        retraction.withdraw(later, last_of(later, 1), "a reason")
        erasure.purge([later], last_of(later, 2), "a reason")
        retraction.waive(later, "UBND-734", "02-PCMD", "2020-M01", "a reason")
        yield later
        context.engine.dispose()


def report(context: AppContext, folder: Path, cases: int) -> None:
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
    file = folder / "further" / "CAT" / f"{cases}.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    ingest(IngestContext.of(context), [str(folder / "further")])


def last_of(context: AppContext, place: int) -> int:
    """The number of one of the last accepted submissions, counted from the end."""
    query = "SELECT submission_id FROM audit.submission WHERE revision IS NOT NULL ORDER BY 1 DESC OFFSET :n LIMIT 1"
    with context.engine.connect() as connection:
        return int(connection.execute(text(query), {"n": place - 1}).scalar_one())


@pytest.fixture
def connection(lived: AppContext) -> Iterator[Connection]:
    """A connection in whose transaction nothing rejects a change; it is undone after the test."""
    with lived.engine.connect() as connection:
        drop_constraints(connection)
        yield connection
        connection.rollback()


def named(connection: Connection) -> str | None:
    """The first difference that the verification names."""
    return next(verify_database(connection), None)


def test_an_untouched_warehouse_is_as_recorded(lived: AppContext) -> None:
    with lived.engine.connect() as connection:
        assert list(verify_database(connection)) == []


FIGURES = ("dw.target_indicator", "dw.target_indicator_history", "dw.target_snapshot")
REPRESENTATIVE = (
    ("dw.fact_enforcement", "cases_detected"),
    ("audit.finding", "message_vi"),
    ("audit.submission", "received_at"),
    ("audit.submission", "file_name"),
    ("audit.submission", "source_url"),
    ("audit.submission", "sheet_name"),
    *((table, column) for table in FIGURES for column in ("value", "verdict", "completeness_pct")),
    ("dw.reporting_obligation", "due_at"),
    ("dw.dim_area", "area_name"),
    ("dw.dim_plan", "document"),
    ("audit.event", "recorded_at"),
    ("audit.load", "plan_sha256"),
)


@pytest.mark.long
def test_a_change_of_each_kind_is_named(connection: Connection) -> None:
    columns = {(column.table, column.name): column for column in stored_columns(connection)}
    unnamed = []
    for key in REPRESENTATIVE:
        with undone(connection):
            assert change_cell(connection, columns[key])
            if named(connection) is None:
                unnamed.append(key)
    assert unnamed == []


@pytest.mark.long
def test_every_column_is_covered_or_declared_as_not_covered(connection: Connection) -> None:
    declared = not_covered()
    columns = stored_columns(connection)
    unnamed: list[str] = []
    needlessly_declared: list[str] = []
    likely = dict(CHECKS)  # the check that named the column before comes first: it mostly names this one
    for column in columns:
        with undone(connection):
            if not change_cell(connection, column):
                continue
            found = next((n for n, check in likely.items() if run_check(n, check, connection)), None)
            is_named = found is not None
            if found is not None:
                likely = {found: CHECKS[found], **CHECKS}
        is_declared = (column.table, column.name) in declared or (column.table, "*") in declared
        if not is_named and not is_declared:
            unnamed.append(f"{column.table}.{column.name}")
        if is_named and is_declared:
            needlessly_declared.append(f"{column.table}.{column.name}")
    assert (unnamed, needlessly_declared) == ([], [])


@pytest.mark.long
def test_rows_that_go_or_come_are_named(connection: Connection) -> None:
    """Of an empty table no row can go: one comes."""
    whole = {table for table, column in not_covered() if column == "*"}
    unnamed = []
    for table, columns in groupby(stored_columns(connection), key=lambda column: column.table):
        with undone(connection):
            if not delete_row(connection, table):
                insert_row(connection, list(columns))
            if table not in whole and named(connection) is None:
                unnamed.append(table)
    assert unnamed == []


def test_a_declaration_is_of_a_column_that_exists(connection: Connection) -> None:
    stored = {(column.table, column.name) for column in stored_columns(connection)}
    tables = {(table, "*") for table, _ in stored}
    assert not_covered().keys() <= stored | tables
