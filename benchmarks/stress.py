"""Kill an ingest at fifty random moments, start two at once twenty times, and compare the warehouses.

Run by `make stress`; the tests do the same a few times.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Engine, text

from plans.reading import DEFAULT_PLAN, read_plan
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.embedded.server import bundled_binaries, start_cluster, stop_cluster
from warehouse.migrations.upgrade import migrate

SAMPLE = Path(__file__).parents[1] / "tests" / "data" / "sample" / "drive"
_STATE = (
    "SELECT body_code, form_code, period_code, revision, status, file_name, sheet_name FROM audit.submission"
    " ORDER BY 1, 6, 7",
    "SELECT target_code, area_code, period_code, numerator, denominator, status FROM mart.target_indicator"
    " ORDER BY 1, 2, 3",
    "SELECT path, sha256 FROM audit.drive_file ORDER BY 1",
)


def main() -> int:
    """Print how many runs were killed and whether all ended alike; exit status 1 where one did not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stress", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=20)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="chitieu-stress-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = start_cluster(folder / "postgres", bundled_binaries(), {"fsync": "off"})
        try:
            right = _run(server, folder, "plain", [])
            killed = [
                _run(server, folder, f"kill{n}", [chance.uniform(0.3, 3.0)]) for n in range(arguments.kills)
            ]
            pairs = [_run(server, folder, f"pair{n}", [None, None]) for n in range(arguments.pairs)]
        finally:
            stop_cluster(folder / "postgres", bundled_binaries())
    wrong = sum(state != right for state in (*killed, *pairs))
    print(f"{arguments.kills} killed and {arguments.pairs} pairs of ingests: {wrong} ended otherwise")
    return 1 if wrong else 0


def _run(server: str, folder: Path, name: str, before: list[float | None]) -> list[list[tuple[object, ...]]]:
    """Ingests killed after some seconds, or run at once (None), then one to the end: the state it leaves."""
    with connect(server).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = f"{server.rpartition('/')[0]}/{name}"
    engine = connect(url)
    migrate(engine)
    with engine.begin() as connection:
        load_reference(connection, read_plan(DEFAULT_PLAN))
    environment = {**os.environ, "CHITIEU_DATABASE_URL": url, "CHITIEU_HOME": str(folder / name)}
    running = [_start(environment) for _ in before]
    for process, seconds in zip(running, before, strict=True):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    _start(environment).wait()
    state = state_of(engine)
    engine.dispose()
    return state


def _start(environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", "ingest", str(SAMPLE)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def state_of(engine: Engine) -> list[list[tuple[object, ...]]]:
    """Return the content of a warehouse without its times."""
    with engine.connect() as connection:
        return [[tuple(row) for row in connection.execute(text(statement))] for statement in _STATE]


if __name__ == "__main__":
    sys.exit(main())
