"""An import for Apache Superset: a dataset per relation of mart, charts with their queries, a dashboard."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

import yaml
from sqlalchemy import Connection

from publishing.exports.semantics import MartColumn, Metric, Relation, mart_relations, metrics
from schemas.form_catalog import FormCatalog
from warehouse.form_catalog import catalog_of

_DATABASE = "07a62176-3322-4296-b212-fa827712581a"
_DATASETS = UUID("6f0f1c1a-6d3c-4f8e-9a34-1f2b3c4d5e6f")
_VERSION = "1.0.0"
_MAIN_DATES = ("window_start", "due_at", "received_at", "started_at", "date", "valid_from")
_ROW_LIMIT = 1000
Item = dict[str, Any]


def superset_assets(connection: Connection) -> dict[str, str]:
    """Return the files of the import by path."""
    relations = {relation.name: relation for relation in mart_relations(connection)}
    charts = _declared()["charts"]
    documents: dict[str, Item] = {
        "metadata.yaml": {"version": _VERSION, "type": "Dashboard", "timestamp": "2026-11-26T00:00:00+00:00"},
        "databases/Chi_Tieu.yaml": _database(),
        "dashboards/Chi_tieu.yaml": _dashboard(charts),
    }
    for relation in relations.values():
        documents[f"datasets/Chi_Tieu/{relation.name}.yaml"] = _dataset(relation, catalog_of(connection))
    for key, chart in charts.items():
        documents[f"charts/{key}.yaml"] = _chart(chart, relations[chart["dataset"]])
    return {name: _dump(document) for name, document in documents.items()}


@cache
def _declared() -> Item:
    source = files(__package__).joinpath("superset_charts.yaml").read_text("utf-8")
    return dict(yaml.safe_load(source))


def _dump(document: Item) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)


def _database() -> Item:
    return {
        "database_name": "Chi Tieu",
        "sqlalchemy_uri": "postgresql+psycopg2://superset_reader@localhost:5432/chitieu",
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"metadata_params": {}, "engine_params": {}, "metadata_cache_timeout": {}},
        "impersonate_user": False,
        "uuid": _DATABASE,
        "version": _VERSION,
    }


def _dataset(relation: Relation, catalog: FormCatalog) -> Item:
    names = {column.name for column in relation.columns}
    return {
        "table_name": relation.name,
        "main_dttm_col": next((name for name in _MAIN_DATES if name in names), None),
        "description": relation.comment,
        "catalog": "chitieu",
        "schema": "mart",
        "sql": None,
        "filter_select_enabled": True,
        "uuid": _dataset_uuid(relation.name),
        "metrics": [_metric(metric) for metric in (_COUNT, *metrics(relation, catalog))],
        "columns": [_column(column) for column in relation.columns],
        "version": _VERSION,
        "database_uuid": _DATABASE,
    }


_COUNT = Metric("count", "Số dòng", "COUNT(*)", "How many rows.")


def _dataset_uuid(name: str) -> str:
    return str(uuid5(_DATASETS, name))


def _metric(metric: Metric) -> Item:
    return {
        "metric_name": metric.name,
        "verbose_name": metric.label,
        "metric_type": None,
        "expression": metric.expression,
        "description": metric.description,
        "d3format": None,
    }


def _column(column: MartColumn) -> Item:
    return {
        "column_name": column.name,
        "verbose_name": None,
        "is_dttm": column.kind == "date" or column.kind.startswith("timestamp"),
        "is_active": True,
        "type": column.kind.upper(),
        "groupby": True,
        "filterable": True,
        "expression": None,
        "description": column.comment,
    }


def _chart(chart: Mapping[str, Any], relation: Relation) -> Item:
    params = _params(chart)
    return {
        "slice_name": chart["name"],
        "description": None,
        "viz_type": chart["viz_type"],
        "params": params,
        "query_context": json.dumps(_query_context(chart, params, relation), ensure_ascii=False),
        "cache_timeout": None,
        "uuid": chart["uuid"],
        "version": _VERSION,
        "dataset_uuid": _dataset_uuid(chart["dataset"]),
    }


def _params(chart: Mapping[str, Any]) -> Item:
    columns, measures = list(chart["columns"]), list(chart.get("metrics", ()))
    params: Item = {
        "viz_type": chart["viz_type"],
        "adhoc_filters": [_filter(name, value) for name, value in chart.get("filters", {}).items()],
        "row_limit": _ROW_LIMIT,
    }
    if chart["viz_type"] == "table":
        order = [json.dumps([chart["order_by"], True])]
        return {**params, "query_mode": "raw", "all_columns": columns, "order_by_cols": order}
    if chart["viz_type"] == "pie":
        return {**params, "groupby": columns, "metric": measures[0], "show_labels": True}
    return {**params, "x_axis": columns[0], "groupby": [], "metrics": measures, "orientation": "horizontal"}


def _filter(name: str, value: str) -> Item:
    return {
        "expressionType": "SIMPLE",
        "subject": name,
        "operator": "==",
        "comparator": value,
        "clause": "WHERE",
    }


def _query_context(chart: Mapping[str, Any], params: Item, relation: Relation) -> Item:
    """The query of a chart as Superset's API runs it; an import puts its own identifiers in."""
    known = {column.name for column in relation.columns}
    if unknown := {*chart["columns"], *chart.get("filters", {})} - known:
        raise ValueError(f"mart.{relation.name} has no columns {', '.join(sorted(unknown))}")
    query: Item = {
        "columns": list(chart["columns"]),
        "metrics": list(chart.get("metrics", ())),
        "filters": [
            {"col": name, "op": "==", "val": value} for name, value in chart.get("filters", {}).items()
        ],
        "orderby": [[chart["order_by"], True]] if "order_by" in chart else [],
        "row_limit": _ROW_LIMIT,
        "time_range": "No filter",
        "extras": {"having": "", "where": ""},
        "annotation_layers": [],
        "applied_time_extras": {},
        "is_timeseries": False,
    }
    return {
        "datasource": {"id": 1, "type": "table"},
        "force": False,
        "queries": [query],
        "form_data": params,
        "result_format": "json",
        "result_type": "full",
    }


