"""The same ways through as Prefect flows: a task per batch, retried where drives or the database may fail."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from drives.listing import public_url
from flows import commands, duties, pipeline
from flows.publish_commands import publish_to
from flows.settings import read_settings
from warehouse.indicators import Scope, materialize
from warehouse.queries import latest_refused

P = ParamSpec("P")
R = TypeVar("R")
# Drives named on the command line; not a parameter of the flow, for its server shows parameters and URLs may
# carry passwords.
_drives: ContextVar[Sequence[str]] = ContextVar("drives", default=())
_DELAYS = [2.0, 10.0, 30.0]  # seconds; a drive or a server that restarts is back by then


def _task(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A task that is tried again; nothing of its input or result is kept, for both may name secrets."""
    return task(name=name, task_run_name=name, retries=3, retry_delay_seconds=_DELAYS, cache_policy=NO_CACHE)


_steps = pipeline.Steps(
    look=_task("look at drives")(pipeline.look),
    ingest_batch=_task("ingest batch")(pipeline.ingest_batch),
    refresh=_task("refresh targets")(pipeline.refresh),
)


def run_ingest(urls: Sequence[str]) -> dict[str, Any]:
    """Run the ingest flow here and now on the given drives."""
    token = _drives.set(urls)
    try:
        # The heartbeat's last sleep would keep a flow of a tenth of a second waiting for a whole one.
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            return ingest_flow([public_url(url) for url in urls])
    finally:
        _drives.reset(token)


