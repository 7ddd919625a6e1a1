"""Kill an ingest at fifty random moments, start two at once twenty times, and compare the warehouses.

Run by `make stress`; the tests do the same a few times.
"""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks.harness import arguments, create_warehouse, environment_of, scratch_folder, scratch_server
from plans.reading import DEFAULT_PLAN, read_plan

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
    parser = arguments("stress", __doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=20)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with scratch_folder() as folder, scratch_server(folder, fsync="off") as server:
        right = _run(server, folder, "plain", [])
        moments = [chance.uniform(0.3, 3.0) for _ in range(asked.kills)]
        killed = [_run(server, folder, f"kill{n}", [moment]) for n, moment in enumerate(moments)]
        pairs = [_run(server, folder, f"pair{n}", [None, None]) for n in range(asked.pairs)]
    wrong = sum(state != right for state in (*killed, *pairs))
    print(f"{asked.kills} killed and {asked.pairs} pairs of ingests: {wrong} ended otherwise")
    return 1 if wrong else 0


def _run(server: str, folder: Path, name: str, before: list[float | None]) -> list[list[tuple[object, ...]]]:
    """Ingests killed after some seconds, or run at once (None), then one to the end: the state it leaves."""
    engine = create_warehouse(server, name, read_plan(DEFAULT_PLAN))
    url = engine.url.render_as_string(hide_password=False)
    environment = environment_of(folder / name, url=url)
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
