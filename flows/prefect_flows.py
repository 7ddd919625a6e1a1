"""The same ways through as Prefect flows: a task per batch, retried where drives or the database may fail."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.utilities.annotations import quote

from drives.listing import public_url
from flows import artifacts
from services import ingest, scheduled_jobs
from services.context import AppContext, open_context, periods_of_range
from services.publish import publish_to
from services.settings import read_settings, with_secrets
from warehouse.indicators.materialize import RefreshScope, materialize
from warehouse.queries import latest_refused, to_remind

P = ParamSpec("P")
R = TypeVar("R")
# Drives named on the command line; not a parameter of the flow, for its server shows parameters and URLs may
# carry passwords.
_drives: ContextVar[Sequence[str]] = ContextVar("drives", default=())
_DELAYS = [2.0, 10.0, 30.0]  # seconds; a drive or a server that restarts is back by then


class _Step(Task[P, R]):
    """A task that hands on its arguments unseen.

    Prefect would search them for results of other tasks: in a plan with its areas for longer than it takes to
    list a drive.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Run it with these arguments; the options are Prefect's."""
        run: Callable[..., Any] = super().__call__
        return run(*map(quote, arguments), **options)


def _task(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A task that is tried again; nothing of its input or result is kept, for both may name secrets."""

    def made(function: Callable[P, R]) -> Callable[P, R]:
        return _Step(
            function,
            name=name,
            task_run_name=name,
            retries=3,
            retry_delay_seconds=_DELAYS,
            cache_policy=NO_CACHE,
        )

    return made


_refresh = _task("refresh targets")(ingest.refresh)
_steps = ingest.Steps(
    look=_task("look at drives")(ingest.look),
    ingest_batch=_task("ingest batch")(ingest.ingest_batch),
    refresh=lambda work: _refresh(work) if ingest.refresh_is_due(work) else 0,  # a task costs a server much
)


def run_ingest(urls: Sequence[str]) -> dict[str, Any]:
    """Run the ingest flow here and now on the given drives."""
    token = _drives.set(urls)
    try:
        with _without_heartbeat():
            return ingest_flow([public_url(url) for url in urls], then_publish=False)
    finally:
        _drives.reset(token)


def run_materialize(periods: Sequence[str]) -> dict[str, Any]:
    """Run the materialize flow here and now."""
    with _without_heartbeat():
        return materialize_flow(list(periods))


def _without_heartbeat() -> AbstractContextManager[object]:
    """Its last sleep would keep a flow of a tenth of a second waiting for a whole one."""
    if PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value() is None:
        return nullcontext()  # making settings takes a fifth of such a flow
    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


@flow(name="ingest", flow_run_name="ingest {drives}")
def ingest_flow(
    drives: list[str] | None = None,  # noqa: ARG001 - in the run's name
    only_on_due_days: bool = False,
    then_publish: bool = True,
) -> dict[str, Any]:
    """Take in what is new on the drives of the settings, or on those that the command line names.

    `drives` only says in the run's name which they are. With `only_on_due_days` nothing is done on other
    days. `then_publish`: where something came in the pages are written as well.
    """
    logger = get_run_logger()
    work = _start(*(() if _drives.get() else ("sources",)))
    if only_on_due_days and not scheduled_jobs.is_due_day(work):
        logger.info("No report is due today: the next round comes by the ordinary schedule")
        return {}
    urls = list(_drives.get() or work.settings.sources)
    result = _ingest(work, urls).as_json()
    for problem in result["problems"]:
        logger.warning(problem)
    counts = ", ".join(f"{count} {status}" for status, count in result["submissions"].items() if count)
    logger.info("%s files, %s: %s rows", result["files"], counts or "nothing new", result["rows_loaded"])
    if not _is_worth_telling(result):
        return result
    refused = result["submissions"]["rejected"]
    if refused:
        _emit("chitieu.submission.refused", "chitieu.ingest", rejected=refused)
    _leave("ingest", "What came in, what was refused and why, what is missing", _told(work, result))
    if then_publish and any(result["submissions"].values()):
        publish_flow()
    return result


def _is_worth_telling(result: Mapping[str, Any]) -> bool:
    """Whether a run has more to tell than that nothing is new: the drives are looked at every few minutes."""
    return bool(result["files"] or result["problems"] or result["indicators_changed"])


def _told(work: AppContext, result: dict[str, Any]) -> str:
    with work.engine.connect() as connection:
        refused = latest_refused(connection, work.plan)
        overdue = to_remind(connection, work.plan, work.now, 0)
    return artifacts.of_ingest(result, refused, overdue, _pages_of(work))


def _pages_of(work: AppContext) -> Path:
    return work.settings.home / "published"


def _ingest(work: AppContext, urls: Sequence[str]) -> ingest.IngestResult:
    """With Dask's workers as readers where the settings name them."""
    made = ingest.IngestContext.of(work)
    if not work.settings.dask:
        return ingest.ingest(made, urls, _steps)
    from flows.dask_reader import read_on

    # The batch is no task of its own then: Prefect would send its input, the database's password in it, along
    # with each task inside it.
    steps = replace(_steps, ingest_batch=ingest.ingest_batch)
    return ingest.ingest(replace(made, read=read_on(work.settings.dask)), urls, steps)


def _start(*wanted: str) -> AppContext:
    """Settings, and what they are silent about of what is wanted from Prefect's secret blocks."""
    return open_context(with_secrets(read_settings(), _secret, ("database_url", *wanted)))


def _secret(name: str) -> str | None:
    from prefect.blocks.system import Secret

    try:
        block: Any = Secret.load(name)
        return str(block.get())
    except ValueError:  # there is none of that name
        return None


def _leave(key: str, description: str, markdown: str) -> None:
    create_markdown_artifact(key=key, markdown=markdown, description=description)


def _emit(event: str, resource: str, **payload: Any) -> None:
    emit_event(event, {"prefect.resource.id": resource}, payload=payload)


@flow(name="materialize", flow_run_name="materialize {periods}")
def materialize_flow(periods: list[str] | None = None) -> dict[str, Any]:
    """Recompute the target tables of the named periods, or of all that are due."""
    work = _start()
    changed = _materialize(work, tuple(periods or ()))
    get_run_logger().info("%s target figures changed", changed)
    result = {"periods": list(periods or ()), "indicators_changed": changed}
    _leave("materialize", "What changed", artifacts.summary(result))
    return result


@_task("materialize")
def _materialize(work: AppContext, periods: tuple[str, ...]) -> int:
    with work.engine.begin() as connection:
        return materialize(connection, work.plan, work.now, RefreshScope(periods=periods or None))


@flow(name="close", flow_run_name="close {kind}")
def close_flow(kind: str) -> dict[str, Any]:
    """Close the periods of a kind (M, Q, H, Y) whose closing day has come; runs daily, acts on the day."""
    work = _start()
    closed = _task("close")(scheduled_jobs.close_due)(work, kind)
    for code in closed:
        get_run_logger().info("%s is closed", code)
        _emit("chitieu.period.closed", f"chitieu.period.{code}")
    result = {"closed": ", ".join(closed) or "nothing was due"}
    _leave("close", "Which periods were closed", artifacts.summary(result))
    return {"closed": closed}


@flow(name="remind", flow_run_name="remind")
def remind_flow() -> dict[str, Any]:
    """Tell each body what is overdue, refused or due soon, in its outbox on the drives."""
    work = _start("sources", "smtp_url")
    result: dict[str, Any] = _task("remind")(scheduled_jobs.remind)(work, work.settings.sources)
    for problem in result["problems"]:
        get_run_logger().warning(problem)
    for body in result["overdue_bodies"]:
        _emit("chitieu.body.overdue", f"chitieu.body.{body}")
    told = {
        "bodies": len(result["bodies"]),
        "reports": result["reports"],
        "files": len(result["written"]),
        "e-mails": result["mailed"],
    }
    get_run_logger().info("%s bodies are reminded of %s reports", told["bodies"], told["reports"])
    _leave("remind", "Who was reminded", artifacts.summary(told))
    return result


@flow(name="backfill", flow_run_name="backfill {first} to {last}")
def backfill_flow(first: str, last: str, plan_only: bool = True) -> dict[str, Any]:
    """Derive periods again from the archive; with `plan_only` only say which figures would change."""
    from services import backfill  # pandas and pandera, a second: only where it is used

    work = _start()
    periods = periods_of_range(work.plan, first, last)
    done = _task("backfill")(backfill.backfill)(work, periods, plan_only)
    for problem in done.problems:
        get_run_logger().warning(problem)
    told = {"reports": len(done.reports), "figures": len(done.figures), "kept": "no" if plan_only else "yes"}
    table = artifacts.table(("target_code", "area_code", "period_code", "was", "is"), done.figures[:500])
    _leave("backfill", "What the archive says now", f"{artifacts.summary(told)}\n\n{table}")
    return backfill.as_json(done)


@flow(name="publish", flow_run_name="publish")
def publish_flow() -> dict[str, Any]:
    """Write the pages for auditors and clerks into the home's folder `published`."""
    work = _start("sources")
    done = _task("publish")(publish_to)(work, _pages_of(work))
    for problem in done.problems:
        get_run_logger().warning(problem)
    result = {"changed": len(done.changed), "handed out": len(done.handed_out)}
    get_run_logger().info("%s files are new or changed", len(done.changed))
    _leave("publish", "Which pages changed", artifacts.summary(result))
    return result


@flow(name="verify", flow_run_name="verify")
def verify_flow() -> dict[str, Any]:
    """Check audit chain, facts and archive; if any is wrong it fails, with what to do in its state."""
    from services import audit_checks  # as above
    from services.audit_checks import AuditError

    work = _start()
    wrong: list[str] = _task("verify")(audit_checks.verify)(work)
    result = {"wrong": len(wrong), "first": wrong[0] if wrong else "nothing"}
    _leave("verify", "What is not as recorded", artifacts.summary(result))
    if wrong:
        for line in wrong:
            get_run_logger().error(line)
        _emit("chitieu.audit.broken", "chitieu.audit", first=wrong[0])
        raise AuditError(
            f"{wrong[0]} Stop publishing and follow 'A broken audit chain' in docs/operations.md."
        )
    return result
