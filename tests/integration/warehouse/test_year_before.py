"""Targets that compare with the year before, while reports of that year are missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from plans.model import Plan
from services.ingest import IngestContext, ingest
from services.retraction import waive
from tests.support.pipeline import work
from tests.support.small_plans import PROVINCE, plan_of, put_sheet, target
from warehouse.indicators.computed_figures import as_known_at
from warehouse.indicators.evaluation import EVERYTHING
from warehouse.verification.database import verify_database

NOW = datetime(2020, 7, 1, tzinfo=UTC)
THIS = "sum(enforcement.cases_prosecuted)"
BEFORE = "sum(enforcement.cases_prosecuted, year=previous)"
QUARTERLY = [{"form": "01-PCMD", "bodies": ["CAT"], "frequency": "Q"}]
TARGETS = [
    target("CHANGE", f"{THIS} - {BEFORE}", denominator=BEFORE, unit="percent", at_least=10),
    target("LEVEL", f"{THIS} - {BEFORE}", at_least=1),
    target("NESTED", "value(CHANGE)", unit="point", at_least=10),
    target("QUARTER", "sum(enforcement.cases_prosecuted, year=previous, over=period)", periods=["Q"]),
]
AREAS = [area for area in PROVINCE["areas"] if area["level"] != "commune"]


@dataclass
class Years:
    """A warehouse with one plan of two years, or a plan for each."""

    url: str
    folder: Path
    plans: Mapping[int, Plan]

    @property
    def context(self) -> IngestContext:
        context = work(self.url, self.folder, self.plans[2020])
        return IngestContext(context.engine, self.plans[2020], NOW, self.folder / "archive")

    def report(self, year: int, quarter: str, cases: int) -> None:
        """Let the body report a quarter; each ingest has a drive of its own."""
        plan = self.plans[year]
        drive = self.folder / f"{year}{quarter}"
        rows = {
            name: {"cases_detected": number, "cases_prosecuted": number}
            for name, number in (("Thành phố Biên Hòa", cases), ("Thành phố Long Khánh", 0))
        }
        put_sheet(drive, plan, "01-PCMD", "CAT", f"Quý {quarter} năm {year}", rows)
        engine = work(self.url, self.folder, plan).engine
        result = ingest(IngestContext(engine, plan, NOW, self.folder / "archive"), [str(drive)])
        assert result.submissions["accepted"] == 1, result

    def row(self, code: str, period: str) -> Any:
        query = (
            "SELECT * FROM mart.target_indicator WHERE target_code = :code AND period_code = :period"
            " AND area_code = '75' AND plan_code = :plan"
        )
        values = {"code": code, "period": period, "plan": self.plans[int(period[:4])].code}
        with self.context.engine.connect() as connection:
            return connection.execute(text(query), values).one()

    def differences(self) -> list[str]:
        with self.context.engine.connect() as connection:
            return list(verify_database(connection))


@pytest.fixture(params=["one plan", "a plan for each year"])
def years(request: pytest.FixtureRequest, warehouse_url: str, tmp_path: Path) -> Years:
    shared: dict[str, Any] = {"areas": AREAS, "obligations": QUARTERLY, "targets": TARGETS}
    if request.param == "one plan":
        plan = plan_of(tmp_path, code="P-2019-2020", year=2019, last_year=2020, **shared)
        return Years(warehouse_url, tmp_path, {2019: plan, 2020: plan})
    plans = {year: plan_of(tmp_path, code=f"P-{year}", year=year, **shared) for year in (2019, 2020)}
    for plan in plans.values():
        work(warehouse_url, tmp_path, plan)
    return Years(warehouse_url, tmp_path, plans)


def test_a_figure_is_open_until_the_reports_of_both_years_are_in(years: Years) -> None:
    years.report(2019, "II", 10)
    years.report(2020, "I", 20)
    years.report(2020, "II", 10)
    for code, value in (("CHANGE", 200), ("LEVEL", 20), ("NESTED", 200)):
        row = years.row(code, "2020-H1")
        assert (row.value, row.is_final, row.completeness_pct) == (value, False, 75), code
        assert (row.value_min, row.value_max, row.verdict) == (None, None, "undecided"), code
    assert not years.row("QUARTER", "2020-Q1").is_final
    assert years.row("QUARTER", "2020-Q2").is_final

    years.report(2019, "I", 90)
    for code, value in (("CHANGE", -70), ("LEVEL", -70), ("NESTED", -70)):
        row = years.row(code, "2020-H1")
        assert (row.value, row.is_final, row.completeness_pct) == (value, True, 100), code
        assert (row.value_min, row.value_max, row.verdict) == (value, value, "not_met"), code
    assert years.row("QUARTER", "2020-Q1").is_final
    assert years.differences() == []


def test_a_figure_without_a_year_before_is_never_final(years: Years) -> None:
    years.report(2019, "I", 5)
    for code in ("CHANGE", "LEVEL", "QUARTER"):
        row = years.row(code, "2019-Q1")
        assert (row.value, row.is_final, row.status) == (None, False, "no_data"), code


def test_a_report_of_the_year_before_that_is_waived_is_not_waited_for(years: Years) -> None:
    years.report(2019, "II", 10)
    years.report(2020, "I", 20)
    years.report(2020, "II", 10)
    context = IngestContext(years.context.engine, years.plans[2019], NOW, years.folder / "archive")
    waive(context, "CAT", "01-PCMD", "2019-Q1", "Mất số liệu")  # type: ignore[arg-type]
    row = years.row("CHANGE", "2020-H1")
    assert (row.value, row.is_final, row.completeness_pct) == (200, True, 100)
    assert years.differences() == []


def test_bounds_of_this_year_stand_once_the_year_before_is_complete(years: Years) -> None:
    for quarter, cases in (("I", 4), ("II", 6)):
        years.report(2019, quarter, cases)
    years.report(2020, "I", 15)
    row = years.row("CHANGE", "2020-H1")
    assert (row.value_min, row.value_max, row.is_final) == (50, None, False)
    assert row.verdict == "met"


def test_the_figures_as_of_a_moment_know_only_the_reports_of_that_moment(years: Years) -> None:
    for year, quarter in ((2019, "I"), (2019, "II"), (2020, "I"), (2020, "II")):
        years.report(year, quarter, 10)
    with years.context.engine.connect() as connection:
        rows = as_known_at(connection, years.plans[2020], NOW, EVERYTHING)
    known = {(row["target_code"], row["period_code"], row["area_code"]): row["is_final"] for row in rows}
    assert known["CHANGE", "2020-H1", "75"] is True
