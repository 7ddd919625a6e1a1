"""The archive on object storage, or on any other filesystem of fsspec: the same names as in a folder.

Nothing here is locked, so that several machines can share an archive. An object store writes an object as a
whole, and only if the name is free; elsewhere content of another size is what a killed run left, and is
written again. Each content is compared with its hash when it is read.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

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
from drives.faults import explain
from drives.protocols import open_filesystem
from drives.urls import public_url, userinfo_of


@dataclass(frozen=True)
class ObjectArchive:
    """An archive by its URL, which may hold a password; its text is the URL without credentials."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        return public_url(self.url)


def store(archive: ObjectArchive, sha256: str, content: bytes) -> None:
    """Keep a content under its hash; nothing happens if it is there, or withheld. Raises ArchiveError."""
    check_before_storing(sha256, content)
    with _opened(archive, sha256) as (filesystem, path):
        if filesystem.exists(path + WITHHELD):
            return
        _write_once(filesystem, path, content)
        # Withheld while we wrote? Its marker comes before its removal, so one of the two sides removes it.
        if filesystem.exists(path + WITHHELD):
            _remove(filesystem, path)


def load(archive: ObjectArchive, sha256: str) -> bytes:
    """Return the content whose hash it is; raises ArchiveError if absent, withheld or damaged."""
    with _opened(archive, sha256) as (filesystem, path):
        if filesystem.exists(path + WITHHELD):
            raise not_kept(sha256)
        try:
            content: bytes = filesystem.cat_file(path)
        except FileNotFoundError:
            raise absent(sha256) from None
    return check_loaded(sha256, content)


def contains(archive: ObjectArchive, sha256: str) -> bool:
    """Return whether the content is there to load; False for what is withheld."""
    with _opened(archive, sha256) as (filesystem, path):
        return bool(filesystem.exists(path)) and not filesystem.exists(path + WITHHELD)


def withheld(archive: ObjectArchive, sha256: str) -> bool:
    """Return whether the archive keeps this hash without its content."""
    with _opened(archive, sha256) as (filesystem, path):
        return bool(filesystem.exists(path + WITHHELD))


def is_erased(archive: ObjectArchive, sha256: str) -> bool:
    """Return whether the archive has the hash and nothing of the content."""
    with _opened(archive, sha256) as (filesystem, path):
        return bool(filesystem.exists(path + WITHHELD)) and not filesystem.exists(path)


def stored_hashes(archive: ObjectArchive) -> tuple[frozenset[str], frozenset[str]]:
    """Return the hashes whose content the archive keeps, and those of which it keeps nothing else."""
    with _opened(archive) as (filesystem, root):
        filesystem.invalidate_cache()  # other machines write as well
        names = filesystem.find(root)
        filesystem.invalidate_cache()
        return hashes_of("/".join(name.split("/")[-2:]) for name in names)


def note_hash_only(archive: ObjectArchive, sha256: str) -> None:
    """Note that a content must not be kept; remove it if it is there. Safe to repeat."""
    with _opened(archive, sha256) as (filesystem, path):
        _make_folder(filesystem, path)
        filesystem.pipe_file(path + WITHHELD, b"")
        _remove(filesystem, path)


def clean(archive: ObjectArchive) -> int:
    """Remove content that was about to be withheld when a run was killed; returns how many."""
    with _opened(archive) as (filesystem, root):
        filesystem.invalidate_cache()
        names = frozenset(filesystem.find(root))
        doomed = names & {name.removesuffix(WITHHELD) for name in names if name.endswith(WITHHELD)}
        for name in doomed:
            _remove(filesystem, name)
        filesystem.invalidate_cache()  # other machines write as well
    return len(doomed)


def _write_once(filesystem: Any, path: str, content: bytes) -> None:
    """Write an object unless a whole one is there, by whoever was first."""
    if not _is_object_store(filesystem):
        _make_folder(filesystem, path)
        if not filesystem.exists(path):
            filesystem.pipe_file(path, content)
            return
    else:
        try:
            filesystem.pipe_file(path, content, mode="create")
            return
        except Exception:  # of which kind it is where the name is taken differs between stores
            if not filesystem.exists(path):
                raise
    if filesystem.size(path) != len(content):
        filesystem.pipe_file(path, content)


def _make_folder(filesystem: Any, path: str) -> None:
    """Make the folder of a name where the filesystem has folders."""
    if not _is_object_store(filesystem):
        filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)


def _remove(filesystem: Any, path: str) -> None:
    with suppress(FileNotFoundError):
        filesystem.rm_file(path)


def _is_object_store(filesystem: Any) -> bool:
    protocols = filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,)
    return not {"s3", "s3a", "gs", "gcs", "abfs", "az"}.isdisjoint(protocols)


@contextmanager
def _opened(archive: ObjectArchive, sha256: str = "") -> Iterator[tuple[Any, str]]:
    """Yield the filesystem and a path in it: of a content, or the archive's root.

    What the storage refuses becomes an ArchiveError; it may accept it at the next attempt.
    """
    name = name_of(sha256) if sha256 else ""
    try:
        filesystem, root = _open(archive.url)
        yield filesystem, f"{root.rstrip('/')}/{name}".rstrip("/")
    except ArchiveError:
        raise
    # Each protocol raises kinds of its own (SMBOSError, botocore's …), so any is caught.
    except Exception as error:
        raise ArchiveError(
            f"The archive {archive} cannot be used: {explain(error, archive.url)}.",
            hint="Check that the storage can be reached and that this account may write there.",
            retryable=True,
        ) from None  # the original's text may hold credentials


@lru_cache(maxsize=4)
def _open(url: str) -> tuple[Any, str]:
    return open_filesystem(url, userinfo_of(url))
