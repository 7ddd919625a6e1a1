"""Reader processes end with the process that started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.paths import ROOT

PATIENCE = 60.0
SECONDS_TO_END = 5.0
# Starts readers and then waits with files outstanding, as an ingest does that waits for a slow drive.
PROGRAM = """
import time
from datetime import UTC, datetime
from plans.reading import DEFAULT_PLAN, read_plan
from schemas.form_catalog import default_catalog
from services.reader_pool import Job, read_files

def jobs():
    for number in range(20):
        yield Job(number, b"x", str(number), "a.csv", "CAT")
    time.sleep(600)

if __name__ == "__main__":
    NOW = datetime(2020, 4, 1, tzinfo=UTC)
    for _ in read_files(jobs(), [read_plan(DEFAULT_PLAN)], default_catalog(), NOW, None, processes=2):
        pass
"""


def descendants(process: int) -> set[int]:
    """Return the processes below a process, from /proc."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, layer = set(), {process}
    while layer:
        layer = {child for child, parent in parents.items() if parent in layer}
        found |= layer
    return found


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_readers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    children: set[int] = set()
    try:
        deadline = time.monotonic() + PATIENCE
        while len(children) < 4:  # the forkserver, the resource tracker, two readers
            assert time.monotonic() < deadline
            assert parent.poll() is None
            time.sleep(0.2)
            children = descendants(parent.pid)
        time.sleep(1)  # the readers have started and wait for files
        parent.send_signal(signal.SIGKILL)
        parent.communicate(timeout=SECONDS_TO_END)  # returns when nobody holds the pipes any more
        deadline = time.monotonic() + SECONDS_TO_END
        while any(is_alive(child) for child in children):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        for process in {parent.pid, *children}:
            if is_alive(process):
                os.kill(process, signal.SIGKILL)
