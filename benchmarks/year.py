"""Measure ingest and publication of a year of one province, as a user waits for them.

Prints the wall time of the command, its start included, and the peak memory of it and its readers.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.watching import watch
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive


def main() -> None:
    """Make a drive, ingest and publish it in fresh homes, and print the figures as JSON lines."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chitieu-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        make_drive(folder / "drive", read_plan(DEFAULT_PLAN), seed=arguments.seed)
        for run in range(arguments.runs):
            _measure(folder / f"home-{run}", folder / "drive")


def _measure(home: Path, drive: Path) -> None:
    environment = {**os.environ, "CHITIEU_HOME": str(home), "CHITIEU_DATABASE_URL": ""}
    chitieu = str(Path(sys.executable).with_name("chitieu"))
    subprocess.run([chitieu, "init"], env=environment, check=True, capture_output=True)
    for what in ("ingest", "ingest again", "publish", "publish again"):
        command = ["publish"] if what.startswith("publish") else ["ingest", f"file://{drive}"]
        started = time.monotonic()
        process = subprocess.Popen(
            [chitieu, *command, "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        most = watch(process)
        output, _ = process.communicate()
        seconds = time.monotonic() - started
        result = {"what": what, "seconds": round(seconds, 2), "memory_mb": round(most[0] / 2**20)}
        print(json.dumps(result | _counted(json.loads(output))), flush=True)
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, pathlib, warehouse.embedded.server as e; e.stop_embedded(pathlib.Path(sys.argv[1]))",
            str(home),
        ],
        check=True,
    )


def _counted(done: dict[str, Any]) -> dict[str, int]:
    if "changed" in done:
        return {"changed": len(done["changed"])}
    submissions = sum(done["submissions"].values())
    return {"files": done["files"], "submissions": submissions, "rows_loaded": done["rows_loaded"]}


if __name__ == "__main__":
    main()
