"""Bound how long a drive is waited for: a dead mount or a server that sends a byte a second never fails."""

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from typing import ParamSpec, TypeVar

from drives import protocols

P = ParamSpec("P")
R = TypeVar("R")

# A drive that has let so many calls in a row run out of time is given up for this run.
MOST_IN_A_ROW = 3
_SLOWEST = 10_000  # bytes a second; a file that comes more slowly is given up


class NoAnswerError(TimeoutError):
    """A call to a drive that did not return in time."""


def patience(size: int = 0) -> float:
    """Return the seconds to wait for one call that lists a folder, or moves so many bytes."""
    return protocols.TIMEOUT * 3 + size / _SLOWEST


def within(seconds: float, function: Callable[P, R], /, *given: P.args, **named: P.kwargs) -> R:
    """Call a function and return its result. Raises NoAnswerError where it has none in time.

    It runs in a thread of its own, which is then left behind: a call into a dead mount cannot be ended.
    """
    result: Future[R] = Future()

    def run() -> None:
        try:
            result.set_result(function(*given, **named))
        except BaseException as error:
            result.set_exception(error)

    # A daemon: the end of the process must not wait for it.
    Thread(target=copy_context().run, args=(run,), name="drive", daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError:
        if result.done():  # it has just returned, or the error is the function's own
            return result.result()
        raise NoAnswerError(f"no answer in {seconds:.0f} seconds") from None
