"""The Prefect flows: each opens the settings, runs services as tasks, and leaves artifacts and events."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.events import emit_event
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows import artifacts, run_names
from flows.server_errors import server_errors
from flows.tasks import as_task
from services import ingest, monitoring, scheduled_jobs
from services.codes import periods_of_range
from services.context import AppContext, Purpose, open_context, open_contexts
from services.ingest import IngestSummary
from services.plan_choice import Wanted
from services.publish import plan_folder, publish_plans
from services.recompute import recompute
from services.settings import Settings, read_settings, with_secrets
from services.tracing import traced, traced_steps
from warehouse.queries import latest_refused, to_remind

P = ParamSpec("P")
R = TypeVar("R")

# The drives of a run from the command line. No parameter of the flow: Prefect's server shows
# parameters, and URLs may hold passwords.
_drives: ContextVar[Sequence[str]] = ContextVar("drives", default=())

_HOUR = 3600
_INGEST_TIMEOUT = 6 * _HOUR  # waiting for another ingest included
_TIMEOUT = 2 * _HOUR
_LONG_TIMEOUT = 13 * _HOUR  # verify and backfill read the whole archive


def _task_step(kind: str, title: str, function: Callable[P, R], /) -> Callable[P, R]:
    """Run a step of an ingest as a task."""
    return as_task(kind, title)(function)


def _task_step_on_dask(kind: str, title: str, function: Callable[P, R], /) -> Callable[P, R]:
    """Run a step as a task, but not a batch.

    Prefect would send its input, which holds the database's password, along with each task that runs
    inside it.
    """
    return function if kind == "ingest batch" else _task_step(kind, title, function)


def _ingest_run_name() -> str:
    return run_names.of_ingest(_drives.get() or read_settings().sources)


def run_ingest(urls: Sequence[str]) -> IngestSummary:
    """Run the ingest flow in this process on the given drives."""
    token = _drives.set(urls)
    try:
        with server_errors(), _without_heartbeat():
            result = ingest_flow(then_publish=False)
    finally:
        _drives.reset(token)
    return result


def run_materialize(periods: Sequence[str], plan_code: str | None = None) -> dict[str, Any]:
    """Run the materialize flow in this process."""
    with server_errors(), _without_heartbeat():
        return materialize_flow(list(periods), plan_code)


def _without_heartbeat() -> AbstractContextManager[object]:
    """Switch off Prefect's heartbeat, whose last sleep would delay the end of a short flow by a second."""
    if PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value() is None:
        return nullcontext()  # already off; temporary settings would cost a fifth of such a flow
    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


@flow(name="ingest", flow_run_name=_ingest_run_name, timeout_seconds=_INGEST_TIMEOUT)
def ingest_flow(then_publish: bool = True) -> IngestSummary:
    """Ingest what is new on the drives of the settings, or on those of the command line.

    With `then_publish` the pages are written as well where something new came in.
    """
    logger = get_run_logger()
    contexts = _open() if _drives.get() else _open("sources")
    settings = contexts[0].settings
    urls = list(_drives.get() or settings.sources)
    with traced(settings, "ingest"):
        result = _ingest(contexts, urls).as_json()
    monitoring.after_ingest(contexts[0], result)
    for problem in result["problems"]:
        logger.warning(problem)
    for drive in result["drives"]:
        if not drive["listed"]:
            _emit("chitieu.drive.failed", f"chitieu.drive.{drive['drive']}")
    counts = ", ".join(f"{count} {status}" for status, count in result["submissions"].items() if count)
    logger.info("%s files, %s: %s rows", result["files"], counts or "nothing new", result["rows_loaded"])
    if not _has_news(result):
        return result
    rejected = result["submissions"]["rejected"]
    if rejected:
        _emit("chitieu.submission.refused", "chitieu.ingest", rejected=rejected)
    _leave_artifact("ingest", "New, rejected and missing reports", _ingest_report(contexts, result))
    if then_publish and any(result["submissions"].values()):
        publish_flow()
    return result


