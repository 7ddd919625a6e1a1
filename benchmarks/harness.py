"""What all benchmarks share: arguments, scratch folders, servers, and commands measured from the outside."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from plans.model import Plan
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.embedded.server import bundled_binaries, start_cluster, stop_cluster
from warehouse.migrations.upgrade import migrate

Line = dict[str, Any]
CHITIEU = str(Path(sys.executable).with_name("chitieu"))


def arguments(module: str, description: str | None) -> argparse.ArgumentParser:
    """Return the parser of a benchmark, with the seed that all of them take."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{module}", description=description)
    parser.add_argument("--seed", type=int, default=1)
    return parser


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a temporary folder that the server's system user may enter; it is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="chitieu-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@contextmanager
def scratch_server(folder: Path, **settings: str) -> Iterator[str]:
    """Start a PostgreSQL server in a folder and yield its URL; it is stopped at the end."""
    try:
        yield start_cluster(folder / "postgres", bundled_binaries(), settings)
    finally:
        stop_cluster(folder / "postgres", bundled_binaries())


def create_database(server: str, name: str) -> str:
    """Create an empty database on a server and return its URL."""
    engine = connect(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"{server.rpartition('/')[0]}/{name}"


def create_warehouse(server: str, name: str, plan: Plan) -> Engine:
    """Create a migrated database with a plan and return an engine on it."""
    engine = connect(create_database(server, name))
    migrate(engine)
    with engine.begin() as connection:
        load_reference(connection, plan)
    return engine


def environment_of(home: Path, plan: Path | None = None, url: str = "") -> dict[str, str]:
    """Return the environment of a command: its home, its plan file and its database (default: embedded)."""
    chosen = {"CHITIEU_PLAN": str(plan)} if plan else {}
    return {**os.environ, "CHITIEU_HOME": str(home), "CHITIEU_DATABASE_URL": url, **chosen}


def reader_of(home: Path) -> Engine:
    """Return an engine with the login of BI tools that `chitieu database-url` prints for a home."""
    shown = subprocess.run(
        [CHITIEU, "database-url"], env=environment_of(home), check=True, capture_output=True, text=True
    )
    return connect(shown.stdout.strip())


def measure(command: list[str], environment: dict[str, str]) -> Line:
    """Run a command that prints JSON as its last line.

    Returns that JSON with `wall` (seconds, start included) and `peak_mb` (of it and its descendants).

    Raises:
        SystemExit: the command failed; its messages are shown.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    peak = watch_memory(process)
    output, problems = process.communicate()
    if process.returncode:
        raise SystemExit(f"{Path(command[0]).name} {' '.join(command[1:3])} failed: {problems[-2000:]}")
    result: Line = json.loads(output.splitlines()[-1])
    return result | {"wall": time.monotonic() - started, "peak_mb": max(peak[0] / 2**20, 1.0)}


def report_progress(message: str) -> None:
    """Print on standard error what is being done."""
    print(message, file=sys.stderr, flush=True)


def watch_memory(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> list[int]:
    """Return a list of one entry, which grows to the peak bytes of the process and its descendants."""
    peak = [0]

    def look() -> None:
        while process.poll() is None:
            peak[0] = max(peak[0], sum(_memory(pid) for pid in _family(process.pid)))
            time.sleep(0.05)

    threading.Thread(target=look, daemon=True).start()
    return peak


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
