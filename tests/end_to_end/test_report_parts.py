"""Reports in several files: the parts form one revision, and a part that comes again replaces only its rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from plans.reporting_calendar import period_from_code
from services import retraction
from services.audit_checks import replay, verify
from services.backfill import backfill
from services.context import AppContext
from services.file_check import check_files
from services.ingest import IngestContext, ingest
from services.settings import Settings
from tests.support.forms import CATALOG
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse.history.snapshots import close
from warehouse.indicators.lineage import trace

FIRST, SECOND = slice(0, 5), slice(5, None)


@pytest.fixture
def context(warehouse_url: str, tmp_path: Path) -> AppContext:
    """A warehouse with a report for March in two files: three cases in each row."""
    made = work(warehouse_url, tmp_path)
    context = AppContext(
        Settings(home=tmp_path, database_url=warehouse_url, sources=()), PLAN, NOW, made.engine
    )
    part(context, "cum-1.xlsx", FIRST, 3)
    part(context, "cum-2.xlsx", SECOND, 3)
    receive(context, 0)
    return context


def part(
    context: AppContext, name: str, districts: slice, cases: int, period: str = "Tháng 3 năm 2020"
) -> Path:
    rows = district_rows("01-PCMD")[districts]
    for row in rows:
        row |= {"cases_detected": cases, "cases_prosecuted": cases}
    file = context.settings.home / "drive" / "CAT" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(workbook("01-PCMD", "CAT", period, rows))
    return file


def at(context: AppContext, days: int) -> AppContext:
    return replace(context, now=NOW + timedelta(days=days))


def receive(context: AppContext, days: int) -> None:
    ingest(IngestContext.of(at(context, days)), [str(context.settings.home / "drive")])


def in_force(context: AppContext) -> list[tuple[str, int, int]]:
    """File, rows and cases of each submission in force."""
    with context.engine.connect() as connection:
        query = (
            "SELECT s.file_name, count(*), sum(f.cases_detected) FROM dw.current_enforcement f"
            " JOIN audit.submission s USING (submission_id) GROUP BY s.file_name ORDER BY 1"
        )
        return [(row[0], row[1], int(row[2])) for row in connection.execute(text(query))]


def submissions(context: AppContext) -> Sequence[tuple[object, ...]]:
    with context.engine.connect() as connection:
        query = "SELECT file_name, status, revision, part_no FROM audit.submission ORDER BY submission_id"
        return [tuple(row) for row in connection.execute(text(query))]


DISTRICTS = len(district_rows("01-PCMD"))
REST = DISTRICTS - 5


def test_two_files_of_one_listing_are_one_revision(context: AppContext) -> None:
    assert submissions(context) == [("cum-1.xlsx", "accepted", 0, 1), ("cum-2.xlsx", "accepted", 0, 2)]
    assert in_force(context) == [("cum-1.xlsx", 5, 15), ("cum-2.xlsx", REST, 3 * REST)]
    assert verify(context) == []
    with context.engine.connect() as connection:
        cells = trace(connection, PLAN, "T1", "2020-M03", PLAN.area)
    assert sum(cell["value"] for cell in cells) == 3 * DISTRICTS
    assert {cell["file_name"] for cell in cells} == {"cum-1.xlsx", "cum-2.xlsx"}


@pytest.mark.long
def test_a_part_that_comes_again_replaces_only_its_rows(context: AppContext) -> None:
    part(context, "cum-2.xlsx", SECOND, 4)
    receive(context, 1)
    assert submissions(context)[2:] == [("cum-2.xlsx", "accepted", 1, 2)]
    assert in_force(context) == [("cum-1.xlsx", 5, 15), ("cum-2.xlsx", REST, 4 * REST)]
    part(context, "cum-1-sua.xlsx", FIRST, 2)  # under another name
    receive(context, 2)
    assert in_force(context) == [("cum-1-sua.xlsx", 5, 10), ("cum-2.xlsx", REST, 4 * REST)]
    assert verify(at(context, 2)) == []
    with context.engine.begin() as connection:
        close(connection, PLAN, period_from_code("2020-M03", PLAN.calendar), at(context, 2).now)
    assert replay(at(context, 2), "2020-M03") == []
    result = backfill(at(context, 3), ["2020-M03"], plan_only=False)
    assert (result.reports, result.figures, result.problems) == ([], [], [])


def test_the_parts_of_a_revision_count_as_one_report(context: AppContext) -> None:
    """In the statistics of revisions; what came after a closing is counted by file."""
    with context.engine.begin() as connection:
        close(connection, PLAN, period_from_code("2020-M03", PLAN.calendar), NOW)
    part(context, "cum-1.xlsx", FIRST, 4)
    part(context, "cum-2.xlsx", SECOND, 4)
    receive(context, 1)
    assert [row[2:] for row in submissions(context)] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    query = "SELECT reports, revisions, after_close, most_of_one_report FROM mart.revision_statistics"
    with context.engine.connect() as connection:
        assert connection.execute(text(query)).all() == [(1, 1, 2, 1)]


def test_a_withdrawn_part_leaves_the_other(context: AppContext) -> None:
    part(context, "cum-2.xlsx", SECOND, 4)
    receive(context, 1)
    assert retraction.withdraw(at(context, 1), 3, "wrong").restored == 2
    assert in_force(context) == [("cum-1.xlsx", 5, 15), ("cum-2.xlsx", REST, 3 * REST)]
    assert retraction.withdraw(at(context, 2), 1, "wrong").restored is None
    assert in_force(context) == [("cum-2.xlsx", REST, 3 * REST)]
    assert verify(at(context, 2)) == []


def test_a_whole_report_replaces_all_parts_and_its_withdrawal_restores_them(context: AppContext) -> None:
    part(context, "chung.xlsx", slice(None), 1)
    receive(context, 1)
    assert in_force(context) == [("chung.xlsx", DISTRICTS, DISTRICTS)]
    assert retraction.withdraw(at(context, 2), 3, "wrong").restored_parts == (1, 2)
    assert in_force(context) == [("cum-1.xlsx", 5, 15), ("cum-2.xlsx", REST, 3 * REST)]
    assert verify(at(context, 2)) == []


def test_parts_that_overlap_are_rejected(context: AppContext) -> None:
    part(context, "a.xlsx", slice(0, 6), 1, "Tháng 4 năm 2020")
    part(context, "b.xlsx", SECOND, 2, "Tháng 4 năm 2020")
    receive(context, 40)
    assert [row[1] for row in submissions(context)[2:]] == ["rejected", "rejected"]


def test_files_are_checked_together_as_parts(context: AppContext) -> None:
    files = [(part(context, f"{n}.xlsx", rows, 1), "CAT") for n, rows in enumerate((FIRST, SECOND))]
    assert [sheet.status for sheet in check_files(files, [PLAN], CATALOG, NOW)] == ["accepted", "accepted"]
    assert [sheet.status for sheet in check_files(files[:1], [PLAN], CATALOG, NOW)] == ["rejected"]
