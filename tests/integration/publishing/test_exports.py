"""Exports, read again by the tools that they are for."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from frictionless import Package, validate
from sqlalchemy import text

from plans.reporting_calendar import period_from_code
from publishing.exports.dbt import dbt_package
from publishing.exports.dhis2 import dhis2_data_values, dhis2_metadata
from publishing.exports.dhis2_periods import dhis2_period
from publishing.exports.sdmx import sdmx_csv
from publishing.exports.semantics import mart_relations, metrics
from publishing.exports.star_schema import export_star_schema
from schemas.form_set import shipped_form_set
from services.ingest import IngestContext
from tests.support.forms import CATALOG
from tests.support.pipeline import NOW, PLAN, sample_work


@pytest.fixture
def app(sample_url: str, tmp_path: Path) -> IngestContext:
    return sample_work(sample_url, tmp_path)


def test_the_star_schema_validates_and_is_what_the_database_holds(app: IngestContext, tmp_path: Path) -> None:
    out = tmp_path / "export"
    with app.engine.begin() as connection:
        connection.execute(text("UPDATE dw.target_indicator SET numerator = 1234567890123456.789 WHERE"
                                " (target_code, period_code) = ('T1', '2020-Q1')"))  # fmt: skip
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
        connection.rollback()
    numerators = pq.read_table(out / "mart.target_indicator.parquet")["numerator"]
    assert pa.types.is_decimal(numerators.type)
    assert Decimal("1234567890123456.789") in numerators.to_pylist()
    submissions = pq.read_table(out / "audit.submission.parquet").to_pylist()
    sources = {row["submission_id"]: row["file_name"] for row in submissions}
    facts = pq.read_table(out / "dw.fact_enforcement.parquet")["submission_id"].to_pylist()
    assert "2020/so lieu 01-2020 01.xlsx" in {
        sources[number] for number in facts
    }  # the lineage ends at a file
    assert {path.stat().st_mode & 0o777 for path in files} == {0o640}
    assert out.stat().st_mode & 0o777 == 0o750


@pytest.mark.long
def test_a_damaged_export_does_not_validate(app: IngestContext, tmp_path: Path) -> None:
    out = tmp_path / "export"
    with app.engine.connect() as connection:
        export_star_schema(connection, out, NOW)
    areas = pq.read_table(out / "dw.dim_area.parquet")
    pq.write_table(areas.slice(5), out / "dw.dim_area.parquet")
    assert not validate(str(out / "datapackage.json")).valid


def test_dhis2_gets_every_figure_with_the_metadata_that_it_needs(app: IngestContext) -> None:
    with app.engine.connect() as connection:
        values = dhis2_data_values(connection, PLAN)["dataValues"]
        count = connection.scalar(
            text("SELECT count(numerator) + count(denominator) FROM mart.target_indicator")
        )
    assert len(values) == count
    assert len({(v["dataElement"], v["period"], v["orgUnit"]) for v in values}) == count
    one = next(
        v for v in values if (v["dataElement"], v["period"], v["orgUnit"]) == ("T1_NUM_Q", "2020Q1", "75")
    )
    assert one["value"] == "16"

    metadata = dhis2_metadata(PLAN, CATALOG.of(PLAN))
    units = {unit["code"]: unit for unit in metadata["organisationUnits"]}
    elements = {element["code"]: element for element in metadata["dataElements"]}
    assert {v["orgUnit"] for v in values} <= set(units)
    assert {v["dataElement"] for v in values} <= set(elements)
    assert units["25993"]["parent"]["id"] == units["731"]["id"]
    assert {element["aggregationType"] for element in elements.values()} == {"NONE"}
    # Each data element is in one data set, so that it has one period type.
    types: dict[str, list[str]] = {}
    for data_set in metadata["dataSets"]:
        for entry in data_set["dataSetElements"]:
            types.setdefault(entry["dataElement"]["id"], []).append(data_set["periodType"])
    assert {identifier: len(found) for identifier, found in types.items()} == {
        element["id"]: 1 for element in elements.values()
    }
    assert types[elements["T1_NUM_Q"]["id"]] == ["Quarterly"]
    items = [item for kind in metadata.values() for item in kind]
    assert len({item["id"] for item in items}) == len(items)
    assert all(len(item["id"]) == 11 and item["id"][0].isalpha() for item in items)
    assert all(len(item["shortName"]) <= 50 for item in items)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("2020-M03", "202003"), ("2020-Q1", "2020Q1"), ("2020-H2", "2020S2"), ("2020-Y", "2020")],
)
def test_periods_are_written_as_dhis2_does(code: str, expected: str) -> None:
    assert dhis2_period(period_from_code(code, PLAN.calendar)) == expected


def test_sdmx_has_one_observation_per_figure(app: IngestContext) -> None:
    with app.engine.connect() as connection:
        content = sdmx_csv(connection, PLAN)
        count = connection.scalar(text("SELECT count(*) FROM mart.target_indicator"))
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert content.startswith("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,")
    assert content.count("\r\n") == len(rows) + 1
    assert len(rows) == count
    dimensions = ("FREQ", "PLAN", "REF_AREA", "INDICATOR", "TIME_PERIOD")
    assert len({tuple(row[name] for name in dimensions) for row in rows}) == count
    by_key = {(row["INDICATOR"], row["REF_AREA"], row["REPORTING_PERIOD"]): row for row in rows}
    one = by_key["T1", "75", "2020-Q1"]
    assert (one["STRUCTURE"], one["STRUCTURE_ID"], one["ACTION"]) == ("dataflow", "CHITIEU:TARGETS(1.0)", "I")
    assert (one["FREQ"], one["TIME_PERIOD"], one["OBS_VALUE"]) == ("Q", "2019-12-15/P3M", "16")
    assert by_key["T1", "75", "2020-H1"]["FREQ"] == "S"
    assert {row["OBS_STATUS"] for row in rows} == {"A", "P", "M"}
    assert all((row["OBS_STATUS"] == "M") == (row["OBS_VALUE"] == "") for row in rows)


def test_every_metric_runs_and_none_adds_up_what_does_not(app: IngestContext) -> None:
    with app.engine.connect() as connection:
        computed: dict[tuple[str, str], Any] = {}
        for relation in mart_relations(connection):
            for metric in metrics(relation, CATALOG):
                query = f"SELECT {metric.expression} FROM mart.{relation.name}"
                computed[relation.name, metric.name] = connection.scalar(text(query))
        one_period = connection.scalar(
            text(
                f"SELECT {_metric(connection, 'hotspots', 'closing_metric')} FROM mart.hotspots"
                " WHERE period_code = '2020-M01' AND body_code = 'CAT'"
            )
        )
        one_figure = connection.scalar(
            text(
                f"SELECT {_metric(connection, 'target_period', 'value_of_one_figure')} FROM mart.target_period"
                " WHERE (target_code, area_code, period_code) = ('T1', '75', '2020-Q1')"
            )
        )
    assert computed["enforcement", "cases_detected_metric"] > 0
    assert computed["hotspots", "closing_metric"] is None  # a stock of three months
    assert one_period > 0
    assert computed["target_period", "value_of_one_figure"] is None  # cumulated figures
    assert one_figure == 16
    assert computed["measure_value", "total"] is None  # of all measures


def _metric(connection: Any, relation: str, name: str) -> str:
    (found,) = (one for one in mart_relations(connection) if one.name == relation)
    return next(metric.expression for metric in metrics(found, CATALOG) if metric.name == name)


def test_the_dbt_package_declares_every_relation_and_its_tests_hold(app: IngestContext) -> None:
    """Its tests as dbt runs them: rows that a test selects are failures."""
    failures = []
    with app.engine.connect() as connection:
        files = dbt_package(connection)
        (source,) = yaml.safe_load(files["models/sources.yml"])["sources"]
        columns = {
            (table["name"], column["name"]) for table in source["tables"] for column in table["columns"]
        }
        assert columns == {(r.name, c.name) for r in mart_relations(connection) for c in r.columns}
        for table in source["tables"]:
            assert table["description"], table["name"]
            for column in table["columns"]:
                assert column["description"], (table["name"], column["name"])
                for test in column.get("data_tests", []):
                    if connection.scalar(text(_failing(table["name"], column["name"], test))):
                        failures.append((table["name"], column["name"], test))
    assert failures == []
    assert yaml.safe_load(files["dbt_project.yml"])["name"] == "chitieu"


def _failing(table: str, column: str, test: Any) -> str:
    """A query for the number of rows that break a test of dbt."""
    start = f"SELECT count(*) FROM mart.{table} t WHERE t.{column}"
    if test == "not_null":
        return f"{start} IS NULL"
    if test == "unique":
        return f"SELECT count({column}) - count(DISTINCT {column}) FROM mart.{table}"
    ((kind, entry),) = test.items()
    if kind == "accepted_values":
        values = ", ".join(f"'{value}'" for value in entry["arguments"]["values"])
        return f"{start} NOT IN ({values})"
    target = entry["arguments"]["to"].split("'")[3]
    return f"{start} IS NOT NULL AND NOT EXISTS (SELECT FROM mart.{target} p WHERE p.{entry['arguments']['field']} = t.{column})"


def test_data_elements_of_two_programmes_differ() -> None:
    other = shipped_form_set("health")
    codes = [
        {element["code"] for element in dhis2_metadata(PLAN, forms)["dataElements"]}
        for forms in (CATALOG.of(PLAN), other)
    ]
    assert codes[0].isdisjoint(codes[1])
    assert "HEALTH_T1_NUM_Q" in codes[1]
