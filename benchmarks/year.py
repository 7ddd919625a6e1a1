"""Measure ingest and publication of a year of one province, as a user waits for them.

Prints the wall time of each command, its start included, and the peak memory of it and its readers.
"""

import json
import subprocess
from pathlib import Path

from benchmarks.harness import CHITIEU, Line, arguments, environment_of, measure, scratch_folder
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from warehouse.embedded.server import stop_embedded


def main() -> None:
    """Make a drive, ingest and publish it in fresh homes, and print the figures as JSON lines."""
    parser = arguments("year", __doc__)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with scratch_folder() as folder:
        make_drive(folder / "drive", read_plan(DEFAULT_PLAN), seed=asked.seed)
        for run in range(asked.runs):
            _measure(folder / f"home-{run}", folder / "drive")


def _measure(home: Path, drive: Path) -> None:
    environment = environment_of(home)
    subprocess.run([CHITIEU, "init"], env=environment, check=True, capture_output=True)
    for what in ("ingest", "ingest again", "publish", "publish again"):
        command = ["publish"] if what.startswith("publish") else ["ingest", f"file://{drive}"]
        done = measure([CHITIEU, *command, "--json"], environment)
        result = {"what": what, "seconds": round(done["wall"], 2), "memory_mb": round(done["peak_mb"])}
        print(json.dumps(result | _counts(done)), flush=True)
    stop_embedded(home)


def _counts(done: Line) -> dict[str, int]:
    if "changed" in done:
        return {"changed": len(done["changed"])}
    submissions = sum(done["submissions"].values())
    return {"files": done["files"], "submissions": submissions, "rows_loaded": done["rows_loaded"]}


if __name__ == "__main__":
    main()
