"""The commands of the data engineer: prepare the database, ingest, compute, close, backfill."""

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.options import Json, OptionalReason, PeriodArgument, PlanCodeOption
from cli.texts import say, translated
from plans.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from services.context import AppContext
    from services.ingest import IngestSummary
    from services.settings import Settings

_LOGGER = logging.getLogger("chitieu")


def init(as_json: Json = False) -> None:
    """Create or migrate the database and apply each plan that was never applied; safe to repeat.

    A plan file that differs from the applied plan is not applied: see `chitieu plan diff`.

    \b
    Examples:
      chitieu init
      CHITIEU_DATABASE_URL=postgresql://owner@host/chitieu chitieu init --json
    """
    from services.context import open_declared
    from services.preparation import prepare_database

    _LOGGER.info("Preparing the database")
    contexts = open_declared()
    plans, warnings = prepare_database(contexts)
    for warning in warnings:
        _LOGGER.warning(warning)
    database = contexts[0].engine.url.render_as_string(hide_password=True)
    rows = [
        {
            "plan": plan.code,
            "bodies": len(plan.all_bodies),
            "areas": len(plan.areas),
            "targets": len(plan.targets),
        }
        for plan in plans
    ]
    if as_json:
        console.print_json({"database": database, **rows[0], "plans": rows, "warnings": warnings})
        return
    for row in rows:
        ready = "Ready: plan {plan} with {targets} targets, {bodies} bodies and {areas} areas in {database}"
        print(say(ready, **row, database=database))


