"""Measure a late file, an ingest with nothing new, and queries on a warehouse of ten years."""

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.dashboards import milliseconds
from benchmarks.harness import CHITIEU, Line, environment_of, reader_of, report_progress
from benchmarks.history import load_years, plan_of
from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from services.ingest import IngestContext, ingest
from warehouse.database import connect
from warehouse.embedded.server import embedded_url, stop_embedded
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_roles

LAST, YEARS, LATE_FILES = 2020, 10, 7
SLOWEST_QUERY = 100  # milliseconds


def lines(folder: Path, seed: int) -> Iterator[Line]:
    """Yield the lines of the table."""
    base = read_plan(DEFAULT_PLAN)
    homes = {years: folder / f"{years}-years" for years in (0, 1, YEARS)}
    works = {years: _warehouse(home, base, years, seed) for years, home in homes.items()}
    late = _late_files(folder, works, base, seed)
    yield {
        "what": f"a late file on {YEARS} years over one on none: time",
        "ratio": late[YEARS] / late[0],
        "goal": 1.1,
        "absolute": f"{1000 * late[YEARS]:.0f} ms; {1000 * late[0]:.0f} ms on none",
    }
    yield from _of_queries(*(_dashboards(homes[years], base.code) for years in (1, YEARS)))
    yield _nothing_new(homes[YEARS], folder)
    yield _as_flow(homes[YEARS], folder)
    for years, home in homes.items():
        works[years].engine.dispose()
        stop_embedded(home)


def _dashboards(home: Path, plan: str) -> dict[str, float]:
    """Return the milliseconds of each dashboard query on the warehouse of a home."""
    reader = reader_of(home)
    try:
        return milliseconds(reader, plan, LAST)
    finally:
        reader.dispose()


def _of_queries(one: dict[str, float], ten: dict[str, float]) -> list[Line]:
    slowest = max(ten, key=lambda name: ten[name])
    targets = "targets of a period"
    for name, taken in sorted(ten.items(), key=lambda item: -item[1])[:5]:
        report_progress(f"{taken:.0f} ms on {YEARS} years: {name}")
    return [
        {
            "what": f"a target query on {YEARS} years over one: time",
            "ratio": ten[targets] / one[targets],
            "goal": 1.2,
            "absolute": f"{ten[targets]:.1f} ms; {one[targets]:.1f} ms on one",
        },
        {
            "what": f"the slowest of {len(ten)} queries of dashboards over {SLOWEST_QUERY} ms",
            "ratio": ten[slowest] / SLOWEST_QUERY,
            "goal": 1.0,
            "absolute": f"{ten[slowest]:.0f} ms, {slowest}; half are below {median(ten.values()):.1f} ms",
        },
    ]


def _warehouse(home: Path, base: Plan, years: int, seed: int) -> IngestContext:
    """Return a warehouse with that many years up to the last one; with 0 years, the plan alone."""
    report_progress(f"making a warehouse of {years} years")
    engine = connect(embedded_url(home))
    migrate(engine)
    load_years(engine, base, range(LAST - years + 1, LAST + 1), seed)
    if not years:
        from warehouse.dimensions.seeds import load_reference

        with engine.begin() as connection:
            load_reference(connection, plan_of(base, LAST))
    create_roles(engine)
    now = datetime(LAST + 1, 3, 1, tzinfo=UTC)
    return IngestContext(engine, plan_of(base, LAST), now, home / "archive")


def _late_files(folder: Path, works: dict[int, IngestContext], base: Plan, seed: int) -> dict[int, float]:
    """Return the median seconds of ingesting one new file, on each warehouse in turn."""
    spent: dict[int, list[float]] = {years: [] for years in works}
    for number in range(LATE_FILES):
        drive = folder / f"late-{number}"
        make_drive(
            drive, base, seed=seed + number, periods=["2020-M11"], bodies=["CAT"], fault_share=0, mess=0
        )
        for years, work in works.items():
            started = time.perf_counter()
            ingest(work, [f"file://{drive}"])
            spent[years].append(time.perf_counter() - started)
    return {years: median(times[1:]) for years, times in spent.items()}  # the first one warms up


def _nothing_new(home: Path, folder: Path) -> Line:
    """Time the ingest command, its start included, on a drive with nothing new."""
    command = [CHITIEU, "ingest", f"file://{folder / 'late-0'}"]
    spent = []
    for _ in range(4):
        started = time.perf_counter()
        subprocess.run(command, env=environment_of(home), check=True, capture_output=True)
        spent.append(time.perf_counter() - started)
    seconds = median(spent[1:])
    return {
        "what": "chitieu ingest with nothing new over 1.5 s, start included",
        "ratio": seconds / 1.5,
        "goal": 1.0,
        "absolute": f"{seconds:.2f} s",
    }


def _as_flow(home: Path, folder: Path) -> Line:
    """Time the same as a Prefect flow, compared with an empty flow on the same server."""
    report_progress("starting a Prefect server")
    os.environ |= {
        **{"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "ERROR"},
        **{"CHITIEU_HOME": str(home), "CHITIEU_DATABASE_URL": "", "DO_NOT_TRACK": "1"},
    }
    from prefect import flow
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    from flows.prefect_flows import run_ingest

    @flow
    def empty() -> None:
        """Do nothing."""

    drive = f"file://{folder / 'late-0'}"
    quiet = temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})  # as run_ingest has it
    with prefect_test_harness(server_startup_timeout=120), quiet:
        spent: dict[str, list[float]] = {"empty": [], "ingest": []}
        for _ in range(6):
            for name, run in (("empty", empty), ("ingest", lambda: run_ingest([drive]))):
                started = time.perf_counter()
                run()
                spent[name].append(time.perf_counter() - started)
    ours, nothing = median(spent["ingest"][1:]), median(spent["empty"][1:])
    return {
        "what": "an ingest flow with nothing new over an empty flow: time",
        "ratio": ours / nothing,
        "goal": 1.5,
        "absolute": f"{1000 * ours:.0f} ms; an empty flow {1000 * nothing:.0f} ms",
    }
