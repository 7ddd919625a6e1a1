"""What each command does: open the database, call the functions, show the result."""

import argparse
import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from flows import showing
from flows.progress import Progress, silent
from flows.settings import Settings, SettingsError, present, read_settings
from plans.model import Plan
from plans.reading import PlanError, read_plan
from transforms.calendar import Period, ad_hoc_periods, period_from_code, scheduled_periods
from transforms.target_expressions import check_plan
from warehouse import queries, snapshots
from warehouse.database import connect
from warehouse.embedded import embedded_url
from warehouse.indicators import Scope, materialize
from warehouse.migrate import migrate, schema_is_current
from warehouse.reference import reference_is_current
from warehouse.replanning import take_plan
from warehouse.roles import create_roles

if TYPE_CHECKING:
    from flows import pipeline


@dataclass(frozen=True)
class Work:
    """What a command works with."""

    settings: Settings
    plan: Plan
    now: datetime
    engine: Engine

    @property
    def zone(self) -> ZoneInfo:
        """The timezone in which the plan's people live."""
        return ZoneInfo(self.plan.calendar.timezone)


def read_checked_plan(settings: Settings) -> Plan:
    """The plan of the settings, held against the forms. Raises PlanError."""
    plan = read_plan(settings.plan_file)
    try:
        check_plan(plan)
    except ValueError as error:
        raise PlanError(f"The plan file {settings.plan_file} is inconsistent: {error}.") from error
    return plan


def database_url(settings: Settings) -> str:
    """The URL of the database in use, the embedded one started if it must be."""
    return settings.database_url or embedded_url(settings.home)


@lru_cache(maxsize=1)
def _engine(url: str, now: datetime | None) -> Engine:
    """Kept with its connections: flows follow one another in a process, as a publication an ingest."""
    return connect(url, now)


def start(settings: Settings | None = None) -> Work:
    """Read settings and plan and open the database, brought up to date where it is not."""
    settings = settings or read_settings()
    plan = read_checked_plan(settings)
    now = present(settings, plan.calendar.timezone)
    engine = _engine(database_url(settings), now if settings.now else None)
    work = Work(settings, plan, now, engine)
    if not schema_is_current(engine):
        prepare(work)
    with engine.begin() as connection:
        if not reference_is_current(connection, plan):
            take_plan(connection, plan, now)
    return work


def ingest_work(work: Work, progress: Progress = silent) -> "pipeline.Work":
    """What an ingest works with."""
    from flows import pipeline

    return pipeline.Work(work.engine, work.plan, work.now, work.settings.archive, progress)


def prepare(work: Work) -> list[str]:
    """Migrate, load the reference data, make the roles; returns what could not be done."""
    migrate(work.engine)
    with work.engine.begin() as connection:
        take_plan(connection, work.plan, work.now)
    return create_roles(work.engine)


def init(asked: argparse.Namespace) -> None:
    """Create or migrate the database."""
    showing.say("Preparing the database")
    work = start()
    warnings = prepare(work)
    for warning in warnings:
        showing.say(warning)
    result = {
        "database": work.engine.url.render_as_string(hide_password=True),
        "plan": work.plan.code,
        "bodies": len(work.plan.all_bodies),
        "areas": len(work.plan.areas),
        "targets": len(work.plan.targets),
        "warnings": warnings,
    }
    if asked.json:
        return showing.print_json(result)
    print(
        f"Ready: plan {result['plan']} with {result['targets']} targets, {result['bodies']} bodies and"
        f" {result['areas']} areas in {result['database']}"
    )
    return None


def ingest(asked: argparse.Namespace) -> None:
    """Pull what is new on the drives."""
    settings = read_settings()
    urls = asked.urls or list(settings.sources)
    if not urls:
        raise SettingsError("No drive is named: give a URL or set CHITIEU_SOURCES.")
    showing.say(f"Taking in {len(urls)} drive{'s' if len(urls) > 1 else ''}")
    if os.environ.get("PREFECT_API_URL"):
        from flows.prefect_flows import run_ingest

        result = run_ingest(urls)
    else:
        from flows import pipeline
        from flows.workers import prepare_readers

        prepare_readers()
        work = start(settings)
        with showing.progress_bar() as progress:
            result = pipeline.ingest(ingest_work(work, progress), urls).as_json()
    for problem in result["problems"]:
        showing.say(problem)
    if asked.json:
        return showing.print_json(result)
    return print_ingest(result)


