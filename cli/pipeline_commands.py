"""The commands of the data engineer: prepare the database, ingest, compute, close, backfill."""

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import console
from cli.options import Json, OptionalReason, PeriodArgument
from plans.errors import UsageError

if TYPE_CHECKING:
    from services.ingest import IngestSummary

_LOGGER = logging.getLogger("chitieu")


def init(as_json: Json = False) -> None:
    """Create or migrate the database and apply the plan; safe to repeat.

    A plan file that differs from the applied plan is not applied: see `chitieu plan diff`.

    \b
    Examples:
      chitieu init
      CHITIEU_DATABASE_URL=postgresql://owner@host/chitieu chitieu init --json
    """
    from services.context import open_declared, prepare_database

    _LOGGER.info("Preparing the database")
    context = open_declared()
    plan, warnings = prepare_database(context)
    for warning in warnings:
        _LOGGER.warning(warning)
    result = {
        "database": context.engine.url.render_as_string(hide_password=True),
        "plan": plan.code,
        "bodies": len(plan.all_bodies),
        "areas": len(plan.areas),
        "targets": len(plan.targets),
        "warnings": warnings,
    }
    if as_json:
        console.print_json(result)
        return
    print(
        f"Ready: plan {result['plan']} with {result['targets']} targets, {result['bodies']} bodies and"
        f" {result['areas']} areas in {result['database']}"
    )


def ingest(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="URL", help="Drives (default: CHITIEU_SOURCES).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Pull, validate and load what is new on the drives.

    A drive that cannot be listed is reported, the others are ingested, and the exit code is 1. With
    PREFECT_API_URL set it runs as a Prefect flow.

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
        result = _ingest_here(drives)
    for problem in result["problems"]:
        _LOGGER.warning(problem)
    for file in result["skipped"]:
        _LOGGER.debug("Skipped %s/%s: %s", file["drive"].rstrip("/"), file["path"], file["reason"])
    if as_json:
        console.print_json(result)
    else:
        print_ingest(result)
    if not all(drive["listed"] for drive in result["drives"]):
        raise typer.Exit(1)  # after the result: the other drives were ingested


def _ingest_here(drives: list[str]) -> "IngestSummary":
    from services.reader_pool import prepare_readers

    prepare_readers()  # before the other imports, which take as long as the readers to start
    from services.context import open_context
    from services.ingest import IngestContext
    from services.ingest import ingest as run
    from services.monitoring import after_ingest

    context = open_context()
    with console.progress_bar() as progress:
        result = run(IngestContext.of(context, progress), drives).as_json()
    after_ingest(context.settings, result)
    return result


def print_ingest(result: "IngestSummary") -> None:
    """Print the result of an ingest as a sentence."""
    counts = ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in result["submissions"].items() if n)
    count = len(result["skipped"])
    skipped = f"; {count} skipped as no reports (-v lists them)" if count else ""
    print(
        f"{result['files']} new files ({result['unchanged']} unchanged): {counts or 'nothing new'};"
        f" {result['rows_loaded']} rows loaded, {result['indicators_changed']} target figures changed,"
        f" in {result['seconds']} s{skipped}"
    )


def recompute(
    periods: Annotated[
        list[str] | None,
        typer.Argument(metavar="PERIOD", help="2020-M03, 2020-Q1, 2020-H1, 2020-Y (default: all due)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute the target tables of the named periods, or of all that are due.

    \b
    Examples:
      chitieu materialize
      chitieu materialize 2020-Q1 2020-H1
    """
    from services.codes import check_period
    from services.context import open_context, read_checked_plan
    from services.settings import read_settings

    codes = periods or []
    settings = read_settings()
    plan = read_checked_plan(settings)
    for code in codes:
        check_period(plan, code)
    if settings.prefect_api_url:
        from flows.prefect_flows import run_materialize

        result = run_materialize(codes)
    else:
        from warehouse.indicators.materialize import RefreshScope, materialize

        context = open_context(settings)
        _LOGGER.info("Recomputing %s", ", ".join(codes) or "all periods that are due")
        with context.engine.begin() as connection:
            changed = materialize(
                connection, context.plan, context.now, RefreshScope(periods=tuple(codes) or None)
            )
        result = {"periods": codes, "indicators_changed": changed}
    if as_json:
        console.print_json(result)
    else:
        print(f"{result['indicators_changed']} target figures changed")


def close(
    period: PeriodArgument,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Close without reports, or without a recent ingest.")
    ] = False,
    reason: OptionalReason = "",
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
    from warehouse import queries
    from warehouse.history import snapshots

    if anyway != bool(reason.strip()):
        raise UsageError("--anyway and --reason go together: give both or neither.")
    context = open_context()
    closed = check_period(context.plan, period)
    with context.engine.begin() as connection:
        figures = snapshots.close(connection, context.plan, closed, context.now, reason.strip())
        last = snapshots.last_closing(connection, context.plan, closed.code)
        edition = last.edition if last else 1
        differing = queries.snapshot_differences(connection, context.plan, closed.code, edition)
    if as_json:
        result = {"period": closed.code, "edition": edition, "figures": figures, "closed_at": context.now}
        console.print_json({**result, "differences": differing})
        return
    print(f"{closed.code} is closed: {figures} figures are frozen")
    if edition > 1:
        _print_differences(closed.code, edition, differing, context.plan.area)


def _print_differences(period: str, edition: int, differing: Sequence[Mapping[str, Any]], area: str) -> None:
    for row in (row for row in differing if row["area_code"] == area):
        values = f"{console.shown(row['previous_value'])} -> {console.shown(row['value'])}"
        print(f"{row['target_code']}: {values} ({row['previous_verdict']} -> {row['verdict']})")
    print(f"{len(differing)} figures of edition {edition} of {period} differ from edition {edition - 1}")


def backfill(
    first: Annotated[str, typer.Option("--from", metavar="PERIOD", help="The first period.")],
    last: Annotated[str, typer.Option("--to", metavar="PERIOD", help="The last period.")],
    plan: Annotated[bool, typer.Option("--plan", help="Only report which figures would change.")] = False,
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

    context = open_context()
    periods = periods_of_range(context.plan, first, last)
    _LOGGER.info("Reading the archived files of %s to %s again", first, last)
    result = backfill.backfill(context, periods, plan)
    for problem in result.problems:
        _LOGGER.warning(problem)
    if as_json:
        console.print_json(backfill.as_json(result))
        return
    for figure in result.figures:
        was, now = figure["was"] or {}, figure["is"]
        print(
            f"{figure['target_code']} {figure['area_code']} {figure['period_code']}:"
            f" {console.shown(was.get('value'))} -> {console.shown(now['value'])}"
            f" ({was.get('status', 'no row')} -> {now['status']})"
        )
    verb = "would change" if plan else "changed"
    print(
        f"{len(result.reports)} reports and {len(result.figures)} figures {verb};"
        f" {result.files} files were read again"
    )
