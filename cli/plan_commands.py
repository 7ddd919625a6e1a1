"""The commands about plans: upgrade a plan file, print the SQL that a plan runs."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from cli import console
from cli.options import Json

_LOGGER = logging.getLogger("chitieu")

app = typer.Typer(help="Work with plan files.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def upgrade(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The plan file.")], as_json: Json = False
) -> None:
    """Rewrite a plan file of an older format in place; comments and layout are kept.

    \b
    Example:
      chitieu plan upgrade plan.yaml
    """
    from services.plan_files import upgrade_plan_file

    _LOGGER.info("Upgrading %s", file)
    changed = upgrade_plan_file(file)
    if as_json:
        console.print_json({"file": str(file), "changed": changed})
    elif changed:
        print(f"{file} is rewritten in the current format")
    else:
        print(f"{file} is unchanged: it has the current format")


def show_sql(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Default: list the names.")] = None,
    as_json: Json = False,
) -> None:
    """Print the SQL of a view, function or target as it runs for the plan in use.

    \b
    Examples:
      chitieu sql
      chitieu sql mart.target_indicator
    """
    from services.sql_text import rendered_sql, sql_names

    from plans.errors import UsageError
    from services.codes import did_you_mean
    from services.context import read_checked_plan
    from services.settings import read_settings

    plan = read_checked_plan(read_settings())
    names = list(sql_names(plan))
    if name is None:
        if as_json:
            console.print_json({"names": names})
        else:
            print("\n".join(names))
        return
    if name not in names:
        raise UsageError(f"There is no SQL of the name {name}.", did_you_mean(name, names))
    sql = rendered_sql(plan, name)
    if as_json:
        console.print_json({"name": name, "sql": sql})
    else:
        print(sql)
