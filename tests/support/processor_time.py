"""Limits of processor time that mean the same on every machine.

Other programs share the processors, so a clock measures them too. Machines differ, and not in one number: in a virtual
machine memory and system calls can be ten times slower while computing is as fast. What a test allows is therefore
seconds of a reference machine: one that needs 0.04 s for each piece of work of `slowness`.
"""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

CAN_BE_MEASURED = Path("/proc/self/stat").exists()
REFERENCE_SECONDS = 0.04
FOLDER = Path(os.__file__).parent  # some hundred files


Clock = Callable[[], float]


def own_seconds() -> float:
    """The processor time of this process and of those that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def seconds_of(process: int) -> float:
    """The processor time of a server process, in steps of its system's clock (often 0.01 s)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def slowness() -> float:
    """How many times longer than on the reference machine the slowest kind of work takes here, at least 1."""
    return (
        max(REFERENCE_SECONDS, *map(_seconds, (_compute, _touch_memory, _call_the_system)))
        / REFERENCE_SECONDS
    )


def reference_seconds(work: Callable[[], object], enough: float, clock: Clock = own_seconds) -> float:
    """The shortest of up to five readings of the processor time of `work`, in seconds of the reference machine.

    Other work on the machine can only lengthen a reading, so one that is less than `enough` is the last.
    """
    shortest = float("inf")
    for _ in range(5):
        slow = slowness()
        shortest = min(shortest, _seconds(work, clock) / slow)
        if shortest < enough:
            break
    return shortest


def _seconds(work: Callable[[], object], clock: Clock = own_seconds) -> float:
    started = clock()
    work()
    return clock() - started


def _compute() -> None:
    for _ in range(1_000_000):
        pass


def _touch_memory() -> None:
    memory = bytearray(100_000_000)
    memory[::4096] = bytes(len(memory[::4096]))


def _call_the_system() -> None:
    for _ in range(10_000):
        FOLDER.stat()
    for _ in range(10):
        list(FOLDER.iterdir())
