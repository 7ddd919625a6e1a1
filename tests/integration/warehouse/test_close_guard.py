"""A period is not closed without reports, before an ingest after its due day, or by a wrong clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from plans.model import Plan
from plans.reporting_calendar import period_from_code
from services.ingest import IngestContext, ingest
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse.history.snapshots import CannotCloseError, close, closed

MARCH = period_from_code("2020-M03", PLAN.calendar)
DURING = datetime(2020, 3, 16, tzinfo=UTC)  # before the due day of March


def ingest_march(context: IngestContext, folder: Path, now: datetime) -> None:
    file = folder / "drive" / "CAT" / "march.xlsx"
    if not file.exists():
        file.parent.mkdir(parents=True)
        file.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", district_rows("01-PCMD")))
    ingest(replace(context, now=now), [str(folder / "drive")])


def refusal(context: IngestContext, now: datetime, plan: Plan = PLAN) -> CannotCloseError:
    """Return the error of a closing, which must have left the period open."""
    with context.engine.begin() as connection, pytest.raises(CannotCloseError) as caught:
        close(connection, plan, MARCH, now)
    assert "--anyway" in caught.value.hint
    with context.engine.connect() as connection:
        assert closed(connection, plan, MARCH.code) is None
    return caught.value


def test_an_empty_database_closes_nothing_without_a_reason(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    assert "no report has been accepted" in str(refusal(context, NOW))
    with context.engine.begin() as connection:
        assert close(connection, PLAN, MARCH, NOW, "ordered by the office") > 0
        reason = connection.scalar(text("SELECT payload ->> 'reason' FROM audit.event WHERE kind = 'close'"))
    assert reason == "ordered by the office"


def test_an_ingest_after_the_due_day_comes_first(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    ingest_march(context, tmp_path, DURING)
    later = DURING + timedelta(days=10)
    assert "no ingest has succeeded since its due day, 2020-03-19" in str(refusal(context, later))
    ingest_march(context, tmp_path, later)  # finds nothing new
    with context.engine.begin() as connection:
        assert close(connection, PLAN, MARCH, later) > 0


def test_an_ingest_without_news_is_recorded_once_a_day(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    for hours in (0, 1, 23, 25, 26):
        ingest_march(context, tmp_path, NOW + timedelta(hours=hours))
    with context.engine.connect() as connection:
        loads = connection.execute(text("SELECT started_at FROM audit.load WHERE kind = 'ingest' ORDER BY 1"))
        assert loads.scalars().all() == [NOW, NOW + timedelta(hours=25)]


def test_a_wrong_clock_closes_nothing(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    ingest_march(context, tmp_path, NOW)
    wrong = NOW + timedelta(days=400)
    ingest_march(context, tmp_path, wrong)  # the scheduled ingest has the same clock, and finds nothing new
    assert "the clock shows 2027-04-05" in str(refusal(context, wrong))
    assert "the clock shows 2025-01-" in str(refusal(context, NOW - timedelta(days=400)))


def test_a_clock_that_was_ahead_delays_no_closing(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    ahead, right = datetime(2021, 3, 24, tzinfo=UTC), datetime(2020, 3, 24, tzinfo=UTC)
    ingest_march(context, tmp_path, ahead)
    half = period_from_code("2020-H1", PLAN.calendar)
    with context.engine.begin() as connection, pytest.raises(CannotCloseError, match="no report has been"):
        close(connection, PLAN, half, ahead)  # the reports of March prove nothing about June
    ingest_march(context, tmp_path, right)  # recorded although an ingest of a later moment is
    assert "more than 30 days apart" in str(refusal(context, right))
    content = workbook("01-PCMD", "CAT", "Tháng 2 năm 2020", district_rows("01-PCMD"))
    (tmp_path / "drive" / "CAT" / "february.xlsx").write_bytes(content)
    ingest_march(context, tmp_path, right)
    with context.engine.begin() as connection:
        assert close(connection, PLAN, MARCH, right) > 0


def test_a_plan_may_set_the_share_of_reports(warehouse_url: str, tmp_path: Path) -> None:
    context = work(warehouse_url, tmp_path)
    ingest_march(context, tmp_path, NOW)
    for floor, is_enough in ((50.0, False), (0.5, True)):
        calendar = PLAN.calendar.model_copy(update={"close_completeness_floor_pct": floor})
        plan = PLAN.model_copy(update={"calendar": calendar})
        if is_enough:
            with context.engine.begin() as connection:
                assert close(connection, plan, MARCH, NOW) > 0
        else:
            assert "owed reports are in, and the plan requires 50%" in str(refusal(context, NOW, plan))
