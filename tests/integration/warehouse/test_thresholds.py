"""Targets have days, and thresholds of their own for areas and days; a verdict keeps the one it was held to."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from plans.model import Plan
from plans.reading import read_plan
from plans.reporting_calendar import period_from_code
from services.ingest import IngestContext
from tests.support.paths import DATA
from tests.support.pipeline import work
from warehouse.history.snapshots import close
from warehouse.indicators.computed_figures import as_known_at
from warehouse.indicators.evaluation import EVERYTHING
from warehouse.indicators.materialize import materialize

BASE = read_plan(DATA / "plan_second.yaml")


def with_target(code: str, **fields: Any) -> Plan:
    document = BASE.model_dump()
    for target in document["targets"]:
        if target["code"] == code:
            target |= fields
    return Plan.model_validate(document)


@pytest.fixture
def app(migrated_url: str, tmp_path: Path) -> IngestContext:
    overrides = [
        {"areas": ["961"], "threshold": 40},
        {"valid_from": date(2023, 7, 1), "threshold": 70},
        {"areas": ["962"], "last_day": date(2023, 3, 31), "threshold": 20.5},
    ]
    return work(migrated_url, tmp_path, with_target("A4", overrides=overrides))


def thresholds(app: IngestContext) -> dict[tuple[str, str], tuple[float, float]]:
    with app.engine.begin() as connection:
        materialize(connection, app.plan, app.now)
        rows = connection.execute(
            text(
                "SELECT area_code, period_code, target_value, expected_value FROM mart.target_indicator"
                " WHERE target_code = 'A4' AND period_code IN ('2023-M01', '2023-H1', '2023-Y')"
            )
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def test_the_last_threshold_that_fits_counts(app: IngestContext) -> None:
    assert thresholds(app) == {
        ("96", "2023-M01"): (60, 60),
        ("96", "2023-H1"): (60, 60),
        ("96", "2023-Y"): (70, 70),
        ("961", "2023-M01"): (40, 40),
        ("961", "2023-H1"): (40, 40),
        ("961", "2023-Y"): (70, 70),
        ("962", "2023-M01"): (20.5, 20.5),
        ("962", "2023-H1"): (60, 60),
        ("962", "2023-Y"): (70, 70),
    }


def test_a_closed_figure_keeps_the_threshold_it_was_held_to(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        close(connection, app.plan, period_from_code("2023-H1", app.plan.calendar), app.now, "no reports")
    raised = with_target("A4", at_least=95)
    with app.engine.begin() as connection:
        from warehouse.dimensions.seeds import load_reference

        load_reference(connection, raised)
        materialize(connection, raised, app.now)
        kept = connection.execute(
            text(
                "SELECT s.target_value, t.target_value FROM mart.target_snapshot s"
                " JOIN mart.target_indicator t USING (plan_code, target_code, area_code, period_code)"
                " WHERE s.target_code = 'A4' AND area_code = '96'"
            )
        ).all()
        moved = connection.execute(
            text(
                "SELECT frozen_target_value, target_value, submission_ids FROM mart.revision_log"
                " WHERE target_code = 'A4' AND area_code = '96'"
            )
        ).all()
    assert kept == [(60, 95)]
    assert moved == [(60, 95, [])]  # by no report, but by the plan


def test_as_of_uses_the_same_thresholds(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        materialize(connection, app.plan, app.now)
        known = as_known_at(connection, app.plan, app.now, EVERYTHING)
        asked = "SELECT target_code, area_code, period_code, target_value FROM mart.target_indicator"
        by_function = connection.execute(
            text(asked.replace("target_indicator", "target_indicator_as_of(:now)")), {"now": app.now}
        ).all()
        now = connection.execute(text(asked)).all()
    assert sorted(by_function) == sorted(now)
    names = ("target_code", "area_code", "period_code", "target_value")
    assert sorted(tuple(row[name] for name in names) for row in known) == sorted(tuple(row) for row in now)


def test_a_target_with_days_is_computed_for_these_days(migrated_url: str, tmp_path: Path) -> None:
    plan = with_target("A4", valid_from=date(2023, 4, 1), last_day=date(2023, 9, 30))
    app = work(migrated_url, tmp_path, plan)
    assert {period for _, period in thresholds(app)} == {"2023-H1"}
    with app.engine.begin() as connection:
        assert materialize(connection, plan, app.now, only_missing=True) == 0


def test_a_threshold_for_an_unknown_area_is_refused() -> None:
    with pytest.raises(ValueError, match="target A4 has a threshold for the unknown area 9999"):
        with_target("A4", overrides=[{"areas": ["9999"], "threshold": 1}])
