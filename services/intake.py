"""The first steps of an ingest: list what is new on the drives, fetch it, have it read and archived."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from typing import TypedDict

from sqlalchemy import Engine

from drives.archive import Archive
from drives.fetching import Fetched, fetch
from drives.listing import DriveError, DriveFile, Listing, list_drive
from drives.urls import public_url
from services.plan_routing import ActivePlan, Folder, Routes, must_judge_again, route_folders
from services.progress import Progress
from services.reader_pool import Job, ReadFiles, read_files
from transforms.extract.file_safety import MAX_FILE_BYTES
from transforms.file_parser import add_conflict_copies, file_problem
from transforms.layout.parsed_sheet import FileReading
from transforms.plan_choice import UNCLAIMED
from transforms.privacy.personal_data import mask
from warehouse.form_catalog import catalog_of
from warehouse.load.drive_freshness import DriveListing, record_drives
from warehouse.load.submissions import Content, KnownSheet, Look, known_contents, note_judged, read_ledger

_KnownContents = Mapping[Content, list[KnownSheet]]

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
    failed for good. `routes` has the plans that each folder may be for.
    """

    files: list[DriveFile] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    drives: list[DriveState] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    is_retryable: bool = True
    routes: Routes = field(default_factory=Routes)


@dataclass(slots=True)
class FetchedFile:
    """A fetched file: its entry in the ledger, its reading, and the sheets known of the same content.

    `same_as` is the file of this batch, from the same body, that has the same content. `plans`: those that it
    may be for. `is_judged_again`: its content is known, and was read again for a plan that may require it.
    """

    ledger_entry: Look
    body_code: str
    plans: tuple[ActivePlan, ...]
    file_name: str
    received_at: datetime
    reading: FileReading = field(default_factory=FileReading)
    known: list[KnownSheet] = field(default_factory=list)
    same_as: "FetchedFile | None" = None
    conflict_copies: tuple[str, ...] = ()
    is_judged_again: bool = False

    @property
    def content(self) -> Content:
        """Identify its content: province, body and hash."""
        return self.plans[0].plan.area, self.body_code, self.ledger_entry.sha256 or ""


