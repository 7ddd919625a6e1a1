"""Earlier figures of the target table are kept, whatever becomes of the figures and of the plan."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from plans.model import Plan
from services.ingest import IngestContext, ingest
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse import queries
from warehouse.dimensions.plan_sync import apply_plan
from warehouse.indicators.computed_figures import as_known_at
from warehouse.indicators.evaluation import EVERYTHING
from warehouse.indicators.materialize import materialize
from warehouse.integrity.verification import verify_plans

LATER = NOW + timedelta(days=1)
HOUR = timedelta(hours=1)
AS_OF = "SELECT * FROM mart.target_indicator_as_of(:m) WHERE {} ORDER BY target_code, area_code, period_code"


@pytest.fixture
def app(warehouse_url: str, tmp_path: Path) -> IngestContext:
    app = work(warehouse_url, tmp_path)
    report(app, tmp_path, 5, NOW)
    return app


def report(app: IngestContext, folder: Path, cases: int, now: datetime) -> None:
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
    file = folder / "drive" / "CAT" / f"{cases}.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows))
    ingest(IngestContext(app.engine, PLAN, now, app.archive), [str(folder / "drive")])


def changed(change: Callable[[dict[str, Any]], None]) -> Plan:
    document = PLAN.model_dump()
    change(document)
    return Plan.model_validate(document)


def with_targets(change: Callable[[list[dict[str, Any]]], Any]) -> Plan:
    def of_document(document: dict[str, Any]) -> None:
        targets = list(document["targets"])
        change(targets)
        document["targets"] = tuple(targets)

    return changed(of_document)


def raised() -> Plan:
    return with_targets(lambda targets: targets[0].update(at_least=60))


def known(connection: Connection, moment: datetime, where: str = "TRUE") -> list[Any]:
    return list(connection.execute(text(AS_OF.format(where)), {"m": moment}).all())


def t1(connection: Connection, moment: datetime) -> tuple[float, float, str]:
    (row,) = known(connection, moment, "target_code = 'T1' AND period_code = '2020-M03'")
    return row.value, row.target_value, row.verdict


def test_a_changed_figure_is_known_as_of_each_moment(app: IngestContext, tmp_path: Path) -> None:
    report(app, tmp_path, 31, LATER)
    asked = text(
        "SELECT value, computed_at, superseded_at FROM mart.target_indicator_history"
        " WHERE target_code = 'T1' AND period_code = '2020-M03'"
    )
    with app.engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(asked)] == [(5, NOW, LATER)]
        for moment, found in ((NOW, 5), (LATER - HOUR, 5), (LATER, 31), (LATER + HOUR, 31)):
            assert t1(connection, moment)[0] == found


def test_kept_figures_equal_computed_ones(app: IngestContext, tmp_path: Path) -> None:
    report(app, tmp_path, 31, LATER)
    with app.engine.connect() as connection:
        for moment in (NOW, NOW + HOUR, LATER, LATER + HOUR):
            recomputed = as_known_at(connection, PLAN, moment, EVERYTHING)
            found = [dict(row._mapping) for row in known(connection, moment)]
            for row in (*recomputed, *found):
                del row["computed_at"]
            names = ("target_code", "area_code", "period_code")
            assert found == sorted(recomputed, key=lambda row: tuple(row[name] for name in names))


def test_a_plan_that_changed_without_days_does_not_change_what_was_known(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        assert apply_plan(connection, raised(), LATER) > 0
        assert t1(connection, NOW) == (5, 30, "undecided")
        assert t1(connection, LATER) == (5, 60, "undecided")
        for moment, target in ((LATER - HOUR, 30), (LATER, 60)):
            (row,) = (
                row
                for row in queries.as_known_at(connection, raised(), moment, "2020-M03", None)
                if row["target_code"] == "T1"
            )
            assert row["target_value"] == target
        assert apply_plan(connection, raised(), LATER + HOUR) == 0  # it is as it was


def test_what_a_plan_dropped_is_deleted_and_known_as_of_then(app: IngestContext) -> None:
    def change(targets: list[dict[str, Any]]) -> None:
        assert (targets[2]["code"], targets[4]["code"]) == ("T3", "T5")
        targets[2].update(reported_levels=("province",))
        targets[4].update(valid_from=date(2020, 6, 1))
        del targets[0]

    with app.engine.begin() as connection:
        before = known(connection, NOW)
        apply_plan(connection, with_targets(change), LATER)
        now = known(connection, LATER)
        current = connection.execute(text("SELECT count(*) FROM mart.target_indicator")).scalar_one()
        assert len(now) == current
        found = {(row.target_code, row.area_level) for row in now}
        gone = {(row.target_code, row.area_level) for row in before} - found
        assert gone == {("T1", "province"), ("T3", "district")}
        assert {row.period_code for row in before if row.target_code == "T5"} > {
            row.period_code for row in now if row.target_code == "T5"
        }
        assert known(connection, LATER - HOUR) == before
        (again,) = known(connection, NOW, "target_code = 'T1' AND period_code = '2020-M03'")
        assert again.value == 5
        assert connection.scalar(text("SELECT current_setting('chitieu.now', true)")) in (None, "")


def test_a_period_not_yet_in_the_table_is_computed(warehouse_url: str, tmp_path: Path) -> None:
    """A window closes at midnight; the next run comes in the morning."""
    app = work(warehouse_url, tmp_path)
    evening = datetime.fromisoformat("2020-04-14T22:00+07:00")
    report(app, tmp_path, 5, evening)
    night, morning = evening + 3 * HOUR, evening + 9 * HOUR
    april = "period_code = '2020-M04' AND target_code = 'T1'"
    with app.engine.begin() as connection:
        assert not known(connection, evening, april)
        (recomputed,) = known(connection, night, april)
        assert recomputed.value == 5
        (row,) = queries.as_known_at(connection, PLAN, night, "2020-M04", None)[:1]
        assert (row["target_code"], row["value"]) == ("T1", 5)
        materialize(connection, PLAN, morning, only_missing=True)
        assert known(connection, night, april) == [recomputed]
        (found,) = known(connection, morning, april)
        assert found.computed_at == morning
        assert len(known(connection, night, "period_code = '2020-M03'")) == len(
            known(connection, evening, "period_code = '2020-M03'")
        )


def test_a_warehouse_without_history_computes_past_figures(app: IngestContext, tmp_path: Path) -> None:
    report(app, tmp_path, 31, LATER)
    with app.engine.begin() as connection:
        before = known(connection, NOW)
        connection.execute(text("ALTER TABLE dw.target_indicator_history DISABLE TRIGGER ALL"))
        connection.execute(text("DELETE FROM dw.target_indicator_history"))
        connection.execute(text("DELETE FROM audit.indicator_coverage"))
        connection.execute(  # as the migration notes it
            text(
                "INSERT INTO audit.indicator_coverage SELECT plan_code, period_code, max(computed_at)"
                " FROM mart.target_indicator GROUP BY 1, 2"
            )
        )
        again = known(connection, NOW)
        assert [row[:-1] for row in again] == [row[:-1] for row in before]


@pytest.mark.parametrize("what", ["UPDATE {} SET value = 30", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_what_was_known(what: str, app: IngestContext, tmp_path: Path) -> None:
    report(app, tmp_path, 31, LATER)
    for table in ("target_indicator_history", "target_breakdown_history"):
        with app.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(what.format(f"dw.{table}")))


def test_a_figure_at_a_further_level_leaves_its_past_too(app: IngestContext, tmp_path: Path) -> None:
    report(app, tmp_path, 31, LATER)
    district = district_rows("01-PCMD")[0]["district"]
    code = next(area.code for area in PLAN.areas if area.name == district)
    asked = "SELECT value, computed_at, {} FROM mart.{} WHERE target_code = 'T1' AND period_code = '2020-M03'"
    asked += " AND area_code = :code"
    with app.engine.connect() as connection:
        past = connection.execute(
            text(asked.format("superseded_at", "target_breakdown_history")), {"code": code}
        ).all()
        now = connection.execute(text(asked.format("NULL", "target_breakdown")), {"code": code}).all()
    assert [tuple(row) for row in past] == [(5, NOW, LATER)]
    assert [tuple(row) for row in now] == [(31, LATER, None)]


def test_a_figure_changed_by_hand_leaves_a_trace(app: IngestContext) -> None:
    forge = text("UPDATE dw.target_indicator SET value = 99, computed_at = :m WHERE target_code = 'T1'")
    with app.engine.begin() as connection:
        connection.execute(forge, {"m": LATER})
        assert t1(connection, LATER)[0] == 99
        assert t1(connection, NOW)[0] == 5
    with app.engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("TRUNCATE dw.target_indicator"))


def test_a_question_about_some_figures_looks_at_these_alone(app: IngestContext) -> None:
    """The function is inlined into the query: its conditions use indexes."""
    asked = "EXPLAIN " + AS_OF.format(
        "plan_code = 'DN-2020' AND period_code = '2020-Q1' AND target_code = 'T1'"
    )
    with app.engine.connect() as connection:
        found = "\n".join(connection.execute(text(asked), {"m": NOW}).scalars())
    assert "Function Scan on target_indicator_as_of" not in found
    assert "target_indicator_history" in found


def test_earlier_plan_documents_are_kept_and_compared_with_the_chain(app: IngestContext) -> None:
    with app.engine.begin() as connection:
        apply_plan(connection, raised(), LATER)
        documents = connection.execute(
            text("SELECT document FROM audit.plan_document ORDER BY recorded_at")
        ).scalars()
        assert [Plan.model_validate_json(one) for one in documents] == [PLAN, raised()]
        assert verify_plans(connection) == []
        connection.execute(text("ALTER TABLE audit.plan_document DISABLE TRIGGER ALL"))
        forge = (
            """UPDATE audit.plan_document SET document = replace(document, 'least"\\:60', 'least"\\:61')"""
        )
        connection.execute(text(forge))
        (wrong,) = verify_plans(connection)
        assert "is not what event" in wrong
        connection.execute(text("""DELETE FROM audit.plan_document WHERE document LIKE '%least"\\:61%'"""))
        connection.execute(
            text("INSERT INTO audit.plan_document VALUES ('DN-2020', '2020-01-01', repeat('0', 64), '{}')")
        )
        gone, forged = verify_plans(connection)
        assert gone.endswith("is gone.")
        assert forged.endswith("is not in the chain.")
