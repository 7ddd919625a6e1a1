"""Ingest a nation: provinces one after the other into one warehouse, a year each.

Prints a line per province, and at the end throughput, memory, shares of processor time, the size of the
warehouse, the seconds to recompute every target, and the cost of a late file on the last province over the
first.
"""

import json
import resource
import shutil
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, text

from benchmarks.harness import arguments, scratch_folder
from benchmarks.shares import moment
from plans.model import Obligation, Plan
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from services.ingest import IngestContext, ingest
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.embedded.server import embedded_url, stop_embedded
from warehouse.indicators.materialize import materialize
from warehouse.migrations.upgrade import migrate

NOW = datetime(2021, 3, 1, tzinfo=UTC)
LATE_FILES = 5


def province(number: int) -> Plan:
    """Return DN-2020 under codes of its own, with communes reporting each quarter."""
    document = read_plan(DEFAULT_PLAN).model_dump(mode="json")
    document |= {"code": f"P{number:02}-2020", "area": _code(number, document["area"])}
    for area in document["areas"]:
        area["code"] = _code(number, area["code"])
        area["parent"] = _code(number, area["parent"]) if area["parent"] else None
    for body in document["bodies"]:
        body["area"] = _code(number, body["area"])
    kept = [o for o in document["obligations"] if not o["optional"]]
    communes = Obligation(form="05-PCMD", bodies=("commune",), frequency="Q").model_dump(mode="json")
    document["obligations"] = [*[o for o in kept if o["form"] != "05-PCMD"], communes]
    return Plan.model_validate(document)


def _code(number: int, code: str) -> str:
    return f"{number:02}{code}"


def main() -> None:
    """Ingest the provinces and print the cost."""
    parser = arguments("nation", __doc__)
    parser.add_argument("--provinces", type=int, default=63)
    asked = parser.parse_args()
    with scratch_folder() as folder:
        engine = connect(embedded_url(folder / "home"))
        migrate(engine)
        try:
            _nation(engine, folder, asked.provinces, asked.seed)
        finally:
            engine.dispose()
            stop_embedded(folder / "home")


def _nation(engine: Engine, folder: Path, provinces: int, seed: int) -> None:
    works, sheets, seconds = [], 0, 0.0
    shares: Counter[str] = Counter()
    for number in range(1, provinces + 1):
        plan = province(number)
        with engine.begin() as connection:
            load_reference(connection, plan)
        works.append(IngestContext(engine, plan, NOW, folder / "archive"))
        drive = folder / "drive"
        make_drive(drive, plan, seed=seed + number, fault_share=0.05)
        before, started = moment(engine), time.perf_counter()
        result = ingest(works[-1], [f"file://{drive}"])
        spent = time.perf_counter() - started
        shares.update({who: share * spent for who, share in moment(engine).since(before).items()})
        shutil.rmtree(drive)
        shutil.rmtree(folder / "archive")
        count = sum(result.submissions.values())
        sheets, seconds = sheets + count, seconds + spent
        print(json.dumps({"province": number, "sheets": count, "seconds": round(spent, 1)}), flush=True)
    late = {which: _late(works[which], folder, seed) for which in (0, -1)}
    started = time.perf_counter()
    with engine.begin() as connection:
        figures = sum(materialize(connection, work.plan, NOW) for work in works)
    summary = {
        "sheets": sheets,
        "sheets_per_second": round(sheets / seconds),
        "shares_pct": {who: round(weighed / seconds, 1) for who, weighed in shares.items()},
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "database_mb": _megabytes(engine),
        "refresh_all_seconds": round(time.perf_counter() - started, 1),
        "figures_changed_by_it": figures,
        "late_file_last_over_first": round(late[-1] / late[0], 2),
        "late_file_seconds": round(late[-1], 2),
    }
    print(json.dumps(summary), flush=True)


def _late(work: IngestContext, folder: Path, seed: int) -> float:
    """Return the median seconds of ingesting one further file of a province."""
    spent = []
    for number in range(LATE_FILES):
        drive = folder / f"late-{work.plan.code}-{number}"
        options = {"periods": ["2020-M11"], "bodies": ["CAT"], "fault_share": 0, "mess": 0}
        make_drive(drive, work.plan, seed=seed + 100 + number, **options)  # type: ignore[arg-type]
        started = time.perf_counter()
        ingest(work, [f"file://{drive}"])
        spent.append(time.perf_counter() - started)
    return median(spent[1:])


def _megabytes(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_database_size(current_database()) / 2 ^ 20")) or 0)


if __name__ == "__main__":
    main()
