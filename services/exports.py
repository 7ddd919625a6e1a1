"""Export the warehouse for other programs, in full or as a BI tool sees it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import ProgrammingError

from plans.model import Plan
from publishing.exports.dbt import dbt_package
from publishing.exports.dhis2 import dhis2_data_values, dhis2_metadata
from publishing.exports.private_files import write_json, write_text
from publishing.exports.sdmx import sdmx_csv
from publishing.exports.star_schema import export_mart, export_star_schema
from publishing.exports.superset import superset_assets
from services.accounts import url_for
from services.context import AppContext
from warehouse.database import connect
from warehouse.form_catalog import catalog_of, form_set_of, with_catalog
from warehouse.privacy.access import Access, AccessError


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
    elif context.settings.database_url is None:
        moment = context.now if context.settings.now else None
        engine = connect(url_for(context.settings, "bi"), moment)
        engine = with_catalog(engine, catalog_of(context.engine))
        with engine.connect() as connection:
            yield connection
        engine.dispose()
    else:
        with context.engine.connect() as connection:
            _take_reader_role(connection)
            yield connection
            connection.rollback()


def _take_reader_role(connection: Connection) -> None:
    try:
        connection.execute(text("SET LOCAL ROLE chitieu_bi"))
    except ProgrammingError as error:
        raise AccessError(
            "The account of CHITIEU_DATABASE_URL cannot take the role chitieu_bi.",
            "Set CHITIEU_DATABASE_URL to a login of BI tools and export without --as-reader.",
        ) from error
    if not connection.scalar(select(func.has_schema_privilege("mart", "USAGE"))):
        raise AccessError("The role chitieu_bi has no rights in this database.", "Run chitieu init.")


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
