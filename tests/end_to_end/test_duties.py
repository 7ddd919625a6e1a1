"""The duties of the calendar: closing days that move with holidays, reminders that reach their bodies."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from plans.reporting_calendar import close_day, period_from_code
from services.context import AppContext
from services.ingest import IngestContext, ingest
from services.scheduled_jobs import ClosedPeriods, close_due, remind
from services.settings import Settings
from tests.support.pipeline import work as pipeline_work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse.database import connect

CLOSING_DAYS = {
    # 2020: six working days after the 14th, past Tết (23 to 29 January), the Kings (2 April), 30 April and 1 May
    "2020-M01": "2020-01-22", "2020-M02": "2020-02-24", "2020-M03": "2020-03-23", "2020-Q1": "2020-03-23",
    "2020-M04": "2020-04-22", "2020-M05": "2020-05-22", "2020-M06": "2020-06-22", "2020-Q2": "2020-06-22",
    "2020-H1": "2020-06-22", "2020-M07": "2020-07-22", "2020-M08": "2020-08-24", "2020-M09": "2020-09-22",
    "2020-Q3": "2020-09-22", "2020-M10": "2020-10-22", "2020-M11": "2020-11-23", "2020-M12": "2020-12-22",
    "2020-Q4": "2020-12-22", "2020-H2": "2020-12-22", "2020-Y": "2020-12-22",
    # 2021: Tết from 10 to 16 February, so the window that ends on the 14th is closed after it
    "2021-M01": "2021-01-22", "2021-M02": "2021-02-24", "2021-M03": "2021-03-22", "2021-Q1": "2021-03-22",
    "2021-M04": "2021-04-23", "2021-M05": "2021-05-24", "2021-M06": "2021-06-22", "2021-Q2": "2021-06-22",
    "2021-H1": "2021-06-22", "2021-M07": "2021-07-22", "2021-M08": "2021-08-23", "2021-M09": "2021-09-22",
    "2021-Q3": "2021-09-22", "2021-M10": "2021-10-22", "2021-M11": "2021-11-22", "2021-M12": "2021-12-22",
    "2021-Q4": "2021-12-22", "2021-H2": "2021-12-22", "2021-Y": "2021-12-22",
}  # fmt: skip


@pytest.fixture
def app(warehouse_url: str, tmp_path: Path) -> AppContext:
    made = pipeline_work(warehouse_url, tmp_path)
    settings = Settings(home=tmp_path, database_url=warehouse_url, sources=())
    return AppContext(settings, PLAN, datetime(2020, 1, 1, tzinfo=UTC), made.engine)


def at(app: AppContext, day: date) -> AppContext:
    return replace(app, now=datetime(day.year, day.month, day.day, 1, tzinfo=UTC))


def present(app: AppContext, day: date) -> AppContext:
    """The same for the database's own functions."""
    now = at(app, day)
    return replace(now, engine=connect(str(app.settings.database_url), now.now))


@pytest.mark.parametrize("code", CLOSING_DAYS)
def test_closing_days_of_2020_and_2021(code: str) -> None:
    assert close_day(period_from_code(code, PLAN.calendar), PLAN.calendar).isoformat() == CLOSING_DAYS[code]


def ingest_month(app: AppContext, folder: Path, month: int, day: date) -> None:
    """Ingest a drive on a day, with the reports of the police up to a month."""
    (folder / "drive/CAT").mkdir(parents=True, exist_ok=True)
    for number in range(1, month + 1):
        file = folder / f"drive/CAT/{number}.xlsx"
        if not file.exists():
            period = f"Tháng {number} năm 2020"
            file.write_bytes(workbook("01-PCMD", "CAT", period, district_rows("01-PCMD")))
    ingest(IngestContext(app.engine, PLAN, at(app, day).now, folder / "archive"), [str(folder / "drive")])


def test_each_day_closes_what_is_due_and_nothing_else(app: AppContext, tmp_path: Path) -> None:
    closed: dict[str, str] = {}
    day = date(2020, 1, 15)
    while day < date(2020, 4, 1):
        ingest_month(app, tmp_path, day.month if day.day > 14 else day.month - 1, day)
        for kind in "MQHY":
            result = close_due(at(app, day), kind)
            assert result.problems == []
            for code in result.closed:
                closed[code] = day.isoformat()
        day += timedelta(days=1)
    due = {code: day for code, day in CLOSING_DAYS.items() if day < "2020-04-01"}
    assert closed == due
    with app.engine.connect() as connection:
        frozen = connection.execute(text("SELECT DISTINCT snapshot_code FROM mart.target_snapshot")).scalars()
        assert set(frozen) == set(due)


def test_a_day_that_was_missed_is_caught_up_with(app: AppContext, tmp_path: Path) -> None:
    ingest_month(app, tmp_path, 5, date(2020, 5, 30))
    assert close_due(at(app, date(2020, 5, 30)), "M").closed == [f"2020-M0{n}" for n in range(1, 6)]
    assert close_due(at(app, date(2020, 5, 31)), "M") == ClosedPeriods()


def test_a_period_without_reports_stays_open_and_the_others_are_closed(
    app: AppContext, tmp_path: Path
) -> None:
    ingest_month(app, tmp_path, 2, date(2020, 5, 30))
    result = close_due(at(app, date(2020, 5, 30)), "M")
    assert result.closed == ["2020-M01", "2020-M02"]
    assert [problem[:8] for problem in result.problems] == ["2020-M03", "2020-M04", "2020-M05"]
    assert "no report has been accepted" in result.problems[0]


def test_a_body_finds_what_it_owes_in_its_outbox(app: AppContext, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    (drive / "CAT").mkdir(parents=True)
    (drive / "UBND-731").mkdir()
    (drive / "CAT" / "a.xlsx").write_bytes(
        workbook("01-PCMD", "CAT", "Tháng 1 năm 2020", district_rows("01-PCMD"))
    )
    now = present(app, date(2020, 2, 18))
    ingest(IngestContext(app.engine, PLAN, now.now, tmp_path / "archive"), [str(drive)])
    actual = remind(now, [str(drive)])
    assert actual["written"] == ["CAT/_tra_lai/nhac_bao_cao.txt", "UBND-731/_tra_lai/nhac_bao_cao.txt"]
    assert "UBND-742" in actual["overdue_bodies"]
    expected = (drive / "CAT/_tra_lai/nhac_bao_cao.txt").read_text(encoding="utf-8-sig")
    assert expected.startswith("Kính gửi: Công an tỉnh\n")
    overdue, soon = expected.split("SẮP ĐẾN HẠN")
    assert "Biểu 02-PCMD" in overdue
    assert "Tháng 1 năm 2020: hạn ngày 20/01/2020" in overdue
    assert "01-PCMD" not in overdue
    assert "Tháng 2 năm 2020: hạn ngày 20/02/2020" in soon
    assert remind(now, [str(drive)])["written"] == []
    assert remind(now, ["file:///no/such/drive"])["problems"]
    again = ingest(IngestContext(app.engine, PLAN, now.now, tmp_path / "archive"), [str(drive)])
    assert again.files == 0  # what we write ourselves is no report
