"""Closed periods stay as they were; what was known at a moment can be asked for."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from plans.reporting_calendar import period_from_code
from services.ingest import IngestContext, ingest
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse import queries
from warehouse.dimensions.seeds import load_reference
from warehouse.history import snapshots
from warehouse.indicators.computed_figures import as_known_at
from warehouse.indicators.evaluation import EVERYTHING

MARCH = period_from_code("2020-M03", PLAN.calendar)


def report(cases: int, detected: int | None = None) -> bytes:
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": detected or cases, "cases_prosecuted": cases}
    return workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows)


@pytest.fixture
def app(warehouse_url: str, tmp_path: Path) -> IngestContext:
    app = work(warehouse_url, tmp_path)
    fetch_and_read(app, tmp_path, "a.xlsx", 5, 0)
    return app


def fetch_and_read(
    app: IngestContext, folder: Path, name: str, cases: int, days: int, detected: int | None = None
) -> None:
    file = folder / "drive" / "CAT" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(report(cases, detected))
    then = IngestContext(app.engine, PLAN, NOW + timedelta(days=days), app.archive)
    ingest(then, [str(folder / "drive")])


def t1(rows: list[Any]) -> Any:
    return next(row["value"] for row in rows if row["target_code"] == "T1")


def test_a_closed_period_keeps_its_figures(app: IngestContext, tmp_path: Path) -> None:
    with app.engine.begin() as connection:
        figures = snapshots.close(connection, PLAN, MARCH, NOW)
    assert figures == 3 * 1 + 4 * 12 + 170  # T1, T2, T4; T3, T5, T6, T7; T8
    fetch_and_read(app, tmp_path, "b.xlsx", 9, 1)
    with app.engine.connect() as connection:
        assert t1(queries.snapshot(connection, PLAN, "2020-M03", None)) == 5
        assert t1(queries.targets(connection, PLAN, "2020-M03", None)) == 9
        assert (
            connection.scalar(text("SELECT kind FROM audit.event ORDER BY event_id DESC OFFSET 2 LIMIT 1"))
            == "close"
        )


def test_the_database_gives_any_figure_as_it_was_known(app: IngestContext, tmp_path: Path) -> None:
    fetch_and_read(app, tmp_path, "b.xlsx", 9, 1)
    moments = [NOW - timedelta(days=1), NOW, NOW + timedelta(hours=12), NOW + timedelta(days=1)]
    shown = "target_code, area_code, period_code, numerator, denominator, value, status, verdict, completeness_pct, value_min"
    with app.engine.connect() as connection:
        for moment in moments:
            rows = connection.execute(
                text(f"SELECT {shown} FROM mart.target_indicator_as_of(:m)"), {"m": moment}
            )
            actual = sorted(map(tuple, rows), key=str)
            known = as_known_at(connection, PLAN, moment, EVERYTHING)
            assert actual == sorted(
                (tuple(row[name] for name in shown.split(", ")) for row in known), key=str
            )
        now = connection.execute(text(f"SELECT {shown} FROM mart.target_indicator"))
        assert actual == sorted(map(tuple, now), key=str)
    changed = PLAN.model_copy(update={"title": "Another title"})
    with app.engine.begin() as connection:
        connection.execute(text("UPDATE dw.dim_plan SET definition_sha256 = 'x'"))
        # Figures in the table are not computed; those that it lacks are not computed by another plan.
        asked = text("SELECT * FROM mart.target_indicator_as_of(:m) LIMIT 1")
        assert connection.execute(asked, {"m": NOW}).one()
        with pytest.raises(DBAPIError, match="run chitieu init"), connection.begin_nested():
            connection.execute(asked, {"m": moments[0]})
        load_reference(connection, changed)
        assert connection.execute(asked, {"m": moments[0]}).one()


def test_one_plan_one_period_and_a_reading_transaction_tell_the_same(
    app: IngestContext, tmp_path: Path
) -> None:
    """BI tools open transactions that only read, where no temporary table may be made."""
    fetch_and_read(app, tmp_path, "b.xlsx", 9, 1)
    for moment in (NOW, NOW + timedelta(days=1)):
        asked = "SELECT * FROM mart.target_indicator_as_of(:m{}) ORDER BY target_code, area_code, period_code"
        with app.engine.connect() as connection:
            every = connection.execute(text(asked.format("")), {"m": moment}).all()
        with app.engine.connect() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            assert connection.execute(text(asked.format("")), {"m": moment}).all() == every
            of_plan = connection.execute(text(asked.format(", :p")), {"m": moment, "p": PLAN.code}).all()
            assert of_plan == every
            assert not connection.execute(text(asked.format(", 'another'")), {"m": moment}).all()
        with app.engine.connect() as connection:
            march = {"m": moment, "p": PLAN.code, "q": "2020-M03"}
            actual = connection.execute(text(asked.format(", :p, :q")), march).all()
            assert actual == [row for row in every if row.period_code == "2020-M03"] != []


def test_a_plan_without_targets_has_no_figures_at_any_moment(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        load_reference(connection, PLAN.model_copy(update={"code": "DN-NONE", "targets": ()}))
    asked = text("SELECT count(*) FROM mart.target_indicator_as_of(now(), 'DN-NONE', :period)")
    with app.engine.connect() as connection:
        for period in (None, "2020-M03"):
            assert connection.scalar(asked, {"period": period}) == 0


def test_changes_after_the_close_are_listed_with_their_submissions(
    app: IngestContext, tmp_path: Path
) -> None:
    with app.engine.begin() as connection:
        snapshots.close(connection, PLAN, MARCH, NOW)
        head = connection.scalar(
            text("SELECT encode(hash, 'hex') FROM audit.event ORDER BY event_id DESC LIMIT 1")
        )
        assert connection.execute(text("SELECT * FROM mart.revision_log")).all() == []
    fetch_and_read(app, tmp_path, "b.xlsx", 31, 1)
    with app.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM mart.revision_log")).mappings().all()
        (moved,) = [dict(row) for row in rows]
        assert (moved["target_code"], moved["area_code"], moved["period_code"]) == ("T1", "75", "2020-M03")
        assert (moved["frozen_value"], moved["value"]) == (5, 31)
        assert (moved["frozen_verdict"], moved["verdict"], moved["verdict_changed"]) == (
            "undecided",
            "met",
            True,
        )
        last = connection.scalar(text("SELECT max(submission_id) FROM audit.submission"))
        assert moved["submission_ids"] == [last]
        assert moved["chain_head"] == head
        frozen = connection.execute(text("SELECT * FROM mart.closed_period")).mappings().one()
        assert (frozen["period_code"], frozen["chain_head"]) == ("2020-M03", head)
        assert frozen["closed_by"] == connection.scalar(text("SELECT session_user"))
        assert moved["is_declared_correction"] is False
        assert frozen["figures"] == connection.scalar(text("SELECT count(*) FROM mart.target_snapshot"))
        body = connection.execute(text("SELECT * FROM mart.revision_statistics")).mappings().one()
        assert (body["body_code"], body["reports"], body["revisions"], body["after_close"]) == (
            "CAT",
            1,
            1,
            1,
        )


def test_only_the_submissions_that_changed_a_figure_are_its_causes(
    app: IngestContext, tmp_path: Path
) -> None:
    """What came after the closing and left the figure as it was made no difference."""
    with app.engine.begin() as connection:
        snapshots.close(connection, PLAN, MARCH, NOW)
    fetch_and_read(app, tmp_path, "same.xlsx", 5, 1, detected=6)
    fetch_and_read(app, tmp_path, "more.xlsx", 31, 2)
    fetch_and_read(app, tmp_path, "again.xlsx", 31, 3, detected=32)
    fetch_and_read(app, tmp_path, "most.xlsx", 32, 4)
    asked = text("SELECT submission_ids FROM mart.revision_log WHERE target_code = 'T1'")
    accepted = text("SELECT submission_id FROM audit.submission WHERE revision > 0 ORDER BY 1")
    with app.engine.connect() as connection:
        _same, more, _again, most = connection.execute(accepted).scalars()
        assert connection.execute(asked).all() == [([more, most],)]


def test_a_months_report_after_its_quarter_was_closed_came_after_the_close(
    app: IngestContext, tmp_path: Path
) -> None:
    with app.engine.begin() as connection:
        snapshots.close(connection, PLAN, period_from_code("2020-Q1", PLAN.calendar), NOW)
    fetch_and_read(app, tmp_path, "b.xlsx", 31, 1)
    asked = text("SELECT after_close, most_of_one_report FROM mart.revision_statistics")
    with app.engine.connect() as connection:
        assert connection.execute(asked).all() == [(1, 1)]


def test_a_declared_correction_is_distinguished_from_another_revision(
    app: IngestContext, tmp_path: Path
) -> None:
    with app.engine.begin() as connection:
        snapshots.close(connection, PLAN, MARCH, NOW)
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": 31, "cases_prosecuted": 31}

    def call_it_so(sheet: Worksheet) -> None:
        sheet["C2"] = "Báo cáo điều chỉnh (thay thế báo cáo ngày 15/3/2020)"

    content = workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows, call_it_so)
    (tmp_path / "drive" / "CAT" / "b.xlsx").write_bytes(content)
    ingest(IngestContext(app.engine, PLAN, NOW + timedelta(days=1), app.archive), [str(tmp_path / "drive")])
    with app.engine.connect() as connection:
        called = connection.execute(text("SELECT is_declared_correction FROM mart.revision_log")).all()
    assert called == [(True,)]


def test_the_calendar_locates_each_period(app: IngestContext) -> None:
    with app.engine.connect() as connection:
        row = connection.execute(
            text(
                "SELECT days, quarter_code, half_code, year_code, previous_period_code, has_ended FROM mart.calendar"
                " WHERE period_code = '2020-M03'"
            )
        ).one()
        codes = connection.execute(text("SELECT count(*), count(DISTINCT period_code) FROM mart.calendar"))
        assert len(set(codes.one())) == 1
    assert row == (29, "2020-Q1", "2020-H1", "2020-Y", "2020-M02", True)


def test_what_was_known_at_a_moment_can_be_asked_for(app: IngestContext, tmp_path: Path) -> None:
    fetch_and_read(app, tmp_path, "b.xlsx", 9, 1)
    fetch_and_read(app, tmp_path, "c.xlsx", 7, 2)
    with app.engine.connect() as connection:
        for hours, value in ((-1, None), (1, 5), (25, 9), (49, 7)):
            moment = NOW + timedelta(hours=hours)
            rows = queries.as_known_at(connection, PLAN, moment, "2020-M03", None)
            assert t1(rows) == value
        now = queries.targets(connection, PLAN, "2020-M03", None)
        then = queries.as_known_at(connection, PLAN, NOW + timedelta(hours=49), "2020-M03", None)
        actual = ("target_code", "numerator", "denominator", "value", "status", "verdict", "completeness_pct")
        assert [[row[k] for k in actual] for row in now] == [[row[k] for k in actual] for row in then]


def test_a_period_is_closed_once_and_not_before_its_time(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        snapshots.close(connection, PLAN, MARCH, NOW)
    with app.engine.begin() as connection, pytest.raises(snapshots.CannotCloseError, match="closed already"):
        snapshots.close(connection, PLAN, MARCH, NOW)
    early = NOW.replace(year=2020, month=3, day=14)
    april = period_from_code("2020-M04", PLAN.calendar)
    with (
        app.engine.begin() as connection,
        pytest.raises(snapshots.CannotCloseError, match="window runs until"),
    ):
        snapshots.close(connection, PLAN, april, early)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dw.target_snapshot SET value = 30",
        "DELETE FROM dw.target_snapshot",
        "TRUNCATE dw.target_snapshot",
    ],
)
def test_nobody_changes_a_frozen_figure(statement: str, app: IngestContext) -> None:
    with app.engine.begin() as connection:
        snapshots.close(connection, PLAN, MARCH, NOW)
    with app.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))
