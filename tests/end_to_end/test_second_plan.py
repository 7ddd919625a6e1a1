"""Another province's plan, with other bodies, calendar, obligations, targets and thresholds: a file and no code."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from benchmarks.truth import faults
from plans.reading import read_plan
from plans.reporting_calendar import scheduled_periods
from sampledata.drive import make_drive
from schemas.target_checks import check_plan
from services.ingest import ingest
from tests.support.forms import BY_KEY
from tests.support.paths import DATA
from tests.support.pipeline import work

PLAN = read_plan(DATA / "plan_second.yaml")


def compute(truth: list[dict[str, Any]]) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    """A1 to A4 by hand: (target, area, period) -> (numerator, denominator)."""
    ends = {p.code: p.window_end for p in scheduled_periods(PLAN.year, PLAN.calendar)}
    reports = {}
    for entry in sorted(truth, key=lambda e: e.get("revision", 0)):
        if entry["expect"] == "accepted" and entry["period"] in ends:
            reports[entry["form"], entry["body"], ends[entry["period"]]] = entry["rows"]
    figures: dict[tuple[str, str, str], tuple[Any, Any]] = {}
    for period, end in ends.items():
        for area in PLAN.areas:
            inside = PLAN.areas_within[area.code]
            of = defaultdict(list)
            for (form, body, at), rows in sorted(reports.items(), key=lambda item: item[0][2]):
                if at <= end and PLAN.bodies_by_code[body].area in inside:
                    of[form].append((body, rows))
            last = {form: dict(actual) for form, actual in of.items()}
            if area.level == "province":
                figures["A1", area.code, period] = (_sum(of["07-PCMD"], "courses"), None)
            if area.level != "commune":
                figures["A2", area.code, period] = (_sum(last.get("02-PCMD", {}).items(), "closing"), None)
                figures["A3", area.code, period] = (
                    _sum(of["09-PCMD"], "disbursed"),
                    _sum(last.get("09-PCMD", {}).items(), "allocated"),
                )
                figures["A4", area.code, period] = (
                    _sum(last.get("05-PCMD", {}).items(), "volunteer_team"),
                    sum(PLAN.areas_by_code[code].level == "commune" for code in inside),
                )
    return figures


def _sum(reports: Any, measure: str) -> Any:
    rows = [row for _, rows in reports for row in rows]
    return sum(row[measure] for row in rows) if rows else None


def test_the_plan_fits_the_forms() -> None:
    check_plan(PLAN, BY_KEY)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_its_drives_give_the_expected_results(seed: int, migrated_url: str, tmp_path: Path) -> None:
    truth = make_drive(tmp_path / "drive", PLAN, seed=seed)
    app = work(migrated_url, tmp_path, PLAN)
    ingest(app, [f"file://{tmp_path / 'drive'}"])
    with app.engine.connect() as connection:
        assert faults(connection, truth) == []
        rows = connection.execute(
            text(
                "SELECT target_code, area_code, period_code, numerator, denominator FROM mart.target_indicator"
            )
        )
        stored = {tuple(row[:3]): tuple(None if v is None else float(v) for v in row[3:]) for row in rows}
        limited = connection.execute(
            text(
                "SELECT value, target_value, period_code, status FROM mart.target_indicator WHERE target_code = 'A2'"
            )
        ).all()
    meant = {
        key: tuple(None if v is None else pytest.approx(v) for v in pair)
        for key, pair in compute(truth).items()
    }
    assert stored == meant
    for value, ceiling, period, status in limited:
        if value is None:
            assert status == "no_data"
        elif value > ceiling:
            assert status in ("behind", "missed")
        else:
            assert status == ("on_track" if not period.endswith(("-Y", "-H2", "-Q4", "-M12")) else "met")
