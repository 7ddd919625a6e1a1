"""A dbt package that declares mart as a source, with descriptions and tests, written from the comments."""

from typing import Any

import yaml
from sqlalchemy import Connection

from publishing.exports.semantics import MartColumn, Relation, mart_relations, semantics
from warehouse.form_catalog import catalog_of

_NOT_NULL = frozenset({"area_key", "area_code", "body_code", "period_code", "plan_code", "submission_id"})
_PROJECT = {
    "name": "chitieu",
    "version": "1.0.0",
    "config-version": 2,
    "model-paths": ["models"],
    "profile": "chitieu",
}
_HEADER = "# Written by chitieu export --format dbt from the comments of the database; do not edit.\n"


def dbt_package(connection: Connection) -> dict[str, str]:
    """Return the files of the package by path: `dbt_project.yml` and `models/sources.yml`."""
    relations = mart_relations(connection)
    names = {relation.name for relation in relations}
    forms = frozenset(catalog_of(connection).by_key)
    source = {
        "name": "chitieu",
        "schema": "mart",
        "description": "The relations of Chi Tieu for BI tools.",
        "tables": [_table(relation, names, forms) for relation in relations],
    }
    return {
        "dbt_project.yml": _dump(_PROJECT),
        "models/sources.yml": _dump({"version": 2, "sources": [source]}),
    }


def _table(relation: Relation, names: set[str], forms: frozenset[str]) -> dict[str, Any]:
    return {
        "name": relation.name,
        "description": relation.comment,
        "columns": [_column(relation, column, names, forms) for column in relation.columns],
    }


def _column(relation: Relation, column: MartColumn, names: set[str], forms: frozenset[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": column.name,
        "description": column.comment,
        "data_type": column.kind,
    }
    if tests := _tests(relation, column.name, names, forms):
        entry["data_tests"] = tests
    return entry


def _tests(relation: Relation, column: str, names: set[str], forms: frozenset[str]) -> list[Any]:
    declared = semantics()
    tests: list[Any] = []
    is_unique = declared["unique"].get(relation.name) == column
    if is_unique:
        tests.append("unique")
    if is_unique or (column in _NOT_NULL and (relation.name in forms or relation.name == "measure_value")):
        tests.append("not_null")
    if values := declared["accepted_values"].get(relation.name, {}).get(column):
        tests.append({"accepted_values": {"arguments": {"values": values}}})
    target = declared["references"].get(column)
    if target in names and target != relation.name:
        to = f"source('chitieu', '{target}')"
        tests.append({"relationships": {"arguments": {"to": to, "field": column}}})
    return tests


def _dump(document: dict[str, Any]) -> str:
    return _HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
