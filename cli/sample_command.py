"""The command that writes a drive of generated reports, to try a plan before real ones come in."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from cli import console
from cli.options import Json, PlanCodeOption
from cli.texts import say

_LOGGER = logging.getLogger("chitieu")


def sample(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The new folder to write to.")],
    plan_code: PlanCodeOption = None,
    seed: Annotated[int, typer.Option("--seed", help="Another number gives other figures.")] = 1,
    faults: Annotated[
        float, typer.Option("--faults", min=0, max=1, help="Share of the sheets with a fault.")
    ] = 0.15,
    as_json: Json = False,
) -> None:
    """Write a year of generated reports for a plan: figures that keep its rules, and some faults.

    The reports have the layouts, file types and mistakes of real ones. No database is used.

    \b
    Examples:
      chitieu sample drive
      chitieu sample drive --plan-code YT-2024 --faults 0
    """
    from plans.errors import UsageError
    from sampledata.drive import make_drive
    from services.context import read_forms, read_plans, read_wanted_plan
    from services.plan_choice import Wanted
    from services.settings import read_settings

    if folder.exists():
        raise UsageError(f"{folder} exists already.", "Name a new folder.")
    settings = read_settings()
    plan = read_wanted_plan(settings, Wanted(plan_code))
    form_set = read_forms(read_plans(settings)).of(plan)
    _LOGGER.info("Writing a year of reports for the plan %s to %s", plan.code, folder)
    truth = make_drive(folder, plan, seed=seed, fault_share=faults, form_set=form_set)
    rejected = sum(entry["expect"] == "rejected" for entry in truth)
    if as_json:
        console.print_json({"folder": str(folder), "sheets": len(truth), "with_a_fault": rejected})
    else:
        print(
            say(
                "{folder}: {count} sheets, {faults} with a fault",
                folder=folder,
                count=len(truth),
                faults=rejected,
            )
        )
