"""The landing archive: a folder, or object storage, that keeps every file's content once, under its sha256.

``ab/cdef...`` holds the content whose sha256 is ``abcdef...``; an empty ``ab/cdef....withheld`` marks
content that was seen and must not be kept. A name in the archive has the whole content or does not exist.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from drives import object_archive
from drives.archive_names import (
    WITHHELD,
    ArchiveError,
    absent,
    check_before_storing,
    check_loaded,
    hashes_of,
    name_of,
    not_kept,
)
from drives.object_archive import ObjectArchive

__all__ = ["Archive", "ArchiveError", "ObjectArchive"]

Archive = Path | ObjectArchive
_TEMPORARY = ".tmp-"


def store(archive: Archive, sha256: str, content: bytes) -> None:
    """Keep ``content`` under its ``sha256`` (64 lower-case hex digits), safe on disk when this returns.

    Does nothing if it is there already, or if it is withheld. Any number of processes may store at once.
    Raises ArchiveError if the hash is not the content's, or if it cannot be written.
    """
    if folder := write(archive, sha256, content):
        sync_folder(folder)


def write(archive: Archive, sha256: str, content: bytes) -> Path | None:
    """Do as `store`, but the name is safe on disk only once `sync_folder` was called for what this returns.

    For many files at once, of which several are in one folder. Returns None where nothing is to be synced.
    """
    if isinstance(archive, ObjectArchive):
        object_archive.store(archive, sha256, content)
        return None
    path = _path(archive, sha256)
    check_before_storing(sha256, content)
    if path.exists() or withheld(archive, sha256):
        return None
    with _disk_errors(archive), _writing(archive, fcntl.LOCK_SH):
        _make_folder(path.parent)
        _write(path, content)
        # Withheld while we wrote? Its marker comes before its removal, so one of the two sides removes it.
        if withheld(archive, sha256):
            path.unlink(missing_ok=True)
    return path.parent


def load(archive: Archive, sha256: str) -> bytes:
    """Return the content whose hash is ``sha256``; raises ArchiveError if absent, withheld or damaged."""
    if isinstance(archive, ObjectArchive):
        return object_archive.load(archive, sha256)
    path = _path(archive, sha256)
    if withheld(archive, sha256):
        raise not_kept(sha256)
    try:
        return check_loaded(sha256, path.read_bytes())
    except FileNotFoundError:
        raise absent(sha256) from None


def contains(archive: Archive, sha256: str) -> bool:
    """Tell whether the content is there to load (without reading it); False for what is withheld."""
    if isinstance(archive, ObjectArchive):
        return object_archive.contains(archive, sha256)
    return _path(archive, sha256).exists() and not withheld(archive, sha256)


def withheld(archive: Archive, sha256: str) -> bool:
    """Tell whether the archive keeps this hash without its content."""
    if isinstance(archive, ObjectArchive):
        return object_archive.withheld(archive, sha256)
    return _marker(_path(archive, sha256)).exists()


def is_erased(archive: Archive, sha256: str) -> bool:
    """Return whether the archive has the hash and nothing of the content."""
    if isinstance(archive, ObjectArchive):
        return object_archive.is_erased(archive, sha256)
    path = _path(archive, sha256)
    return _marker(path).exists() and not path.exists()


def stored_hashes(archive: Archive) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hashes whose content the archive keeps, and those of which it keeps nothing else."""
    if isinstance(archive, ObjectArchive):
        return object_archive.stored_hashes(archive)
    return hashes_of(f"{path.parent.name}/{path.name}" for path in archive.glob("??/*"))


def note_hash_only(archive: Archive, sha256: str) -> None:
    """Note that this content was seen and must not be kept; remove it if it is there. Safe to repeat."""
    if isinstance(archive, ObjectArchive):
        object_archive.note_hash_only(archive, sha256)
        return
    path = _path(archive, sha256)
    with _disk_errors(archive):
        _make_folder(path.parent)
        _marker(path).touch(mode=0o440)
        sync_folder(path.parent)  # the marker is safe on disk before the content is removed
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def clean(archive: Archive) -> int:
    """Remove what killed runs left: unfinished files, and content that was about to be withheld.

    Returns how many files were removed. While another process stores, nothing is removed and 0 returned:
    while nobody stores, an unfinished file will never be finished.
    """
    if isinstance(archive, ObjectArchive):
        return object_archive.clean(archive)
    if not archive.is_dir():
        return 0
    try:
        with _writing(archive, fcntl.LOCK_EX | fcntl.LOCK_NB):
            doomed = list(archive.glob(f"??/{_TEMPORARY}*"))
            for marker in archive.glob(f"??/*{WITHHELD}"):
                content = marker.with_name(marker.name.removesuffix(WITHHELD))
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
    return archive / name_of(sha256)


def _marker(path: Path) -> Path:
    return path.with_name(path.name + WITHHELD)


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
