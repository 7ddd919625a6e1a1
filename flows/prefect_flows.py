"""The same ways through as Prefect flows: a task per batch, retried where drives or the database may fail."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from drives.listing import public_url
from flows import commands, pipeline
from flows.settings import read_settings
from warehouse.indicators import Scope, materialize

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
    create_markdown_artifact(key="ingest", markdown=_markdown(result), description="What the ingest did")
    return result


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


def _markdown(result: dict[str, Any]) -> str:
    flat = {**result, **result.get("submissions", {})}
    rows = [f"| {key} | {value} |" for key, value in flat.items() if not isinstance(value, dict | list)]
    return "\n".join(["| | |", "|---|---:|", *rows])
