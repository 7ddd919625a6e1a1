"""Comparisons: this year with the last, the year's end, and what a body does not usually report."""

import statistics
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from plans.model import Plan
from services.ingest import IngestContext, ingest
from tests.support.pipeline import NOW, work
from tests.support.reports import PLAN, district_rows, workbook
from warehouse.dimensions.plan_sync import apply_plan
from warehouse.dimensions.seeds import load_reference
from warehouse.indicators.materialize import materialize
from warehouse.migrations.upgrade import migrate, schema_is_current
from warehouse.privacy.roles import create_roles

CASES = [3, 4, 3, 5, 4, 3, 4, 4, 40]  # the ninth month is far from the others
NEXT_YEAR = PLAN.model_copy(update={"code": "DN-2021", "year": 2021})


def put(folder: Path, month: int, year: int, cases: int) -> None:
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": cases, "cases_prosecuted": cases}
    file = folder / "drive" / "CAT" / f"{year}-{month}.xlsx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(workbook("01-PCMD", "CAT", f"Tháng {month} năm {year}", rows))


@pytest.fixture
def app(warehouse_url: str, tmp_path: Path) -> IngestContext:
    app = work(warehouse_url, tmp_path)
    for month, cases in enumerate(CASES, 1):
        put(tmp_path, month, 2020, cases)
    done = ingest(app, [str(tmp_path / "drive")])
    assert done.rows_loaded == 11 * len(CASES), done
    return app


def test_the_months_that_are_left_bring_what_the_others_did(app: IngestContext) -> None:
    with app.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT f.* FROM mart.forecast f JOIN dw.dim_period p USING (period_code)"
                " WHERE target_code = 'T1' AND area_code = '75' ORDER BY p.period_number"
            )
        ).mappings()
        found = {row["period_code"]: dict(row) for row in rows}
    assert "2020-M02" not in found
    eighth = found["2020-M08"]
    actual = CASES[:8]
    assert eighth["value"] == sum(actual)
    assert eighth["forecast"] == pytest.approx(sum(actual) + 4 * statistics.mean(actual))
    margin = 1.2816 * statistics.stdev(actual) * (4 + 4**2 / 8) ** 0.5
    assert eighth["forecast_high"] - eighth["forecast"] == pytest.approx(margin)
    assert all(
        row["value"] <= row["forecast_low"] <= row["forecast"] <= row["forecast_high"]
        for row in found.values()
    )
    assert not {"T2", "T3"} & {row["target_code"] for row in found.values()}


def test_the_unusual_month_is_found_and_no_other(app: IngestContext) -> None:
    with app.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM mart.outlier")).mappings().all()
    assert {(row["measure_name"], row["period_code"]) for row in rows} >= {("cases_detected", "2020-M09")}
    assert {row["period_code"] for row in rows} == {"2020-M09"}
    far = next(row for row in rows if row["measure_name"] == "cases_detected")
    assert far["periods"] == len(CASES)
    assert far["score"] > 3.5
    assert not any("offenders" in row["measure_name"] for row in rows)


def test_a_year_is_compared_with_the_one_before(app: IngestContext, tmp_path: Path) -> None:
    with app.engine.begin() as connection:
        load_reference(connection, NEXT_YEAR)
    for month, cases in ((1, 6), (2, 6)):
        put(tmp_path, month, 2021, cases)
    later = IngestContext(app.engine, NEXT_YEAR, NOW, app.archive)
    ingest(later, [str(tmp_path / "drive")])
    with app.engine.connect() as connection:
        row = (
            connection.execute(
                text(
                    "SELECT * FROM mart.year_on_year WHERE target_code = 'T1' AND area_code = '75'"
                    " AND period_code = '2021-M02'"
                )
            )
            .mappings()
            .one()
        )
    assert (row["plan_before"], row["previous_period_code"]) == (PLAN.code, "2020-M02")
    assert (row["value"], row["value_before"], row["change"]) == (12, 7, 5)
    assert row["change_pct"] == pytest.approx(100 * 5 / 7)
    assert (row["areas_before"], row["is_like_for_like"]) == (1, True)


