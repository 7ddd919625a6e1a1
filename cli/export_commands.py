"""The commands that export the warehouse for other programs."""

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import console
from cli.options import Json, OutOption, PlanCodeOption

_LOGGER = logging.getLogger("chitieu")


class ExportFormat(StrEnum):
    """The formats of an export."""

    PARQUET = "parquet"
    DHIS2 = "dhis2"


def export(
    file_format: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="parquet: the star schema with a descriptor; dhis2: the target table as dataValueSets.",
        ),
    ] = ExportFormat.PARQUET,
    out: OutOption = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Write the star schema as Parquet files, or the target tables for DHIS2.

    The star schema is that of all plans; there is a target table of each active plan.

    \b
    Examples:
      chitieu export
      chitieu export --format dhis2 --out /srv/exchange
    """
    import json

    from publishing.exports.star_schema import dhis2_data_values, export_star_schema
    from services.context import open_selected

    contexts = open_selected(plan_code, "read")
    context = contexts[0]
    folder = Path(out).absolute() if out else context.settings.home / "export"
    _LOGGER.info("Writing to %s", folder)
    with context.engine.connect() as connection:
        if file_format is ExportFormat.PARQUET:
            files = export_star_schema(connection, folder, context.now)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            files = [folder / f"dhis2-{of_plan.plan.code}.json" for of_plan in contexts]
            for file, of_plan in zip(files, contexts, strict=True):
                values = dhis2_data_values(connection, of_plan.plan)
                file.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    if as_json:
        console.print_json({"out": str(folder), "files": [file.name for file in files]})
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
