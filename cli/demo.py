"""The demo: a year of sample reports becomes the target table of the plan, as a Prefect flow."""

import argparse
import os
from dataclasses import replace

from sqlalchemy import text

from cli import console
from cli.pipeline_commands import print_ingest
from cli.query_commands import print_targets
from plans.reading import DEFAULT_PLAN
from plans.reporting_calendar import period_from_code
from services.context import AppContext, open_context
from services.publish import publish_to
from services.settings import present, read_settings
from warehouse import queries
from warehouse.history.snapshots import close, closed

_SEED = 2020


def demo(asked: argparse.Namespace) -> None:
    """Build a drive of sample reports, ingest it with a Prefect flow, and show the target table."""
    settings = replace(read_settings(), database_url=None, plan_file=DEFAULT_PLAN)
    os.environ.update(
        CHITIEU_HOME=str(settings.home), CHITIEU_DATABASE_URL="", CHITIEU_PLAN=str(DEFAULT_PLAN)
    )
    _prefect_at_home(str(settings.home / "prefect"))
    console.say("Starting the embedded PostgreSQL")
    work = open_context(settings)
    drive = settings.home / "demo" / "drive"
    if not drive.exists():
        from sampledata.drive import make_drive

        console.say("Writing a drive with a year of sample reports, a fault in every seventh of them")
        making = drive.with_name("drive-making")
        make_drive(making, work.plan, seed=_SEED)
        making.rename(drive)
    console.say("Ingesting it with the Prefect flow")
    from flows.prefect_flows import run_ingest

    result = run_ingest([f"file://{drive}"])
    if asked.json:
        return console.print_json(result)
    print_ingest(result)
    work = replace(work, now=present(settings, work.plan.calendar.timezone))  # the ingest took its time
    _close(work)
    print()
    with work.engine.connect() as connection:
        rows = queries.targets(connection, work.plan, None, None)
    print_targets(work, rows)
    out = work.settings.home / "published"
    console.say("Writing the pages")
    publish_to(work, out)
    print(f"Pages for auditors:    {out / 'index.html'}")
    _say_what_next(work)
    return None


def _close(work: AppContext) -> None:
    """Close the first quarter, where that has not been done by an earlier demo."""
    period = period_from_code(f"{work.plan.year}-Q1", work.plan.calendar)
    with work.engine.begin() as connection:
        if closed(connection, work.plan, period.code) is None:
            figures = close(connection, work.plan, period, work.now)
            print(f"{period.code} is closed: {figures} figures are frozen")


def _prefect_at_home(folder: str) -> None:
    """Keep what Prefect writes below our own home, and let it tell nobody."""
    os.environ.setdefault("PREFECT_HOME", folder)
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")


def _say_what_next(work: AppContext) -> None:
    with work.engine.connect() as connection:
        refused = connection.scalar(
            text("SELECT min(submission_id) FROM audit.submission WHERE status = 'rejected'")
        )
    print(f"The sample drive:      {work.settings.home / 'demo' / 'drive'}")
    print("Who has reported:      chitieu status --period 2020-Q1")
    if refused is not None:
        print(f"Why one was refused:   chitieu report {refused}")
    print(f"What was frozen:       chitieu targets --snapshot {work.plan.year}-Q1")
    print(f"Where it comes from:   chitieu trace T1 --period {work.plan.year}-Q1")
    print("For BI tools and SQL:  chitieu database-url; read mart.target_indicator")
