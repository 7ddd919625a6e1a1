"""Relations of the database as Parquet, described as a Frictionless data package."""

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Double, Integer, Numeric, Table, select

from publishing.exports.private_files import write_file

_ROWS_AT_ONCE = 50_000
# 38 digits are the most that other readers of Parquet know: 20 before the point, 18 behind it.
_DIGITS, _SCALE = 38, 18
_QUANTUM = Decimal(1).scaleb(-_SCALE)
# Types in SQLAlchemy, Arrow and Frictionless; the first match counts. Lists and documents become JSON text.
_TYPES: tuple[tuple[Any, Any, str], ...] = (
    (Integer, pa.int64(), "integer"),
    (Boolean, pa.bool_(), "boolean"),
    (Date, pa.date32(), "date"),
    (DateTime, pa.timestamp("us", tz="UTC"), "datetime"),
    (Double, pa.float64(), "number"),
    (Numeric, pa.decimal128(_DIGITS, _SCALE), "number"),
)
_TEXT = (pa.string(), "string")


def write_parquet(connection: Connection, table: Table, folder: Path) -> Path:
    """Write all rows of a table or view as `schema.name.parquet`; returns the file.

    Decimals stay decimals; of a quotient without end 18 digits behind the point remain.
    """
    return write_file(folder / f"{table.fullname}.parquet", partial(_write_rows, connection, table))


def resource(table: Table, exported: set[str]) -> dict[str, Any]:
    """Describe a table's file for a data package; `exported` are the full names of all tables in it."""
    fields = [
        {
            "name": column.name,
            "type": _described_type(column),
            "description": column.comment,
            "constraints": {"required": not column.nullable},
        }
        for column in table.columns
    ]
    # Parquet has nulls, so an empty string is not a missing value.
    schema: dict[str, Any] = {"fields": fields, "missingValues": []}
    if table.primary_key.columns:
        schema["primaryKey"] = [c.name for c in table.primary_key.columns]
    if keys := _foreign_keys(table, exported):
        schema["foreignKeys"] = keys
    return {
        "name": _name(table),
        "path": f"{table.fullname}.parquet",
        "type": "table",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.comment,
        "schema": schema,
    }


def _foreign_keys(table: Table, exported: set[str]) -> list[dict[str, Any]]:
    keys = [
        {
            "fields": [key.parent.name],
            "reference": {"resource": _name(key.column.table), "fields": [key.column.name]},
        }
        for key in table.foreign_keys
        if key.column.table.fullname in exported
    ]
    return sorted(keys, key=lambda one: one["fields"])


def _kind(column: Column[Any]) -> tuple[Any, str]:
    return next(
        ((arrow, frictionless) for kind, arrow, frictionless in _TYPES if isinstance(column.type, kind)),
        _TEXT,
    )


def _described_type(column: Column[Any]) -> str:
    """The Frictionless type: its readers give integers with nulls as floats, which are no integers to it."""
    described = _kind(column)[1]
    return "number" if described == "integer" and column.nullable else described


def _write_rows(connection: Connection, table: Table, path: Path) -> None:
    kinds = [_kind(column)[0] for column in table.columns]
    schema = pa.schema([(c.name, kind) for c, kind in zip(table.columns, kinds, strict=True)])
    rows = connection.execution_options(stream_results=True).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    with pq.ParquetWriter(path, schema) as writer:
        for batch in rows.partitions(_ROWS_AT_ONCE):
            writer.write_table(pa.Table.from_arrays(list(_arrays(batch, kinds)), schema=schema))


def _arrays(rows: Sequence[Any], kinds: Sequence[Any]) -> Iterator[Any]:
    for values, kind in zip(zip(*rows, strict=True), kinds, strict=True):
        if pa.types.is_decimal(kind):
            yield pa.array(_scaled(values), kind)
        elif pa.types.is_floating(kind):
            yield pa.array([None if value is None else float(value) for value in values], kind)
        elif pa.types.is_string(kind):
            yield pa.array([_as_text(value) for value in values], kind)
        else:
            yield pa.array(values, kind)


def _scaled(values: Iterable[Decimal | None]) -> list[Decimal | None]:
    with localcontext() as context:
        context.prec = _DIGITS
        return [None if v is None else Decimal(v).quantize(_QUANTUM, ROUND_HALF_EVEN) for v in values]


def _as_text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _name(table: Table) -> str:
    return table.fullname.replace(".", "-")
