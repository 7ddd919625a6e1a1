"""What docs/superset lets one import into Apache Superset speaks of columns that are there."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import inspect

from tests.support.paths import ROOT
from tests.support.pipeline import work

FILES = ROOT / "docs" / "superset"


def read(folder: str) -> dict[str, Any]:
    found = sorted((FILES / folder).rglob("*.yaml"))
    assert found, folder
    return {str(file.relative_to(FILES)): yaml.safe_load(file.read_text(encoding="utf-8")) for file in found}


DATASETS = read("datasets")


def asked(said: object) -> set[str]:
    """The columns that the parameters of a chart name."""
    if isinstance(said, list):
        return set().union(*map(asked, said))
    if not isinstance(said, dict):
        return set()
    plain = {said[key] for key in ("x_axis", "subject", "column_name") if isinstance(said.get(key), str)}
    lists = [said[key] for key in ("groupby", "all_columns") if isinstance(said.get(key), list)]
    return plain.union(*lists) | asked(list(said.values()))


@pytest.mark.parametrize("name", DATASETS)
def test_a_dataset_has_columns_of_its_view(name: str, warehouse_url: str, tmp_path: Path) -> None:
    dataset = DATASETS[name]
    way = work(warehouse_url, tmp_path)
    there = {c["name"] for c in inspect(way.engine).get_columns(dataset["table_name"], dataset["schema"])}
    way.engine.dispose()
    said = {column["column_name"] for column in dataset["columns"]}
    assert dataset["schema"] == "mart"
    assert said <= there
    assert dataset["main_dttm_col"] in said


def test_charts_ask_for_columns_of_their_datasets() -> None:
    columns = {d["uuid"]: {c["column_name"] for c in d["columns"]} for d in DATASETS.values()}
    for name, chart in read("charts").items():
        named = asked(chart["params"])
        assert named, name
        assert named <= columns[chart["dataset_uuid"]], name


def test_the_dashboard_shows_the_charts_that_are_there() -> None:
    (dashboard,) = read("dashboards").values()
    parts = [part for part in dashboard["position"].values() if isinstance(part, dict)]
    shown = {part["meta"]["uuid"] for part in parts if part["type"] == "CHART"}
    assert shown == {chart["uuid"] for chart in read("charts").values()}
