"""Export the warehouse for other programs, in full or as a BI tool sees it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection

from plans.model import Plan
from publishing.exports.dbt import dbt_package
from publishing.exports.dhis2 import dhis2_data_values, dhis2_metadata
from publishing.exports.private_files import write_json, write_text
from publishing.exports.sdmx import sdmx_csv
from publishing.exports.star_schema import export_mart, export_star_schema
from publishing.exports.superset import superset_assets
from services.context import AppContext
from services.reader_access import reader_connection
from warehouse.form_catalog import form_set_of
from warehouse.privacy.access import Access


class ExportFormat(StrEnum):
    """The formats of an export."""

    PARQUET = "parquet"
    DHIS2 = "dhis2"
    SDMX = "sdmx"
    SUPERSET = "superset"
    DBT = "dbt"


def export(
    contexts: Sequence[AppContext], file_format: ExportFormat, folder: Path, as_reader: bool
) -> list[Path]:
    """Write the files of a format to a folder, figures of targets for each plan; returns the files.

    An account that may read mart alone exports what it sees, others with `as_reader` what BI tools see.
    Raises AccessError where the account cannot take the role of BI tools.
    """
    context = contexts[0]
    with _connection(context, as_reader) as connection:
        if file_format is ExportFormat.PARQUET:
            is_reader = as_reader or context.access is Access.READER
            write = export_mart if is_reader else export_star_schema
            return write(connection, folder, context.now)
        if file_format in _OF_PLAN:
            write_plan = _OF_PLAN[file_format]
            return [file for one in contexts for file in write_plan(connection, one.plan, folder)]
        return [
            write_text(folder / name, content) for name, content in _OF_ALL[file_format](connection).items()
        ]


@contextmanager
def _connection(context: AppContext, as_reader: bool) -> Iterator[Connection]:
    """A connection that sees what it should: that of the context, or one with the role of BI tools."""
    if not as_reader or context.access is Access.READER:
        with context.engine.connect() as connection:
            yield connection
    else:
        with reader_connection(context, "bi") as connection:
            yield connection


def _dhis2(connection: Connection, plan: Plan, folder: Path) -> list[Path]:
    return [
        write_json(
            folder / f"dhis2-metadata-{plan.code}.json", dhis2_metadata(plan, form_set_of(connection, plan))
        ),
        write_json(folder / f"dhis2-{plan.code}.json", dhis2_data_values(connection, plan)),
    ]


def _sdmx(connection: Connection, plan: Plan, folder: Path) -> list[Path]:
    return [write_text(folder / f"sdmx-{plan.code}.csv", sdmx_csv(connection, plan))]


_OF_PLAN: dict[ExportFormat, Callable[[Connection, Plan, Path], list[Path]]] = {
    ExportFormat.DHIS2: _dhis2,
    ExportFormat.SDMX: _sdmx,
}
_OF_ALL: dict[ExportFormat, Callable[[Connection], dict[str, str]]] = {
    ExportFormat.SUPERSET: superset_assets,
    ExportFormat.DBT: dbt_package,
}
