"""The first steps of an ingest: list what is new on the drives, fetch it, have it read and archived."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from drives.archive import Archive
from drives.fetching import Fetched, fetch
from drives.listing import DriveError, DriveFile, Listing, list_drive, public_url
from plans.model import Plan
from services.progress import Progress
from services.reader_pool import Job, ReadFiles, read_files
from transforms.extract.file_safety import MAX_FILE_BYTES
from transforms.file_parser import add_conflict_copies, file_problem
from transforms.layout.parsed_sheet import FileReading
from transforms.privacy.personal_data import mask
from warehouse.load.drive_freshness import DriveListing, record_drives
from warehouse.load.submissions import KnownSheet, Look, known_contents, read_ledger

_Content = tuple[str, str]  # body, sha256
_KnownContents = Mapping[_Content, list[KnownSheet]]

BATCH_FILES = 1000  # the approximate number of files that are validated and loaded together


class DriveState(TypedDict):
    """A drive at an ingest: its URL without credentials, whether it could be listed, and what lies on it.

    `newest` is when the newest file was modified; None where no file has a time or the drive is away.
    """

    drive: str
    listed: bool
    files: int
    newest: datetime | None


class SkippedFile(TypedDict):
    """A file or folder of a drive that is no report, and why; the path of a folder ends in "/"."""

    drive: str
    path: str
    reason: str


@dataclass(slots=True)
class NewFiles:
    """The new or changed files of the drives, the number of unchanged ones, and what could not be listed.

    `drives` has one entry per drive, also for those that could not be listed. `is_retryable`: none of these
    failed for good.
    """

    files: list[DriveFile] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    drives: list[DriveState] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    is_retryable: bool = True


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
    conflict_copies: tuple[str, ...] = ()


def list_new_files(
    engine: Engine, urls: Sequence[str], list_one: Callable[[str], Listing] = list_drive
) -> NewFiles:
    """List the drives and leave out files that have not changed since the last ingest.

    A drive that cannot be listed is a problem of the result; the others are listed all the same. Raises
    DriveError where none can be listed.
    """
    new = NewFiles()
    listings = _list_each(urls, list_one, new)
    with engine.begin() as connection:
        record_drives(
            connection,
            (DriveListing(s["drive"], s["listed"], s["files"], s["newest"]) for s in new.drives),
        )
    if urls and not listings:
        raise DriveError(" ".join(new.problems), retryable=new.is_retryable)
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


def _list_each(urls: Sequence[str], list_one: Callable[[str], Listing], new: NewFiles) -> list[Listing]:
    """Return the listings of the drives that can be listed; note the state of every drive in `new`."""
    listings: list[Listing] = []
    for url in urls:
        drive = public_url(url)
        try:
            listing = list_one(url)
        except DriveError as error:
            new.is_retryable &= error.retryable
            new.problems.append(str(error))
            new.drives.append({"drive": drive, "listed": False, "files": 0, "newest": None})
            continue
        listings.append(listing)
        times = [file.modified for file in listing.files if file.modified]
        newest = max(times, default=None)
        new.drives.append({"drive": drive, "listed": True, "files": len(listing.files), "newest": newest})
        new.skipped += [
            {"drive": drive, "path": mask(path), "reason": mask(reason)} for path, reason in listing.skipped
        ]
    return listings


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
    archive: Archive,
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
        add_conflict_copies(reading, fetched_files[job.number].conflict_copies)
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
    copies = tuple(mask(name) for name in file.conflict_copies)
    return FetchedFile(
        entry, mask(file.body_folder), mask(file.file_name), received_at, conflict_copies=copies
    )
