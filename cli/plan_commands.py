"""The commands about plans: compare and apply a plan file, upgrade its format, print the SQL that it runs."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.options import Json, PlanCodeOption
from cli.texts import say

if TYPE_CHECKING:
    from plans.plan_diff import FieldChange, PartChange
    from services.context import AppContext
    from services.plan_apply import FigureChange, PlanComparison

_LOGGER = logging.getLogger("chitieu")
_PlanFile = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="The plan file (default: those of CHITIEU_PLAN).")
]
_MOST_FIGURES = 50  # rows printed
_MOST_CHARACTERS = 80  # of a value of the plan
_FIGURE_COLUMNS = (
    ("target_code", "Target"), ("area_code", "Area"), ("period_code", "Period"), ("value", "Value"),
    ("target_value", "Threshold"), ("status", "Status"), ("verdict", "Verdict"),
)  # fmt: skip

app = typer.Typer(help="Work with plan files.", no_args_is_help=True, rich_markup_mode=None)


@app.command("diff")
def show_diff(file: _PlanFile = None, plan_code: PlanCodeOption = None, as_json: Json = False) -> None:
    """Print what a plan file would change if it was applied; exits with 1 where something differs.

    Lists the parts of the plan, and the figures whose value, threshold, status or verdict would change.
    Nothing is written.

    \b
    Examples:
      chitieu plan diff
      chitieu plan diff drafts/dong_nai_2020.yaml
    """
    from services.plan_apply import compare_plan

    comparisons = []
    for context in _open(file, plan_code):
        _LOGGER.info("Comparing %s with the applied plan", context.plan_file)
        comparison = compare_plan(context)
        comparisons.append(comparison)
        if as_json:
            continue
        if comparison.drift == "none":
            print(f"Nothing differs from the applied plan {comparison.plan_code}")
        else:
            _print_comparison(context, comparison, "would change")
    if as_json:
        _print_results([comparison.as_json() for comparison in comparisons])
    if any(comparison.drift != "none" for comparison in comparisons):
        raise typer.Exit(1)


@app.command("apply")
def apply_file(file: _PlanFile = None, plan_code: PlanCodeOption = None, as_json: Json = False) -> None:
    """Apply plan files, each in one transaction, record them in the audit chain and print what changed.

    \b
    Examples:
      chitieu plan apply
      chitieu plan apply plans/dong_nai_2021.yaml
    """
    from services.plan_apply import apply_compared_plan

    results = []
    for context in _open(file, plan_code):
        _LOGGER.info("Applying %s", context.plan_file)
        comparison = apply_compared_plan(context)
        is_applied = comparison.drift != "none"
        results.append({**comparison.as_json(), "applied": is_applied})
        if as_json:
            continue
        if is_applied:
            _print_comparison(context, comparison, "changed")
            print(f"The plan {comparison.plan_code} is applied")
        else:
            print(f"The plan {comparison.plan_code} was applied before: nothing changed")
    if as_json:
        _print_results(results)


def _open(file: Path | None, plan_code: str | None) -> "list[AppContext]":
    """Return the contexts with the plan of a file, or those of the settings, or the one with a code."""
    from services.context import open_declared
    from services.plan_choice import Wanted, choose_plan
    from services.settings import read_settings

    settings = read_settings()
    contexts = open_declared(settings.model_copy(update={"plans": (file,)}) if file else settings)
    if plan_code is None:
        return contexts
    chosen = choose_plan([context.plan for context in contexts], Wanted(plan_code))
    return [context for context in contexts if context.plan is chosen]


def _print_results(results: list[dict[str, Any]]) -> None:
    """Print the result of one plan, or a list of those of several, as JSON."""
    console.print_json(results[0] if len(results) == 1 else {"plans": results})


def _print_comparison(context: "AppContext", comparison: "PlanComparison", verb: str) -> None:
    if comparison.drift == "never_applied":
        print(f"The plan {comparison.plan_code} was never applied")
        return
    if comparison.drift == "forms":
        print("The forms changed")
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
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new plan file.")],
    form_set: Annotated[
        str,
        typer.Option(
            "--form-set", metavar="NAME", help="Its form set: a shipped one, or a folder beside FILE."
        ),
    ] = "starter",
    as_json: Json = False,
) -> None:
    """Write an example plan to start from, for the forms that `chitieu forms new` writes.

    \b
    Example:
      chitieu plan new training.yaml --form-set my-forms
    """
    from services.plan_files import new_plan_file

    new_plan_file(file, form_set)
    if as_json:
        console.print_json({"file": str(file), "form_set": form_set})
    else:
        print(
            say("{file} is written. CHITIEU_PLAN={file} makes it the plan of the next commands.", file=file)
        )


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
    plan_code: PlanCodeOption = None,
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
    from services.context import read_forms, read_plans
    from services.settings import read_settings
    from services.sql_text import plan_of_sql, rendered_sql, sql_names

    plans = read_plans(read_settings())
    catalog = read_forms(plans)
    plan = plan_of_sql(list(plans.values()), plan_code, name)
    names = list(sql_names(plan, catalog))
    if name is None:
        if as_json:
            console.print_json({"names": names})
        else:
            print("\n".join(names))
        return
    if name not in names:
        raise UsageError(f"There is no SQL of the name {name}.", did_you_mean(name, names))
    sql = rendered_sql(plan, catalog, name)
    if as_json:
        console.print_json({"name": name, "sql": sql})
    else:
        print(sql)
