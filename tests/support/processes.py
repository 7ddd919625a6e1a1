"""The processes that a process started, and their end."""

import os
import signal
from pathlib import Path


def below(pid: int) -> list[int]:
    """The processes that a process started, and theirs."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(stat.parent.name)
            found += [child, *below(child)]
    return found


def kill(pids: list[int]) -> None:
    """Kill the processes at once."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
