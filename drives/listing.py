"""List a shared drive: the files that may be reports, what was skipped, what could not be read.

Every drive is reached through fsspec, so nothing here assumes that a path can be opened by the operating
system; only links need a look at the real folder, and only local drives have them.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os.path import realpath
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem

from drives.faults import advice_on, explain
from drives.names import conflict_originals, copy_reason, shown, skip_reason
from drives.patience import MOST_IN_A_ROW, NoAnswerError, patience, within
from drives.protocols import open_filesystem
from drives.urls import is_local, public_url, userinfo_of
from plans.errors import ChitieuError

_MODIFIED_KEYS = ("mtime", "LastModified", "last_modified", "modified", "last_write_time", "updated")
_MAX_DEPTH = 20


class DriveError(ChitieuError):
    """A drive that cannot be used: one sentence for the operator, without credentials."""


@dataclass(frozen=True)
class Drive:
    """An opened drive: its fsspec filesystem, its root there, and its URL without and with credentials.

    ``local_root`` is the real folder of a local drive (links resolved), None for every other protocol.
    """

    filesystem: Any = field(repr=False)
    root: str
    url: str
    address: str = field(repr=False)
    local_root: Path | None


@dataclass(frozen=True)
class DriveFile:
    """One file of a drive, as listed.

    ``url`` is the drive's root without credentials, ``path`` lies below it (posix, composed Unicode),
    ``file_name`` below the body's folder. ``size`` is in bytes; ``modified`` is in UTC, None where the
    protocol names no time. ``raw_path`` and ``address`` are for fetching alone: the path as the drive spells
    it, and the drive's URL as it was given, **with its credentials**: never print or store it.
    ``conflict_copies`` are the names of copies beside it that a sync program made in a conflict: not listed.
    """

    url: str
    path: str
    body_folder: str
    file_name: str
    size: int
    modified: datetime | None
    raw_path: str
    address: str = field(repr=False, compare=False)
    conflict_copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """What ``list_drive`` found, each part in order of path.

    ``problems`` are sentences about folders that could not be read; ``skipped`` are pairs of a path below
    the drive's root (a folder's ends in "/") and the reason why it is no report.
    """

    files: list[DriveFile]
    problems: list[str]
    skipped: list[tuple[str, str]]


def list_drive(url: str) -> Listing:
    """List all files below the bodies' folders of the drive at ``url`` (an fsspec URL or a local path).

    Raises DriveError if the drive's root cannot be read, or it does not answer any more. A folder below it
    that cannot be read is named in ``problems``, and its files are missing from ``files``.
    """
    drive = open_drive(url)
    listing = Listing([], [], [])
    unanswered = 0
    folders = [(drive.root, "")]
    while folders:
        name, path = folders.pop()
        try:
            entries = _answered_entries(drive, name, path, listing)
            unanswered = 0
        # Each protocol raises kinds of its own (SMBOSError, HTTPError, botocore's ...), so any is caught.
        except Exception as error:
            unanswered = unanswered + 1 if isinstance(error, NoAnswerError) else 0
            if name == drive.root or unanswered == MOST_IN_A_ROW:
                raise _unusable(url, error) from None  # the original's text may hold credentials
            listing.problems.append(f"The folder {shown(path)} cannot be read: {explain(error, url)}.")
            continue
        conflicts = _conflict_copies(entries, path, listing)
        for entry in entries:
            if entry["name"] not in conflicts:
                folders += _sort_in(entry, path, drive, listing)
    listing.files.sort(key=lambda file: (file.path, file.raw_path))
    listing.problems.sort()
    listing.skipped.sort()
    return listing


def open_drive(url: str) -> Drive:
    """Open the drive at ``url``; raises DriveError if its protocol is unknown or its server unreachable.

    Not every protocol notices here that the server is away: most do so at the first reading.
    """
    try:
        return within(patience(), _open_local if is_local(url) else _open_remote, url)
    except Exception as error:
        raise _unusable(url, error) from None


def _open_local(url: str) -> Drive:
    # Not through url_to_fs, which would split a path with "::" in it into a chain of filesystems.
    # skip_instance_cache: a cached instance would answer from an old listing or a dead session.
    filesystem = LocalFileSystem(skip_instance_cache=True)
    root = Path(filesystem._strip_protocol(url)).resolve()
    local_url = f"file://{root.as_posix()}"
    return Drive(filesystem, root.as_posix(), local_url, local_url, root)


def _open_remote(url: str) -> Drive:
    filesystem, root = open_filesystem(url, userinfo_of(url))
    return Drive(filesystem, root, public_url(url).rstrip("/"), url, None)


def modified_of(entry: Mapping[str, Any]) -> datetime | None:
    """Return when a file was last modified, in UTC, from fsspec's ``entry`` for it; None if it names none.

    Protocols name the time differently and give seconds since 1970, a datetime, or an ISO text.
    """
    value = next((entry[key] for key in _MODIFIED_KEYS if entry.get(key) is not None), None)
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):  # a text in another format
        return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def escapes_root(drive: Drive, name: str) -> bool:
    """Return whether ``name`` on a local drive leads out of it through a link; False on any other drive."""
    if drive.local_root is None:
        return False
    return not Path(realpath(name)).is_relative_to(drive.local_root)


def _unusable(url: str, error: Exception) -> DriveError:
    reason, advice = explain(error, url), advice_on(error)
    # A drive that was waited for in vain is looked at by the next run: the other drives wait meanwhile.
    retryable = not isinstance(error, NoAnswerError)
    return DriveError(
        f"The drive {public_url(url)} cannot be read ({reason}): {advice}.", retryable=retryable
    )


def _answered_entries(drive: Drive, name: str, path: str, listing: Listing) -> list[dict[str, Any]]:
    """Return the entries of a folder; those of a local one that do not answer are problems of the listing.

    A folder of a local drive may be a mount of its own, and a dead one hides its neighbours.
    """
    try:
        return within(patience(), _entries, drive, name)
    except NoAnswerError:
        if drive.local_root is None:
            raise
    entries: list[dict[str, Any]] = []
    unanswered = 0
    for entry in within(patience(), os.listdir, name):
        try:
            entries.append(within(patience(), drive.filesystem.info, f"{name}/{entry}"))
            unanswered = 0
        except NoAnswerError as error:
            unanswered += 1
            if unanswered == MOST_IN_A_ROW:
                raise
            listing.problems.append(f"{shown(path + entry)} cannot be read: {error}.")
    return entries


def _entries(drive: Drive, name: str) -> list[dict[str, Any]]:
    """Return fsspec's entries for what lies directly in a folder."""
    entries: list[dict[str, Any]] = drive.filesystem.ls(name, detail=True)
    # Object stores list a folder's own marker in it; and a root that is a file lists itself.
    inside = [entry for entry in entries if entry["name"].strip("/") != name.strip("/")]
    if not inside and any(entry["type"] == "file" for entry in entries):
        raise NotADirectoryError("it is a file, not a folder")
    return inside