def _has_news(result: IngestSummary) -> bool:
    """Return whether a run is worth an artifact: the drives are listed every few minutes."""
    return bool(result["files"] or result["problems"] or result["indicators_changed"])


def _ingest_report(contexts: Sequence[AppContext], result: IngestSummary) -> str:
    rejected: list[dict[str, Any]] = []
    overdue: list[Mapping[str, Any]] = []
    with contexts[0].engine.connect() as connection:
        for context in contexts:
            pages = _pages_url(context)
            rejected += [{**row, "pages": pages} for row in latest_refused(connection, context.plan)]
            overdue += to_remind(connection, context.plan, context.now, 0)
    return artifacts.of_ingest(result, rejected, overdue)


def _pages_folder(settings: Settings) -> Path:
    return settings.home / "published"


def _pages_url(context: AppContext) -> str:
    """Return the URL below which the plan's pages are served; the folder's own where none is set."""
    root = context.settings.pages_url or _pages_folder(context.settings).as_uri()
    place = plan_folder(context).as_posix()
    return root if place == "." else f"{root}/{place}"


def _ingest(contexts: Sequence[AppContext], urls: Sequence[str]) -> ingest.IngestResult:
    """Run the ingest, with Dask's workers as readers where the settings name a cluster."""
    ingest_context = ingest.IngestContext.of(*contexts)
    context = contexts[0]
    if not context.settings.dask:
        return ingest.ingest(ingest_context, urls, traced_steps(_task_step))
    from flows.dask_reader import read_on  # lazy: Dask takes a second to import

    on_dask = replace(ingest_context, read=read_on(context.settings.dask))
    return ingest.ingest(on_dask, urls, traced_steps(_task_step_on_dask))


def _open(*secrets: str, purpose: Purpose = "write") -> list[AppContext]:
    """Open the active plans and the database, with the settings of `_read_settings`."""
    return open_contexts(_read_settings(*secrets), purpose)


def _read_settings(*secrets: str) -> Settings:
    """Return the settings; these, where unset, are read from Prefect's secret blocks."""
    return with_secrets(read_settings(), _secret, ("database_url", *secrets))


def _secret(name: str) -> str | None:
    from prefect.blocks.system import Secret

    try:
        block: Any = Secret.load(name)
        return str(block.get())
    except ValueError:  # there is no block of this name
        return None


def _leave_artifact(key: str, description: str, markdown: str) -> None:
    create_markdown_artifact(key=key, markdown=markdown, description=description)


def _emit(event: str, resource: str, **payload: Any) -> None:
    emit_event(event, {"prefect.resource.id": resource}, payload=payload)


@flow(name="materialize", flow_run_name=run_names.of_materialize, timeout_seconds=_TIMEOUT)
def materialize_flow(periods: list[str] | None = None, plan_code: str | None = None) -> dict[str, Any]:
    """Recompute the target tables of the named periods, or of all that are due under any active plan."""
    changed = as_task("materialize")(recompute)(_read_settings(), periods or [], plan_code)
    get_run_logger().info("%s target figures changed", changed)
    result = {"periods": list(periods or ()), "indicators_changed": changed}
    _leave_artifact("materialize", "Changed target figures", artifacts.summary(result))
    return result


@flow(name="close", flow_run_name="close {kind}", timeout_seconds=_TIMEOUT)
def close_flow(kind: str) -> dict[str, Any]:
    """Close the periods of a kind (M, Q, H, Y) whose closing day has come; scheduled daily."""
    result = scheduled_jobs.ClosedPeriods()
    for context in _open():
        of_plan = as_task("close")(scheduled_jobs.close_due)(context, kind)
        result.add(of_plan)
        for code in of_plan.closed:
            get_run_logger().info("%s of the plan %s is closed", code, context.plan.code)
            _emit("chitieu.period.closed", f"chitieu.period.{code}", plan=context.plan.code)
    for problem in result.problems:
        get_run_logger().warning(problem)
    nothing = "nothing may be closed yet" if result.problems else "nothing was due"
    summary = {"closed": ", ".join(result.closed) or nothing, "not closed": len(result.problems)}
    _leave_artifact("close", "Closed periods", artifacts.summary(summary))
    return {"closed": result.closed, "problems": result.problems}


