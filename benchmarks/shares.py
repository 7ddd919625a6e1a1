"""Attribute processor time and disk waits of the machine to ingest, readers and server.

Reads proc(5), which costs nothing while the work goes on.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds so far: clock, processor time by owner, disk waits, idle time."""

    clock: float
    ingest: float
    readers: float
    server: float
    disk: float
    idle: float

    def since(self, before: "Moment") -> dict[str, float]:
        """Return the shares of processor time since another moment, in per cent."""
        whole = (self.clock - before.clock) * (os.cpu_count() or 1)
        names = ("ingest", "readers", "server", "disk", "idle")
        return {name: round(100 * (getattr(self, name) - getattr(before, name)) / whole, 1) for name in names}


def moment(engine: Engine) -> Moment:
    """Return the counters now; the engine is connected to the server to be measured."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()
    own = os.times()
    return Moment(
        time.monotonic(),
        own.user + own.system,
        sum(_seconds(child) for child in _children(os.getpid())),
        server_seconds(engine),
        int(fields[5]) / _TICKS,
        int(fields[4]) / _TICKS,
    )


def server_seconds(engine: Engine) -> float:
    """Processor seconds of a server on this machine so far, those of its ended processes included."""
    with engine.connect() as connection:
        backend = int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)
        server = int(_stat(backend)[1])  # its parent
        members = [_seconds(process, ended=False) for process in _children(server)]
    return _seconds(server) + sum(members)


def _seconds(process: int, ended: bool = True) -> float:
    """Processor seconds of a process, with those of its children that have ended, or without."""
    try:
        return sum(map(int, _stat(process)[11 : 15 if ended else 13])) / _TICKS
    except FileNotFoundError:
        return 0.0


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/PID/stat, from the state on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
