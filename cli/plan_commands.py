"""The commands about plans: compare and apply a plan file, upgrade its format, print the SQL that it runs."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.options import Json

if TYPE_CHECKING:
    from plans.plan_diff import FieldChange, PartChange
    from services.context import AppContext
    from services.plan_apply import FigureChange, PlanComparison

_LOGGER = logging.getLogger("chitieu")
_PlanFile = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="The plan file (default: that of CHITIEU_PLAN).")
]
_MOST_FIGURES = 50  # rows printed
_MOST_CHARACTERS = 80  # of a value of the plan
_FIGURE_COLUMNS = (
    ("target_code", "Target"), ("area_code", "Area"), ("period_code", "Period"), ("value", "Value"),
    ("target_value", "Threshold"), ("status", "Status"), ("verdict", "Verdict"),
)  # fmt: skip

app = typer.Typer(help="Work with plan files.", no_args_is_help=True, rich_markup_mode=None)


@app.command("diff")
def show_diff(file: _PlanFile = None, as_json: Json = False) -> None:
    """Print what a plan file would change if it was applied; exits with 1 where something differs.

    Lists the parts of the plan, and the figures whose value, threshold, status or verdict would change.
    Nothing is written.

    \b
    Examples:
      chitieu plan diff
      chitieu plan diff drafts/dong_nai_2020.yaml
    """
    from services.plan_apply import compare_plan

    context = _open(file)
    _LOGGER.info("Comparing %s with the applied plan", context.settings.plan_file)
    comparison = compare_plan(context)
    if as_json:
        console.print_json(comparison.as_json())
    elif comparison.drift == "none":
        print(f"Nothing differs from the applied plan {comparison.plan_code}")
    else:
        _print_comparison(context, comparison, "would change")
    if comparison.drift != "none":
        raise typer.Exit(1)


@app.command("apply")
def apply_file(file: _PlanFile = None, as_json: Json = False) -> None:
    """Apply a plan file in one transaction, record it in the audit chain and print what changed.

    \b
    Examples:
      chitieu plan apply
      chitieu plan apply plans/dong_nai_2021.yaml
    """
    from services.plan_apply import apply_compared_plan

    context = _open(file)
    _LOGGER.info("Applying %s", context.settings.plan_file)
    comparison = apply_compared_plan(context)
    is_applied = comparison.drift != "none"
    if as_json:
        console.print_json({**comparison.as_json(), "applied": is_applied})
        return
    if is_applied:
        _print_comparison(context, comparison, "changed")
        print(f"The plan {comparison.plan_code} is applied")
    else:
        print(f"The plan {comparison.plan_code} was applied before: nothing changed")


def _open(file: Path | None) -> "AppContext":
    """Return the context with the plan of a file, or that of the settings."""
    from services.context import open_declared
    from services.settings import read_settings

    settings = read_settings()
    return open_declared(settings.model_copy(update={"plans": (file,)}) if file else settings)


def _print_comparison(context: "AppContext", comparison: "PlanComparison", verb: str) -> None:
    if comparison.drift == "never_applied":
        print(f"The plan {comparison.plan_code} was never applied")
        return
    if comparison.drift == "forms":
        print("The forms of the software changed")
    for part in comparison.parts:
        _print_part(part)
    figures = comparison.figures
    if figures:
        rows = [_figure_row(change) for change in figures[:_MOST_FIGURES]]
        console.print_table(_FIGURE_COLUMNS, rows, context.zone)
    if len(figures) > _MOST_FIGURES:
        print(f"and {len(figures) - _MOST_FIGURES} more (--json lists all)")
    print(f"{len(comparison.parts)} parts of the plan and {len(figures)} figures {verb}")


def _print_part(part: "PartChange") -> None:
    print(f"{part.kind} {console.shown(part.key)}: {part.action}")
    for field in part.fields:
        print(f"  {_field_text(field)}")


def _field_text(field: "FieldChange") -> str:
    return f"{field.name}: {_value_text(field.old)} -> {_value_text(field.new)}"


def _value_text(value: Any) -> str:
    text = console.shown(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _figure_row(change: "FigureChange") -> dict[str, str]:
    """Return a row of the table: each column as it was and becomes, or once where it stays."""
    row = {name: change[name] for name in ("target_code", "area_code", "period_code")}
    was, becomes = change["was"], change["becomes"]
    for name in ("value", "target_value", "status", "verdict"):
        old = console.shown(was[name]) if was else "no figure"
        new = console.shown(becomes[name]) if becomes else "no figure"
        row[name] = old if old == new else f"{old} -> {new}"
    return row


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
    """Print the SQL of a view, function or target as it runs for the plan file; needs no database.

    \b
    Examples:
      chitieu sql
      chitieu sql mart.target_indicator
    """
    from plans.errors import UsageError
    from services.codes import did_you_mean
    from services.context import read_checked_plan
    from services.settings import read_settings
    from services.sql_text import rendered_sql, sql_names

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
