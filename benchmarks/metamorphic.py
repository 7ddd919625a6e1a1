"""Pairs of sheets through the reader, number after number; the next run goes on where one stopped.

Prints each pair that is not read as `tests.support.metamorphic` expects; then the exit status is 1.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.support.metamorphic import pair

BATCH = 250


def main() -> int:
    """Read the asked number of pairs, and print how many were read wrongly."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.metamorphic", description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="the first pair of a new run")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--progress", type=Path, default=Path(".fuzz/metamorphic.json"))
    asked = parser.parse_args()
    first = json.loads(asked.progress.read_text())["next"] if asked.progress.exists() else asked.seed
    asked.progress.parent.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with ProcessPoolExecutor(asked.processes) as pool:
        for start in range(first, first + asked.pairs, BATCH):
            end = min(start + BATCH, first + asked.pairs)
            for problem in filter(None, pool.map(pair, range(start, end), chunksize=25)):
                wrong += 1
                print(problem, flush=True)
            asked.progress.write_text(json.dumps({"next": end}))
    print(f"{asked.pairs} pairs read from number {first} on; {wrong} of them wrongly")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
