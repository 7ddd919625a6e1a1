"""Whole drives through the whole pipeline: each sheet and each target gives its expected result."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from benchmarks.truth import compute_targets, faults
from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from services.ingest import ingest
from tests.support.paths import SAMPLE
from tests.support.pipeline import PLAN, work


def wrong_targets(engine: Engine, plan: Plan, truth: list[dict[str, Any]]) -> list[str]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT target_code, area_code, period_code, numerator, denominator FROM mart.target_indicator"
            )
        )
        stored = {tuple(row[:3]): tuple(None if v is None else int(v) for v in row[3:]) for row in rows}
    meant = compute_targets(plan, truth)
    assert set(stored) == set(meant)
    return [f"{key}: {stored[key]} instead of {meant[key]}" for key in meant if stored[key] != meant[key]]


def test_the_sample_drive_gives_its_expected_results(any_database_url: str, tmp_path: Path) -> None:
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    app = work(any_database_url, tmp_path)
    first = ingest(app, [f"file://{tmp_path / 'drive'}"])
    with app.engine.connect() as connection:
        assert faults(connection, truth) == []
    assert wrong_targets(app.engine, PLAN, truth) == []
    assert first.rows_loaded == sum(len(e["rows"]) for e in truth if e["expect"] == "accepted")

    again = ingest(app, [f"file://{tmp_path / 'drive'}"])
    assert (again.files, again.rows_loaded, again.indicators_changed) == (0, 0, 0)

    for file in (tmp_path / "drive").rglob("*.xls*"):
        file.touch()  # the same content with a new date is nothing new either
    touched = ingest(app, [f"file://{tmp_path / 'drive'}"])
    assert sum(touched.submissions.values()) == 0
    assert touched.rows_loaded == 0


@pytest.mark.long
@pytest.mark.parametrize("seed", [5])
def test_a_whole_year_with_all_districts_gives_its_expected_results(
    seed: int, warehouse_url: str, tmp_path: Path
) -> None:
    truth = make_drive(tmp_path / "drive", PLAN, seed=seed)
    app = work(warehouse_url, tmp_path)
    ingest(app, [f"file://{tmp_path / 'drive'}"])
    with app.engine.connect() as connection:
        assert faults(connection, truth) == []
    assert wrong_targets(app.engine, PLAN, truth) == []


@pytest.mark.long
def test_a_year_in_which_areas_merge_gives_its_expected_results(warehouse_url: str, tmp_path: Path) -> None:
    """The shipped plan of 2025, before and after 1 July: districts report, then communes of other names."""
    plan = read_plan(DEFAULT_PLAN.with_name("dong_nai_2025.yaml"))
    truth = make_drive(tmp_path / "drive", plan, seed=7, periods=["2025-Q2", "2025-Q3"])
    actual = {(entry["body"], entry["period"]) for entry in truth if entry["expect"] == "accepted"}
    assert {("UBND-731", "2025-Q2"), ("UBND-25210", "2025-Q3")} <= actual
    app = work(warehouse_url, tmp_path, plan)
    ingest(app, [f"file://{tmp_path / 'drive'}"])
    with app.engine.connect() as connection:
        assert faults(connection, truth) == []
        figures = connection.execute(
            text(
                "SELECT period_code, numerator, denominator FROM mart.target_indicator WHERE plan_code = :plan"
                " AND target_code = 'T7' AND area_code = '75' AND period_code IN ('2025-Q2', '2025-Q3')"
            ),
            {"plan": plan.code},
        )
        shares = {row[0]: (int(row[1]), int(row[2])) for row in figures}
    latest: dict[tuple[str, str], bool] = {}
    for entry in truth:
        if entry["form"] == "05-PCMD" and entry["expect"] == "accepted":
            latest |= {(entry["period"], row["commune"]): row["plan_deployed"] for row in entry["rows"]}
    assert shares == {
        period: (sum(yes for (told_for, _), yes in latest.items() if told_for == period), communes)
        for period, communes in (("2025-Q2", 159), ("2025-Q3", 95))
    }
