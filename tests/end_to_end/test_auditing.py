"""What an auditor relies on: each figure leads to its cells, and nothing can be altered unseen."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from drives.archive import load
from plans.model import Plan
from plans.reporting_calendar import period_from_code
from sampledata.drive import make_drive
from services.audit_checks import chain_head, replay, verify
from services.context import AppContext
from services.ingest import ingest
from services.settings import Settings
from tests.support.pipeline import NOW
from tests.support.pipeline import work as pipeline_work
from tests.support.reports import PLAN
from transforms.extract.workbook import read_sheets
from warehouse.database import connect
from warehouse.dimensions.plan_sync import apply_plan
from warehouse.history.snapshots import close
from warehouse.indicators.lineage import figures_of_cell, recompute, trace
from warehouse.integrity.events import append_event

MARCH = period_from_code("2020-M03", PLAN.calendar)


@pytest.fixture
def app(sample_url: str, tmp_path: Path) -> AppContext:
    return as_command(sample_url, tmp_path)


def as_command(url: str, folder: Path) -> AppContext:
    return AppContext(Settings(home=folder, database_url=url, sources=()), PLAN, NOW, connect(url))


def assert_figures_are_given_by_their_cells(app: AppContext, most: int) -> None:
    by_code = {target.code: target for target in PLAN.targets}
    with app.engine.connect() as connection:
        figures = connection.execute(
            text(
                "SELECT target_code, area_code, period_code, numerator, denominator FROM mart.target_indicator"
                " WHERE numerator IS NOT NULL"
            )
        ).all()
        assert len(figures) > 100
        for target, area, period, numerator, denominator in random.Random(1).sample(
            figures, k=min(most, len(figures))
        ):
            cells = trace(connection, PLAN, target, period, area)
            above, below = recompute(cells, by_code[target])
            assert above == Decimal(numerator), (target, area, period)
            if denominator is not None:
                assert below == Decimal(denominator), (target, area, period)


def test_the_cells_of_the_sample_give_every_figure_again(app: AppContext) -> None:
    assert_figures_are_given_by_their_cells(app, 10_000)


@pytest.mark.long
def test_the_cells_of_a_generated_quarter_give_its_figures_again(warehouse_url: str, tmp_path: Path) -> None:
    periods = ["2020-M01", "2020-M02", "2020-M03", "2020-Q1"]
    make_drive(tmp_path / "drive", PLAN, seed=3, periods=periods, commune_bodies=6)
    ingest(pipeline_work(warehouse_url, tmp_path), [str(tmp_path / "drive")])
    assert_figures_are_given_by_their_cells(as_command(warehouse_url, tmp_path), 400)


def test_a_traced_cell_holds_the_value_in_the_archived_file(app: AppContext) -> None:
    with app.engine.connect() as connection:
        cells = trace(connection, PLAN, "T1", "2020-Q1", "75")
    assert sum(cell["value"] for cell in cells) == 16
    for cell in cells:
        content = load(app.settings.archive, cell["sha256"])
        sheet = next(s for s in read_sheets(content, cell["file_name"]) if s.name == cell["sheet_name"])
        column, row = ord(cell["cell"][0]) - 65, int(cell["cell"][1:]) - 1
        written = str(sheet.rows[row][column] or 0).strip().replace("-", "0").replace("không", "0")
        assert int(float(written)) == cell["value"]


def test_a_cell_leads_to_the_figures_that_it_moved(app: AppContext) -> None:
    with app.engine.connect() as connection:
        cell = trace(connection, PLAN, "T1", "2020-M01", "75")[0]
        figures = figures_of_cell(
            connection, PLAN, cell["body_code"], cell["file_name"], cell["sheet_name"], cell["cell"]
        )
        assert {(f["target_code"], f["area_code"]) for f in figures} == {("T1", "75")}
        assert len(figures) == 19  # every period of the year from this one on
        assert figures_of_cell(connection, PLAN, "CAT", "nothing.xlsx", "x", "A1") == []


def test_an_untouched_warehouse_is_sound(app: AppContext) -> None:
    with app.engine.begin() as connection:
        close(connection, PLAN, MARCH, NOW)
    assert verify(app) == []
    with app.engine.connect() as connection:
        assert verify(app, chain_head(connection)) == []
    assert replay(app, "2020-M03") == []
    assert replay(app, "2020-Q1") == []


def test_a_clock_that_was_set_back_does_not_disturb_the_replay(app: AppContext) -> None:
    with app.engine.begin() as connection:
        close(connection, PLAN, MARCH, NOW - timedelta(days=9))  # before the ingest, by the clock
    assert replay(app, "2020-M03") == []


def as_superuser(table: str, statement: str) -> Callable[[AppContext], None]:
    def tamper(app: AppContext) -> None:
        with app.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            connection.execute(text(statement))
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))

    return tamper


def alter_an_archived_file(app: AppContext) -> None:
    with app.engine.connect() as connection:
        digest = connection.scalar(text("SELECT sha256 FROM audit.submission WHERE submission_id = 1"))
    path = app.settings.archive / digest[:2] / digest[2:]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")


TAMPERING: dict[str, tuple[Callable[[AppContext], None], str]] = {
    "a fact deleted": (
        as_superuser("dw.fact_hotspots", "DELETE FROM dw.fact_hotspots WHERE fact_id = 1"),
        "its fact rows are not what was loaded",
    ),
    "a fact of nobody": (
        as_superuser(
            "dw.fact_communications",
            "INSERT INTO dw.fact_communications (submission_id, load_id, body_key, period_key, area_key, activity_type, events,"
            " participants, products, source_sheet, source_row, recorded_at) SELECT (SELECT min(submission_id)"
            " FROM audit.submission WHERE status = 'rejected'), load_id, body_key, period_key + 1, area_key, activity_type,"
            " 1, 1, 1, '', 1, now() FROM dw.fact_communications LIMIT 1",
        ),
        "which was not accepted",
    ),
    "a revision brought back": (
        as_superuser(
            "dw.fact_enforcement", "UPDATE dw.fact_enforcement SET superseded_at = now() WHERE fact_id = 1"
        ),
        "the wrong revision is in force",
    ),
    "an archived file altered": (alter_an_archived_file, "is damaged"),
    "a frozen figure added": (
        as_superuser(
            "dw.target_snapshot",
            "INSERT INTO dw.target_snapshot SELECT '2020-M02', now(), t.* FROM dw.target_indicator t LIMIT 1",
        ),
        "2020-M02 of DN-2020 has frozen figures, but was not closed",
    ),
    "an event left out": (
        as_superuser("audit.event", "DELETE FROM audit.event WHERE event_id = 1"),
        "Event 1 is missing",
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_named(what: str, app: AppContext) -> None:
    with app.engine.begin() as connection:
        close(connection, PLAN, MARCH, NOW)
    tamper, expected = TAMPERING[what]
    tamper(app)
    wrong = verify(app)
    assert any(expected in line for line in wrong), wrong


def test_the_last_event_cut_off_shows_against_a_published_head(app: AppContext) -> None:
    with app.engine.begin() as connection:
        close(connection, PLAN, MARCH, NOW)
        append_event(connection, "publish", "pages", {}, NOW)
        head = chain_head(connection)
    as_superuser(
        "audit.event", "DELETE FROM audit.event WHERE event_id = (SELECT max(event_id) FROM audit.event)"
    )(app)
    assert verify(app) == []
    assert "is not in the chain" in verify(app, head)[0]


def test_a_frozen_figure_that_the_archive_does_not_give_is_named(app: AppContext) -> None:
    with app.engine.begin() as connection:
        close(connection, PLAN, MARCH, NOW)
    as_superuser(
        "dw.target_snapshot",
        "UPDATE dw.target_snapshot SET numerator = 17, value = 17 WHERE target_code = 'T1'",
    )(app)
    wrong = replay(app, "2020-M03")
    assert len(wrong) == 1
    assert wrong[0].startswith("T1 75 2020-M03: numerator is 17 but the archive gives 16")


def test_a_plan_that_changed_after_closing_does_not_disturb_the_replay(app: AppContext) -> None:
    """The figures were held against the thresholds of then."""
    with app.engine.begin() as connection:
        close(connection, PLAN, MARCH, NOW)
    document = PLAN.model_dump()
    document["targets"][0]["at_least"] = 1
    lowered = Plan.model_validate(document)
    with app.engine.begin() as connection:
        assert apply_plan(connection, lowered, NOW + timedelta(days=1)) > 0
    assert replay(replace(app, plan=lowered), "2020-M03") == []


def test_a_revision_after_closing_does_not_disturb_the_replay(app: AppContext, tmp_path: Path) -> None:
    from tests.support.reports import district_rows, workbook

    with app.engine.begin() as connection:
        close(connection, PLAN, MARCH, NOW)
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": 9, "cases_prosecuted": 9}
    file = tmp_path / "drive" / "CAT" / "later.xlsx"
    file.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    later = replace(app, now=NOW + timedelta(days=1))
    from services.ingest import IngestContext as IngestWork

    ingest(IngestWork(app.engine, PLAN, later.now, app.settings.archive), [str(tmp_path / "drive")])
    assert verify(later) == []
    assert replay(later, "2020-M03") == []
