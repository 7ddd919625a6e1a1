"""Ingest what is new on the drives: the steps that the command line and the Prefect flow share."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import ParamSpec, Protocol, TypedDict, TypeVar

from sqlalchemy import Engine

from drives.listing import DriveFile, Listing, list_drive, public_url
from plans.model import Plan
from services.context import AppContext
from services.intake import DriveState, SkippedFile, fetch_and_read, in_batches, list_new_files
from services.progress import Progress, no_progress
from services.reader_pool import ReadFiles, read_files
from warehouse.blocking_readers import ending_blocking_readers
from warehouse.database import advisory_lock
from warehouse.indicators.materialize import lacks_figures, materialize
from warehouse.loads import last_load, recorded_load

P = ParamSpec("P")
R = TypeVar("R")

STATUSES = ("accepted", "accepted_with_warnings", "rejected", "duplicate", "ignored")


class IngestSummary(TypedDict):
    """The result of an ingest for programs."""

    files: int
    submissions: dict[str, int]
    rows_loaded: int
    seconds: float
    unchanged: int
    indicators_changed: int
    problems: list[str]
    drives: list[DriveState]
    skipped: list[SkippedFile]


@dataclass(slots=True)
class IngestResult:
    """The result of an ingest; `problems` are sentences about what could not be read."""

    files: int = 0
    submissions: Counter[str] = field(default_factory=Counter)
    rows_loaded: int = 0
    unchanged: int = 0
    indicators_changed: int = 0
    problems: list[str] = field(default_factory=list)
    drives: list[DriveState] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> IngestSummary:
        """Return the result with every status counted."""
        return {
            "files": self.files,
            "submissions": {status: self.submissions[status] for status in STATUSES},
            "rows_loaded": self.rows_loaded,
            "seconds": round(self.seconds, 2),
            "unchanged": self.unchanged,
            "indicators_changed": self.indicators_changed,
            "problems": self.problems,
            "drives": self.drives,
            "skipped": self.skipped,
        }

    def add(self, other: "IngestResult") -> None:
        """Add the counts and problems of a batch."""
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
    progress: Progress = no_progress
    read: ReadFiles = read_files

    @classmethod
    def of(cls, context: AppContext, progress: Progress = no_progress) -> "IngestContext":
        """Return the ingest context of a command or flow run."""
        return cls(context.engine, context.plan, context.now, context.settings.archive, progress)


def ingest_batch(context: IngestContext, files: Sequence[DriveFile]) -> IngestResult:
    """Fetch and read a batch and load it in one transaction."""
    fetched, problems = fetch_and_read(
        context.engine,
        files,
        context.plan,
        context.now,
        context.archive,
        context.progress,
        context.read,
        while_reading=_import_loader,
    )
    from services.batch_load import load  # lazy: see _import_loader

    context.progress("Loading", 0, len(fetched))
    with context.engine.begin() as connection:
        loaded = load(connection, fetched, context.plan, context.now)
    context.progress("Loading", len(fetched), len(fetched))
    return IngestResult(
        files=len(fetched),
        submissions=loaded.submissions,
        rows_loaded=loaded.rows_loaded,
        indicators_changed=loaded.indicators_changed,
        problems=problems,
    )


def _import_loader() -> None:
    """Import what loading needs while the readers are busy.

    pandas and Pandera take half a second, which an ingest without new files does not need at all. Not in a
    thread: it would hold up the one that hands files to the readers.
    """
    import services.batch_load  # noqa: F401


def refresh_is_due(context: IngestContext) -> bool:
    """Return whether some target lacks a row."""
    with context.engine.connect() as connection:
        return lacks_figures(connection, context.plan, context.now)


def refresh(context: IngestContext) -> int:
    """Compute the targets that lack a row, as when a window has closed; returns how many changed."""
    with context.engine.begin() as connection:
        return materialize(connection, context.plan, context.now, only_missing=True)


def note_ingest(context: IngestContext) -> None:
    """Record an ingest that loaded nothing, once a day: a period is closed only after an ingest."""
    with context.engine.begin() as connection:
        last = last_load(connection, context.plan, "ingest")
        if last is None or abs(context.now - last) >= timedelta(days=1):
            with recorded_load(connection, context.plan, "ingest", context.now):
                pass


class Step(Protocol):
    """How the steps of an ingest are run: as plain calls, or as Prefect tasks.

    `kind` is the name of the function's kind, `title` that of this run of it.
    """

    def __call__(self, kind: str, title: str, function: Callable[P, R], /) -> Callable[P, R]:
        """Return the function to call."""


def plain_step(_kind: str, _title: str, function: Callable[P, R], /) -> Callable[P, R]:
    """Return the function as it is."""
    return function


def ingest(context: IngestContext, urls: Sequence[str], step: Step = plain_step) -> IngestResult:
    """Ingest what is new on the drives batch by batch; each batch is loaded as a whole or not at all.

    A drive that cannot be listed is a problem of the result. One ingest at a time: another on the same
    database waits. Raises DriveError where no drive can be listed, DatabaseError, ArchiveError.
    """
    started = monotonic()
    result = IngestResult()

    def list_one(url: str) -> Listing:
        return step("list drive", f"drive {public_url(url)}", list_drive)(url)

    with ending_blocking_readers(context.engine), advisory_lock(context.engine, "ingest"):
        new = list_new_files(context.engine, urls, list_one)
        result.unchanged, result.problems = new.unchanged, list(new.problems)
        result.drives, result.skipped = new.drives, new.skipped
        batches = list(in_batches(new.files))
        for number, batch in enumerate(batches, 1):
            title = f"batch {number} of {len(batches)}, {len(batch)} files"
            result.add(step("ingest batch", title, ingest_batch)(context, batch))
        if refresh_is_due(context):
            result.indicators_changed += step("refresh targets", "refresh targets", refresh)(context)
        if not result.problems:
            note_ingest(context)
    result.seconds = monotonic() - started
    return result
