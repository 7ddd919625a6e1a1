"""An accepted submission is taken back: the one before counts again, and every check still passes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from plans.errors import NotFoundError
from plans.reporting_calendar import period_from_code
from services import retraction
from services.audit_checks import replay, verify
from services.backfill import backfill
from services.context import AppContext
from services.ingest import IngestContext, ingest
from services.settings import Settings
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse import queries
from warehouse.history.snapshots import close
from warehouse.load.withdrawals import CannotWithdrawError

MARCH = period_from_code("2020-M03", PLAN.calendar)


@pytest.fixture
def context(warehouse_url: str, tmp_path: Path) -> AppContext:
    """A warehouse with two reports for March: five cases, then nine."""
    made = work(warehouse_url, tmp_path)
    settings = Settings(home=tmp_path, database_url=warehouse_url, sources=())
    context = AppContext(settings, PLAN, NOW, made.engine)
    report(context, tmp_path, 5, 0)
    report(context, tmp_path, 9, 1)
    return at(context, 2)


def at(context: AppContext, days: int) -> AppContext:
    return replace(context, now=NOW + timedelta(days=days))


def report(context: AppContext, folder: Path, cases: int, days: int) -> None:
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
    file = folder / "drive" / "CAT" / f"{cases}.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    ingest(IngestContext.of(at(context, days)), [str(folder / "drive")])


def t1(context: AppContext) -> Any:
    with context.engine.connect() as connection:
        rows = queries.targets(connection, PLAN, "2020-M03", None)
    return next(row["value"] for row in rows if row["target_code"] == "T1")


def status(context: AppContext) -> tuple[str, int | None, int | None]:
    with context.engine.connect() as connection:
        rows = queries.reporting_status(connection, PLAN, "2020-M03")
    row = next(row for row in rows if (row["body_code"], row["form_code"]) == ("CAT", "01-PCMD"))
    return row["status"], row["revision"], row["submission_id"]


def ids(context: AppContext) -> list[int]:
    with context.engine.connect() as connection:
        query = "SELECT submission_id FROM audit.submission WHERE revision IS NOT NULL ORDER BY 1"
        return list(connection.execute(text(query)).scalars())


def test_the_submission_before_is_in_force_again(context: AppContext) -> None:
    first, second = ids(context)
    assert (t1(context), status(context)[1:]) == (9, (1, second))
    result = retraction.withdraw(context, second, "wrong file")
    assert (result.restored, t1(context), status(context)) == (first, 5, ("late", 0, first))
    assert result.indicators_changed > 0
    assert verify(context) == []
    with context.engine.connect() as connection:
        query = "SELECT * FROM audit.event WHERE kind <> 'load' ORDER BY event_id DESC LIMIT 1"
        event = connection.execute(text(query)).one()
        known = queries.as_known_at(connection, PLAN, NOW + timedelta(days=1), "2020-M03", None)
    assert (event.kind, event.subject, event.payload["reason"]) == ("withdraw", str(second), "wrong file")
    assert next(row["value"] for row in known if row["target_code"] == "T1") == 9  # as it was known then


def test_a_report_without_another_is_missing_again(context: AppContext) -> None:
    first, second = ids(context)
    retraction.withdraw(context, first, "wrong")  # replaced long ago: nothing changes
    assert (t1(context), status(context)[1:]) == (9, (1, second))
    assert retraction.withdraw(context, second, "wrong, too").restored is None
    assert t1(context) is None
    assert status(context) == ("missing", None, None)
    assert verify(context) == []


def test_a_report_comes_again_after_a_withdrawal(context: AppContext, tmp_path: Path) -> None:
    first, second = ids(context)
    retraction.withdraw(context, second, "wrong")
    report(context, tmp_path, 7, 3)
    third = ids(context)[-1]
    assert (t1(context), status(context)[1:]) == (7, (2, third))
    assert retraction.withdraw(at(context, 4), third, "wrong again").restored == first
    assert t1(context) == 5
    assert verify(at(context, 4)) == []


@pytest.mark.long
def test_backfill_and_replay_leave_withdrawn_sheets_out(context: AppContext, tmp_path: Path) -> None:
    _, second = ids(context)
    with context.engine.begin() as connection:
        close(connection, PLAN, MARCH, context.now)
    retraction.withdraw(context, second, "wrong")
    result = backfill(at(context, 3), ["2020-M03"], plan_only=False)
    assert (result.reports, result.figures, result.problems) == ([], [], [])
    assert replay(context, "2020-M03") == []  # the withdrawal came after the closing
    assert replay(context, "2020-Q1") == []
    with context.engine.connect() as connection:
        moved = connection.execute(
            text("SELECT frozen_value, value, submission_ids FROM mart.revision_log WHERE target_code = 'T1'")
        ).all()
    assert moved == [(9, 5, [second])]


def test_only_accepted_submissions_are_withdrawn_and_once(context: AppContext) -> None:
    second = ids(context)[-1]
    retraction.withdraw(context, second, "wrong")
    with pytest.raises(CannotWithdrawError, match="withdrawn already"):
        retraction.withdraw(context, second, "wrong")
    with pytest.raises(CannotWithdrawError, match="no submission 999"):
        retraction.withdraw(context, 999, "wrong")


def test_verification_finds_a_changed_withdrawal(context: AppContext) -> None:
    first, second = ids(context)
    retraction.withdraw(context, second, "wrong")
    with context.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("DELETE FROM audit.withdrawal"))
    with context.engine.begin() as connection:
        connection.execute(text("ALTER TABLE dw.fact_enforcement DISABLE TRIGGER guard_rows"))
        connection.execute(
            text(
                "UPDATE dw.fact_enforcement SET cases_detected = 6 WHERE superseded_at IS NULL AND cases_detected = 5"
            )
        )
    changed = f"Submission {first}: the rows that are in force again are not those that were recorded."
    assert verify(context)[0] == changed


def test_a_waiver_of_a_delivered_report_names_its_submission(context: AppContext) -> None:
    report = ("CAT", "01-PCMD", "2020-M03")
    result = retraction.waive(context, *report, "merged")
    assert result.delivered == ids(context)[-1]
    assert status(context)[0] == "late"  # it is in all the same
    for submission in reversed(ids(context)):
        retraction.withdraw(context, submission, "wrong")
    assert status(context)[0] == "waived"
    assert retraction.waive(context, "CAT", "01-PCMD", "2020-M02", "merged").delivered is None


def test_a_waiver_is_taken_back(context: AppContext) -> None:
    report = ("TAND", "04-PCMD", "2020-Q1")
    with context.engine.begin() as connection:
        frozen_before = period_from_code("2020-Q1", PLAN.calendar)
        queries.waive(connection, PLAN, *report, "no cases", context.now)
        close(connection, PLAN, frozen_before, context.now)
    assert retraction.unwaive(context, *report, "there were some") > 0
    with context.engine.connect() as connection:
        rows = queries.reporting_status(connection, PLAN, "2020-Q1")
        query = "SELECT kind FROM audit.event WHERE kind <> 'load' ORDER BY event_id DESC LIMIT 3"
        kinds = connection.execute(text(query))
        assert kinds.scalars().all() == ["unwaive", "close", "waive"]
    assert [row["status"] for row in rows if row["body_code"] == "TAND"] == ["missing"]
    assert replay(context, "2020-Q1") == []  # with the waiver that was in force at the closing
    with pytest.raises(NotFoundError, match="is not waived"):
        retraction.unwaive(context, *report, "once more")


def test_a_clock_that_was_set_back_stops_neither_a_withdrawal_nor_a_revision(
    context: AppContext, tmp_path: Path
) -> None:
    back = at(context, -400)
    number = retraction.withdraw(back, 2, "Nhầm kỳ.").submission_id
    assert number == 2
    assert t1(context) == 5
    report(context, tmp_path, 7, -390)
    assert t1(context) == 7
    assert verify(context) == []
    report(context, tmp_path, 8, 3)
    assert t1(context) == 8
    assert verify(context) == []