def test_a_figure_before_that_counted_persons_is_withheld(app: IngestContext) -> None:
    """The same code may have counted something else a year before."""
    with app.engine.begin() as connection:
        load_reference(connection, NEXT_YEAR)
        materialize(connection, NEXT_YEAR, NOW)
        connection.execute(text("INSERT INTO dw.sensitive_target VALUES (:plan, 'T1')"), {"plan": PLAN.code})
        connection.execute(
            text("SELECT audit.remove_unasked_figures(:plan, :now)"), {"plan": PLAN.code, "now": NOW}
        )
        materialize(connection, PLAN, NOW)
    assert create_roles(app.engine) == []
    asked = text("SELECT DISTINCT target_code FROM mart.year_on_year WHERE plan_code = :plan")
    seen = {}
    for role in ("chitieu_bi", "chitieu_auditor"):
        with app.engine.connect() as connection:
            connection.execute(text(f"SET ROLE {role}"))
            seen[role] = set(connection.execute(asked, {"plan": NEXT_YEAR.code}).scalars())
    assert seen["chitieu_auditor"] - seen["chitieu_bi"] == {"T1"}
    assert len(seen["chitieu_bi"]) > 3


def outliers(app: IngestContext) -> list[tuple[object, ...]]:
    with app.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT measure_name, period_code, value, median, periods, xmin::text FROM dw.outlier"
                " ORDER BY measure_name, period_code"
            )
        )
        return [tuple(row) for row in rows]


def test_a_revision_takes_an_outlier_away_and_leaves_the_others_untouched(
    app: IngestContext, tmp_path: Path
) -> None:
    before = outliers(app)
    assert {row[0] for row in before} >= {"cases_detected", "cases_prosecuted"}
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": CASES[-1], "cases_prosecuted": 4}
    revised = tmp_path / "drive" / "CAT" / "revised.xlsx"
    revised.write_bytes(workbook("01-PCMD", "CAT", "Tháng 9 năm 2020", rows))
    assert ingest(app, [str(tmp_path / "drive")]).rows_loaded == 11
    assert outliers(app) == [row for row in before if row[0] != "cases_prosecuted"]


def test_outliers_computed_from_scratch_equal_those_of_the_loads(app: IngestContext) -> None:
    """As `chitieu init` does on a warehouse whose outliers were a view."""
    kept = outliers(app)
    with app.engine.begin() as connection:
        connection.execute(text("DELETE FROM dw.outlier"))
        connection.execute(
            text("DELETE FROM audit.schema_fingerprint WHERE name IN ('dw.outlier', 'everything')")
        )
    assert not schema_is_current(app.engine)
    migrate(app.engine)
    assert [row[:-1] for row in outliers(app)] == [row[:-1] for row in kept] != []


def test_past_figures_of_a_target_that_counted_persons_stay_withheld(app: IngestContext) -> None:
    """A plan that changed may count something else by the same code; what was shown before is in the past."""
    document = PLAN.model_dump()
    document["targets"][0].update(numerator="sum(enforcement.offenders_total, bodies=[CAT])", unit="person")
    with app.engine.begin() as connection:
        apply_plan(connection, Plan.model_validate(document), NOW + timedelta(days=1))
        apply_plan(connection, PLAN, NOW + timedelta(days=2))
    assert create_roles(app.engine) == []
    tables = ("target_indicator_history", f"target_indicator_as_of('{NOW + timedelta(days=1, hours=1)}')")
    for role, actual in (("chitieu_bi", 0), ("chitieu_auditor", 12)):
        with app.engine.connect() as connection:
            connection.execute(text(f"SET ROLE {role}"))
            for table in tables:
                asked = f"SELECT count(*) FROM mart.{table} WHERE target_code = 'T1' AND unit = 'person'"
                seen = connection.scalar(text(asked.replace(":", "\\:")))
                assert (seen >= actual) if actual else seen == 0, (role, table)
