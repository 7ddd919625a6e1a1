"""The product and its peers on the same drive and server: time, memory, and that the figures agree.

Each runs in a fresh database of one embedded server. `wall` is the whole command, start included; `seconds`
what the program itself counted, of the peers without their starts. Ratios are theirs over ours.
"""

import json
import os
import statistics
import sys
from pathlib import Path

from benchmarks import drives
from benchmarks.harness import (
    CHITIEU,
    Line,
    arguments,
    create_database,
    environment_of,
    measure,
    scratch_folder,
    scratch_server,
)
from benchmarks.peers.common import SCHEMA, Figure, engine_of, read_figures
from benchmarks.peers.dlt_peer import PEERS
from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from plans.reporting_calendar import scheduled_periods
from sampledata.drive import make_drive

Keyed = dict[tuple[str, str, str], Figure]
NO_PEERS = (
    "dlt and dbt are left out: make their environment ({0}) with `make .peers/.installed`, "
    "or name one with --peers or CHITIEU_PEERS."
)


def main() -> int:
    """Make a drive, run all on it, print the table and a line of JSON; exit status 1 where figures differ."""
    parser = arguments("peers", __doc__)
    parser.add_argument("--sheets", type=int, default=200, help="about so many; a year has some 660")
    parser.add_argument("--communes", action="store_true", help="the drive that the floor is measured on")
    parser.add_argument("--runs", type=int, default=1, help="of each; the median counts")
    parser.add_argument("--peers", type=Path, default=PEERS, help="the environment that has dlt and dbt")
    asked = parser.parse_args()
    names = ["product", "pandas", "dlt"]
    if not (asked.peers / "bin" / "python").exists():
        print(NO_PEERS.format(asked.peers), file=sys.stderr)
        names.remove("dlt")
    with scratch_folder() as folder:
        if asked.communes:
            plan, os.environ["CHITIEU_PLAN"] = drives.plan_with_communes(), str(folder / "plan.yaml")
            drives.write_plan(plan, folder / "plan.yaml")
            sheets = drives.make(folder / "drive", plan, asked.sheets, asked.seed)
        else:
            sheets = make(folder / "drive", read_plan(DEFAULT_PLAN), asked.sheets, asked.seed)
        with scratch_server(folder) as server:
            runs = [_run_all(server, folder, names, asked.peers, n) for n in range(asked.runs)]
    lines = {name: _median([run[name] for run in runs]) for name in names}
    _print(lines, sheets)
    return 1 if any(line["differ"] for run in runs for line in run.values()) else 0


def make(drive: Path, plan: Plan, sheets: int, seed: int) -> int:
    """Write the first periods of the year, as many as about so many sheets take; returns how many there are.

    Beyond what a year has, communes report unasked.
    """
    periods: list[str] = []
    owed = 0
    for period in sorted(scheduled_periods(plan.year, plan.calendar), key=lambda p: p.window_end):
        if owed < 0.9 * sheets:
            periods.append(period.code)
            owed += sum(o.frequency == period.kind and not o.optional for o in plan.cadences.values())
    communes = max(0, round((sheets - 1.1 * owed) / 4))
    return len(make_drive(drive, plan, seed=seed, periods=periods, commune_bodies=communes))


def _run_all(server: str, folder: Path, names: list[str], peers: Path, number: int) -> dict[str, Line]:
    """One run of each, with how many figures differ from the product's."""
    lines: dict[str, Line] = {}
    ours: Keyed = {}
    for name in names:
        url = create_database(server, f"{name}_{number}")
        environment = environment_of(folder / f"home-{number}", url=url)
        if name == "product":
            init = measure([CHITIEU, "init", "--json"], environment)
            ingest = [CHITIEU, "ingest", f"file://{folder / 'drive'}", "--json"]
            lines[name] = measure(ingest, environment) | {"init": init["wall"], "differ": 0}
            ours = read_figures(engine_of(url), "mart.target_indicator")
            continue
        command = [sys.executable, "-m", f"benchmarks.peers.{name}_peer", str(folder / "drive"), url]
        lines[name] = measure([*command, "--peers", str(peers)] if name == "dlt" else command, environment)
        theirs = read_figures(engine_of(url), f"{SCHEMA}.target_indicator")
        lines[name] |= {"differ": _differing(ours, theirs), "figures": len(ours)}
    return lines


def _differing(ours: Keyed, theirs: Keyed) -> int:
    """Of how many targets, areas and periods the figures are not the same."""
    return sum(ours.get(key, "none") != theirs.get(key, "none") for key in ours.keys() | theirs.keys())


def _median(lines: list[Line]) -> Line:
    """The median of each time and of memory; of figures that differ the most."""
    measured = ("wall", "seconds", "peak_mb", "init", "parse", "dlt", "dbt")
    medians = {
        key: round(statistics.median(line[key] for line in lines), 2) for key in measured if key in lines[0]
    }
    return medians | {"differ": max(line["differ"] for line in lines), "of": lines[0].get("figures", 0)}


def _print(lines: dict[str, Line], sheets: int) -> None:
    ours = lines["product"]
    result = f"{sheets} sheets"
    print(
        f"{result:<14}{'wall s':>8}{'ratio':>7}{'seconds':>9}{'ratio':>7}{'peak MB':>9}{'ratio':>7}  figures"
    )
    for name, line in lines.items():
        line["ratios"] = {
            key: round(line[key] / max(ours[key], 0.01), 2) for key in ("wall", "seconds", "peak_mb")
        }
        ratios = line["ratios"]
        agree = "" if name == "product" else f"{line['of'] - line['differ']} of {line['of']} agree"
        print(
            f"{name:<14}{line['wall']:>8.1f}{ratios['wall']:>7.2f}{line['seconds']:>9.1f}"
            f"{ratios['seconds']:>7.2f}{line['peak_mb']:>9.0f}{ratios['peak_mb']:>7.2f}  {agree}"
        )
    print(json.dumps({"sheets": sheets} | lines))


if __name__ == "__main__":
    sys.exit(main())
