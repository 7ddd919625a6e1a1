"""Bodies and areas that exist for a part of the year owe, and are counted, for that part alone."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from plans.model import Plan
from plans.reading import read_plan
from services.ingest import ingest
from tests.support.paths import DATA
from tests.support.pipeline import work
from warehouse.queries import waive


@pytest.fixture
def plan() -> Plan:
    """The invented plan; one commune is there until the end of June, another from July on."""
    base = read_plan(DATA / "plan_second.yaml")
    dates = {"96203": {"last_day": date(2023, 6, 30)}, "96101": {"valid_from": date(2023, 7, 1)}}
    areas = [area.model_copy(update=dates.get(area.code, {})) for area in base.areas]
    return Plan.model_validate(base.model_copy(update={"areas": tuple(areas)}).model_dump())


def test_a_body_owes_nothing_in_a_period_in_which_it_does_not_exist(
    plan: Plan, migrated_url: str, tmp_path: Path
) -> None:
    app = work(migrated_url, tmp_path, plan)
    with app.engine.connect() as connection:
        owed = connection.execute(
            text(
                "SELECT body_code, period_code FROM mart.reporting_status WHERE form_code = '05-PCMD'"
                " AND body_code IN ('UB-96203', 'UB-96101', 'UB-96102') ORDER BY 1, 2"
            )
        ).all()
    assert [tuple(row) for row in owed] == [
        ("UB-96101", "2023-H2"),
        ("UB-96102", "2023-H1"),
        ("UB-96102", "2023-H2"),
        ("UB-96203", "2023-H1"),  # it lasts into the second half, but is not there to report at its end
    ]


def test_areas_are_counted_by_the_day(plan: Plan, migrated_url: str, tmp_path: Path) -> None:
    app = work(migrated_url, tmp_path, plan)
    ingest(app, [str(_empty_drive(tmp_path))])
    with app.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT period_code, denominator FROM mart.target_indicator WHERE target_code = 'A4'"
                " AND area_code = '96' AND period_code IN ('2023-H1', '2023-M07', '2023-Y')"
            )
        )
        assert dict(tuple(row) for row in rows) == {"2023-H1": 4, "2023-M07": 4, "2023-Y": 4}
        district = connection.execute(
            text(
                "SELECT period_code, denominator FROM mart.target_indicator WHERE target_code = 'A4'"
                " AND area_code = '962' AND period_code IN ('2023-H1', '2023-Y')"
            )
        )
        assert dict(tuple(row) for row in district) == {"2023-H1": 3, "2023-Y": 2}


def test_rates_are_never_above_the_whole(plan: Plan, migrated_url: str, tmp_path: Path) -> None:
    """Waived and out-of-time reports change neither side alone."""
    app = work(migrated_url, tmp_path, plan)
    with app.engine.begin() as connection:
        waive(connection, plan, "UB-96102", "05-PCMD", "2023-H1", "Thiên tai", app.now)
    ingest(app, [str(_empty_drive(tmp_path))])
    with app.engine.connect() as connection:
        most = connection.scalar(text("SELECT max(completeness_pct) FROM mart.target_indicator"))
        assert most is None or most <= 100


def _empty_drive(folder: Path) -> Path:
    drive = folder / "drive"
    drive.mkdir(exist_ok=True)
    return drive
