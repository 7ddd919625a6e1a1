"""How long work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # what is done, how many of how many


def silent(_what: str, _done: int, _of: int) -> None:
    """Show no progress."""
