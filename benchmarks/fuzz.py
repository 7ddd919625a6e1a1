"""Ingest generated years and compare the warehouse with the expected result, seed by seed."""

import argparse
import itertools
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.truth import faults
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from services.ingest import IngestContext, ingest
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.embedded.server import bundled_binaries, start_cluster, stop_cluster
from warehouse.migrations.upgrade import migrate


def main() -> int:
    """Run the seeds from `--seed` on; exit status 1 at the first that differs from its expected result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="how many seeds (default: until stopped)")
    parser.add_argument("--plan", type=Path, default=DEFAULT_PLAN)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chitieu-fuzz-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = start_cluster(folder / "postgres", bundled_binaries(), {"fsync": "off"})
        try:
            for seed in itertools.islice(itertools.count(arguments.seed), arguments.count):
                wrong = _run(server, folder / str(seed), arguments.plan, seed)
                print(f"seed {seed}: {len(wrong)} wrong", *wrong, sep="\n  ", flush=True)
                if wrong:
                    return 1
        finally:
            stop_cluster(folder / "postgres", bundled_binaries())
    return 0


def _run(server: str, folder: Path, plan_file: Path, seed: int) -> list[str]:
    plan = read_plan(plan_file)
    truth = make_drive(folder / "drive", plan, seed=seed, mess=seed % 10 / 9)
    with connect(server).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE fuzz_{seed}_{os.getpid()}")
    engine = connect(f"{server.rpartition('/')[0]}/fuzz_{seed}_{os.getpid()}")
    migrate(engine)
    with engine.begin() as connection:
        load_reference(connection, plan)
    ingest(IngestContext(engine, plan, datetime.now(UTC), folder / "archive"), [f"file://{folder / 'drive'}"])
    with engine.connect() as connection:
        wrong = faults(connection, truth)
    engine.dispose()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
