"""The whole ways through, as plain functions: what the command line and the Prefect flows both run."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine

from drives.listing import DriveFile
from plans.model import Plan
from services.context import AppContext
from services.intake import Found, fetch_and_read, in_batches, look_at_drives
from services.progress import Progress, silent
from services.reader_pool import Job, ReadFiles, read_files
from transforms.layout.parsed_sheet import FileReading
from warehouse.database import advisory_lock
from warehouse.indicators.materialize import lacks_figures, materialize

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

    def add(self, other: "IngestResult") -> None:
        """Count in what was done besides."""
        self.files += other.files
        self.submissions += other.submissions
        self.rows_loaded += other.rows_loaded
        self.indicators_changed += other.indicators_changed
        self.problems += other.problems


@dataclass(frozen=True)
class IngestContext:
    """Database, plan, present moment, archive and reader of one ingest."""

    engine: Engine
    plan: Plan
    now: datetime
    archive: Path
    progress: Progress = silent
    read: ReadFiles = read_files

    @classmethod
    def of(cls, context: AppContext, progress: Progress = silent) -> "IngestContext":
        """Return the ingest context of a command or flow run."""
        return cls(context.engine, context.plan, context.now, context.settings.archive, progress)


def look(work: IngestContext, urls: Sequence[str]) -> Found:
    """List the drives: what is new there. Raises DriveError."""
    return look_at_drives(work.engine, urls)


def ingest_batch(work: IngestContext, files: Sequence[DriveFile]) -> IngestResult:
    """Read a batch and load it in one transaction."""
    arrived, problems = fetch_and_read(
        work.engine, files, work.plan, work.now, work.archive, work.progress, _importing(work.read)
    )
    load = import_module("services.batch_load").load
    work.progress("Loading", 0, len(arrived))
    with work.engine.begin() as connection:
        outcome = load(connection, arrived, work.plan, work.now)
    work.progress("Loading", len(arrived), len(arrived))
    return IngestResult(
        len(arrived),
        outcome.submissions,
        outcome.rows_loaded,
        indicators_changed=outcome.indicators_changed,
        problems=problems,
    )


def refresh_is_due(work: IngestContext) -> bool:
    """Whether some target lacks a row."""
    with work.engine.connect() as connection:
        return lacks_figures(connection, work.plan, work.now)


def _importing(read: ReadFiles) -> ReadFiles:
    """A reader that has what loading needs imported once it is at work.

    Pandas and Pandera take half a second: only where there is something to load, and while others read. Not
    in a thread, which would hold up the one that hands out the files.
    """

    def reading(
        jobs: Iterable[Job], plan: Plan, today: date, archive: Path
    ) -> Iterator[tuple[Job, FileReading]]:
        for read_one in read(jobs, plan, today, archive):
            import_module("services.batch_load")
            yield read_one

    return reading


def refresh(work: IngestContext) -> int:
    """Reckon the targets that lack a row, as when a window has closed since; returns how many changed."""
    with work.engine.begin() as connection:
        return materialize(connection, work.plan, work.now, only_missing=True)


@dataclass(frozen=True)
class Steps:
    """The steps of an ingest: plain functions, or the same as Prefect tasks."""

    look: Callable[[IngestContext, Sequence[str]], Found] = look
    ingest_batch: Callable[[IngestContext, Sequence[DriveFile]], IngestResult] = ingest_batch
    refresh: Callable[[IngestContext], int] = refresh


def ingest(work: IngestContext, urls: Sequence[str], steps: Steps = Steps()) -> IngestResult:
    """Take in what is new on the drives, batch by batch; each batch is loaded whole or not at all.

    One ingest at a time: another on the same database waits. Raises DriveError, DatabaseError.
    """
    started = monotonic()
    result = IngestResult()
    with advisory_lock(work.engine, "ingest"):
        found = steps.look(work, urls)
        result.unchanged, result.problems = found.unchanged, list(found.problems)
        for batch in in_batches(found.files):
            result.add(steps.ingest_batch(work, batch))
        result.indicators_changed += steps.refresh(work)
    result.seconds = monotonic() - started
    return result