def list_new_files(
    engine: Engine,
    urls: Sequence[str],
    plans: Sequence[ActivePlan],
    today: date,
    list_one: Callable[[str], Listing] = list_drive,
    provinces: Mapping[str, str] | None = None,
) -> NewFiles:
    """List the drives and leave out files that have not changed since they were judged for these plans.

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
    files = [file for listing in listings for file in listing.files]
    new.routes = route_folders(_folders_by_drive(files), plans, provinces)
    new.problems += [problem for listing in listings for problem in listing.problems]
    new.problems += [mask(problem) for problem in new.routes.problems]
    with engine.connect() as connection:
        ledger = read_ledger(connection, sorted({file.url for file in files}), [p.key for p in plans], today)
    not_judged: list[tuple[DriveFile, Look]] = []
    for file in files:
        last = ledger.get((file.url, mask(file.path)))
        if (file.url, file.body_folder) not in new.routes.plans:
            continue
        if not last or (last.size_bytes, last.modified_at) != (file.size, file.modified):
            new.files.append(file)
        elif last.judged_plans is None:
            new.unchanged += 1
        else:
            not_judged.append((file, last))
    if not_judged:
        new.files += _to_judge_again(engine, not_judged, new.routes, plans, today)
        new.unchanged = len(files) - len(new.files)
    new.files.sort(key=lambda file: (file.modified is None, file.modified, file.path))
    return new


def _folders_by_drive(files: Iterable[DriveFile]) -> dict[str, set[str]]:
    folders: dict[str, set[str]] = {}
    for file in files:
        folders.setdefault(file.url, set()).add(file.body_folder)
    return folders


def _to_judge_again(
    engine: Engine,
    files: Sequence[tuple[DriveFile, Look]],
    routes: Routes,
    plans: Sequence[ActivePlan],
    today: date,
) -> list[DriveFile]:
    """Return the unchanged files that have to be judged for plans that are new; note the others as judged."""
    folders = {(file.url, file.body_folder) for file, _ in files}
    with engine.begin() as connection:
        known = known_contents(connection, *_provinces_and_bodies(folders, routes), UNCLAIMED)
        again: list[DriveFile] = []
        settled: list[Look] = []
        for file, last in files:
            of_folder = routes.plans[file.url, file.body_folder]
            body = mask(file.body_folder)
            sheets = known.get((of_folder[0].plan.area, body, last.sha256 or ""), [])
            if must_judge_again(of_folder, last.judged_plans or (), body, sheets):
                again.append(file)
            else:
                settled.append(last)
        note_judged(connection, settled, [active.key for active in plans], today)
    return again


def _provinces_and_bodies(folders: Iterable[Folder], routes: Routes) -> tuple[set[str], set[str]]:
    folders = list(folders)
    return (
        {active.plan.area for folder in folders for active in routes.plans[folder]},
        {mask(name) for _, name in folders},
    )


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
    routes: Routes,
    now: datetime,
    archive: Archive,
    progress: Progress,
    read: ReadFiles = read_files,
    is_stopped: Callable[[], bool] = lambda: False,
) -> tuple[list[FetchedFile], list[str]]:
    """Fetch, read and archive the files; returns them and a sentence for each that could not be fetched.

    Once `is_stopped` returns true, no further file is fetched.
    """
    folders = {(file.url, file.body_folder) for file in files}
    with engine.connect() as connection:
        known = known_contents(connection, *_provinces_and_bodies(folders, routes), UNCLAIMED)
    first: dict[Content, FetchedFile] = {}
    fetched_files: list[FetchedFile] = []
    problems: list[str] = []

    def jobs() -> Iterator[Job]:
        for number, fetched in enumerate(fetch(files, MAX_FILE_BYTES), 1):
            if is_stopped():
                return
            progress("Reading", number, len(files))
            if fetched.state in ("changing", "failed"):
                problems.append(f"{mask(fetched.file.path)}: {fetched.problem}")
            else:
                file = fetched.file
                of_folder = routes.plans[file.url, file.body_folder]
                fetched_files.append(_fetched_file(fetched, of_folder, now))
                yield from _jobs_of(fetched_files, fetched.content, known, first)

    # All plans of the listing, so that each batch has the same readers.
    plans = {active.plan.code: active.plan for of_folder in routes.plans.values() for active in of_folder}
    for job, reading in read(jobs(), list(plans.values()), catalog_of(engine), now, archive):
        add_conflict_copies(reading, fetched_files[job.number].conflict_copies)
        fetched_files[job.number].reading = reading
    return fetched_files, problems


def note_known_contents(engine: Engine, files: Sequence[FetchedFile]) -> None:
    """Look up again which contents are known, after a batch was loaded while these files were read."""
    provinces = {active.plan.area for file in files for active in file.plans}
    with engine.connect() as connection:
        known = known_contents(connection, provinces, {file.body_code for file in files}, UNCLAIMED)
    for file in files:
        file.known = known.get(file.content, [])
        if file.same_as is None:
            file.is_judged_again = must_judge_again(file.plans, (), file.body_code, file.known)


def _jobs_of(
    files: Sequence[FetchedFile],
    content: bytes | None,
    known: _KnownContents,
    first: dict[Content, FetchedFile],
) -> Iterator[Job]:
    """Yield a job for the last of the files, where its content is new or may be required by another plan.

    Otherwise note in it the known sheets, or the file of the batch with the same content: `first` holds the
    first file of each content.
    """
    file = files[-1]
    key = file.content
    file.known = known.get(key, [])
    if content is None:
        file.reading.problem = file_problem("FILE-TOO-LARGE", "too_large")
    elif key in first:
        file.same_as = first[key]
    else:
        first[key] = file
        file.is_judged_again = must_judge_again(file.plans, (), file.body_code, file.known)
        if not file.known or file.is_judged_again:
            codes = tuple(active.plan.code for active in file.plans)
            yield Job(len(files) - 1, content, key[2], file.file_name, file.body_code, codes)


def _fetched_file(fetched: Fetched, plans: tuple[ActivePlan, ...], now: datetime) -> FetchedFile:
    file = fetched.file
    entry = Look(file.url, mask(file.path), file.size, file.modified, fetched.sha256)
    received_at = min(file.modified or now, now)  # the clock of a drive may be ahead
    copies = tuple(mask(name) for name in file.conflict_copies)
    return FetchedFile(
        entry, mask(file.body_folder), plans, mask(file.file_name), received_at, conflict_copies=copies
    )
