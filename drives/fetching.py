"""Reading the listed files of a drive, each with a second look: a file may still be in the writing."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Any, Literal

from drives.faults import explain
from drives.listing import Drive, DriveError, DriveFile, escapes_root, modified_of, open_drive
from drives.patience import MOST_IN_A_ROW, NoAnswerError, patience, within
from drives.protocols import readers_of

State = Literal["read", "changing", "too_large", "failed"]

_LONGEST = 600.0  # seconds that one file is waited for
_MOST_WAITED = 1200.0  # seconds in vain for files of one drive: well below the task's hour


@dataclass(frozen=True)
class Fetched:
    """One file of a drive after the attempt to read it.

    ``content`` and ``sha256`` (64 lower-case hex digits) are there in the state "read" alone; in the others
    ``problem`` gives the reason in one sentence: "changing", it is still being written, and the next run
    will find it again; "too_large", it was not read; "failed", it could not be read.
    """

    file: DriveFile
    state: State
    content: bytes | None = field(default=None, repr=False)
    sha256: str | None = None
    problem: str | None = None


def fetch(files: Iterable[DriveFile], max_bytes: int) -> Iterator[Fetched]:
    """Read each of ``files`` and yield it, in their order; none larger than ``max_bytes`` is read.

    Lazy: apart from the one yielded, at most eight files are in memory (remote drives are read in that many
    threads). A fault of one file or of a whole drive does not stop the others: it is in ``problem``.
    """
    readings: dict[str, _Reading | str] = {}  # the files of several drives may take turns
    for address, group in groupby(files, key=lambda file: file.address):
        if address not in readings:
            readings[address] = _opened(address, max_bytes)
        yield from _fetch_drive(readings[address], address, group)


def _opened(address: str, max_bytes: int) -> "_Reading | str":
    """Open a drive, or return why it cannot be."""
    try:
        return _Reading(open_drive(address), max_bytes)
    except DriveError as error:
        return str(error)


def _fetch_drive(reading: "_Reading | str", address: str, files: Iterable[DriveFile]) -> Iterator[Fetched]:
    if isinstance(reading, str):
        return (Fetched(file, "failed", problem=reading) for file in files)
    fetch_one = partial(_fetch_one, reading)
    if reading.drive.local_root is not None:
        return map(fetch_one, files)
    return _in_threads(fetch_one, files, readers_of(address))


def _in_threads(
    fetch_one: Callable[[DriveFile], Fetched], files: Iterable[DriveFile], workers: int
) -> Iterator[Fetched]:
    """Yield ``fetch_one(file)`` of each file in order, with no more than ``workers`` at work or waiting."""
    under_way: deque[Future[Fetched]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for file in files:
                under_way.append(pool.submit(fetch_one, file))
                if len(under_way) == workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:  # the reader of this generator may have stopped early
            for future in under_way:
                future.cancel()


@dataclass
class _Reading:
    """An opened drive, its files in a row that did not arrive in time, and the seconds waited in vain."""

    drive: Drive
    max_bytes: int
    unanswered: int = 0
    waited: float = 0
    given_up: bool = False

    def note_unanswered(self, seconds: float) -> None:
        """Count a file that did not arrive; give the drive up where its root does not answer either.

        Single files may hang on a drive that works, as those that a cloud program has not yet brought do.
        """
        self.unanswered += 1
        self.waited += seconds
        if self.unanswered % MOST_IN_A_ROW == 0:
            self.given_up = self.waited > _MOST_WAITED or not _answers(self.drive)


def _answers(drive: Drive) -> bool:
    """Return whether the root of a drive can be listed in time."""
    try:
        drive.filesystem.invalidate_cache()
        within(patience(), drive.filesystem.ls, drive.root, detail=True)
    except Exception:  # each protocol raises kinds of its own
        return False
    return True


def _fetch_one(reading: _Reading, file: DriveFile) -> Fetched:
    if file.size > reading.max_bytes:
        problem = f"The file has {file.size} bytes; at most {reading.max_bytes} are read."
        return Fetched(file, "too_large", problem=problem)
    if reading.given_up:
        problem = "The file was not read: its drive does not answer any more. The next run reads it."
        return Fetched(file, "failed", problem=problem)
    seconds = min(patience(file.size), _LONGEST)
    try:
        change, content = within(seconds, _read_inside, reading.drive, file)
        reading.unanswered = 0
    # Each protocol raises kinds of its own, and one bad file must not stop the others.
    except Exception as error:
        if isinstance(error, NoAnswerError):
            reading.note_unanswered(seconds)
        else:
            reading.unanswered = 0
        problem = f"The file cannot be read: {explain(error, file.address)}."
        return Fetched(file, "failed", problem=problem)
    if change:
        return Fetched(file, "changing", problem=f"The file is still being written: {change}.")
    return Fetched(file, "read", content, sha256(content).hexdigest())


def _read_inside(drive: Drive, file: DriveFile) -> tuple[str | None, bytes]:
    """Do as `_read`. Raises OSError for a file that leads out of the drive."""
    found = _read_local(file) if drive.local_root is not None else _read(drive, file)
    if escapes_root(drive, file.raw_path):
        raise OSError("it has become a link that leads out of the drive")
    return found


def _read(drive: Drive, file: DriveFile) -> tuple[str | None, bytes]:
    """Read a file and return what is different from its listing, None if nothing is, and the content."""
    content: bytes = drive.filesystem.cat_file(file.raw_path, start=0, end=_bytes_to_read(file))
    if change := _growth(file, content):
        return change, content
    drive.filesystem.invalidate_cache()
    return _change(file, drive.filesystem.info(file.raw_path)), content


def _read_local(file: DriveFile) -> tuple[str | None, bytes]:
    """Do as `_read` for a local file, which may have become a pipe: it is opened without waiting."""
    descriptor = os.open(file.raw_path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb", buffering=0) as opened:
        if change := _change(file, _entry(descriptor)):
            return change, b""
        content = opened.read(_bytes_to_read(file)) or b""
        return _growth(file, content) or _change(file, _entry(descriptor)), content


def _entry(descriptor: int) -> dict[str, object]:
    """Describe an open local file as fsspec does."""
    status = os.fstat(descriptor)
    kind = "file" if stat.S_ISREG(status.st_mode) else "other"
    return {"type": kind, "size": status.st_size, "mtime": status.st_mtime}


def _bytes_to_read(file: DriveFile) -> int:
    """One byte more than listed: it shows growth, and bounds what a file that grew meanwhile takes."""
    return file.size + 1


def _growth(file: DriveFile, content: bytes) -> str | None:
    if len(content) == file.size:
        return None
    return f"{file.size} bytes were listed, {len(content)} or more were read"


def _change(file: DriveFile, entry: Mapping[str, Any]) -> str | None:
    """Say what is different from the listing, or None; raises OSError if it is no file now."""
    if entry["type"] != "file":
        raise OSError("it is no file any more")
    if entry["size"] != file.size:
        return f"{file.size} bytes were listed, now it has {entry['size']}"
    if not _same_moment(file.modified, modified_of(entry)):
        return "it was written to after it was listed"
    return None


def _same_moment(listed: datetime | None, now: datetime | None) -> bool:
    """Compare two times of one file, to the second where either has no fraction.

    Some object stores list a file's time with its fraction but report it without for the file itself.
    """
    if listed is None or now is None:
        return listed is now
    if not listed.microsecond or not now.microsecond:
        return listed.replace(microsecond=0) == now.replace(microsecond=0)
    return listed == now
