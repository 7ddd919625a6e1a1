"""The warehouse as Parquet with a descriptor: all of it for auditors, or what BI tools may see."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, func, inspect, select

from publishing.exports.parquet_files import resource, write_parquet
from publishing.exports.private_files import make_folder, write_json
from schemas.form_catalog import FormCatalog
from warehouse.form_catalog import catalog_of
from warehouse.models.form_tables import code_list_table, fact_table
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import LOAD, METADATA
from warehouse.models.target_tables import mart_view
from warehouse.sql_objects import SHOWN_IN_MART

_LINEAGE = (LOAD, SUBMISSION)  # what the rows of the facts lead to


def export_star_schema(connection: Connection, out: Path, now: datetime) -> list[Path]:
    """Write each table of dw and mart, submissions and loads as Parquet, and datapackage.json.

    Returns the files. Nothing is suppressed: the export is for readers who may read the dw schema.
    """
    tables = list(_exported_tables(catalog_of(connection)))
    return _export(connection, tables, out, now, "The star schema of Chi Tieu")


def export_mart(connection: Connection, out: Path, now: datetime) -> list[Path]:
    """Write each table and view of mart that the account may read, as the account sees it.

    Returns the files: Parquet, and datapackage.json.
    """
    reflected = MetaData()
    inspector = inspect(connection)
    names = sorted([*inspector.get_table_names("mart"), *inspector.get_view_names("mart")])
    tables = [
        Table(name, reflected, schema="mart", autoload_with=connection)
        for name in names
        if connection.scalar(select(func.has_table_privilege(f"mart.{name}", "SELECT")))
    ]
    return _export(connection, tables, out, now, "What BI tools see of Chi Tieu")


def _exported_tables(catalog: FormCatalog) -> Iterator[Table]:
    """The tables of dw, those that mart shows by name as its views, loads and submissions.

    None that is derived for readers.
    """
    yield from (code_list_table(code_list) for code_list in catalog.code_lists)
    yield from (fact_table(form) for form in catalog.forms)
    for table in METADATA.sorted_tables:
        if table.schema == "dw":
            yield mart_view(table) if table in SHOWN_IN_MART else table
        elif table in _LINEAGE:
            yield table


def _export(
    connection: Connection, tables: Sequence[Table], out: Path, now: datetime, title: str
) -> list[Path]:
    make_folder(out)
    exported = {table.fullname for table in tables}
    written = [write_parquet(connection, table, out) for table in tables]
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": "chitieu",
        "title": title,
        "created": now.isoformat(),
        "resources": [resource(table, exported) for table in tables],
    }
    return [*written, write_json(out / "datapackage.json", package)]
