"""docs/superset is what `chitieu export --format superset` writes, and its charts ask what the views answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, inspect, text

from publishing.exports.superset import superset_assets
from tests.support.paths import ROOT
from tests.support.pipeline import PLAN, sample_work

FILES = ROOT / "docs" / "superset"


@pytest.fixture
def engine(sample_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = sample_work(sample_url, tmp_path).engine
    yield engine
    engine.dispose()


def read(folder: str) -> list[dict[str, Any]]:
    found = sorted((FILES / folder).rglob("*.yaml"))
    assert found, folder
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in found]


def test_the_files_are_what_the_command_writes(engine: Engine) -> None:
    with engine.connect() as connection:
        written = superset_assets(connection)
    kept = {
        file.relative_to(FILES).as_posix(): file.read_text("utf-8")
        for file in FILES.rglob("*")
        if file.is_file()
    }
    assert kept == written, "write it again: chitieu export --format superset --out docs/superset"


def test_each_relation_is_a_dataset_with_all_its_columns(engine: Engine) -> None:
    inspector = inspect(engine)
    names = {*inspector.get_table_names("mart"), *inspector.get_view_names("mart")}
    datasets = {dataset["table_name"]: dataset for dataset in read("datasets")}
    assert set(datasets) == names
    for name, dataset in datasets.items():
        columns = {column["column_name"] for column in dataset["columns"]}
        assert columns == {column["name"] for column in inspector.get_columns(name, "mart")}
        assert dataset["main_dttm_col"] in {None, *columns}


def test_the_query_of_each_chart_has_an_answer(engine: Engine) -> None:
    datasets = {dataset["uuid"]: dataset for dataset in read("datasets")}
    charts = read("charts")
    with engine.connect() as connection:
        for chart in charts:
            dataset = datasets[chart["dataset_uuid"]]
            (query,) = json.loads(chart["query_context"])["queries"]
            rows = connection.execute(text(statement(query, dataset))).all()
            assert rows, chart["slice_name"]
            if query["metrics"]:
                assert any(value is not None for row in rows for value in row[-len(query["metrics"]) :])
    assert PLAN.code == "DN-2020"  # the plan of the periods that the charts name


def statement(query: dict[str, Any], dataset: dict[str, Any]) -> str:
    """The query of a chart in SQL, in the way that Superset writes it."""
    expressions = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
    columns = ", ".join(query["columns"])
    shown = ", ".join([columns, *(expressions[name] for name in query["metrics"])])
    where = " AND ".join(f"{one['col']} = '{one['val']}'" for one in query["filters"]) or "TRUE"
    grouped = f" GROUP BY {columns}" if query["metrics"] else ""
    order = ", ".join(f"{name} {'ASC' if up else 'DESC'}" for name, up in query["orderby"])
    ordered = f" ORDER BY {order}" if order else ""
    return f"SELECT {shown} FROM mart.{dataset['table_name']} WHERE {where}{grouped}{ordered} LIMIT 100"


def test_the_dashboard_shows_the_charts_that_are_there() -> None:
    (dashboard,) = read("dashboards")
    parts = [part for part in dashboard["position"].values() if isinstance(part, dict)]
    shown = {part["meta"]["uuid"] for part in parts if part["type"] == "CHART"}
    assert shown == {chart["uuid"] for chart in read("charts")}
