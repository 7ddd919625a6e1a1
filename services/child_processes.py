"""Processes that this one starts, and their end."""

import os
from multiprocessing import parent_process
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """End this process when the one that started it has died; for a thread of its own.

    A reader waits for files forever otherwise: the queue has its other end in the reader itself. And the
    forkserver lives as long as a reader does.
    """
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
