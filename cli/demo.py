"""The demo: a year of sample reports becomes the target table of the plan."""

import logging
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import console
from cli.options import Json
from cli.pipeline_commands import ingest_here, print_ingest
from cli.query_commands import print_targets

if TYPE_CHECKING:
    from services.context import AppContext

_LOGGER = logging.getLogger("chitieu")
_SEED = 2020


class Programme(StrEnum):
    """A shipped programme: a plan with the form set that it names."""

    PCMD = "pcmd"
    HEALTH = "health"


_PLANS = {Programme.PCMD: "dong_nai_2020.yaml", Programme.HEALTH: "health_2024.yaml"}


def demo(
    programme: Annotated[
        Programme, typer.Option("--programme", help="Which shipped programme to show.")
    ] = Programme.PCMD,
    as_json: Json = False,
) -> None:
    """Build a sample drive, ingest it and show the target table, on the embedded database.

    \b
    Examples:
      chitieu demo
      chitieu demo --programme health
    """
    from concurrent.futures import ProcessPoolExecutor
    from dataclasses import replace

    from plans.reading import DEFAULT_PLAN
    from services.context import open_context, open_declared
    from services.preparation import prepare_database
    from services.settings import present, read_settings

    file = DEFAULT_PLAN.with_name(_PLANS[programme])
    settings = read_settings().model_copy(update={"database_url": None, "plans": (file,)})
    with ProcessPoolExecutor(1) as pool:  # the drive is written while the server starts
        writing = pool.submit(_sample_drive, settings.home, file)
        _LOGGER.info("Starting the embedded PostgreSQL")
        prepare_database(open_declared(settings))
        context = open_context(settings)
        drive = writing.result()
    _LOGGER.info("Ingesting the drive")
    result = ingest_here([context], [f"file://{drive}"])
    if as_json:
        console.print_json(result)
        return
    print_ingest(result)
    _show(replace(context, now=present(settings, context.plan.calendar.timezone)))  # after the ingest


def _show(context: "AppContext") -> None:
    """Close a quarter, print the target table, write the pages, and name what to try next."""
    from services.publish import publish_to
    from warehouse import queries

    _close_first_quarter(context)
    print()
    with context.engine.connect() as connection:
        rows = queries.targets(connection, context.plan, None, None)
    print_targets(context, rows)
    out = context.settings.home / "published"
    _LOGGER.info("Writing the pages")
    publish_to(context, out)
    print(f"Pages for auditors:    {out / 'index.html'}")
    _print_next_steps(context)


def _drive_of(home: Path, plan_code: str) -> Path:
    return home / "demo" / plan_code / "drive"


def _sample_drive(home: Path, plan_file: Path) -> Path:
    """Return the folder of the sample drive of a shipped plan; writes it at the first demo."""
    from plans.reading import read_plan
    from sampledata.drive import make_drive
    from schemas.form_set import shipped_form_set

    plan = read_plan(plan_file)
    drive = _drive_of(home, plan.code)
    if not drive.exists():
        _LOGGER.info("Writing a drive with a year of sample reports, a fault in every seventh of them")
        unfinished = drive.with_name("drive-making")
        make_drive(unfinished, plan, seed=_SEED, form_set=shipped_form_set(plan.form_set))
        unfinished.rename(drive)
    return drive


def _close_first_quarter(context: "AppContext") -> None:
    """Close the first quarter, unless an earlier demo has closed it."""
    from plans.reporting_calendar import period_from_code
    from warehouse.blocking_readers import begin_writing
    from warehouse.history.snapshots import close, closed

    period = period_from_code(f"{context.plan.year}-Q1", context.plan.calendar)
    with begin_writing(context.engine) as connection:
        if closed(connection, context.plan, period.code) is None:
            figures = close(connection, context.plan, period, context.now)
            print(f"{period.code} is closed: {figures} figures are frozen")


def _print_next_steps(context: "AppContext") -> None:
    from sqlalchemy import text

    from plans.reading import DEFAULT_PLAN

    with context.engine.connect() as connection:
        rejected = connection.scalar(
            text("SELECT min(submission_id) FROM audit.submission WHERE status = 'rejected'")
        )
    year = context.plan.year
    if context.plan_file != DEFAULT_PLAN:
        print(f"For the next commands: export CHITIEU_PLAN={context.plan_file}")
    print(f"The sample drive:      {_drive_of(context.settings.home, context.plan.code)}")
    print(f"Who has reported:      chitieu status --period {year}-Q1")
    if rejected is not None:
        print(f"Why one was rejected:  chitieu report {rejected}")
    print(f"What was frozen:       chitieu targets --snapshot {year}-Q1")
    print(f"Where it comes from:   chitieu trace {context.plan.targets[0].code} --period {year}-Q1")
    print("For BI tools and SQL:  chitieu database-url (all schemas: --as owner); read mart.target_indicator")
