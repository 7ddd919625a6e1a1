"""Read files in separate processes: on all cores, and so that no file can end the run."""

import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from os import cpu_count
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

from drives import archive
from drives.archive import Archive
from plans.model import Plan
from schemas.form_catalog import FormCatalog
from services.child_processes import end_with_parent
from transforms.file_parser import file_problem, software_fault
from transforms.layout.parsed_sheet import FileReading
from transforms.layout.sheet_parser import ReadingContext, reading_context
from transforms.plan_choice import read_for_plans

MEMORY_BYTES = 768 * 1024 * 1024  # address space of a reading process; a valid file takes a few MB of it
CPU_SECONDS = 20  # for one file under one plan; a valid one takes milliseconds
# The most files or bytes that go to a reader together: each transfer costs as much as a small file.
_FILES, _BYTES = 8, 2_000_000
# The most files or bytes handed out at a time: enough to keep the readers busy while this process is not.
_FILES_OUTSTANDING, _BYTES_OUTSTANDING = 400, 32_000_000
_ARCHIVE_THREADS, _ARCHIVE_QUEUE = 4, 32  # a disk needs time to sync; the queue bounds the memory


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read and to archive; `number` identifies its reading.

    `plan_codes`: the plans that it may be for, the likeliest first; all where there are none.
    """

    number: int
    content: bytes = field(repr=False)
    sha256: str
    file_name: str
    body_code: str
    plan_codes: tuple[str, ...] = ()


_ReaderArgs = tuple[Sequence[Plan], FormCatalog, datetime]
_Outstanding = tuple[list[Job], Future[list[FileReading]]]
ReadFiles = Callable[
    [Iterable[Job], Sequence[Plan], FormCatalog, datetime, Archive], Iterator[tuple[Job, FileReading]]
]

# Of a reading process: the plans by code, their forms, the present moment, and the contexts made so far.
_plans: dict[str, Plan] = {}
_catalog: FormCatalog | None = None
_now: datetime | None = None
_contexts: dict[str, ReadingContext] = {}


def read_files(
    jobs: Iterable[Job],
    plans: Sequence[Plan],
    catalog: FormCatalog,
    now: datetime,
    archive_folder: Archive | None,
    processes: int | None = None,
) -> Iterator[tuple[Job, FileReading]]:
    """Read all files and archive those without personal data, in no fixed order; one process per core.

    A file that kills its reader, by memory or time, is read again alone; if it does so again its reading has
    the problem FILE-TOO-LARGE, and its content is archived unread. Without a folder nothing is archived.
    """
    readers = _Readers(processes or cpu_count() or 1)
    try:
        read = _read_all(jobs, (plans, catalog, now), readers)
        yield from read if archive_folder is None else keeping(read, archive_folder)
    finally:
        readers.end()


@contextmanager
def living_readers() -> Iterator[ReadFiles]:
    """Yield a function like `read_files` whose processes live until the block is left.

    An ingest reads all its batches with them: starting a process and its imports costs as much as 200 files.
    """
    readers = _Readers(cpu_count() or 1)

    def read(
        jobs: Iterable[Job],
        plans: Sequence[Plan],
        catalog: FormCatalog,
        now: datetime,
        archive_folder: Archive,
    ) -> Iterator[tuple[Job, FileReading]]:
        return keeping(_read_all(jobs, (plans, catalog, now), readers), archive_folder)

    try:
        yield read
    finally:
        readers.end()


class _Readers:
    """Reading processes that are started when the first file is read, and again after one of them died."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._pool: ProcessPoolExecutor | None = None
        self._key: object = None

    def pool_for(self, arguments: _ReaderArgs) -> ProcessPoolExecutor:
        """Return the processes that read with these arguments; others end."""
        plans, catalog, now = arguments
        key = ([plan.code for plan in plans], catalog, now)
        if self._pool is None or self._key != key:
            self.end()
            self._pool, self._key = _pool(self.processes, arguments), key
        return self._pool

    def end(self) -> None:
        """End the processes, when they have read what they are reading."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def keeping(
    read: Iterator[tuple[Job, FileReading]], archive_folder: Archive
) -> Iterator[tuple[Job, FileReading]]:
    """Archive files while others are read: when the iterator ends, all are safe on disk."""
    pending: deque[Future[Path | None]] = deque()
    folders: set[Path | None] = set()
    with ThreadPoolExecutor(_ARCHIVE_THREADS) as pool:
        for job, reading in read:
            pending.append(pool.submit(_archive_file, archive_folder, job, reading))
            if len(pending) > _ARCHIVE_QUEUE:
                folders.add(pending.popleft().result())
            yield job, reading
        folders.update(future.result() for future in pending)
        list(pool.map(archive.sync_folder, filter(None, folders)))


def _archive_file(archive_folder: Archive, job: Job, reading: FileReading) -> Path | None:
    """Archive a file; of one that must not be kept only the hash. Returns the folder to sync."""
    if not reading.must_not_be_kept:
        return archive.write(archive_folder, job.sha256, job.content)
    archive.note_hash_only(archive_folder, job.sha256)
    return None


def _read_all(
    jobs: Iterable[Job], arguments: _ReaderArgs, readers: _Readers
) -> Iterator[tuple[Job, FileReading]]:
    portions: Iterator[list[Job]] = chunk(jobs, _FILES, _BYTES)
    while True:
        outstanding: deque[_Outstanding] = deque()
        try:
            yield from _read_in_pool(portions, outstanding, readers.pool_for(arguments))
            return
        except BrokenProcessPool:
            readers.end()
        finally:
            for _, future in outstanding:
                future.cancel()
        unread: list[list[Job]] = []
        for portion, future in outstanding:
            if future.done() and not future.cancelled() and future.exception() is None:
                yield from zip(portion, future.result(), strict=True)
            else:
                unread.append(portion)
        # Portions are started in order: what killed a reader is in one of the first, one for each reader.
        for portion in unread[: readers.processes]:
            yield from ((job, _read_alone(job, arguments)) for job in portion)
        portions = chain(unread[readers.processes :], portions)


def chunk(jobs: Iterable[Job], files: int, size: int) -> Iterator[list[Job]]:
    """Split the jobs into lists of at most `files`; a list ends with the file that reaches `size` bytes."""
    portion: list[Job] = []
    filled = 0
    for job in jobs:
        portion.append(job)
        filled += len(job.content)
        if len(portion) == files or filled >= size:
            yield portion
            portion, filled = [], 0
    if portion:
        yield portion


def prepare_readers() -> None:
    """Start the common parent of the reading processes now, while this process does other things."""
    _method()
    forkserver.ensure_running()


def _method() -> ForkServerContext:
    # A forkserver starts lean: what the parent has imported, and its threads, are not copied.
    method = multiprocessing.get_context("forkserver")
    method.set_forkserver_preload(["services.reader_pool"])
    return method


def _pool(workers: int, arguments: _ReaderArgs) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, _method(), initializer=_start, initargs=arguments)


def _read_in_pool(
    portions: Iterator[list[Job]], outstanding: deque[_Outstanding], pool: ProcessPoolExecutor
) -> Iterator[tuple[Job, FileReading]]:
    size = 0
    for portion in portions:
        outstanding.append((portion, Future()))  # listed even if submitting it fails
        outstanding[-1] = (portion, pool.submit(_read, portion))
        size += _size(portion)
        while len(outstanding) * _FILES >= _FILES_OUTSTANDING or size >= _BYTES_OUTSTANDING:
            size -= _size(outstanding[0][0])
            yield from _first_done(outstanding)
    while outstanding:
        yield from _first_done(outstanding)


def _size(portion: list[Job]) -> int:
    return sum(len(job.content) for job in portion)


def _first_done(outstanding: deque[_Outstanding]) -> Iterator[tuple[Job, FileReading]]:
    portion, future = outstanding[0]
    readings = future.result()  # if this raises, the portion is still outstanding
    outstanding.popleft()
    return zip(portion, readings, strict=True)


def _read_alone(job: Job, arguments: _ReaderArgs) -> FileReading:
    try:
        with _pool(1, arguments) as pool:
            return pool.submit(_read, [job]).result()[0]
    except BrokenProcessPool:
        return FileReading(problem=file_problem("FILE-TOO-LARGE", "memory"))


def _start(plans: Sequence[Plan], catalog: FormCatalog, now: datetime) -> None:
    global _catalog, _now
    Thread(target=end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the file's content
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # the parent's stdout is read by programs
    os.dup2(nowhere, 2)  # libraries print warnings about damaged files
    _catalog, _now = catalog, now
    _plans.update({plan.code: plan for plan in plans})


def _context_of(plan_code: str) -> ReadingContext:
    """Return the context of a plan, made when the first file needs it."""
    assert _now is not None  # noqa: S101 - set by _start in every process of the pool
    assert _catalog is not None  # noqa: S101 - likewise
    if plan_code not in _contexts:
        plan = _plans[plan_code]
        today = _now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
        _contexts[plan_code] = reading_context(plan, _catalog.of(plan), today)
    return _contexts[plan_code]


def _read(portion: list[Job]) -> list[FileReading]:
    return [_read_one(job) for job in portion]


def _read_one(job: Job) -> FileReading:
    contexts = [_context_of(code) for code in job.plan_codes or _plans]
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS * len(contexts))  # its signal ends the process
    try:
        return read_for_plans(job.content, job.file_name, job.body_code, contexts)
    except MemoryError:
        return FileReading(problem=file_problem("FILE-TOO-LARGE", "memory"))
    except Exception as error:  # a fault of ours in one file does not stop the others
        # It was perhaps not searched for persons yet.
        return FileReading(problem=software_fault(error), must_not_be_kept=True)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
