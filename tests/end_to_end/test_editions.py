"""A closed period is opened again and closed again: both editions stay, and what differs is known."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from plans.errors import NotFoundError
from plans.reporting_calendar import period_from_code
from services import retraction
from services.audit_checks import replay, verify
from services.context import AppContext
from services.ingest import IngestContext, ingest
from services.scheduled_jobs import close_due
from services.settings import Settings
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse import queries
from warehouse.history.snapshots import CannotCloseError, CannotReopenError, close, closed, reopen

MARCH = period_from_code("2020-M03", PLAN.calendar)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def context(warehouse_url: str, tmp_path: Path) -> AppContext:
    engine = work(warehouse_url, tmp_path).engine
    return AppContext(Settings(home=tmp_path, database_url=warehouse_url, sources=()), PLAN, NOW, engine)


def at(context: AppContext, days: int) -> AppContext:
    return replace(context, now=NOW + timedelta(days=days))


def report(context: AppContext, cases: int) -> dict[str, int]:
    """Ingest the March report with this many cases; returns the submissions by status."""
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
    drive = context.settings.home / "drive"
    (drive / "CAT").mkdir(parents=True, exist_ok=True)
    content = workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows)
    (drive / "CAT" / f"{cases}.xlsx").write_bytes(content)
    return dict(ingest(IngestContext.of(context), [str(drive)]).submissions)


def close_march(context: AppContext, anyway: str = "") -> None:
    with context.engine.begin() as connection:
        close(connection, PLAN, MARCH, context.now, anyway)


def reopen_march(context: AppContext) -> int:
    with context.engine.begin() as connection:
        return reopen(connection, PLAN, MARCH, context.now, "one district was missing")


def rows(context: AppContext, query: str) -> list[tuple[Any, ...]]:
    with context.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def frozen_t1(context: AppContext, edition: int | None = None) -> Any:
    with context.engine.connect() as connection:
        figures = queries.snapshot(connection, PLAN, "2020-M03", None, edition)
    return next(row["value"] for row in figures if row["target_code"] == "T1")


@pytest.fixture
def two_editions(context: AppContext) -> AppContext:
    """March closed with 5 cases, corrected to 31, reopened, corrected to 32, and closed again."""
    report(context, 5)
    close_march(context)
    assert report(at(context, 1), 31) == {"accepted_with_warnings": 1}
    assert reopen_march(at(context, 2)) == 1
    assert report(at(context, 3), 32) == {"accepted": 1}  # no REVISION-CLOSED: the period is open
    close_march(at(context, 4))
    return at(context, 5)


def test_both_editions_are_kept_and_verified(two_editions: AppContext) -> None:
    assert [frozen_t1(two_editions, edition) for edition in (None, 1, 2)] == [32, 5, 32]
    with (
        two_editions.engine.connect() as connection,
        pytest.raises(NotFoundError, match="no edition 3: the latest is 2"),
    ):
        queries.snapshot(connection, PLAN, "2020-M03", None, 3)
    assert verify(two_editions) == []
    kinds = rows(
        two_editions, "SELECT kind, payload ->> 'reason' FROM audit.event WHERE subject = '2020-M03'"
    )
    assert kinds == [("close", None), ("reopen", "one district was missing"), ("close", None)]
    closings = rows(
        two_editions,
        "SELECT edition, is_latest, reopened_at, reopen_reason FROM mart.closed_period ORDER BY 1",
    )
    assert closings == [
        (1, False, NOW + timedelta(days=2), "one district was missing"),
        (2, True, None, None),
    ]


@pytest.mark.long
def test_each_edition_is_computed_again_from_the_archive(two_editions: AppContext) -> None:
    for edition in (1, 2):
        assert replay(two_editions, "2020-M03", edition) == []


def test_the_difference_between_editions_names_its_submissions(two_editions: AppContext) -> None:
    _, second, third = (row[0] for row in rows(two_editions, "SELECT submission_id FROM audit.submission"))
    query = (
        "SELECT target_code, area_code, edition, previous_value, value, verdict_changed, submission_ids,"
        " reopen_reason FROM mart.snapshot_difference"
    )
    assert rows(two_editions, query) == [
        ("T1", "75", 2, 5, 32, True, [second, third], "one district was missing")
    ]
    assert rows(two_editions, "SELECT * FROM mart.revision_log") == []


def test_what_moves_after_the_second_closing_is_compared_with_it(two_editions: AppContext) -> None:
    assert report(two_editions, 40) == {"accepted_with_warnings": 1}
    query = "SELECT frozen_value, value, submission_ids FROM mart.revision_log"
    *_, third, last = (row[0] for row in rows(two_editions, "SELECT submission_id FROM audit.submission"))
    assert rows(two_editions, query) == [(32, 40, [last])]
    retraction.withdraw(at(two_editions, 6), last, "wrong")
    assert rows(two_editions, query) == []
    retraction.withdraw(at(two_editions, 7), third, "wrong")  # it caused the second edition as well
    assert rows(two_editions, query) == [(32, 31, [third, last])]
    # Reports after a closing: 31 after the first, 40 after the second; 32 came while the period was open.
    assert rows(two_editions, "SELECT reports, revisions, after_close FROM mart.revision_statistics") == [
        (1, 3, 2)
    ]
    assert verify(two_editions) == []


def test_a_changed_figure_of_an_edition_is_named(two_editions: AppContext) -> None:
    with two_editions.engine.begin() as connection:
        connection.execute(text("ALTER TABLE dw.target_snapshot DISABLE TRIGGER ALL"))
        connection.execute(
            text("UPDATE dw.target_snapshot SET value = 4 WHERE target_code = 'T1' AND edition = 2")
        )
    assert verify(two_editions) == [
        "The frozen figures of 2020-M03, edition 2, of DN-2020 are not those that its closing recorded."
    ]


def test_a_period_frozen_by_a_wrong_clock_on_an_empty_database_is_repaired(context: AppContext) -> None:
    """Closed in spite of the guard, before any report; the figures that count are those of edition 2."""
    wrong = replace(context, now=datetime(2031, 1, 1, tzinfo=UTC))
    close_march(wrong, "ordered")
    assert frozen_t1(context) is None
    reopen_march(context)
    with pytest.raises(CannotCloseError, match="no report has been accepted"):
        close_march(context)  # the guards are those of the first closing
    report(context, 5)
    close_march(context)
    assert (frozen_t1(context), frozen_t1(context, 1)) == (5, None)
    assert replay(context, "2020-M03", 1) == verify(context) == []


def test_only_closed_periods_are_reopened_and_the_schedule_does_not_close_them(context: AppContext) -> None:
    with pytest.raises(CannotReopenError, match="2020-M03 is not closed"):
        reopen_march(context)
    report(context, 5)
    close_march(context)
    reopen_march(context)
    with pytest.raises(CannotReopenError, match="its edition 1 was reopened already"):
        reopen_march(context)
    with context.engine.connect() as connection:
        assert closed(connection, PLAN, "2020-M03") is None
    assert "2020-M03" not in close_due(at(context, 1), "M").closed
    assert frozen_t1(context) == 5  # the latest edition until the next one
    assert replay(context, "2020-M03") == []  # compares with the current figures


@pytest.mark.long
def test_the_commands_show_editions_and_their_difference(
    context: AppContext, warehouse_url: str, tmp_path: Path
) -> None:
    report(context, 5)
    environment = os.environ | {"CHITIEU_DATABASE_URL": warehouse_url, "CHITIEU_HOME": str(tmp_path)}

    def run(days: int, *arguments: str) -> Any:
        now = {"CHITIEU_NOW": (NOW + timedelta(days=days)).isoformat()}
        command = [sys.executable, "-m", "cli.main", *arguments]
        done = subprocess.run(command, env=environment | now, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    assert run(0, "close", "2020-M03", "--json")["edition"] == 1
    reopened = run(1, "reopen", "2020-M03", "--reason", "late report", "--json")
    assert (reopened["period"], reopened["kept_edition"]) == ("2020-M03", 1)
    report(at(context, 1), 31)
    printed = run(2, "close", "2020-M03")
    assert "T1: 5 -> 31 (undecided -> met)\n" in printed
    assert "1 figures of edition 2 of 2020-M03 differ from edition 1" in printed
    table = run(3, "targets", "--snapshot", "2020-M03", "--edition", "1", "--json")
    assert next(row["value"] for row in table if row["target_code"] == "T1") == 5