def _conflict_copies(entries: list[dict[str, Any]], parent: str, listing: Listing) -> set[str]:
    """Note the sync-conflict copies among a folder's files as skipped; return their names on the drive."""
    if not parent:
        return set()
    full_names = {_last(entry["name"]): entry["name"] for entry in entries if _may_be_report(entry)}
    originals = conflict_originals(full_names)
    for copy, original in originals.items():
        listing.skipped.append((shown(parent + copy), copy_reason(copy, original)))
        entry = next(e for e in entries if e["name"] == full_names[original])
        entry["conflict_copies"] = (*entry.get("conflict_copies", ()), shown(copy))
    return {full_names[copy] for copy in originals}


def _may_be_report(entry: dict[str, Any]) -> bool:
    return entry["type"] == "file" and bool(entry["size"]) and not skip_reason(_last(entry["name"]), False)


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def _sort_in(entry: dict[str, Any], parent: str, drive: Drive, listing: Listing) -> list[tuple[str, str]]:
    """Put one entry where it belongs in ``listing``; return it, with its path, if it is a folder to read."""
    name = entry["name"].rstrip("/")
    last = _last(name)
    path = f"{parent}{last}"
    reason = _why_not_listed(entry, last, parent)
    if reason:
        listing.skipped.append((shown(path) + "/" * (entry["type"] == "directory"), reason))
    elif entry["type"] == "file":
        listing.files.append(_drive_file(entry, path, drive))
    elif path.count("/") < _MAX_DEPTH:  # links on a server may lead in circles
        return [(name, f"{path}/")]
    else:
        listing.problems.append(
            f"The folder {shown(path)} was not read: it lies more than {_MAX_DEPTH} folders deep."
        )
    return []


def _why_not_listed(entry: dict[str, Any], name: str, parent: str) -> str | None:
    """Return why an entry is skipped, or None for a folder to read and a file that may be a report."""
    is_folder = entry["type"] == "directory"
    reason = skip_reason(name, is_folder)
    if reason or is_folder:
        return reason
    if entry.get("islink"):
        return "link: what lies in the drive is listed where it lies"
    if entry["type"] != "file":
        return "neither a file nor a folder"
    if not parent:
        return "lies in no body's folder"
    return None if entry["size"] else "empty: still being written"


def _drive_file(entry: dict[str, Any], path: str, drive: Drive) -> DriveFile:
    body_folder, _, file_name = shown(path).partition("/")
    return DriveFile(
        url=drive.url,
        path=shown(path),
        body_folder=body_folder,
        file_name=file_name,
        size=int(entry["size"]),
        modified=modified_of(entry),
        raw_path=entry["name"],
        address=drive.address,
        conflict_copies=entry.get("conflict_copies", ()),
    )
