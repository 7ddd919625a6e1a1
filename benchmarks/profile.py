"""Where the time of an ingest goes: a sampling profile of command and readers, and the server's share.

Needs py-spy, which is no part of the environment: `pip install py-spy`, anywhere on the path. Prints a table
in Markdown; the seconds are of processors and of the disk, a hundred samples each.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks import drives
from benchmarks.harness import CHITIEU, arguments, environment_of, scratch_folder
from benchmarks.shares import server_seconds
from warehouse.database import connect
from warehouse.embedded.server import embedded_url, stop_embedded

RATE = 100  # samples a second
WAITING = "waiting"
# A sample counts for the first of these that has a sign in the deepest frame with any sign.
PARTS = (
    (WAITING, ("concurrent/futures/thread.py", "selectors.py", "Condition.wait", "Connection._recv")),
    ("the disk, until what is archived is safe", ("_sync_folder", "_write (drives/archive")),
    ("importing modules", ("<frozen importlib",)),
    ("opening files: checks, scans, calamine", ("transforms/extract/",)),
    ("search for persons", ("transforms/privacy/",)),
    ("headers", ("transforms/layout/table_header/",)),
    ("letterheads and periods", ("transforms/layout/sheet_head/",)),
    (
        "rows and cells",
        ("transforms/layout/", "transforms/text/numbers", "transforms/text/codes", "transforms/text/places"),
    ),
    ("letters and fonts", ("transforms/text/",)),
    ("validation", ("schemas/", "transforms/")),
    ("fetching, hashing, archiving", ("drives/",)),
    ("talking to the database", ("warehouse/",)),
    ("handing out and taking back", ("services/", "flows/", "concurrent/futures", "multiprocessing/")),
)
OTHER = "starting, the rest"


def main() -> int:
    """Make a drive, ingest it under py-spy into a fresh home and print where the samples fell."""
    parser = arguments("profile", __doc__)
    parser.add_argument("--sheets", type=int, default=2_000)
    asked = parser.parse_args()
    if not (spy := shutil.which("py-spy")):
        print("py-spy is not installed: pip install py-spy", file=sys.stderr)
        return 2
    with scratch_folder() as folder:
        plan = drives.plan_with_communes()
        drives.write_plan(plan, folder / "plan.yaml")
        drives.make(folder / "drive", plan, asked.sheets, asked.seed)
        _profile(folder, spy)
    return 0


def _profile(folder: Path, spy: str) -> None:
    home, samples = folder / "home", folder / "samples.txt"
    environment = environment_of(home, folder / "plan.yaml")
    subprocess.run([CHITIEU, "init"], env=environment, check=True, capture_output=True)
    engine = connect(embedded_url(home))
    before, started = server_seconds(engine), time.monotonic()
    record = [
        spy,
        "record",
        "--subprocesses",
        "--rate",
        str(RATE),
        "--format",
        "raw",
        "--output",
        str(samples),
    ]
    ingest = [sys.executable, CHITIEU, "ingest", f"file://{folder / 'drive'}", "--json"]
    done = subprocess.run(
        [*record, "--", *ingest], env=environment, check=True, capture_output=True, text=True
    )
    result = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    wall, server = time.monotonic() - started, server_seconds(engine) - before
    engine.dispose()
    stop_embedded(home)
    parts = parts_of(samples.read_text(encoding="utf-8", errors="replace"))
    parts["the database server"] = server
    parts.pop(WAITING, None)
    whole = sum(parts.values())
    print(
        f"{sum(result['submissions'].values())} sheets in {result['files']} files: {wall:.1f} s by the clock,"
    )
    print(f"{whole:.1f} s of {os.cpu_count()} processors\n\n| part | seconds | share |\n|---|---|---|")
    for part, seconds in sorted(parts.items(), key=lambda found: -found[1]):
        print(f"| {part} | {seconds:.2f} | {100 * seconds / whole:.0f} % |")


def parts_of(samples: str) -> dict[str, float]:
    """Seconds by part, from lines of "frame;frame;... count", the deepest frame last."""
    counted: Counter[str] = Counter()
    for line in samples.splitlines():
        stack, _, count = line.rpartition(" ")
        counted[_part_of(stack.split(";"))] += int(count)
    return {part: count / RATE for part, count in counted.items()}


def _part_of(frames: list[str]) -> str:
    for frame in reversed(frames):
        for part, signs in PARTS:
            if any(sign in frame for sign in signs) and not frame.startswith("process "):
                return part
    return OTHER


if __name__ == "__main__":
    sys.exit(main())
