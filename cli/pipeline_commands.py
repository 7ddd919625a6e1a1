"""What each command does: open the database, call the functions, show the result."""

import argparse
import os
from typing import Any

from cli import console
from services.context import (
    check_period,
    database_url,
    open_context,
    periods_of_range,
    prepare_database,
    read_checked_plan,
)
from services.settings import SettingsError, read_settings
from warehouse import queries
from warehouse.database import connect
from warehouse.history import snapshots
from warehouse.indicators.materialize import RefreshScope, materialize


def init(asked: argparse.Namespace) -> None:
    """Create or migrate the database."""
    console.say("Preparing the database")
    work = open_context()
    warnings = prepare_database(work)
    for warning in warnings:
        console.say(warning)
    result = {
        "database": work.engine.url.render_as_string(hide_password=True),
        "plan": work.plan.code,
        "bodies": len(work.plan.all_bodies),
        "areas": len(work.plan.areas),
        "targets": len(work.plan.targets),
        "warnings": warnings,
    }
    if asked.json:
        return console.print_json(result)
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
    console.say(f"Taking in {len(urls)} drive{'s' if len(urls) > 1 else ''}")
    if os.environ.get("PREFECT_API_URL"):
        from flows.prefect_flows import run_ingest

        result = run_ingest(urls)
    else:
        from services.ingest import IngestContext
        from services.ingest import ingest as run
        from services.reader_pool import prepare_readers

        prepare_readers()
        work = open_context(settings)
        with console.progress_bar() as progress:
            result = run(IngestContext.of(work, progress), urls).as_json()
    for problem in result["problems"]:
        console.say(problem)
    if asked.json:
        return console.print_json(result)
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
        work = open_context(settings)
        console.say(f"Recomputing {', '.join(asked.periods) or 'all periods that are due'}")
        with work.engine.begin() as connection:
            changed = materialize(
                connection, work.plan, work.now, RefreshScope(periods=tuple(asked.periods) or None)
            )
        result = {"periods": asked.periods, "indicators_changed": changed}
    if asked.json:
        return console.print_json(result)
    print(f"{result['indicators_changed']} target figures changed")
    return None


def close(asked: argparse.Namespace) -> None:
    """Freeze the figures of a period."""
    work = open_context()
    period = check_period(work.plan, asked.period)
    with work.engine.begin() as connection:
        figures = snapshots.close(connection, work.plan, period, work.now)
    if asked.json:
        return console.print_json({"period": period.code, "figures": figures, "closed_at": work.now})
    print(f"{period.code} is closed: {figures} figures are frozen")
    return None


def backfill(asked: argparse.Namespace) -> None:
    """Derive a range of periods again from the archive."""
    from services import backfill

    work = open_context()
    periods = periods_of_range(work.plan, asked.first, asked.last)
    console.say(f"Reading the archive again for {asked.first} to {asked.last}")
    result = backfill.backfill(work, periods, asked.plan)
    for problem in result.problems:
        console.say(problem)
    if asked.json:
        return console.print_json(backfill.as_json(result))
    for figure in result.figures:
        was, now = figure["was"] or {}, figure["is"]
        print(
            f"{figure['target_code']} {figure['area_code']} {figure['period_code']}:"
            f" {console.shown(was.get('value'))} -> {console.shown(now['value'])}"
            f" ({was.get('status', 'no row')} -> {now['status']})"
        )
    print(
        f"{len(result.reports)} reports and {len(result.figures)} figures"
        f" {'would change' if asked.plan else 'changed'}; {result.files} files were read again"
    )
    return None


def waive(asked: argparse.Namespace) -> None:
    """Free a body from one report."""
    work = open_context()
    if not asked.why.strip():
        raise SettingsError("Say why with --why.")
    check_period(work.plan, asked.period)
    with work.engine.begin() as connection:
        queries.waive(connection, work.plan, asked.body, asked.form, asked.period, asked.why, work.now)
        changed = materialize(connection, work.plan, work.now, RefreshScope(forms=frozenset({asked.form})))
    if asked.json:
        return console.print_json(
            {"body": asked.body, "form": asked.form, "period": asked.period, "indicators_changed": changed}
        )
    print(f"{asked.body} need not report form {asked.form} for {asked.period}")
    return None


def show_database_url(asked: argparse.Namespace) -> None:
    """Print the URL of the database in use."""
    url = database_url(read_settings())
    connect(url).dispose()
    if asked.json:
        return console.print_json({"url": url})
    print(url)
    return None