def ingest(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Drives (default: CHITIEU_SOURCES).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Pull, validate and load what is new on the drives.

    Each sheet belongs to the active plan that requires its form and period; what was rejected for these is
    judged again once another plan is applied. A drive that cannot be listed, or a plan file that differs
    from the applied plan, is reported, the others are ingested, and the exit code is 1. With PREFECT_API_URL
    set it runs as a Prefect flow, whose files CHITIEU_DASK has read on a cluster.

    \b
    Examples:
      chitieu ingest
      chitieu ingest file:///srv/reports smb://user:password@server/share
    """
    from services.settings import read_settings

    settings = read_settings()
    drives = urls or list(settings.sources)
    if not drives:
        raise UsageError("No drive is named: give a URL or set CHITIEU_SOURCES.")
    _LOGGER.info("Ingesting %s drive%s", len(drives), "s" if len(drives) > 1 else "")
    if settings.prefect_api_url:
        from flows.prefect_flows import run_ingest

        result = run_ingest(drives)
    else:
        result = _open_and_ingest(settings, drives)
    for problem in result["problems"]:
        _LOGGER.warning(problem)
    for file in result["skipped"]:
        _LOGGER.debug("Skipped %s/%s: %s", file["drive"].rstrip("/"), file["path"], file["reason"])
    if as_json:
        console.print_json(result)
    else:
        print_ingest(result)
    is_complete = all(drive["listed"] for drive in result["drives"])
    if not is_complete or len(result["plans"]) < len(set(settings.plans)):
        raise typer.Exit(1)  # after the result: the other drives and plans were ingested


def _open_and_ingest(settings: "Settings", drives: list[str]) -> "IngestSummary":
    if settings.dask:
        raise SettingsError(
            "CHITIEU_DASK reads files as tasks of Prefect, and PREFECT_API_URL names no server.",
            "Set PREFECT_API_URL, or unset CHITIEU_DASK.",
        )
    from services.reader_pool import prepare_readers

    prepare_readers()  # before the other imports, which take as long as the readers to start
    from services.context import (
        NotPreparedError,
        PlanDriftError,
        open_contexts,
        open_declared,
    )
    from services.plan_apply import holds_plan
    from services.preparation import prepare_database

    try:
        contexts = open_contexts()
    except (NotPreparedError, PlanDriftError):
        declared = open_declared()
        if holds_plan(declared[0].engine):
            raise
        _LOGGER.info("Preparing the empty database, as chitieu init does")
        prepare_database(declared)
        contexts = open_contexts()
    return ingest_here(contexts, drives)


def ingest_here(contexts: Sequence["AppContext"], drives: list[str]) -> "IngestSummary":
    """Ingest in this process, without Prefect."""
    from services.ingest import IngestContext, plain_step
    from services.ingest import ingest as run
    from services.monitoring import after_ingest
    from services.tracing import traced, traced_steps

    with console.progress_bar() as progress, traced(contexts[0].settings, "ingest"):
        context = IngestContext.of(*contexts, progress=progress)
        result = run(context, drives, traced_steps(plain_step)).as_json()
    after_ingest(contexts[0], result)
    return result


def print_ingest(result: "IngestSummary") -> None:
    """Print the result of an ingest as a sentence."""
    counts = ", ".join(f"{n} {console.words(status)}" for status, n in result["submissions"].items() if n)
    count = len(result["skipped"])
    skipped = say("; {count} skipped as no reports (-v lists them)", count=count) if count else ""
    sentence = (
        "{files} new files ({unchanged} unchanged): {counts}; {rows} rows loaded, {figures} target figures"
        " changed, in {seconds} s{skipped}"
    )
    values = {
        "files": result["files"],
        "unchanged": result["unchanged"],
        "counts": counts or say("nothing new"),
        "rows": result["rows_loaded"],
        "figures": result["indicators_changed"],
        "seconds": result["seconds"],
        "skipped": skipped,
    }
    print(say(sentence, **values))


def recompute(
    periods: Annotated[
        list[str] | None,
        typer.Argument(metavar="PERIOD", help="2020-M03, 2020-Q1, 2020-H1, 2020-Y (default: all due)."),
    ] = None,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Recompute the target tables of the named periods, or of all that are due under any active plan.

    \b
    Examples:
      chitieu materialize
      chitieu materialize 2020-Q1 2020-H1
    """
    from services.recompute import check_periods, recompute
    from services.settings import read_settings

    codes = periods or []
    settings = read_settings()
    check_periods(settings, codes, plan_code)
    if settings.prefect_api_url:
        from flows.prefect_flows import run_materialize

        result = run_materialize(codes, plan_code)
    else:
        _LOGGER.info("Recomputing %s", ", ".join(codes) or "all periods that are due")
        result = {"periods": codes, "indicators_changed": recompute(settings, codes, plan_code)}
    if as_json:
        console.print_json(result)
    else:
        print(say("{count} target figures changed", count=result["indicators_changed"]))


def close(
    period: PeriodArgument,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Close without reports, or without a recent ingest.")
    ] = False,
    reason: OptionalReason = "",
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Freeze the figures of a period as a snapshot, until `chitieu reopen`.

    It must have reports, and an ingest must have succeeded since its due day. A reopened period gets its next
    edition; what differs from the one before is printed for the plan's own area.

    \b
    Examples:
      chitieu close 2020-Q1
      chitieu close 2020-Q1 --anyway --reason "Theo chỉ đạo của lãnh đạo"
    """
    from services.codes import check_period
    from services.context import open_context
    from services.plan_choice import Wanted
    from warehouse import queries
    from warehouse.blocking_readers import begin_writing
    from warehouse.history import snapshots

    if anyway != bool(reason.strip()):
        raise UsageError("--anyway and --reason go together: give both or neither.")
    context = open_context(wanted=Wanted(plan_code, period=period))
    closed = check_period(context.plan, period)
    with begin_writing(context.engine) as connection:
        figures = snapshots.close(connection, context.plan, closed, context.now, reason.strip())
        last = snapshots.last_closing(connection, context.plan, closed.code)
        edition = last.edition if last else 1
        differing = queries.snapshot_differences(connection, context.plan, closed.code, edition)
    if as_json:
        result = {"period": closed.code, "edition": edition, "figures": figures, "closed_at": context.now}
        console.print_json({**result, "differences": differing})
        return
    print(say("{period} is closed: {count} figures are frozen", period=closed.code, count=figures))
    if edition > 1:
        _print_differences(closed.code, edition, differing, context.plan.area)


def _print_differences(period: str, edition: int, differing: Sequence[Mapping[str, Any]], area: str) -> None:
    for row in (row for row in differing if row["area_code"] == area):
        values = f"{console.shown(row['previous_value'])} -> {console.shown(row['value'])}"
        verdicts = f"{translated(row['previous_verdict'])} -> {translated(row['verdict'])}"
        print(f"{row['target_code']}: {values} ({verdicts})")
    sentence = "{count} figures of edition {edition} of {period} differ from edition {previous}"
    print(say(sentence, count=len(differing), edition=edition, period=period, previous=edition - 1))


def backfill(
    first: Annotated[str, typer.Option("--from", metavar="PERIOD", help="The first period.")],
    last: Annotated[str, typer.Option("--to", metavar="PERIOD", help="The last period.")],
    plan: Annotated[bool, typer.Option("--plan", help="Only report which figures would change.")] = False,
    plan_code: PlanCodeOption = None,
    as_json: Json = False,
) -> None:
    """Compute a range of periods again from the archive.

    \b
    Examples:
      chitieu backfill --from 2020-M01 --to 2020-M03 --plan
      chitieu backfill --from 2020-M01 --to 2020-M03
    """
    from services import backfill
    from services.codes import periods_of_range
    from services.context import open_context
    from services.plan_choice import Wanted

    context = open_context(wanted=Wanted(plan_code, period=first))
    periods = periods_of_range(context.plan, first, last)
    _LOGGER.info("Reading the archived files of %s to %s again", first, last)
    with console.progress_bar() as progress:
        result = backfill.backfill(context, periods, plan, progress)
    for problem in result.problems:
        _LOGGER.warning(problem)
    if as_json:
        console.print_json(backfill.as_json(result))
        return
    for figure in result.figures:
        was, now = figure["was"] or {}, figure["is"] or {}
        print(
            f"{figure['target_code']} {figure['area_code']} {figure['period_code']}:"
            f" {console.shown(was.get('value'))} -> {console.shown(now.get('value'))}"
            f" ({translated(was.get('status', 'no row'))} -> {translated(now.get('status', 'no row'))})"
        )
    counts = {"reports": len(result.reports), "figures": len(result.figures), "files": result.files}
    if plan:
        sentence = "{reports} reports and {figures} figures would change; {files} files were read again"
    else:
        sentence = "{reports} reports and {figures} figures changed; {files} files were read again"
    print(say(sentence, **counts))