def print_ingest(result: dict[str, Any]) -> None:
    """Print in a sentence what an ingest did."""
    counts = ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in result["submissions"].items() if n)
    print(
        f"{result['files']} new files ({result['unchanged']} unchanged): {counts or 'nothing new'};"
        f" {result['rows_loaded']} rows loaded, {result['indicators_changed']} target figures changed,"
        f" in {result['seconds']} s"
    )


def recompute(asked: argparse.Namespace) -> None:
    """Recompute target tables."""
    settings = read_settings()
    plan = read_checked_plan(settings)
    for code in asked.periods:
        check_period(plan, code)
    if os.environ.get("PREFECT_API_URL"):
        from flows.prefect_flows import run_materialize

        result = run_materialize(asked.periods)
    else:
        work = start(settings)
        showing.say(f"Recomputing {', '.join(asked.periods) or 'all periods that are due'}")
        with work.engine.begin() as connection:
            changed = materialize(
                connection, work.plan, work.now, Scope(periods=tuple(asked.periods) or None)
            )
        result = {"periods": asked.periods, "indicators_changed": changed}
    if asked.json:
        return showing.print_json(result)
    print(f"{result['indicators_changed']} target figures changed")
    return None


def check_period(plan: Plan, code: str) -> Period:
    """The period of a code. Raises SettingsError."""
    try:
        return period_from_code(code, plan.calendar)
    except ValueError as error:
        raise SettingsError(f"{error}.".replace("..", ".")) from None


def close(asked: argparse.Namespace) -> None:
    """Freeze the figures of a period."""
    work = start()
    period = check_period(work.plan, asked.period)
    with work.engine.begin() as connection:
        figures = snapshots.close(connection, work.plan, period, work.now)
    if asked.json:
        return showing.print_json({"period": period.code, "figures": figures, "closed_at": work.now})
    print(f"{period.code} is closed: {figures} figures are frozen")
    return None


def periods_of_range(plan: Plan, first: str, last: str) -> list[str]:
    """The codes of the plan's periods from one to another, ad hoc ones included. Raises SettingsError."""
    start_of, end_of = check_period(plan, first), check_period(plan, last)
    known = (*scheduled_periods(plan.year, plan.calendar), *ad_hoc_periods(plan.year, plan.calendar))
    codes = [
        p.code for p in known if p.window_start >= start_of.window_start and p.window_end <= end_of.window_end
    ]
    if not codes:
        raise SettingsError(f"No period of the plan {plan.code} lies from {first} to {last}.")
    return codes


def backfill(asked: argparse.Namespace) -> None:
    """Derive a range of periods again from the archive."""
    from flows import backfilling

    work = start()
    periods = periods_of_range(work.plan, asked.first, asked.last)
    showing.say(f"Reading the archive again for {asked.first} to {asked.last}")
    result = backfilling.backfill(work, periods, asked.plan)
    for problem in result.problems:
        showing.say(problem)
    if asked.json:
        return showing.print_json(backfilling.as_json(result))
    for figure in result.figures:
        was, now = figure["was"] or {}, figure["is"]
        print(
            f"{figure['target_code']} {figure['area_code']} {figure['period_code']}:"
            f" {showing.shown(was.get('value'))} -> {showing.shown(now['value'])}"
            f" ({was.get('status', 'no row')} -> {now['status']})"
        )
    print(
        f"{len(result.reports)} reports and {len(result.figures)} figures"
        f" {'would change' if asked.plan else 'changed'}; {result.files} files were read again"
    )
    return None


def waive(asked: argparse.Namespace) -> None:
    """Free a body from one report."""
    work = start()
    if not asked.why.strip():
        raise SettingsError("Say why with --why.")
    check_period(work.plan, asked.period)
    with work.engine.begin() as connection:
        queries.waive(connection, work.plan, asked.body, asked.form, asked.period, asked.why, work.now)
        changed = materialize(connection, work.plan, work.now, Scope(forms=frozenset({asked.form})))
    if asked.json:
        return showing.print_json(
            {"body": asked.body, "form": asked.form, "period": asked.period, "indicators_changed": changed}
        )
    print(f"{asked.body} need not report form {asked.form} for {asked.period}")
    return None


def show_database_url(asked: argparse.Namespace) -> None:
    """Print the URL of the database in use."""
    url = database_url(read_settings())
    connect(url).dispose()
    if asked.json:
        return showing.print_json({"url": url})
    print(url)
    return None
