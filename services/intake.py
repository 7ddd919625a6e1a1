"""The first steps of an ingest: list what is new on the drives, fetch it, have it read and archived."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from transforms.file_parser import file_problem
from transforms.layout.parsed_sheet import FileReading
from transforms.privacy.personal_data import mask
from warehouse.load.submissions import KnownSheet, Look, known_contents, read_ledger

_Content = tuple[str, str]  # body, sha256
_KnownContents = Mapping[_Content, list[KnownSheet]]

BATCH_FILES = 1000  # the approximate number of files that are validated and loaded together


@dataclass(slots=True)
class NewFiles:
    """The new or changed files of the drives, the number of unchanged ones, and what could not be listed."""

    files: list[DriveFile] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FetchedFile:
    """A fetched file: its entry in the ledger, its reading, and the sheets known of the same content.

    `same_as` is the file of this batch, from the same body, that has the same content.
    """

    ledger_entry: Look
    body_code: str
    file_name: str
    received_at: datetime
    reading: FileReading = field(default_factory=FileReading)
    known: list[KnownSheet] = field(default_factory=list)
    same_as: "FetchedFile | None" = None


def list_new_files(engine: Engine, urls: Sequence[str]) -> NewFiles:
    """List the drives and leave out files that have not changed since the last ingest. Raises DriveError."""
    new = NewFiles()
    listings = [list_drive(url) for url in urls]
    with engine.connect() as connection:
        ledger = read_ledger(connection, sorted({f.url for listing in listings for f in listing.files}))
    for listing in listings:
        new.problems += listing.problems
        for file in listing.files:
            last = ledger.get((file.url, mask(file.path)))
            if last and (last.size_bytes, last.modified_at) == (file.size, file.modified):
                new.unchanged += 1
            else:
                new.files.append(file)
    new.files.sort(key=lambda file: (file.modified is None, file.modified, file.path))
    return new


def in_batches(files: Sequence[DriveFile]) -> Iterator[Sequence[DriveFile]]:
    """Split the files into batches of equal size: each batch costs half a second on top of its files."""
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
    while_reading: Callable[[], None] = lambda: None,
) -> tuple[list[FetchedFile], list[str]]:
    """Fetch, read and archive the files; returns them and a sentence for each that could not be fetched.

    `while_reading` is called once, when the first reading is there and the readers have more to do.
    """
    with engine.connect() as connection:
        known = known_contents(connection, plan.code, {mask(file.body_folder) for file in files})
    first: dict[_Content, FetchedFile] = {}
    fetched_files: list[FetchedFile] = []
    problems: list[str] = []

    def jobs() -> Iterator[Job]:
        for number, fetched in enumerate(fetch(files, MAX_FILE_BYTES), 1):
            progress("Reading", number, len(files))
            if fetched.state in ("changing", "failed"):
                problems.append(f"{mask(fetched.file.path)}: {fetched.problem}")
            else:
                fetched_files.append(_fetched_file(fetched, now))
                yield from _jobs_of(fetched_files, fetched.content, known, first)

    today = now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
    is_first = True
    for job, reading in read(jobs(), plan, today, archive):
        if is_first:
            while_reading()
            is_first = False
        fetched_files[job.number].reading = reading
    return fetched_files, problems


def _jobs_of(
    files: Sequence[FetchedFile],
    content: bytes | None,
    known: _KnownContents,
    first: dict[_Content, FetchedFile],
) -> Iterator[Job]:
    """Yield a job for the last of the files, where its content is new.

    Otherwise note in it the known sheets, or the file of the batch with the same content: `first` holds the
    first file of each content.
    """
    file = files[-1]
    key = (file.body_code, file.ledger_entry.sha256 or "")
    file.known = known.get(key, [])
    if content is None:
        file.reading.problem = file_problem("FILE-TOO-LARGE", "too_large")
    elif key in first:
        file.same_as = first[key]
    else:
        first[key] = file
        if not file.known:
            yield Job(len(files) - 1, content, key[1], file.file_name, file.body_code)


def _fetched_file(fetched: Fetched, now: datetime) -> FetchedFile:
    file = fetched.file
    entry = Look(file.url, mask(file.path), file.size, file.modified, fetched.sha256)
    received_at = min(file.modified or now, now)  # the clock of a drive may be ahead
    return FetchedFile(entry, mask(file.body_folder), mask(file.file_name), received_at)
