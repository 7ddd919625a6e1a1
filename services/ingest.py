"""Ingest what is new on the drives: the steps that the command line and the Prefect flow share."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event
from time import monotonic
from typing import ParamSpec, Protocol, TypedDict, TypeVar

from sqlalchemy import Engine

from drives.archive import Archive
from drives.listing import DriveFile, Listing, list_drive
from drives.urls import provinces_of, public_url, split_source
from plans.model import Plan
from plans.plan_fit import nearest_first
from services.context import AppContext, PlanDriftError
from services.intake import (
    DriveState,
    FetchedFile,
    SkippedFile,
    fetch_and_read,
    in_batches,
    list_new_files,
    note_known_contents,
)
from services.plan_routing import ActivePlan, Routes
from services.progress import Progress, no_progress
from services.reader_pool import ReadFiles, living_readers, read_files
from warehouse.blocking_readers import exclusively
from warehouse.dimensions.plan_documents import definition_digest, plan_state
from warehouse.form_catalog import form_set_of
from warehouse.indicators.figure_coverage import lacks_figures
from warehouse.indicators.materialize import materialize
from warehouse.loads import last_load, recorded_load

P = ParamSpec("P")
R = TypeVar("R")
ReadAhead = Future[tuple[list[FetchedFile], list[str]]]

STATUSES = ("accepted", "accepted_with_warnings", "rejected", "duplicate", "ignored")


class IngestSummary(TypedDict):
    """The result of an ingest for programs."""

    plans: list[str]
    files: int
    submissions: dict[str, int]
    rows_loaded: int
    seconds: float
    unchanged: int
    indicators_changed: int
    problems: list[str]
    drives: list[DriveState]
    skipped: list[SkippedFile]
    loads: list[int]


@dataclass(slots=True)
class IngestResult:
    """The result of an ingest; `problems` are sentences about what could not be read.

    `plans` are the codes of the plans that it was for, `loads` the ids of its loads.
    """

    plans: list[str] = field(default_factory=list)
    files: int = 0
    submissions: Counter[str] = field(default_factory=Counter)
    rows_loaded: int = 0
    unchanged: int = 0
    indicators_changed: int = 0
    problems: list[str] = field(default_factory=list)
    drives: list[DriveState] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    loads: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> IngestSummary:
        """Return the result with every status counted."""
        return {
            "plans": self.plans,
            "files": self.files,
            "submissions": {status: self.submissions[status] for status in STATUSES},
            "rows_loaded": self.rows_loaded,
            "seconds": round(self.seconds, 2),
            "unchanged": self.unchanged,
            "indicators_changed": self.indicators_changed,
            "problems": self.problems,
            "drives": self.drives,
            "skipped": self.skipped,
            "loads": self.loads,
        }

    def add(self, other: "IngestResult") -> None:
        """Add the counts and problems of a batch."""
        self.files += other.files
        self.submissions += other.submissions
        self.rows_loaded += other.rows_loaded
        self.indicators_changed += other.indicators_changed
        self.problems += other.problems
        self.loads += other.loads


@dataclass(frozen=True)
class IngestContext:
    """Database, plans, present moment, archive and reader of one ingest; by default processes read.

    `further_plans` are the other plans in use.
    """

    engine: Engine
    plan: Plan
    now: datetime
    archive: Archive
    progress: Progress = no_progress
    read: ReadFiles | None = None
    further_plans: tuple[Plan, ...] = ()

    @classmethod
    def of(
        cls, context: AppContext, *others: AppContext, progress: Progress = no_progress
    ) -> "IngestContext":
        """Return the ingest context of a command or flow run, from the context of each plan in use."""
        archive, further = context.settings.archive, tuple(other.plan for other in others)
        return cls(context.engine, context.plan, context.now, archive, progress, further_plans=further)


def plans_in_use(context: IngestContext) -> tuple[list[ActivePlan], list[str]]:
    """Return the plans that are applied as their files have them, and a sentence for each other one.

    The likeliest plans come first. Raises PlanDriftError where no plan is left.
    """
    active: list[ActivePlan] = []
    problems: list[str] = []
    today = context.now.date()
    with context.engine.connect() as connection:
        for plan in nearest_first((context.plan, *context.further_plans), today):
            if plan_state(connection, plan).drift == "none":
                active.append(
                    ActivePlan(plan, f"{plan.code} {definition_digest(plan, form_set_of(connection, plan))}")
                )
            else:
                problems.append(
                    f"The plan {plan.code} is left out: what is applied differs from its file or the forms."
                )
    if not active:
        raise PlanDriftError(problems[0], "Run chitieu plan diff, then chitieu plan apply.")
    return active, problems


def ingest_batch(
    context: IngestContext,
    files: Sequence[DriveFile],
    routes: Routes,
    plans: Sequence[ActivePlan],
    ahead: ReadAhead | None = None,
) -> IngestResult:
    """Load a batch in one transaction: what was read of it `ahead`, or else is fetched and read now."""
    # Imported here: pandas and Pandera take half a second, which an ingest without new files does not need.
    # The first batch is read in the meantime.
    from services.batch_load import load

    if ahead is not None and ahead.exception() is None:
        fetched, problems = ahead.result()
        note_known_contents(context.engine, fetched)
    else:
        read = context.read or read_files
        fetched, problems = fetch_and_read(
            context.engine, files, routes, context.now, context.archive, context.progress, read
        )
    context.progress("Loading", 0, len(fetched))
    with context.engine.begin() as connection:
        loaded = load(connection, fetched, plans, context.now)
    context.progress("Loading", len(fetched), len(fetched))
    return IngestResult(
        files=len(fetched),
        submissions=loaded.submissions,
        rows_loaded=loaded.rows_loaded,
        indicators_changed=loaded.indicators_changed,
        problems=problems,
        loads=loaded.loads,
    )


@contextmanager
def reading_ahead(
    context: IngestContext, batches: Sequence[Sequence[DriveFile]], routes: Routes
) -> Iterator[Iterator[ReadAhead]]:
    """Yield an iterator over what is read of each batch; the batch after it is read in the meantime.

    Nothing further is fetched once the block is left, as after an error.
    """
    stopped = Event()

    def submit(batch: Sequence[DriveFile], progress: Progress) -> ReadAhead:
        run = copy_context()  # that of a Prefect run

        def read() -> tuple[list[FetchedFile], list[str]]:
            how = (context.now, context.archive, progress, context.read or read_files, stopped.is_set)
            return run.run(fetch_and_read, context.engine, batch, routes, *how)

        return pool.submit(read)

    def each() -> Iterator[ReadAhead]:
        if not batches:
            return
        following = submit(batches[0], context.progress)
        for batch in batches[1:]:
            wait([following])
            done, following = following, submit(batch, no_progress)
            yield done
        yield following

    with ThreadPoolExecutor(1, "read-ahead") as pool:
        try:
            yield each()
        finally:
            stopped.set()


def plans_to_refresh(context: IngestContext, plans: Sequence[ActivePlan]) -> list[Plan]:
    """Return the plans of which some target lacks a row."""
    with context.engine.connect() as connection:
        return [active.plan for active in plans if lacks_figures(connection, active.plan, context.now)]


def refresh(context: IngestContext, plans: Sequence[Plan]) -> int:
    """Compute the targets that lack a row, as when a window has closed; returns how many changed."""
    with context.engine.begin() as connection:
        return sum(materialize(connection, plan, context.now, only_missing=True) for plan in plans)


def note_ingest(context: IngestContext, plans: Sequence[ActivePlan]) -> None:
    """Record an ingest that loaded nothing, once a day: a period is closed only after an ingest."""
    with context.engine.begin() as connection:
        for active in plans:
            last = last_load(connection, active.plan, "ingest")
            if last is None or abs(context.now - last) >= timedelta(days=1):
                with recorded_load(connection, active.plan, "ingest", context.now):
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


def ingest(context: IngestContext, sources: Sequence[str], step: Step = plain_step) -> IngestResult:
    """Ingest what is new on the drives batch by batch; each batch is loaded as a whole or not at all.

    A drive that cannot be listed, and a plan that is not applied as its file has it, are problems of the
    result. One ingest at a time: another on the same
    database waits. Raises DriveError where no drive can be listed, PlanDriftError where no plan can be
    used, DatabaseError, ArchiveError.
    """
    started = monotonic()
    urls = [split_source(source)[0] for source in sources]
    provinces = provinces_of(sources)
    result = IngestResult()

    def list_one(url: str) -> Listing:
        return step("list drive", f"drive {public_url(url)}", list_drive)(url)

    with exclusively(context.engine, "ingest"):
        plans, left_out = plans_in_use(context)  # inside the lock: plans are applied under it
        result.plans = sorted(active.plan.code for active in plans)
        new = list_new_files(context.engine, urls, plans, context.now.date(), list_one, provinces)
        result.unchanged, result.problems = new.unchanged, list(new.problems)
        result.drives, result.skipped = new.drives, new.skipped
        batches = list(in_batches(new.files))
        with (
            nullcontext(context.read) if context.read else living_readers() as readers,
            reading_ahead(replace(context, read=readers), batches, new.routes) as read,
        ):
            for number, (batch, ahead) in enumerate(zip(batches, read, strict=True), 1):
                title = f"batch {number} of {len(batches)}, {len(batch)} files"
                result.add(
                    step("ingest batch", title, ingest_batch)(context, batch, new.routes, plans, ahead)
                )
        stale = plans_to_refresh(context, plans)
        if stale:
            result.indicators_changed += step("refresh targets", "refresh targets", refresh)(context, stale)
        if not result.problems:
            note_ingest(context, plans)
    result.problems += left_out
    result.seconds = monotonic() - started
    return result
