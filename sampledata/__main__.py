"""`python -m sampledata FOLDER --seed 1` writes FOLDER/drive and FOLDER/truth.json."""

import argparse
import json
import sys
from pathlib import Path

from plans.reading import DEFAULT_PLAN, PlanError, read_plan
from sampledata.drive import make_drive


def main(arguments: list[str] | None = None) -> int:
    """Make a drive with its truth; exit status 2 where the folder, the plan or a period is no good."""
    parser = argparse.ArgumentParser(prog="python -m sampledata", description=__doc__)
    parser.add_argument("folder", type=Path, help="gets drive/ and truth.json")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", type=Path, default=DEFAULT_PLAN)
    parser.add_argument("--periods", nargs="+", help="period codes; the whole year by default")
    asked = parser.parse_args(arguments)
    if (asked.folder / "drive").exists():
        print(
            f"{asked.folder / 'drive'} exists already: the truth would not be about all of it",
            file=sys.stderr,
        )
        return 2
    try:
        plan = read_plan(asked.plan)
        truth = make_drive(asked.folder / "drive", plan, seed=asked.seed, periods=asked.periods)
    except (PlanError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    (asked.folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), "utf-8")
    print(f"{len(truth)} sheets in {asked.folder / 'drive'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
