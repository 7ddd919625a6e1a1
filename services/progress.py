"""The function by which a service reports how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # the step, items done, items in all


def no_progress(_step: str, _done: int, _total: int) -> None:
    """Report nothing."""
