"""The commands of auditors: the lineage of a figure, and whether everything is as it was recorded."""

import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.options import AreaOption, EditionOption, Json, PlanCodeOption, SubmissionArgument
from cli.texts import in_language, say, translated
from plans.errors import UsageError

if TYPE_CHECKING:
    from services.context import AppContext

_LOGGER = logging.getLogger("chitieu")
_CELL_COLUMNS = (
    ("part", "Part"), ("sign", "Sign"), ("measure", "Measure"), ("body_code", "Body"), ("area_name", "Area"),
    ("period_code", "Period"), ("file_name", "File"), ("sheet_name", "Sheet"), ("cell", "Cell"),
    ("value", "Value"), ("sha256", "SHA-256"),
)  # fmt: skip
_FIGURE_COLUMNS = (
    ("target_code", "Target"), ("area_code", "Area"), ("period_code", "Period"), ("part", "Part"),
)  # fmt: skip
_MOST_LINES = 20
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")

app = typer.Typer(help="Check the audit chain and the archive.", no_args_is_help=True, rich_markup_mode=None)


def trace(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Code of the target: T1.")],
    period: Annotated[str, typer.Option("--period", metavar="PERIOD", help="Period code: 2020-Q1.")],
    area: AreaOption = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Print every source cell behind a figure; their values give the figure again.

    \b
    Example:
      chitieu trace T1 --period 2020-Q1
    """
    from services.codes import check_area, check_period, find_target
    from services.context import open_context
    from services.plan_choice import Wanted
    from warehouse import queries
    from warehouse.indicators import lineage
    from warehouse.privacy.access import Access, AccessError

    wanted = Wanted(plan_code, period=period, area=area, target=target)
    context = open_context(purpose="read", wanted=wanted)
    if context.access is Access.READER:
        raise AccessError(
            "The source cells of a figure hold counts that this account may not see.",
            "Use an auditor's account; mart.measure_value has the submissions of a figure.",
        )
    check_period(context.plan, period)
    area_code = area or context.plan.area
    check_area(context.plan, area_code)
    chosen = find_target(context.plan, target)
    with context.engine.connect() as connection:
        rows = queries.targets(connection, context.plan, period, area_code)
        cells = lineage.trace(connection, context.plan, chosen.code, period, area_code)
    figure = next((row for row in rows if row["target_code"] == chosen.code), None)
    if as_json:
        console.print_json({"figure": figure, "cells": cells})
        return
    title = f"{chosen.code} {in_language(chosen, 'label')}, {area_code}, {period}"
    console.print_table(_CELL_COLUMNS, cells, context.zone, title)
    _print_recomputed(len(cells), lineage.recompute(cells, chosen), figure)


def _print_recomputed(
    count: int, computed: tuple[object, object | None], figure: Mapping[str, Any] | None
) -> None:
    """Print what the source cells give, and what the target table has."""
    numerator, denominator = computed
    given = say("{count} sources give {figure}", count=count, figure=console.shown(numerator))
    over = f" / {console.shown(denominator)}" if denominator is not None else ""
    recorded = ""
    if figure:
        value, unit = console.shown(figure["value"]), translated(figure["unit"])
        recorded = say("; the table has {value} {unit}", value=value, unit=unit)
    print(f"{given}{over}{recorded}")


def moved(
    submission: SubmissionArgument,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="The cell: D11.")],
    as_json: Json = False,
) -> None:
    """Print every current figure that a cell of a submission contributes to.

    \b
    Example:
      chitieu moved 42 D11
    """
    from services.context import open_context_of
    from warehouse import queries
    from warehouse.indicators import lineage

    name = cell.upper()
    if not _CELL.fullmatch(name):
        raise UsageError(f"{cell!r} is no cell.", "Write the column and the row: D11.")
    context = open_context_of(submission, "read")
    with context.engine.connect() as connection:
        sheet, _ = queries.submission_report(connection, submission)
        source = {
            "body_code": sheet["body_code"],
            "file_name": sheet["file_name"],
            "sheet_name": sheet["sheet_name"],
            "cell": name,
        }
        figures = lineage.figures_of_cell(connection, context.plan, *source.values())
    if as_json:
        console.print_json({"cell": source, "figures": figures})
    elif not figures:
        print(
            say("No figure draws on {cell} of submission {submission} now.", cell=name, submission=submission)
        )
    else:
        title = say("{cell} of submission {submission}", cell=name, submission=submission)
        console.print_table(_FIGURE_COLUMNS, figures, context.zone, title)


@app.command()
def verify(
    replay: Annotated[
        str | None,
        typer.Option("--replay", metavar="PERIOD", help="Also compute a period again from the archive."),
    ] = None,
    edition: EditionOption = None,
    head: Annotated[
        str | None, typer.Option("--head", metavar="HEX", help="A head of the chain that was published.")
    ] = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Check the audit chain, facts, figures and archive; exits with 1 where something is not as recorded.

    Nothing is created or migrated, but for the temporary database of a replay. Unfinished files that killed
    runs left in the archive are removed and reported.

    \b
    Examples:
      chitieu audit verify
      chitieu audit verify --replay 2020-Q1
      chitieu audit verify --replay 2020-Q1 --edition 1
    """
    from services import audit_checks

    if edition is not None and not replay:
        raise UsageError("--edition needs --replay.")
    context = _context_of_replay(replay, plan_code) if replay else _open_unchanged(as_json)
    removed = audit_checks.clean_archive(context)
    if removed:
        _LOGGER.warning("Removed %s unfinished files of killed runs from the archive", removed)
    wrong = _differences(context, head, replay, edition)
    with context.engine.connect() as connection:
        present_head = audit_checks.chain_head(connection)
    if as_json:
        result = {"sound": not wrong, "wrong": wrong, "head": present_head, "replayed": replay}
        console.print_json({**result, "leftovers_removed": removed})
    if wrong:
        if not as_json:
            _print_differences(wrong)
        raise audit_checks.AuditError(wrong[0])
    if not as_json:
        head_text = present_head or say("not there yet")
        print(say("Everything is as it was recorded; the chain's head is {head}", head=head_text))


def _context_of_replay(period: str, plan_code: str | None) -> "AppContext":
    """Return the context of the plan that has the period."""
    from services.codes import check_period
    from services.context import open_context
    from services.plan_choice import Wanted

    context = open_context(purpose="read", wanted=Wanted(plan_code, period=period))
    check_period(context.plan, period)
    return context


def _open_unchanged(as_json: bool) -> "AppContext":
    """Return the context of any plan: the chain is that of all plans. Nothing is created or migrated."""
    from services import audit_checks

    try:
        return audit_checks.open_unchanged()
    except audit_checks.AuditError as error:
        if as_json:
            console.print_json({"sound": False, "wrong": [str(error)], "head": "", "replayed": None})
        raise


def _differences(
    context: "AppContext", head: str | None, replay: str | None, edition: int | None
) -> list[str]:
    from services import audit_checks

    _LOGGER.info("Checking the audit chain, facts, figures and archive")
    wrong = audit_checks.verify(context, head)
    if replay and not wrong:
        _LOGGER.info("Computing %s again from the archive alone", replay)
        wrong = audit_checks.replay(context, replay, edition)
    return wrong


def _print_differences(wrong: list[str]) -> None:
    for line in wrong[:_MOST_LINES]:
        print(line)
    if len(wrong) > _MOST_LINES:
        print(say("and {count} more (--json lists all)", count=len(wrong) - _MOST_LINES))