@flow(name="remind", flow_run_name="remind", timeout_seconds=_TIMEOUT)
def remind_flow() -> scheduled_jobs.RemindResult:
    """Write to each body's outbox on the drives what is overdue, rejected or due soon."""
    contexts = _open("sources", "smtp_url", purpose="read")
    urls = contexts[0].settings.sources
    result = as_task("remind")(scheduled_jobs.remind_of_plans)(contexts, urls)
    for problem in result["problems"]:
        get_run_logger().warning(problem)
    for body in result["overdue_bodies"]:
        _emit("chitieu.body.overdue", f"chitieu.body.{body}")
    summary = {
        "bodies": len(result["bodies"]),
        "reports": result["reports"],
        "files": len(result["written"]),
        "e-mails": result["mailed"],
    }
    get_run_logger().info("%s bodies are reminded of %s reports", summary["bodies"], summary["reports"])
    _leave_artifact("remind", "Reminded bodies", artifacts.summary(summary))
    return result


@flow(name="backfill", flow_run_name="backfill {first} to {last}", timeout_seconds=_LONG_TIMEOUT)
def backfill_flow(
    first: str, last: str, plan_only: bool = True, plan_code: str | None = None
) -> Mapping[str, Any]:
    """Compute periods again from the archive; with `plan_only` only report which figures would change."""
    from services import backfill  # lazy: pandas and Pandera take a second

    context = open_context(_read_settings(), wanted=Wanted(plan_code, period=first))
    periods = periods_of_range(context.plan, first, last)
    result = as_task("backfill")(backfill.backfill)(context, periods, plan_only)
    for problem in result.problems:
        get_run_logger().warning(problem)
    summary = {
        "reports": len(result.reports),
        "figures": len(result.figures),
        "kept": "no" if plan_only else "yes",
    }
    columns = ("target_code", "area_code", "period_code", "was", "is")
    changes = artifacts.table(columns, backfill.without_persons(context, result.figures[:500]))
    _leave_artifact("backfill", "Figures computed again", f"{artifacts.summary(summary)}\n\n{changes}")
    return backfill.as_json(result)


@flow(name="publish", flow_run_name="publish", timeout_seconds=_TIMEOUT)
def publish_flow() -> dict[str, Any]:
    """Write the pages for auditors and clerks into the home's folder `published`."""
    contexts = _open("sources", purpose="read")
    settings = contexts[0].settings
    published = as_task("publish")(publish_plans)(contexts, _pages_folder(settings))
    for problem in published.problems:
        get_run_logger().warning(problem)
    result = {"changed": len(published.changed), "handed out": len(published.delivered)}
    get_run_logger().info("%s files are new or changed", len(published.changed))
    _leave_artifact("publish", "Changed pages", artifacts.summary(result))
    return result


@flow(name="verify", flow_run_name="verify", timeout_seconds=_LONG_TIMEOUT)
def verify_flow() -> dict[str, Any]:
    """Check audit chain, facts, figures and archive; a failure names what is wrong and what to do."""
    from services import audit_checks  # lazy: pandas and Pandera take a second

    context = audit_checks.open_unchanged(_read_settings())  # chain, facts and archive are those of all plans
    removed = audit_checks.clean_archive(context)
    if removed:
        get_run_logger().warning("Removed %s unfinished files of killed runs from the archive", removed)
    wrong = as_task("verify")(audit_checks.verify)(context)
    result = {"wrong": len(wrong), "first": wrong[0] if wrong else "nothing"}
    _leave_artifact("verify", "Differences from the record", artifacts.summary(result))
    if wrong:
        for line in wrong:
            get_run_logger().error(line)
        _emit("chitieu.audit.broken", "chitieu.audit", first=wrong[0])
        raise audit_checks.AuditError(
            f"{wrong[0]} Stop publishing and follow 'A broken audit chain' in docs/operations.md."
        )
    return result