def run_materialize(periods: Sequence[str]) -> dict[str, Any]:
    """Run the materialize flow here and now."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        return materialize_flow(list(periods))


@flow(name="ingest", flow_run_name="ingest {drives}")
def ingest_flow(drives: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG001 - in the run's name
    """Take in what is new on the drives of the settings, or on those that the command line names.

    `drives` only says in the run's name which they are.
    """
    logger = get_run_logger()
    work = commands.start()
    urls = list(_drives.get() or read_settings().sources)
    result = pipeline.ingest(commands.ingest_work(work), urls, _steps).as_json()
    for problem in result["problems"]:
        logger.warning(problem)
    counts = ", ".join(f"{count} {status}" for status, count in result["submissions"].items() if count)
    logger.info("%s files, %s: %s rows", result["files"], counts or "nothing new", result["rows_loaded"])
    refused = result["submissions"]["rejected"]
    if refused:
        emit_event(
            "chitieu.submission.refused",
            {"prefect.resource.id": "chitieu.ingest"},
            payload={"rejected": refused},
        )
    told = _markdown(result) + "\n\n" + _refused_markdown(work)
    create_markdown_artifact(
        key="ingest", markdown=told, description="What came in, what was refused and why"
    )
    return result


def _refused_markdown(work: commands.Work) -> str:
    """The latest refused submissions and why, as a table; nothing of what stood in the cells."""
    with work.engine.connect() as connection:
        rows = latest_refused(connection, work.plan)
    lines = [
        "| "
        + " | ".join(
            str(row[key] or "") for key in ("submission_id", "body_code", "form_code", "period_code", "codes")
        )
        + " |"
        for row in rows
    ]
    return "\n".join(["| submission | body | form | period | findings |", "|---|---|---|---|---|", *lines])


@flow(name="materialize", flow_run_name="materialize {periods}")
def materialize_flow(periods: list[str] | None = None) -> dict[str, Any]:
    """Recompute the target tables of the named periods, or of all that are due."""
    work = commands.start()
    changed = _materialize(work, tuple(periods or ()))
    get_run_logger().info("%s target figures changed", changed)
    result = {"periods": list(periods or ()), "indicators_changed": changed}
    create_markdown_artifact(key="materialize", markdown=_markdown(result), description="What changed")
    return result


@_task("materialize")
def _materialize(work: commands.Work, periods: tuple[str, ...]) -> int:
    with work.engine.begin() as connection:
        return materialize(connection, work.plan, work.now, Scope(periods=periods or None))


@flow(name="close", flow_run_name="close {kind}")
def close_flow(kind: str) -> dict[str, Any]:
    """Close the periods of a kind (M, Q, H, Y) whose closing day has come; runs daily, acts on the day."""
    work = commands.start()
    closed = _task("close")(duties.close_due)(work, kind)
    for code in closed:
        get_run_logger().info("%s is closed", code)
        emit_event("chitieu.period.closed", {"prefect.resource.id": f"chitieu.period.{code}"})
    result = {"closed": ", ".join(closed) or "nothing was due"}
    create_markdown_artifact(key="close", markdown=_markdown(result), description="Which periods were closed")
    return {"closed": closed}


@flow(name="remind", flow_run_name="remind")
def remind_flow() -> dict[str, Any]:
    """Tell each body what is overdue, refused or due soon, in its outbox on the drives."""
    work = commands.start()
    result: dict[str, Any] = _task("remind")(duties.remind)(work, work.settings.sources)
    for problem in result["problems"]:
        get_run_logger().warning(problem)
    for body in result["overdue_bodies"]:
        emit_event("chitieu.body.overdue", {"prefect.resource.id": f"chitieu.body.{body}"})
    told = {"bodies": len(result["bodies"]), "reports": result["reports"], "files": len(result["written"])}
    get_run_logger().info("%s bodies are reminded of %s reports", told["bodies"], told["reports"])
    create_markdown_artifact(key="remind", markdown=_markdown(told), description="Who was reminded")
    return result


@flow(name="backfill", flow_run_name="backfill {first} to {last}")
def backfill_flow(first: str, last: str, plan_only: bool = True) -> dict[str, Any]:
    """Derive periods again from the archive; with `plan_only` only say which figures would change."""
    from flows import backfilling  # pandas and pandera, a second: only where it is used

    work = commands.start()
    periods = commands.periods_of_range(work.plan, first, last)
    done = _task("backfill")(backfilling.backfill)(work, periods, plan_only)
    for problem in done.problems:
        get_run_logger().warning(problem)
    told = {"reports": len(done.reports), "figures": len(done.figures), "kept": "no" if plan_only else "yes"}
    lines = [
        f"| {f['target_code']} | {f['area_code']} | {f['period_code']} | {f['was']} | {f['is']} |"
        for f in done.figures
    ]
    table = "\n".join(["| target | area | period | was | is |", "|---|---|---|---|---|", *lines[:500]])
    create_markdown_artifact(
        key="backfill", markdown=f"{_markdown(told)}\n\n{table}", description="What the archive says now"
    )
    return backfilling.as_json(done)


@flow(name="publish", flow_run_name="publish")
def publish_flow() -> dict[str, Any]:
    """Write the pages for auditors and clerks into the home's folder `published`."""
    work = commands.start()
    changed: list[str] = _task("publish")(publish_to)(work, work.settings.home / "published")
    get_run_logger().info("%s pages are new or changed", len(changed))
    result = {"changed": len(changed)}
    create_markdown_artifact(key="publish", markdown=_markdown(result), description="Which pages changed")
    return result


@flow(name="verify", flow_run_name="verify")
def verify_flow() -> dict[str, Any]:
    """Check audit chain, facts and archive; if any is wrong it fails, with what to do in its state."""
    from flows import auditing  # as above
    from flows.audit_commands import AuditError

    work = commands.start()
    wrong: list[str] = _task("verify")(auditing.verify)(work)
    result = {"wrong": len(wrong), "first": wrong[0] if wrong else "nothing"}
    create_markdown_artifact(key="verify", markdown=_markdown(result), description="What is not as recorded")
    if wrong:
        for line in wrong:
            get_run_logger().error(line)
        emit_event(
            "chitieu.audit.broken", {"prefect.resource.id": "chitieu.audit"}, payload={"first": wrong[0]}
        )
        raise AuditError(
            f"{wrong[0]} Stop publishing and follow 'A broken audit chain' in docs/operations.md."
        )
    return result


def _markdown(result: dict[str, Any]) -> str:
    flat = {**result, **result.get("submissions", {})}
    rows = [f"| {key} | {value} |" for key, value in flat.items() if not isinstance(value, dict | list)]
    return "\n".join(["| | |", "|---|---:|", *rows])
