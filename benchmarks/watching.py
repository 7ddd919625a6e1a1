"""Measure the memory of a process and its descendants."""

import subprocess
import threading
import time
from pathlib import Path


def watch(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> list[int]:
    """Return a list of one entry, which grows to the peak bytes of the process and its descendants."""
    most = [0]

    def look() -> None:
        while process.poll() is None:
            most[0] = max(most[0], sum(_memory(pid) for pid in _family(process.pid)))
            time.sleep(0.05)

    threading.Thread(target=look, daemon=True).start()
    return most


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue
    return found


def _memory(pid: int) -> int:
    """Its proportional share of memory: what processes share is counted once."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
