"""Measure the gain of a second Dask worker: a year read by one and by two workers.

Prints the seconds of each ingest, with scheduler and workers running, and whether the warehouses are equal.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import drives
from benchmarks.harness import arguments, scratch_folder
from benchmarks.stress import state_of
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from warehouse.embedded.server import stop_embedded


def main() -> None:
    """Make a drive, ingest it plainly, with one worker and with two."""
    parser = arguments("spread", __doc__)
    parser.add_argument("--sheets", type=int, help="about so many, communes' among them (default: a year's)")
    asked = parser.parse_args()
    os.environ |= {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    from prefect.testing.utilities import prefect_test_harness

    with scratch_folder() as folder:
        if asked.sheets:
            plan, os.environ["CHITIEU_PLAN"] = drives.plan_with_communes(), str(folder / "plan.yaml")
            drives.write_plan(plan, folder / "plan.yaml")
            drives.make(folder / "drive", plan, asked.sheets, asked.seed)
        else:
            make_drive(folder / "drive", read_plan(DEFAULT_PLAN), seed=asked.seed)
        with prefect_test_harness(server_startup_timeout=120):
            states = [_measure(folder, workers) for workers in (0, 1, 2)]
    print(json.dumps({"alike": len(set(states)) == 1}))


def _measure(folder: Path, workers: int) -> str:
    """Ingest into a fresh home; 0 workers: without Dask. Returns the state of the warehouse."""
    from flows.prefect_flows import run_ingest
    from services.context import open_context, open_declared
    from services.preparation import prepare_database

    home = folder / f"home-{workers}"
    os.environ |= {"CHITIEU_HOME": str(home), "CHITIEU_DATABASE_URL": "", "CHITIEU_DASK": ""}
    prepare_database(open_declared())
    with ExitStack() as stack:
        if workers:
            os.environ["CHITIEU_DASK"] = stack.enter_context(_cluster(workers))
        done = run_ingest([f"file://{folder / 'drive'}"])
    print(json.dumps({"workers": workers, "seconds": done["seconds"], "files": done["files"]}), flush=True)
    state = repr(state_of(open_context(purpose="read").engine))
    stop_embedded(home)
    return state


@contextmanager
def _cluster(workers: int) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    dask = str(Path(sys.executable).with_name("dask"))
    port = address.rpartition(":")[2]
    commands = [[dask, "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]]
    commands += [[dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * workers
    processes = [subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for c in commands]
    try:
        import distributed

        connect: Any = distributed.Client
        with connect(address, timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
            client.run(_import_readers)
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(20)


def _import_readers() -> None:
    """Import what a worker needs once."""
    import services.reader_pool  # noqa: F401


if __name__ == "__main__":
    main()
