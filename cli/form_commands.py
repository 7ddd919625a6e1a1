"""The commands about form sets: check, start, export to a workbook, import from one, print a schema."""

import logging
from datetime import UTC
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import console
from cli.options import Json

_LOGGER = logging.getLogger("chitieu")
_COLUMNS = (
    ("place", "Place"),
    ("code", "Set"),
    ("version", "Version"),
    ("forms", "Forms"),
    ("columns", "Columns"),
    ("rules", "Rules"),
    ("code_lists", "Code lists"),
    ("units", "Units"),
)

app = typer.Typer(help="Work with form sets.", no_args_is_help=True, rich_markup_mode=None)


class SchemaFormat(StrEnum):
    """How a Pandera schema is printed."""

    YAML = "yaml"
    PYTHON = "python"


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Default: the shipped form sets.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the files of a form set; the first fault is one sentence with file and line, exit code 1.

    \b
    Examples:
      chitieu forms check
      chitieu forms check my-forms
    """
    from services.form_sets import check_form_sets

    _LOGGER.info("Checking %s", folder or "the shipped form sets")
    sets = [checked.as_json() for checked in check_form_sets(folder)]
    if as_json:
        console.print_json({"sets": sets})
        return
    console.print_table(_COLUMNS, sets, UTC)
    print("No fault found in types, names, wordings, code lists and rules.")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet.")],
    as_json: Json = False,
) -> None:
    """Write a small example form set with comments, to be changed; editors check it by its JSON Schemas.

    \b
    Example:
      chitieu forms new my-forms
    """
    from services.form_sets import new_form_set

    written = [str(path) for path in new_form_set(folder)]
    if as_json:
        console.print_json({"folder": str(folder), "files": written})
        return
    for path in written:
        print(path)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to write.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Default: the shipped set pcmd.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a form set as a workbook with a sheet for each kind of declaration, to be edited.

    \b
    Examples:
      chitieu forms export set.xlsx
      chitieu forms export set.xlsx my-forms
    """
    from services.form_sets import export_form_set

    form_set = export_form_set(folder, file)
    if as_json:
        console.print_json({"file": str(file), "code": form_set.code, "forms": len(form_set.forms)})
    else:
        print(f"{file}: form set {form_set.code}, {len(form_set.forms)} forms")


@app.command("import")
def import_workbook(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="A workbook of `forms export`.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to write to.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the form set that the folder holds.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check the form set in a workbook and write its files; nothing is written if it has a fault.

    \b
    Examples:
      chitieu forms import set.xlsx my-forms
      chitieu forms import set.xlsx my-forms --force
    """
    from services.form_sets import import_form_set

    form_set = import_form_set(file, folder, force)
    if as_json:
        console.print_json({"folder": str(folder), "code": form_set.code, "forms": len(form_set.forms)})
    else:
        print(f"{folder}: form set {form_set.code}, {len(form_set.forms)} forms")


@app.command()
def schema(
    code: Annotated[str, typer.Argument(metavar="FORM", help="Code or key of a form.")],
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Default: the shipped form sets.")
    ] = None,
    output: Annotated[SchemaFormat, typer.Option("--format", help="Pandera's YAML, or Python.")] = (
        SchemaFormat.YAML
    ),
    as_json: Json = False,
) -> None:
    """Print the Pandera schema by which the rows of a form are checked; errors are finding codes.

    \b
    Examples:
      chitieu forms schema 02-PCMD
      chitieu forms schema courses my-forms --format python
    """
    from services.form_schema import schema_as_python, schema_as_yaml
    from services.form_sets import find_form

    form = find_form(code, folder)
    text = schema_as_yaml(form) if output is SchemaFormat.YAML else schema_as_python(form)
    if as_json:
        console.print_json({"form": form.code, "format": output.value, "schema": text})
    else:
        print(text.rstrip())
