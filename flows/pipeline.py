"""The whole ways through, as plain functions: what the command line and the Prefect flows both run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine

from drives.listing import DriveFile
from flows.ingesting import BATCH_FILES, Found, look_at_drives, take_in
from flows.progress import Progress, silent
from plans.model import Plan
from warehouse.database import one_at_a_time
from warehouse.indicators import materialize

STATUSES = ("accepted", "accepted_with_warnings", "rejected", "duplicate", "ignored")


@dataclass(slots=True)
class IngestResult:
    """What an ingest did; `problems` are sentences about what could not be had this time."""

    files: int = 0
    submissions: Counter[str] = field(default_factory=Counter)
    rows_loaded: int = 0
    unchanged: int = 0
    indicators_changed: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The result as the contract has it, and what else is known."""
        return {
            "files": self.files,
            "submissions": {status: self.submissions[status] for status in STATUSES},
            "rows_loaded": self.rows_loaded,
            "seconds": round(self.seconds, 2),
            "unchanged": self.unchanged,
            "indicators_changed": self.indicators_changed,
            "problems": self.problems,
        }


def ingest(
    engine: Engine,
    urls: Sequence[str],
    plan: Plan,
    now: datetime,
    archive: Path,
    progress: Progress = silent,
) -> IngestResult:
    """Take in what is new on the drives, batch by batch; each batch is loaded whole or not at all.

    One ingest at a time: another on the same database waits. Raises DriveError, DatabaseError.
    """
    started = monotonic()
    result = IngestResult()
    with one_at_a_time(engine, "ingest"):
        found = look_at_drives(engine, urls)
        result.unchanged, result.problems = found.unchanged, list(found.problems)
        for batch in batches(found):
            ingest_batch(engine, batch, plan, now, archive, result, progress)
        with engine.begin() as connection:
            result.indicators_changed += materialize(connection, plan, now, only_missing=True)
    result.seconds = monotonic() - started
    return result


def batches(found: Found) -> list[list[DriveFile]]:
    """The files in the order in which they came, in batches."""
    files = found.files
    return [files[i : i + BATCH_FILES] for i in range(0, len(files), BATCH_FILES)]


def ingest_batch(
    engine: Engine,
    files: Sequence[DriveFile],
    plan: Plan,
    now: datetime,
    archive: Path,
    result: IngestResult,
    progress: Progress,
) -> None:
    """Read a batch and load it in one transaction; adds what was done to the result."""
    arrived, problems = take_in(engine, files, plan, now, archive, progress)
    from flows.batches import load  # pandas and pandera, a second: only where there is something to load

    progress("Loading", 0, len(arrived))
    with engine.begin() as connection:
        outcome = load(connection, arrived, plan, now)
    progress("Loading", len(arrived), len(arrived))
    result.files += len(arrived)
    result.submissions += outcome.submissions
    result.rows_loaded += outcome.rows_loaded
    result.indicators_changed += outcome.indicators_changed
    result.problems += problems
