"""Read files in processes of their own: all cores at work, and no file that can take the run down with it."""

import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from os import cpu_count
from pathlib import Path

from drives import archive
from plans.model import Plan
from transforms.file_reading import file_problem, read_file
from transforms.readings import FileReading
from transforms.sheet_reading import ReadingContext, reading_context

MEMORY_BYTES = 768 * 1024 * 1024  # address space of a reading process; a sound file takes a few MB of it
CPU_SECONDS = 20  # for one file; a sound one takes milliseconds
_UNDER_WAY = 24  # files handed out at a time: enough to keep all busy, few enough to hold in memory


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read and to archive; `number` tells its reading apart from others."""

    number: int
    content: bytes = field(repr=False)
    sha256: str
    file_name: str
    body_code: str


_Settings = tuple[Plan, date, Path | None]
ReadFiles = Callable[[Iterable[Job], Plan, date, Path], Iterator[tuple[Job, FileReading]]]

_context: ReadingContext | None = None
_archive: Path | None = None


def read_files(
    jobs: Iterable[Job], plan: Plan, today: date, archive_folder: Path | None, processes: int | None = None
) -> Iterator[tuple[Job, FileReading]]:
    """Read all files and archive those that may be kept, in no certain order; one process per core.

    A file that kills its reader, by memory or time, is read again alone; if it does so again its reading has
    the problem FILE-TOO-LARGE, and its content is archived as it is. Without a folder nothing is archived.
    """
    waiting = iter(jobs)
    settings = (plan, today, archive_folder)
    count = processes or cpu_count() or 1
    while True:
        outstanding: deque[tuple[Job, Future[FileReading]]] = deque()
        try:
            yield from _read_in_pool(waiting, outstanding, settings, count)
            return
        except BrokenProcessPool:
            pass
        for job, future in outstanding:
            read = future.done() and not future.cancelled() and future.exception() is None
            yield job, future.result() if read else _read_alone(job, settings)


def prepare_readers() -> None:
    """Let the reading processes' common parent start already, while this one has other things to do."""
    _method()
    forkserver.ensure_running()


def _method() -> ForkServerContext:
    # A forkserver starts lean: what the parent has imported, and its threads, are not copied.
    method = multiprocessing.get_context("forkserver")
    method.set_forkserver_preload(["flows.workers"])
    return method


def _pool(workers: int, settings: _Settings) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, _method(), initializer=_start, initargs=settings)


def _read_in_pool(
    waiting: Iterator[Job],
    outstanding: deque[tuple[Job, Future[FileReading]]],
    settings: _Settings,
    processes: int,
) -> Iterator[tuple[Job, FileReading]]:
    with _pool(processes, settings) as pool:
        for job in waiting:
            outstanding.append((job, pool.submit(_read, job)))
            if len(outstanding) >= _UNDER_WAY:
                yield outstanding[0][0], outstanding[0][1].result()
                outstanding.popleft()
        while outstanding:
            yield outstanding[0][0], outstanding[0][1].result()
            outstanding.popleft()


def _read_alone(job: Job, settings: _Settings) -> FileReading:
    try:
        with _pool(1, settings) as pool:
            return pool.submit(_read, job).result()
    except BrokenProcessPool:
        reading = FileReading(problem=file_problem("FILE-TOO-LARGE", "memory"))
        if settings[2] is not None:
            keep(settings[2], job, reading)
        return reading


def keep(archive_folder: Path, job: Job, reading: FileReading) -> None:
    """Archive a file that was read; of one with a person's data only the hash."""
    if reading.holds_personal_data:
        archive.note_hash_only(archive_folder, job.sha256)
    else:
        archive.store(archive_folder, job.sha256, job.content)


def _start(plan: Plan, today: date, archive_folder: Path | None) -> None:
    global _context, _archive
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold what the file says
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries say of damaged files
    _context, _archive = reading_context(plan, today), archive_folder


def _read(job: Job) -> FileReading:
    assert _context is not None  # noqa: S101 - set by _start in every process of the pool
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # its signal ends the process
    reading = read_file(job.content, job.file_name, job.body_code, _context)
    signal.setitimer(signal.ITIMER_PROF, 0)
    if _archive is not None:
        keep(_archive, job, reading)
    return reading
