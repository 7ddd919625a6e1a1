"""The commands that export the warehouse for other programs."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from cli import console
from cli.options import Json, OutOption, PlanCodeOption
from plans.errors import UsageError

_LOGGER = logging.getLogger("chitieu")


def export(
    file_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="parquet: tables with a descriptor; dhis2: the target table with its metadata;"
            " sdmx: the target table as SDMX-CSV 2.0; superset: datasets, charts and a dashboard;"
            " dbt: sources with tests.",
        ),
    ] = "parquet",
    as_reader: Annotated[
        bool, typer.Option("--as-reader", help="Export what BI tools may see, small counts withheld.")
    ] = False,
    out: OutOption = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Write the warehouse for other programs.

    Tables are those of all plans; figures of targets are written for each active plan.

    \b
    Examples:
      chitieu export
      chitieu export --as-reader --out /srv/open
      chitieu export --format dhis2 --out /srv/exchange
    """
    from services.context import open_selected
    from services.exports import ExportFormat
    from services.exports import export as write_export

    if file_format not in list(ExportFormat):
        raise UsageError(f"{file_format!r} is no format.", f"Use one of {', '.join(ExportFormat)}.")
    contexts = open_selected(plan_code, "read")
    folder = Path(out).absolute() if out else contexts[0].settings.home / "export"
    _LOGGER.info("Writing to %s", folder)
    files = write_export(contexts, ExportFormat(file_format), folder, as_reader)
    if as_json:
        names = [file.relative_to(folder).as_posix() for file in files]
        console.print_json({"out": str(folder), "files": names})
        return
    for file in files:
        print(file)


def show_dictionary(as_json: Json = False) -> None:
    """Print the data dictionary of the warehouse as Markdown.

    \b
    Example:
      chitieu dictionary > dictionary.md
    """
    from services.context import open_any
    from warehouse.data_dictionary import dictionary

    context = open_any()
    with context.engine.connect() as connection:
        page = dictionary(connection)
    if as_json:
        console.print_json({"markdown": page})
    else:
        print(page, end="")
