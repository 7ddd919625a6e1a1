"""Measure the product in one run, as ratios to a floor, to other toolchains, and to a warehouse with history.

Prints each row of the table as soon as it is measured, and writes all so far as JSON. A ratio that misses its
goal is marked.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks import drives, past
from benchmarks.harness import (
    CHITIEU,
    Line,
    arguments,
    environment_of,
    measure,
    report_progress,
    scratch_folder,
)
from plans.model import Plan
from warehouse.embedded.server import stop_embedded

PARTS = ("floor", "peers", "past")
SIZES = (200, 2_000, 10_000)
RUNS, SHORT = 3, 2_000  # so many runs where there are at most so many sheets
FLOOR_GOAL = 5.0
FLAT_GOAL = 1.2
PEER_DRIVES = {"a year of the province": ("668",), "the floor's drive": ("2000", "--communes")}
PEERS = {"pandas": ("pandas, openpyxl and to_sql", 0.1), "dlt": ("dlt and dbt", 1 / 3)}


def main() -> None:
    """Run the benchmarks and print the table."""
    parser = arguments("bench", __doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="sheets of the drives")
    parser.add_argument("--only", choices=PARTS, nargs="*", default=PARTS, help="the parts to run")
    parser.add_argument("--out", type=Path, default=Path("bench.json"), help="where the JSON goes")
    asked = parser.parse_args()
    lines: list[Line] = []
    with scratch_folder() as folder:
        parts: dict[str, Callable[[], Iterable[Line]]] = {
            "floor": lambda: against_the_floor(folder, asked.sizes, asked.seed),
            "peers": lambda: against_peers(asked.seed),
            "past": lambda: past.lines(folder / "past", asked.seed),
        }
        for line in (line for name in asked.only for line in parts[name]()):
            print(_table_row(line), flush=True)
            lines.append(line)
            asked.out.write_text(json.dumps(lines, indent=1), encoding="utf-8")


def _table_row(line: Line) -> str:
    reached = "" if line["goal"] is None else ("reached" if line["ratio"] <= line["goal"] else "NOT REACHED")
    goal = "" if line["goal"] is None else f"goal {line['goal']:g}"
    return f"{line['what']:<58} {line['ratio']:>7.2f} {goal:>9} {reached:<12} {line['absolute']}"


def against_the_floor(folder: Path, sizes: list[int], seed: int) -> list[Line]:
    """Return time and memory of an ingest divided by those of reading the cells and sending them."""
    plan = drives.plan_with_communes()
    file = folder / "plan.yaml"
    drives.write_plan(plan, file)
    measured = [_at_size(folder / str(size), file, plan, size, seed) for size in sizes]
    lines = [line for floor, ours in measured for line in _over_the_floor(floor, ours)]
    for (floor, ours), (more_floor, more) in pairwise(measured[1:]):
        lines += _grown(floor["sheets"], ours, more_floor["sheets"], more)
    return lines


def _over_the_floor(floor: Line, ours: Line) -> list[Line]:
    sheets = floor["sheets"]
    return [
        {
            "what": f"ingest over the floor, {sheets} sheets: time",
            "ratio": ours["seconds"] / floor["seconds"],
            "goal": FLOOR_GOAL if sheets >= 1_500 else None,
            "absolute": f"{ours['seconds']:.1f} s, {sheets / ours['seconds']:.0f} sheets/s;"
            f" floor {floor['seconds']:.2f} s, {sheets / floor['seconds']:.0f} sheets/s",
        },
        {
            "what": f"ingest over the floor, {sheets} sheets: memory",
            "ratio": ours["peak_mb"] / floor["peak_mb"],
            "goal": None,
            "absolute": f"{ours['peak_mb']:.0f} MB; floor {floor['peak_mb']:.0f} MB",
        },
    ]


def _grown(sheets: int, ours: Line, more_sheets: int, more: Line) -> list[Line]:
    sizes = f"from {sheets} to {more_sheets} sheets"
    return [
        {
            "what": f"time per sheet {sizes}",
            "ratio": more["seconds"] / ours["seconds"] / (more_sheets / sheets),
            "goal": 1.05,
            "absolute": f"{1000 * more['seconds'] / more_sheets:.2f} ms a sheet",
        },
        {
            "what": f"memory {sizes}",
            "ratio": more["peak_mb"] / ours["peak_mb"],
            "goal": FLAT_GOAL,
            "absolute": f"{ours['peak_mb']:.0f} to {more['peak_mb']:.0f} MB",
        },
    ]


def against_peers(seed: int) -> Iterator[Line]:
    """Compare with other toolchains on the same drive and server, process starts excluded."""
    for drive, size in PEER_DRIVES.items():
        report_progress(f"ingesting {drive} with the peers")
        command = [sys.executable, "-m", "benchmarks.peers", "--seed", str(seed), "--runs", str(RUNS)]
        command += ["--sheets", *size]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode not in (0, 1):
            raise SystemExit(f"benchmarks.peers failed with {done.returncode}")
        result: Line = json.loads(done.stdout.splitlines()[-1])
        ours = result["product"]
        for name, (what, goal) in PEERS.items():
            if name not in result:
                continue
            peer = result[name]
            yield {
                "what": f"ours over {what}, {result['sheets']} sheets: time",
                "ratio": ours["seconds"] / peer["seconds"],
                "goal": goal,
                "absolute": f"{ours['seconds']:.1f} s, theirs {peer['seconds']:.1f} s; with their starts"
                f" {ours['wall']:.1f} and {peer['wall']:.1f} s; {peer['differ']} of {peer['of']} figures"
                " differ",
            }


def _at_size(folder: Path, plan_file: Path, plan: Plan, sheets: int, seed: int) -> tuple[Line, Line]:
    """Measure floor and product on a drive of about that many sheets, in turn; returns medians."""
    report_progress(f"making a drive of {sheets} sheets")
    drives.make(folder / "drive", plan, sheets, seed)
    times = RUNS if sheets <= SHORT else 1
    runs = []
    for number in range(times):
        report_progress(f"ingesting {sheets} sheets, run {number + 1} of {times}")
        runs.append(_both(folder / "drive", folder / f"home-{number}", plan_file))
    return _median([floor for floor, _ in runs]), _median([ours for _, ours in runs])


def _both(drive: Path, home: Path, plan_file: Path) -> tuple[Line, Line]:
    """Run the floor and the product once, on a fresh server."""
    environment = environment_of(home, plan_file)
    subprocess.run([CHITIEU, "init"], env=environment, check=True, capture_output=True)
    shown = [CHITIEU, "database-url", "--as", "owner"]
    url = subprocess.run(shown, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    floor = measure([sys.executable, "-m", "benchmarks.floor", str(drive), url], environment)
    ours = measure([CHITIEU, "ingest", f"file://{drive}", "--json"], environment)
    stop_embedded(home)
    return floor, ours


def _median(runs: list[Line]) -> Line:
    """Return the first run's line with the median of each measure."""
    return runs[0] | {key: median(run[key] for run in runs) for key in ("seconds", "peak_mb", "wall")}


if __name__ == "__main__":
    main()
