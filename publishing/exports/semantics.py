"""The relations of mart with their comments, metrics and tests, for exports to semantic layers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import yaml
from sqlalchemy import Connection, text

from schemas.declaration import Form, Measure, MeasureType
from schemas.form_catalog import FormCatalog
from schemas.linked_measures import withheld_columns
from warehouse.sql_templates import read_sql


@dataclass(frozen=True, slots=True)
class MartColumn:
    """A column of a relation of mart; `kind` is its type in PostgreSQL."""

    name: str
    kind: str
    comment: str


@dataclass(frozen=True, slots=True)
class Metric:
    """An aggregate that gives no wrong figure: empty where its rows do not add up."""

    name: str
    label: str
    expression: str
    description: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view of mart."""

    name: str
    comment: str
    columns: tuple[MartColumn, ...]


def mart_relations(connection: Connection) -> list[Relation]:
    """Return all relations of mart in the order of their names."""
    rows = connection.execute(text(read_sql("dictionary/relations")), {"schemas": ["mart"]}).mappings()
    return [
        _relation(name, [dict(row) for row in of_name])
        for name, of_name in groupby(rows, key=lambda row: row["name"])
    ]


def _relation(name: str, rows: Sequence[Mapping[str, Any]]) -> Relation:
    columns = (MartColumn(r["column_name"], r["type"], r["column_comment"] or "") for r in rows)
    return Relation(name, rows[0]["comment"] or "", tuple(columns))


def metrics(relation: Relation, catalog: FormCatalog) -> list[Metric]:
    """Return the metrics of a relation; a form's follow from the types of its measures."""
    if relation.name in catalog.by_key:
        return list(_form_metrics(catalog.by_key[relation.name]))
    return [Metric(**entry) for entry in semantics()["metrics"].get(relation.name, ())]


@cache
def semantics() -> dict[str, Any]:
    """The declarations in `semantics.yaml`."""
    source = files(__package__).joinpath("semantics.yaml").read_text("utf-8")
    return dict(yaml.safe_load(source))


def _form_metrics(form: Form) -> Iterator[Metric]:
    withheld = withheld_columns(form)
    repeated = next((d.key for d in form.dimensions if d.is_repeated_count), "")
    for measure in form.measures:
        if measure.code_list is None:
            is_withheld = withheld.get(measure.key, 0) > 0
            expression, meaning = _aggregate(measure, repeated)
            yield Metric(
                name=f"{measure.key}_metric",
                label=f"{measure.group}: {measure.label_vi}" if measure.group else measure.label_vi,
                expression=_unless_withheld(measure.key, expression) if is_withheld else expression,
                description=meaning + (" Empty where a part is withheld." if is_withheld else ""),
            )


def _aggregate(measure: Measure, repeated: str) -> tuple[str, str]:
    """The aggregate of a measure by its type, and what it is."""
    key = measure.key
    if measure.kind is MeasureType.FLOW:
        return f"SUM({key})", "Sum over periods and areas."
    if measure.kind is MeasureType.FLAG:
        return f"100.0 * COUNT(*) FILTER (WHERE {key}) / NULLIF(COUNT({key}), 0)", "Share of yes, in percent."
    if measure.kind is MeasureType.SCORE:
        return f"AVG({key})", "Average."
    conditions = ["COUNT(DISTINCT period_code) = 1"]
    if repeated:
        conditions.append(f"COUNT(DISTINCT {repeated}) = 1")
    return (
        f"CASE WHEN {' AND '.join(conditions)} THEN SUM({key}) END",
        "Sum over areas of one period: a stock does not add up over time.",
    )


def _unless_withheld(key: str, expression: str) -> str:
    return f"CASE WHEN NOT COALESCE(BOOL_OR(is_suppressed AND {key} IS NULL), FALSE) THEN {expression} END"
