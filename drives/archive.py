"""The landing archive: a folder that keeps every file's content once, under its sha256.

``ab/cdef...`` holds the content whose sha256 is ``abcdef...``; an empty ``ab/cdef....withheld`` marks
content that was seen and must not be kept. A name in the archive has the whole content or does not exist.
"""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256 as hash_of
from pathlib import Path

from plans.errors import ChitieuError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEMPORARY = ".tmp-"
_WITHHELD = ".withheld"


class ArchiveError(ChitieuError):
    """Content that is not in the archive, or is not what its name says."""


def store(archive: Path, sha256: str, content: bytes) -> None:
    """Keep ``content`` under its ``sha256`` (64 lower-case hex digits), safe on disk when this returns.

    Does nothing if it is there already, or if it is withheld. Any number of processes may store at once.
    Raises ArchiveError if the hash is not the content's, or if it cannot be written.
    """
    if folder := write(archive, sha256, content):
        sync_folder(folder)


def write(archive: Path, sha256: str, content: bytes) -> Path | None:
    """Do as `store`, but the name is safe on disk only once `sync_folder` was called for what this returns.

    For many files at once, of which several are in one folder. Returns None where nothing was written.
    """
    path = _path(archive, sha256)
    if hash_of(content).hexdigest() != sha256:
        raise ArchiveError(f"The content to archive as {sha256} has another sha256.")
    if path.exists() or withheld(archive, sha256):
        return None
    with _disk_errors(archive), _writing(archive, fcntl.LOCK_SH):
        _make_folder(path.parent)
        _write(path, content)
        # Withheld while we wrote? Its marker comes before its removal, so one of the two sides removes it.
        if withheld(archive, sha256):
            path.unlink(missing_ok=True)
    return path.parent


def load(archive: Path, sha256: str) -> bytes:
    """Return the content whose hash is ``sha256``; raises ArchiveError if absent, withheld or damaged."""
    path = _path(archive, sha256)
    if withheld(archive, sha256):
        raise ArchiveError(f"The content of {sha256} is withheld: the archive keeps only its hash.")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ArchiveError(f"The archive has no content for {sha256}.") from None
    if hash_of(content).hexdigest() != sha256:
        raise ArchiveError(f"The archive's content for {sha256} is damaged: it has another sha256.")
    return content


def contains(archive: Path, sha256: str) -> bool:
    """Tell whether the content is there to load (without reading it); False for what is withheld."""
    return _path(archive, sha256).exists() and not withheld(archive, sha256)


def withheld(archive: Path, sha256: str) -> bool:
    """Tell whether the archive keeps this hash without its content."""
    return _marker(_path(archive, sha256)).exists()


def is_erased(archive: Path, sha256: str) -> bool:
    """Return whether the archive has the hash and nothing of the content."""
    path = _path(archive, sha256)
    return _marker(path).exists() and not path.exists()


def stored_hashes(archive: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hashes whose content the archive keeps, and those of which it keeps nothing else."""
    names = [f"{path.parent.name}{path.name}" for path in archive.glob("??/*")]
    noted = {name.removesuffix(_WITHHELD) for name in names if name.endswith(_WITHHELD)}
    kept = {name for name in names if _SHA256.fullmatch(name)}
    return frozenset(kept), frozenset(noted)


def note_hash_only(archive: Path, sha256: str) -> None:
    """Note that this content was seen and must not be kept; remove it if it is there. Safe to repeat."""
    path = _path(archive, sha256)
    with _disk_errors(archive):
        _make_folder(path.parent)
        _marker(path).touch(mode=0o440)
        sync_folder(path.parent)  # the marker is safe on disk before the content is removed
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def clean(archive: Path) -> int:
    """Remove what killed runs left: unfinished files, and content that was about to be withheld.

    Returns how many files were removed. While another process stores, nothing is removed and 0 returned:
    while nobody stores, an unfinished file will never be finished.
    """
    if not archive.is_dir():
        return 0
    try:
        with _writing(archive, fcntl.LOCK_EX | fcntl.LOCK_NB):
            doomed = list(archive.glob(f"??/{_TEMPORARY}*"))
            for marker in archive.glob(f"??/*{_WITHHELD}"):
                content = marker.with_name(marker.name.removesuffix(_WITHHELD))
                doomed += [content] if content.exists() else []
            for path in doomed:
                path.unlink(missing_ok=True)
            return len(doomed)
    except BlockingIOError:
        return 0


@contextmanager
def _disk_errors(archive: Path) -> Iterator[None]:
    """Map what the disk refuses to an ArchiveError; a full disk may have room again at the next attempt."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            f"The archive {archive} cannot be written: {error.strerror or error}.",
            hint="Check that the disk has room and that this account may write there.",
            retryable=True,
        ) from error


def _path(archive: Path, sha256: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise ArchiveError(f"{sha256!r} is no sha256: 64 lower-case hexadecimal digits are.")
    return archive / sha256[:2] / sha256[2:]


def _marker(path: Path) -> Path:
    return path.with_name(path.name + _WITHHELD)


@contextmanager
def _writing(archive: Path, lock: int) -> Iterator[None]:
    """Hold the archive's lock: shared to write, exclusive to clean. A killed process loses it at once."""
    archive.mkdir(parents=True, exist_ok=True)
    handle = os.open(archive / ".lock", os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(handle, lock)
        yield
    finally:
        os.close(handle)


def _write(path: Path, content: bytes) -> None:
    """Write to a temporary file beside ``path`` and give it that name, unless it is taken by now."""
    handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o440)
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process stored the same content
            os.link(temporary, path)  # a rename would overwrite
    finally:
        Path(temporary).unlink()


def _make_folder(folder: Path) -> None:
    """Make one of the archive's folders; its own name is safe on disk as well when this returns."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder of the archive safe on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
