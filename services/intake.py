"""From the drives to the target table: the steps of an ingest, each a plain function.

look at the drives -> read and archive what is new -> validate -> load and reckon, all in one transaction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from drives.fetching import Fetched, fetch
from drives.listing import DriveFile, list_drive
from plans.model import Plan
from services.progress import Progress
from services.reader_pool import Job, ReadFiles, read_files
from transforms.extract.file_safety import MAX_FILE_BYTES
from transforms.file_parser import add_conflict_copies, file_problem
from transforms.layout.parsed_sheet import FileReading
from transforms.privacy.personal_data import mask
from warehouse.load.submissions import KnownSheet, Look, known_contents, read_ledger

BATCH_FILES = 1000  # about so many files are validated and loaded together


@dataclass(slots=True)
class Found:
    """What lies on the drives: new or changed files, how many are as they were, and what went wrong."""

    files: list[DriveFile] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FetchedFile:
    """A file that was read: where it lay, what is in it, and the sheets known of the same content."""

    look: Look
    body_code: str
    file_name: str
    received_at: datetime
    reading: FileReading = field(default_factory=FileReading)
    known: list[KnownSheet] = field(default_factory=list)
    same_as: "FetchedFile | None" = None
    conflict_copies: tuple[str, ...] = ()


def look_at_drives(engine: Engine, urls: Sequence[str]) -> Found:
    """List the drives and leave out what is as it was at the last look. Raises DriveError."""
    found = Found()
    listings = [list_drive(url) for url in urls]
    with engine.connect() as connection:
        ledger = read_ledger(connection, sorted({f.url for listing in listings for f in listing.files}))
    for listing in listings:
        found.problems += listing.problems
        for file in listing.files:
            last = ledger.get((file.url, mask(file.path)))
            if last and (last.size_bytes, last.modified_at) == (file.size, file.modified):
                found.unchanged += 1
            else:
                found.files.append(file)
    found.files.sort(key=lambda file: (file.modified is None, file.modified, file.path))
    return found


def in_batches(files: Sequence[DriveFile]) -> Iterator[Sequence[DriveFile]]:
    """The files in batches of like size: each costs half a second beside what its files cost."""
    count = max(1, round(len(files) / BATCH_FILES))
    size = max(1, ceil(len(files) / count))
    return (files[first : first + size] for first in range(0, len(files), size))


def fetch_and_read(
    engine: Engine,
    files: Sequence[DriveFile],
    plan: Plan,
    now: datetime,
    archive: Path,
    progress: Progress,
    read: ReadFiles = read_files,
) -> tuple[list[FetchedFile], list[str]]:
    """Fetch, read and archive the files; those that cannot be had now are told in the problems."""
    with engine.connect() as connection:
        known = known_contents(connection, plan.code, {mask(file.body_folder) for file in files})
    arrived: list[FetchedFile] = []
    problems: list[str] = []
    first: dict[tuple[str, str], FetchedFile] = {}

    def jobs() -> Iterator[Job]:
        for number, fetched in enumerate(fetch(files, MAX_FILE_BYTES), 1):
            progress("Reading", number, len(files))
            if fetched.state in ("changing", "failed"):
                problems.append(f"{mask(fetched.file.path)}: {fetched.problem}")
                continue
            file = _arrive(fetched, now)
            arrived.append(file)
            content = (file.body_code, file.look.sha256 or "")
            file.known = known.get(content, [])
            file.same_as = first.setdefault(content, file) if fetched.content is not None else None
            if fetched.content is None:
                file.reading.problem = file_problem("FILE-TOO-LARGE", "too_large")
            elif not file.known and file.same_as is file:
                file.same_as = None
                yield Job(len(arrived) - 1, fetched.content, content[1], file.file_name, file.body_code)

    today = now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
    for job, reading in read(jobs(), plan, today, archive):
        add_conflict_copies(reading, arrived[job.number].conflict_copies)
        arrived[job.number].reading = reading
    return arrived, problems


def _arrive(fetched: Fetched, now: datetime) -> FetchedFile:
    file = fetched.file
    look = Look(file.url, mask(file.path), file.size, file.modified, fetched.sha256)
    received_at = min(file.modified or now, now)  # no clock of a drive tells of a report from the future
    copies = tuple(mask(name) for name in file.conflict_copies)
    return FetchedFile(
        look, mask(file.body_folder), mask(file.file_name), received_at, conflict_copies=copies
    )
