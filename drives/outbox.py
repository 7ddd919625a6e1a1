"""Hand files back to a body: into the outbox folder in its own folder, on the drive it sends from."""

from drives.listing import Drive, DriveError, explain, open_drive
from drives.names import OUTBOX_FOLDER


def hand_out(url: str, files: dict[tuple[str, str], bytes]) -> list[str]:
    """Write files into the outboxes of a drive; `files` by (body's folder, file name).

    Bodies that have no folder on this drive are left out, and what is there already as it should be stays
    untouched. Returns the paths written, below the drive's root. Raises DriveError.
    """
    drive = open_drive(url)
    written: list[str] = []
    try:
        if not drive.filesystem.isdir(drive.root):
            raise FileNotFoundError(drive.root)
        for (body, name), content in sorted(files.items()):
            folder = f"{drive.root.rstrip('/')}/{body}"
            if not drive.filesystem.isdir(folder):
                continue
            if _write(drive, f"{folder}/{OUTBOX_FOLDER}", name, content):
                written.append(f"{body}/{OUTBOX_FOLDER}/{name}")
    except Exception as error:
        raise DriveError(f"Nothing can be handed out on {drive.url}: {explain(error, url)}.") from error
    return written


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
