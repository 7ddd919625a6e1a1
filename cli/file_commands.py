"""The command that checks files before they are sent."""

import logging
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.options import Json, OutOption, PlanCodeOption
from cli.query_commands import FINDING_COLUMNS
from cli.texts import say
from plans.errors import UsageError

if TYPE_CHECKING:
    from services.file_check import SheetRow

_LOGGER = logging.getLogger("chitieu")
_LEFT_OUT = "Checks against earlier reports were left out: they need the database."


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files to check.")],
    body: Annotated[
        str | None,
        typer.Option("--body", metavar="CODE", help="Body code (default: the name of the file's folder)."),
    ] = None,
    out: OutOption = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Check files without a database, as an ingest would; with --out, write annotated copies to a folder.

    A rejected sheet is a result, not a failure: the exit code is 0. Checks against earlier reports are left
    out.

    \b
    Examples:
      chitieu validate UBND-731/2020-Q1.xlsx
      chitieu validate --body UBND-731 2020-Q1.xlsx --out checked
    """
    from services.context import read_forms, read_plans
    from services.file_check import check_files, plans_of_bodies, write_annotated
    from services.settings import present, read_settings

    settings = read_settings()
    named = [(file, body or file.absolute().parent.name) for file in files]
    for file in files:
        if not file.is_file():
            raise UsageError(f"There is no file {file}.")
    declared = read_plans(settings)
    catalog = read_forms(declared)
    plans = plans_of_bodies(list(declared.values()), [code for _, code in named], plan_code)
    _LOGGER.info("Checking %s file%s. %s", len(files), "s" if len(files) > 1 else "", _LEFT_OUT)
    sheets = check_files(named, plans, catalog, present(settings, plans[0].calendar.timezone))
    written = write_annotated(sheets, Path(out), catalog.of(plans[0])) if out else []
    if as_json:
        console.print_json(
            {"sheets": [sheet.as_json() for sheet in sheets], "annotated": [str(file) for file in written]}
        )
        return
    for sheet in sheets:
        _print_sheet(sheet.as_json())
    for file in written:
        print(say("Annotated copy: {file}", file=file))


def _print_sheet(row: "SheetRow") -> None:
    """Print the verdict on a sheet and its findings."""
    name = say(", sheet {sheet}", sheet=console.shown(row["sheet_name"])) if row["sheet_name"] else ""
    form = f": {row['form_code']} {row['period_code'] or ''}".rstrip() if row["form_code"] else ""
    print(f"{console.shown(row['file'])}{name}{form}: {console.words(row['status'])}")
    if row["findings"]:
        console.print_table(FINDING_COLUMNS, row["findings"], UTC)
