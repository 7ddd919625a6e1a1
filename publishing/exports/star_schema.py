"""Exports for other programs: the star schema as Parquet with a descriptor, target figures for DHIS2."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Double, Integer, Numeric, Table, select

from plans.model import Plan
from plans.reporting_calendar import Period, period_from_code
from schemas.forms import FORMS
from warehouse.models.form_tables import declare_all, suppressed_table
from warehouse.models.tables import METADATA
from warehouse.models.target_tables import mart_view
from warehouse.queries import all_targets
from warehouse.sql_objects import SHOWN_IN_MART

_ROWS_AT_ONCE = 50_000
# Types in SQLAlchemy, Arrow and Frictionless; the first match counts. Lists and documents become JSON text.
_TYPES: tuple[tuple[Any, Any, str], ...] = (
    (Integer, pa.int64(), "integer"),
    (Boolean, pa.bool_(), "boolean"),
    (Date, pa.date32(), "date"),
    (DateTime, pa.timestamp("us", tz="UTC"), "datetime"),
    (Double, pa.float64(), "number"),
    (Numeric, pa.float64(), "number"),
)
_TEXT = (pa.string(), "string")


def export_star_schema(connection: Connection, out: Path, now: datetime) -> list[Path]:
    """Write each table of dw and mart as `schema.name.parquet`, and datapackage.json; return the files.

    Nothing is suppressed: the export is for readers who may read the dw schema.
    """
    declare_all()
    out.mkdir(parents=True, exist_ok=True)
    tables = list(_exported_tables())
    written = [_write(connection, table, out / f"{table.fullname}.parquet") for table in tables]
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": "chitieu",
        "title": "The star schema of Chi Tieu",
        "created": now.isoformat(),
        "resources": [_resource(table, {t.fullname for t in tables}) for table in tables],
    }
    descriptor = out / "datapackage.json"
    descriptor.write_text(json.dumps(package, ensure_ascii=False, indent=1), encoding="utf-8")
    return [*written, descriptor]


def _exported_tables() -> Iterator[Table]:
    """The tables of dw, those that mart shows by name as its views; none that is derived for readers."""
    derived = {suppressed_table(form) for form in FORMS}
    for table in METADATA.sorted_tables:
        if table.schema == "dw" and table not in derived:
            yield mart_view(table) if table in SHOWN_IN_MART else table


def dhis2_data_values(connection: Connection, plan: Plan) -> dict[str, list[dict[str, str]]]:
    """Return the target table as DHIS2 `dataValueSets`, codes as identifiers (idScheme=CODE).

    Each target has two data elements, its code with _NUM and _DEN, as DHIS2 keeps the parts of an indicator.
    Figures without reports are left out.
    """
    values = [
        {
            "dataElement": f"{row['target_code']}_{part}",
            "period": dhis2_period(period_from_code(row["period_code"], plan.calendar)),
            "orgUnit": row["area_code"],
            "value": f"{Decimal(row[column]).normalize():f}",
        }
        for row in all_targets(connection, plan)
        for part, column in (("NUM", "numerator"), ("DEN", "denominator"))
        if row[column] is not None
    ]
    return {"dataValues": values}


def dhis2_period(period: Period) -> str:
    """Return the period in DHIS2 notation: 202003, 2020Q1, 2020S1, 2020. The windows do not change."""
    kinds = {"M": f"{period.number:02}", "Q": f"Q{period.number}", "H": f"S{period.number}", "Y": ""}
    return f"{period.year}{kinds[period.kind]}"


def _kind(column: Column[Any]) -> tuple[Any, str]:
    return next(
        ((arrow, frictionless) for kind, arrow, frictionless in _TYPES if isinstance(column.type, kind)),
        _TEXT,
    )


def _write(connection: Connection, table: Table, path: Path) -> Path:
    kinds = [_kind(column) for column in table.columns]
    schema = pa.schema([(c.name, kind[0]) for c, kind in zip(table.columns, kinds, strict=True)])
    part = path.with_suffix(".part")
    rows = connection.execution_options(stream_results=True).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    with pq.ParquetWriter(part, schema) as writer:
        for batch in rows.partitions(_ROWS_AT_ONCE):
            writer.write_table(pa.Table.from_arrays(list(_arrays(batch, kinds)), schema=schema))
    part.replace(path)
    return path


def _arrays(rows: Sequence[Any], kinds: Sequence[tuple[Any, str]]) -> Iterator[Any]:
    for values, (arrow, frictionless) in zip(zip(*rows, strict=True), kinds, strict=True):
        if frictionless == "number":
            yield pa.array([None if value is None else float(value) for value in values], arrow)
        elif frictionless == "string":
            yield pa.array([_as_text(value) for value in values], arrow)
        else:
            yield pa.array(values, arrow)


def _as_text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _resource(table: Table, exported: set[str]) -> dict[str, Any]:
    fields = [
        {
            "name": column.name,
            "type": _kind(column)[1],
            "description": column.comment,
            "constraints": {"required": not column.nullable},
        }
        for column in table.columns
    ]
    # Parquet has nulls, so an empty string is not a missing value.
    schema: dict[str, Any] = {
        "fields": fields,
        "missingValues": [],
        "primaryKey": [c.name for c in table.primary_key.columns],
    }
    keys = [
        {
            "fields": [key.parent.name],
            "reference": {"resource": _name(key.column.table), "fields": [key.column.name]},
        }
        for key in table.foreign_keys
        if key.column.table.fullname in exported
    ]
    if keys:
        schema["foreignKeys"] = sorted(keys, key=lambda one: one["fields"])
    return {
        "name": _name(table),
        "path": f"{table.fullname}.parquet",
        "type": "table",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.comment,
        "schema": schema,
    }


def _name(table: Table) -> str:
    return table.fullname.replace(".", "-")
