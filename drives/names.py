"""Names of files and folders: which are certainly no reports, and how a path is shown."""

import re
import unicodedata
from pathlib import PurePosixPath

OUTBOX_FOLDER = "_tra_lai"
"""The folder in which we hand annotated files back to a body; nothing in it is a report."""

_FOREIGN_FOLDERS = {
    OUTBOX_FOLDER,
    "_outbox",
    "__macosx",
    "$recycle.bin",
    "recycler",
    "#recycle",
    "@recycle",
    "#snapshot",
    "@eadir",
    "lost+found",
    "system volume information",
}
_SYSTEM_FILES = {"thumbs.db", "desktop.ini", "ehthumbs.db"}
_REASON_OF_ENDING = {
    ending: reason
    for reason, endings in {
        "picture": "jpg jpeg jpe jfif png gif bmp tif tiff heic heif webp svg ico raw",
        "sound": "mp3 wav m4a aac ogg oga flac wma amr opus",
        "video": "mp4 avi mov mkv wmv flv webm m4v mpg mpeg 3gp",
        "temporary or partial file": "tmp temp part partial crdownload download swp",
        "shortcut": "lnk url webloc",
    }.items()
    for ending in endings.split()
}
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def skip_reason(name: str, is_folder: bool) -> str | None:
    """Say why a file or folder of this name (one component of a path) holds no report; None if it may.

    What merely looks wrong (a .docx, a .zip) may be meant as a report: the reader answers for it.
    """
    low = shown(name).lower()
    if low.startswith("~$") or (low.startswith(".~lock.") and low.endswith("#")):
        return "lock file of an open document"
    if low.startswith("."):  # ".." as well, which a server could name to lead us elsewhere
        return "hidden"
    if is_folder:
        return "outbox or system folder" if low in _FOREIGN_FOLDERS else None
    if low in _SYSTEM_FILES:
        return "system file"
    if low.endswith("~"):
        return "temporary or partial file"
    return _REASON_OF_ENDING.get(PurePosixPath(low).suffix[1:])


def shown(path: str) -> str:
    """Return a path as it is shown and stored: composed (NFC), and without bytes that are no text."""
    return unicodedata.normalize("NFC", _LONE_SURROGATES.sub("\ufffd", path))
