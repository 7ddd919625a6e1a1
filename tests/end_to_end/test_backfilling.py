"""Deriving periods again from the archive: nothing changes where nothing is wrong; what is wrong is corrected."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from plans.errors import UsageError
from plans.reporting_calendar import period_from_code
from services.backfill import Backfill, backfill, without_persons
from services.codes import periods_of_range
from services.context import AppContext
from services.ingest import ingest
from services.settings import Settings
from tests.support.pipeline import NOW, sample_work
from tests.support.pipeline import work as pipeline_work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse.history.snapshots import close
from warehouse.indicators.computed_figures import figures_by_key

PERIODS = ["2020-M01", "2020-M02", "2020-M03", "2020-Q1"]


@pytest.fixture
def app(sample_url: str, tmp_path: Path) -> AppContext:
    made = sample_work(sample_url, tmp_path)
    return AppContext(Settings(home=tmp_path, database_url=sample_url, sources=()), PLAN, NOW, made.engine)


def tamper(app: AppContext, statement: str) -> None:
    with app.engine.begin() as connection:
        connection.execute(text("ALTER TABLE dw.fact_enforcement DISABLE TRIGGER ALL"))
        connection.execute(text(statement))
        connection.execute(text("ALTER TABLE dw.fact_enforcement ENABLE TRIGGER ALL"))


def test_a_range_is_what_lies_between() -> None:
    codes = periods_of_range(PLAN, "2020-M01", "2020-M03")
    assert [code for code in codes if "-A-" not in code] == PERIODS
    assert "2020-A-0305" in codes
    with pytest.raises(UsageError, match="No period"):
        periods_of_range(PLAN, "2020-M03", "2020-M01")


def test_what_is_right_stays_untouched(app: AppContext) -> None:
    with app.engine.connect() as connection:
        before = connection.execute(text("SELECT * FROM mart.target_indicator ORDER BY 1, 2, 3, 6")).all()
    steps: list[tuple[str, int, int]] = []
    result = backfill(app, PERIODS, plan_only=False, progress=lambda *step: steps.append(step))
    assert (result.reports, result.figures, result.problems) == ([], [], [])
    assert result.files > 30
    assert len([step for step in steps if step[0] == "Reading"]) == result.files
    assert steps[-1] == ("Computing", 1, 1)
    with app.engine.connect() as connection:
        assert (
            connection.execute(text("SELECT * FROM mart.target_indicator ORDER BY 1, 2, 3, 6")).all()
            == before
        )
        assert connection.scalar(text("SELECT count(*) FROM audit.submission")) == 57


@pytest.mark.long
def test_a_fact_that_differs_from_the_archive_is_found_and_corrected(app: AppContext) -> None:
    march = period_from_code("2020-M03", PLAN.calendar)
    with app.engine.begin() as connection:
        close(connection, PLAN, march, NOW)
        right = figures_by_key(connection, PLAN)
    tamper(app, "UPDATE dw.fact_enforcement SET cases_prosecuted = cases_prosecuted + 3 WHERE fact_id = 1")
    with app.engine.begin() as connection:
        from warehouse.indicators.materialize import materialize

        materialize(connection, PLAN, NOW)
        wrong = figures_by_key(connection, PLAN)
    later = replace(app, now=datetime(2026, 3, 2, tzinfo=UTC))
    planned = backfill(later, PERIODS, plan_only=True)
    moved = {(f["target_code"], f["area_code"], f["period_code"]) for f in planned.figures}
    assert moved == {key for key in wrong if wrong[key] != right[key]}
    assert {key[0] for key in moved} == {"T1"}
    assert without_persons(later, planned.figures) == planned.figures
    with (
        app.engine.begin() as connection
    ):  # as if T1 counted persons: its values are not for Prefect's server
        connection.execute(text("INSERT INTO dw.sensitive_target VALUES (:plan, 'T1')"), {"plan": PLAN.code})
    assert {(f["was"], f["is"]) for f in without_persons(later, planned.figures)} == {
        ("withheld", "withheld")
    }
    with app.engine.begin() as connection:
        connection.execute(text("DELETE FROM dw.sensitive_target WHERE target_code = 'T1'"))
    with app.engine.connect() as connection:
        assert figures_by_key(connection, PLAN) == wrong  # the plan kept nothing

    done = backfill(later, PERIODS, plan_only=False)
    assert done.reports == planned.reports
    assert [report[:2] for report in done.reports] == [("CAT", "01-PCMD")]
    assert done.figures == planned.figures
    with app.engine.connect() as connection:
        assert figures_by_key(connection, PLAN) == right
        frozen = connection.scalar(text("SELECT max(closed_at) FROM mart.target_snapshot"))
        assert frozen == NOW
        assert (
            connection.scalar(text("SELECT kind FROM audit.event ORDER BY event_id DESC OFFSET 1 LIMIT 1"))
            == "backfill"
        )
    again: Backfill = backfill(later, PERIODS, plan_only=False)
    assert (again.reports, again.figures) == ([], [])


def test_sheets_rejected_under_a_wrong_plan_are_accepted_once_it_is_right(
    warehouse_url: str, tmp_path: Path
) -> None:
    """The plan did not know a district's name; the reports that name it come in without being sent again."""
    areas = tuple(
        area.model_copy(update={"name": "Huyện Khác"}) if area.code == "734" else area for area in PLAN.areas
    )
    wrong_plan = PLAN.model_copy(update={"areas": areas})
    wrong_plan = type(PLAN).model_validate(wrong_plan.model_dump())
    made = pipeline_work(warehouse_url, tmp_path, wrong_plan)
    drive = tmp_path / "drive" / "CAT"
    drive.mkdir(parents=True)
    rows = district_rows("01-PCMD")
    (drive / "a.xlsx").write_bytes(workbook("01-PCMD", "CAT", "Tháng 1 năm 2020", rows))
    refused = ingest(made, [str(drive.parent)])
    assert refused.submissions == {"rejected": 1}
    app = AppContext(Settings(home=tmp_path, database_url=warehouse_url, sources=()), PLAN, NOW, made.engine)
    right = pipeline_work(warehouse_url, tmp_path, PLAN)
    assert ingest(right, [str(drive.parent)]).files == 0
    done = backfill(app, PERIODS, plan_only=False)
    assert done.reports == [("CAT", "01-PCMD", "2020-M01")]
    assert ("T1", "75", "2020-M01") in {
        (f["target_code"], f["area_code"], f["period_code"]) for f in done.figures
    }