def _dashboard(charts: Mapping[str, Mapping[str, Any]]) -> Item:
    declared = _declared()["dashboard"]
    return {
        "dashboard_title": declared["title"],
        "description": None,
        "css": None,
        "slug": declared["slug"],
        "published": True,
        "uuid": declared["uuid"],
        "position": dict(_layout(declared["rows"], charts)),
        "metadata": {},
        "version": _VERSION,
    }


def _layout(rows: list[list[str]], charts: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """The layout of the dashboard: two charts in a row."""
    names = [f"ROW-{number}" for number in range(1, len(rows) + 1)]
    yield "DASHBOARD_VERSION_KEY", "v2"
    yield "ROOT_ID", {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]}
    yield "GRID_ID", {"type": "GRID", "id": "GRID_ID", "children": names, "parents": ["ROOT_ID"]}
    number = 0
    for name, keys in zip(names, rows, strict=True):
        numbers = range(number + 1, number + 1 + len(keys))
        yield (
            name,
            {
                "type": "ROW",
                "id": name,
                "children": [f"CHART-{n}" for n in numbers],
                "parents": ["ROOT_ID", "GRID_ID"],
                "meta": {"background": "BACKGROUND_TRANSPARENT"},
            },
        )
        for number, key in zip(numbers, keys, strict=True):
            meta = {
                "chartId": number,
                "uuid": charts[key]["uuid"],
                "sliceName": charts[key]["name"],
                "width": 6,
                "height": 45,
            }
            yield (
                f"CHART-{number}",
                {
                    "type": "CHART",
                    "id": f"CHART-{number}",
                    "children": [],
                    "parents": ["ROOT_ID", "GRID_ID", name],
                    "meta": meta,
                },
            )
