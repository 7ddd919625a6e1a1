"""What is handed to other programs: read again by the tools that they are."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from frictionless import Package, validate
from sqlalchemy import text

from plans.reporting_calendar import period_from_code
from publishing.exports.star_schema import dhis2_data_values, dhis2_period, export_star_schema
from services.ingest import IngestContext
from tests.support.pipeline import NOW, PLAN, sample_work


@pytest.fixture
def way(sample_url: str, tmp_path: Path) -> IngestContext:
    return sample_work(sample_url, tmp_path)


def test_the_star_schema_validates_and_is_what_the_database_holds(way: IngestContext, tmp_path: Path) -> None:
    out = tmp_path / "export"
    with way.engine.connect() as connection:
        files = export_star_schema(connection, out, NOW)
        assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in files)
        report = validate(str(out / "datapackage.json"))
        assert report.valid, report.flatten(["title", "message"])[:5]
        package = Package(str(out / "datapackage.json"))
        assert len(package.resources) == len(files) - 1
        for path in files[:-1]:
            there = connection.scalar(text(f"SELECT count(*) FROM {path.name.removesuffix('.parquet')}"))
            assert pq.read_metadata(path).num_rows == there, path.name
        cases = sum(pq.read_table(out / "dw.fact_enforcement.parquet")["cases_detected"].to_pylist())
        assert cases == connection.scalar(text("SELECT sum(cases_detected) FROM dw.fact_enforcement"))


def test_a_damaged_export_does_not_validate(way: IngestContext, tmp_path: Path) -> None:
    out = tmp_path / "export"
    with way.engine.connect() as connection:
        export_star_schema(connection, out, NOW)
    areas = pq.read_table(out / "dw.dim_area.parquet")
    pq.write_table(areas.slice(5), out / "dw.dim_area.parquet")
    assert not validate(str(out / "datapackage.json")).valid


def test_dhis2_gets_every_figure_by_its_codes(way: IngestContext) -> None:
    with way.engine.connect() as connection:
        values = dhis2_data_values(connection, PLAN)["dataValues"]
        count = connection.scalar(
            text("SELECT count(numerator) + count(denominator) FROM mart.target_indicator")
        )
    assert len(values) == count
    assert len({(v["dataElement"], v["period"], v["orgUnit"]) for v in values}) == count
    one = next(
        v for v in values if (v["dataElement"], v["period"], v["orgUnit"]) == ("T1_NUM", "2020Q1", "75")
    )
    assert one["value"] == "16"


@pytest.mark.parametrize(
    ("code", "said"),
    [("2020-M03", "202003"), ("2020-Q1", "2020Q1"), ("2020-H2", "2020S2"), ("2020-Y", "2020")],
)
def test_periods_are_written_as_dhis2_does(code: str, said: str) -> None:
    assert dhis2_period(period_from_code(code, PLAN.calendar)) == said
