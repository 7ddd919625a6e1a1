"""Ingest generated years and compare the warehouse with the expected result, seed by seed."""

import itertools
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.harness import arguments, create_warehouse, scratch_folder, scratch_server
from benchmarks.truth import faults
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from services.ingest import IngestContext, ingest


def main() -> int:
    """Run the seeds from `--seed` on; exit status 1 at the first that differs from its expected result."""
    parser = arguments("fuzz", __doc__)
    parser.add_argument("--count", type=int, help="how many seeds (default: until stopped)")
    parser.add_argument("--plan", type=Path, default=DEFAULT_PLAN)
    asked = parser.parse_args()
    with scratch_folder() as folder, scratch_server(folder, fsync="off") as server:
        for seed in itertools.islice(itertools.count(asked.seed), asked.count):
            wrong = _run(server, folder / str(seed), asked.plan, seed)
            print(f"seed {seed}: {len(wrong)} wrong", *wrong, sep="\n  ", flush=True)
            if wrong:
                return 1
    return 0


def _run(server: str, folder: Path, plan_file: Path, seed: int) -> list[str]:
    plan = read_plan(plan_file)
    truth = make_drive(folder / "drive", plan, seed=seed, mess=seed % 10 / 9)
    engine = create_warehouse(server, f"fuzz_{seed}_{os.getpid()}", plan)
    ingest(IngestContext(engine, plan, datetime.now(UTC), folder / "archive"), [f"file://{folder / 'drive'}"])
    with engine.connect() as connection:
        wrong = faults(connection, truth)
    engine.dispose()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
