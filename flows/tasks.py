"""Services as Prefect tasks, which are retried after transient failures and keep none of their input."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.utilities.annotations import quote

from plans.errors import ChitieuError

P = ParamSpec("P")
R = TypeVar("R")

_DELAYS = [2.0, 10.0, 30.0]  # seconds; a drive or a server that restarts is back by then
_HOUR = 3600.0
# Seconds after which a task has failed, an hour for others. A batch of a thousand files takes seconds, and
# drives and database have shorter timeouts of their own: what takes this long hangs.
TIMEOUTS = {
    "list drive": _HOUR / 4,
    "ingest batch": _HOUR,
    "refresh targets": _HOUR / 2,
    "materialize": _HOUR,
    "close": _HOUR,
    "remind": _HOUR / 2,
    "publish": _HOUR,
    "verify": 4 * _HOUR,
    "backfill": 12 * _HOUR,
}


class _ServiceTask(Task[P, R]):
    """A task whose arguments Prefect does not inspect.

    Prefect would search them for results of other tasks: in a plan with its areas that takes longer than
    listing a drive.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Run the task with these arguments; the options are Prefect's."""
        run: Callable[..., Any] = super().__call__
        quoted = [quote(argument) for argument in arguments]
        return run(*quoted, **options)


def as_task(name: str, title: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a task of a function; input and result are not kept, for both may hold secrets.

    `name` selects the timeout, `title` the name of the task's runs (default: the same).
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return _ServiceTask(
            function,
            name=name,
            task_run_name=(title or name).replace("{", "{{").replace("}", "}}"),  # it is a format string
            timeout_seconds=TIMEOUTS.get(name, _HOUR),
            retries=len(_DELAYS),
            retry_delay_seconds=_DELAYS,
            retry_condition_fn=may_succeed_later,
            cache_policy=NO_CACHE,
        )

    return decorate


def may_succeed_later(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Return whether a failed task is worth another attempt: only after a retryable error of ours."""
    try:
        state.result()
    except ChitieuError as error:
        return error.retryable
    except Exception:
        return False
    return False
