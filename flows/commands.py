"""What each command does: open the database, call the functions, show the result."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from flows import showing
from flows.progress import Progress, silent
from flows.settings import Settings, SettingsError, moment_of, present, read_settings
from plans.model import Plan
from plans.reading import PlanError, read_plan
from transforms.calendar import Period, ad_hoc_periods, period_from_code, scheduled_periods
from transforms.target_expressions import check_plan
from warehouse import queries, snapshots
from warehouse.database import connect
from warehouse.embedded import embedded_url
from warehouse.indicators import Scope, materialize
from warehouse.migrate import migrate, schema_is_current
from warehouse.reference import load_reference, reference_is_current
from warehouse.roles import create_roles

if TYPE_CHECKING:
    from flows import pipeline

_TARGET_COLUMNS = (
    ("target_code", "Target"), ("vi", "Chỉ tiêu"), ("numerator", "Numerator"), ("denominator", "Denominator"),
    ("value", "Value"), ("target_value", "To reach"), ("unit", "Unit"), ("expected_value", "Expected by now"),
    ("status", "Status"), ("verdict", "Verdict"), ("bounds", "Bounds"), ("completeness_pct", "Complete %"),
    ("is_final", "Final"),
)  # fmt: skip
_STATUS_COLUMNS = (
    ("body_code", "Body"), ("form_code", "Form"), ("period_code", "Period"), ("due_at", "Due"),
    ("received_at", "Received"), ("status", "Status"), ("revision", "Revision"),
    ("submission_id", "Submission"),
)  # fmt: skip
_FINDING_COLUMNS = (
    ("severity", "Severity"), ("code", "Code"), ("sheet_name", "Sheet"), ("cell", "Cell"),
    ("message_vi", "Nội dung"),
)  # fmt: skip


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
            load_reference(connection, plan)
    return work


def ingest_work(work: Work, progress: Progress = silent) -> "pipeline.Work":
    """What an ingest works with."""
    from flows import pipeline

    return pipeline.Work(work.engine, work.plan, work.now, work.settings.archive, progress)


def prepare(work: Work) -> list[str]:
    """Migrate, load the reference data, make the roles; returns what could not be done."""
    migrate(work.engine)
    with work.engine.begin() as connection:
        load_reference(connection, work.plan)
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


def targets(asked: argparse.Namespace) -> None:
    """Print the target table."""
    work = start()
    if asked.period:
        check_period(work.plan, asked.period)
    if asked.area and asked.area not in work.plan.areas_by_code:
        raise SettingsError(f"The plan {work.plan.code} has no area {asked.area}.")
    if asked.snapshot:
        check_period(work.plan, asked.snapshot)
    moment = moment_of(asked.as_of, "--as-of", work.zone) if asked.as_of else None
    with work.engine.connect() as connection:
        if asked.snapshot:
            rows = queries.snapshot(connection, work.plan, asked.snapshot, asked.area)
        elif moment:
            rows = queries.as_known_at(connection, work.plan, moment, asked.period, asked.area)
        else:
            rows = queries.targets(connection, work.plan, asked.period, asked.area)
    if asked.json:
        return showing.print_json(rows)
    return print_targets(work, rows)


def print_targets(work: Work, rows: Sequence[queries.Row]) -> None:
    """Print rows of the target table."""
    if not rows:
        print("There are no figures yet: run chitieu ingest, or ask for another period or area.")
        return
    labels = {target.code: target.vi for target in work.plan.targets}
    first = rows[0]
    until = f"{first['window_end']:%d/%m/%Y}"
    title = f"{work.plan.title}\n{first['area_name']}, {first['period_code']} (đến {until})"
    told = [
        {**row, "vi": labels.get(row["target_code"]), "bounds": _bounds(row["value_min"], row["value_max"])}
        for row in rows
    ]
    showing.print_table(_TARGET_COLUMNS, told, work.zone, title)


def _bounds(least: float | None, most: float | None) -> str | None:
    if least is None and most is None:
        return None
    return f"{showing.shown(least)} … {showing.shown(most) if most is not None else ''}".strip()


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


def status(asked: argparse.Namespace) -> None:
    """Print who has sent what."""
    work = start()
    if asked.period:
        check_period(work.plan, asked.period)
    with work.engine.connect() as connection:
        rows = queries.reporting_status(connection, work.plan, asked.period)
    owed = [row for row in rows if row["due_at"] is not None and row["status"] not in ("waived", "not_due")]
    received = [row for row in owed if row["received_at"] is not None]
    on_time = sum(row["status"] == "on_time" for row in received)
    summary = {
        "owed": len(owed),
        "received": len(received),
        "on_time": on_time,
        "completeness_pct": round(100 * len(received) / len(owed), 1) if owed else None,
        "timeliness_pct": round(100 * on_time / len(owed), 1) if owed else None,
    }
    if asked.json:
        return showing.print_json({**summary, "reports": rows})
    showing.print_table(_STATUS_COLUMNS, rows, work.zone)
    print(
        f"{summary['received']} of {summary['owed']} reports are in"
        f" ({showing.shown(summary['completeness_pct'])} % complete),"
        f" {summary['on_time']} on time ({showing.shown(summary['timeliness_pct'])} %)"
    )
    return None


def report(asked: argparse.Namespace) -> None:
    """Print the validation report of a submission."""
    work = start()
    with work.engine.connect() as connection:
        submission, findings = queries.submission_report(connection, asked.submission)
    if asked.json:
        return showing.print_json({**submission, "findings": findings})
    name = submission["body_name"] or submission["body_code"]
    print(f"Submission {submission['submission_id']}: {submission['status'].replace('_', ' ')}")
    print(f"{showing.shown(name)}: {showing.shown(submission['file_name'])}", end="")
    print(f", sheet {showing.shown(submission['sheet_name'])}" if submission["sheet_name"] else "")
    if submission["form_code"]:
        print(f"Biểu {submission['form_code']}: {submission['title_vi']}")
    if submission["period_name"]:
        print(f"{submission['period_name']}, received {showing.shown(submission['received_at'], work.zone)}")
    if findings:
        showing.print_table(_FINDING_COLUMNS, findings, work.zone)
    else:
        print("Nothing was found wrong.")
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
