"""A province without districts, as all have been since July 2025: the communes report to it directly."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.truth import faults
from plans.reporting_calendar import period_from_code
from publishing.blank_forms.rows import known_rows
from sampledata.drive import make_drive
from services.ingest import IngestContext, ingest
from tests.support.forms import BY_CODE
from tests.support.mergers import plans
from tests.support.pipeline import NOW, work
from tests.support.reports import default_rows, workbook
from tests.support.two_levels import PLAN, POLICE

SENDERS = ["CAT", *(f"UBND-{code}" for code in ("25993", "26005", "26017", "25222", "26170"))]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_sheet_gives_its_expected_result(seed: int, migrated_url: str, tmp_path: Path) -> None:
    periods = ("2026-M01", "2026-M02", "2026-M03", "2026-Q1", "2026-A-0305")
    truth = make_drive(tmp_path / "drive", PLAN, seed=seed, periods=periods, bodies=SENDERS, fault_share=0.3)
    app = work(migrated_url, tmp_path, PLAN)
    ingest(IngestContext(app.engine, PLAN, NOW.replace(month=11), app.archive), [str(tmp_path / "drive")])
    with app.engine.connect() as connection:
        assert faults(connection, truth) == []


def test_a_form_by_district_is_one_by_commune(migrated_url: str, tmp_path: Path) -> None:
    form, period = BY_CODE["01-PCMD"], period_from_code("2026-M03", PLAN.calendar)
    names = [row[0] for row in known_rows(form, PLAN, POLICE, period)]
    assert len(names) == 95
    rows = default_rows("01-PCMD", names)
    rows[0] |= {"cases_detected": 7, "cases_prosecuted": 7}
    folder = tmp_path / "drive" / "CAT"
    folder.mkdir(parents=True)
    app = work(migrated_url, tmp_path, PLAN)
    for number, actual in enumerate((rows[:-1], rows)):
        file = folder / f"{number}.xlsx"
        file.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2026", actual))
        ingest(IngestContext(app.engine, PLAN, NOW.replace(month=11), app.archive), [str(tmp_path / "drive")])
    with app.engine.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT s.status, f.code FROM audit.submission s LEFT JOIN audit.finding f"
                " USING (submission_id) ORDER BY submission_id"
            )
        ).all()
        figures = connection.execute(
            text(
                "SELECT area_code, numerator FROM mart.target_indicator WHERE target_code = 'X5'"
                " AND period_code = '2026-M03' AND numerator > 0 ORDER BY area_code"
            )
        ).all()
    assert ended == [("rejected", "ROW-MISSING"), ("accepted", None)]
    first = next(area.code for area in PLAN.areas if area.name == names[0])
    assert figures == sorted([(first, 7), ("75", 7)])


def test_a_name_that_passed_from_one_area_to_another_means_the_one_that_is_there() -> None:
    """Phường Tân Mai was 26026 until the end of 2024, and is 26014 from then on."""
    from transforms.text.places import gazetteer, resolve

    plan = plans()[2]
    window = period_from_code("2025-M01", plan.calendar)
    first, last = window.window_start, window.window_end
    places = gazetteer(plan.effective_plan(first, last), last)
    assert resolve(places, "Phường Tân Mai", "commune", "731").area_code == "26014"
    assert resolve(places, "Phường Tân Tiến", "commune", "731").fault == "AREA-UNKNOWN"
    before = (date(2024, 12, 15), date(2024, 12, 31))
    assert (
        resolve(gazetteer(plan.effective_plan(*before), before[1]), "Tân Mai", "commune", "731").area_code
        == "26026"
    )
