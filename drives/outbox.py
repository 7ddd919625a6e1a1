"""Hand files back to a body: into the outbox folder in its own folder, on the drive it sends from."""

from collections.abc import Mapping

from drives.faults import explain
from drives.listing import Drive, DriveError, open_drive
from drives.names import OUTBOX_FOLDER
from drives.patience import patience, within


def deliver(url: str, files: Mapping[tuple[str, str], bytes], ending: str | None = None) -> list[str]:
    """Write files into the outboxes of a drive; `files` by (body's folder, file name).

    Bodies that have no folder on this drive are left out, and what is there already as it should be stays
    untouched. With an `ending`, files in outboxes whose names end so and that are not among these are taken
    away: they were handed out before and are of no use any more. Returns the paths written, below the
    drive's root. Raises DriveError.
    """
    drive = open_drive(url)
    written: list[str] = []
    try:
        if not within(patience(), drive.filesystem.isdir, drive.root):
            raise FileNotFoundError(drive.root)
        for (body, name), content in sorted(files.items()):
            folder = f"{drive.root.rstrip('/')}/{body}"
            if not within(patience(), drive.filesystem.isdir, folder):
                continue
            outbox = f"{folder}/{OUTBOX_FOLDER}"
            if within(patience(len(content)), _write, drive, outbox, name, content):
                written.append(f"{body}/{OUTBOX_FOLDER}/{name}")
        if ending:
            _take_away(drive, ending, set(files))
    except Exception as error:
        raise DriveError(
            f"Nothing can be handed out on {drive.url}: {explain(error, url)}.", retryable=True
        ) from error
    return written


def body_folders(url: str) -> list[str]:
    """Return the names of the folders below the drive's root. Raises DriveError."""
    drive = open_drive(url)
    try:
        entries = within(patience(), drive.filesystem.ls, drive.root, detail=True)
    except Exception as error:
        raise DriveError(
            f"The folders of {drive.url} cannot be listed: {explain(error, url)}.", retryable=True
        ) from error
    return [e["name"].rstrip("/").rpartition("/")[2] for e in entries if e["type"] == "directory"]


def _take_away(drive: Drive, ending: str, kept: set[tuple[str, str]]) -> None:
    for entry in within(patience(), drive.filesystem.ls, drive.root, detail=True):
        body = entry["name"].rstrip("/").rpartition("/")[2]
        if entry["type"] == "directory":
            _take_away_of(drive, body, ending, kept)


def _take_away_of(drive: Drive, body: str, ending: str, kept: set[tuple[str, str]]) -> None:
    outbox = f"{drive.root.rstrip('/')}/{body}/{OUTBOX_FOLDER}"
    if not within(patience(), drive.filesystem.isdir, outbox):
        return
    for file in within(patience(), drive.filesystem.ls, outbox, detail=True):
        name = file["name"].rstrip("/").rpartition("/")[2]
        if file["type"] == "file" and name.endswith(ending) and (body, name) not in kept:
            within(patience(), drive.filesystem.rm_file, f"{outbox}/{name}")


def _write(drive: Drive, folder: str, name: str, content: bytes) -> bool:
    """Write beside and rename, so that a clerk never opens half a file; False where it is there already."""
    drive.filesystem.makedirs(folder, exist_ok=True)
    path, making = f"{folder}/{name}", f"{folder}/.{name}.part"
    if drive.filesystem.exists(path):
        if drive.filesystem.cat_file(path) == content:
            return False
        drive.filesystem.rm_file(path)
    drive.filesystem.pipe_file(making, content)
    drive.filesystem.mv(making, path)
    return True
