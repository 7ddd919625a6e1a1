"""Names of files and folders: which hold no reports, which are copies of others, how a path is shown."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

OUTBOX_FOLDER = "_tra_lai"
"""The folder in which annotated files are returned to a body; nothing in it is a report."""

_SYSTEM_FOLDERS = {
    OUTBOX_FOLDER,
    "_outbox",
    "__macosx",
    "@eadir",
    "@tmp",
    "found.000",
    "lost+found",
    "system volume information",
    "network trash folder",
    "temporary items",
}
_REASON_OF_FOLDER = [
    (
        re.compile(r"[#@$~.]?(?:recycle[rd]?|recycle\.bin|recycle bin|trash(?:[-_.]\d+|es)?|thùng rác)"),
        "recycle bin",
    ),
    (
        re.compile(
            r"[#@~.]?(?:snapshots?|snapdir|st|previous |file)?(?:snapshots?|versions)"
            r"|@recently-snapshot|@gmt-[\d.\-]+|\.zfs|các phiên bản trước"
        ),
        "snapshot or former versions",
    ),
    (
        re.compile(r"[.!]?(?:dropbox\.cache|sync|stfolder|owncloudsync|tmp\.drive\w*)"),
        "folder of a sync program",
    ),
]
_SYSTEM_FILES = {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r", "folder.jpg", "autorun.inf"}
_REASON_OF_ENDING = {
    ending: reason
    for reason, endings in {
        "picture": "jpg jpeg jpe jfif png gif bmp tif tiff heic heif webp svg ico raw",
        "sound": "mp3 wav m4a aac ogg oga flac wma amr opus",
        "video": "mp4 avi mov mkv wmv flv webm m4v mpg mpeg 3gp",
        "temporary or partial file": "tmp temp part partial crdownload download swp filepart opdownload "
        "!sync !ut aria2 laccdb dwl xar",
        "backup copy of a program": "bak wbk xlk old orig asd",
        "shortcut": "lnk url webloc desktop",
    }.items()
    for ending in endings.split()
}
# Excel saves into a file of this name and renames it; what stays behind is from an aborted save.
_EXCEL_TEMPORARY = re.compile(r"[0-9A-F]{8}", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d{6}|[0-3]\d[01]\d(?:19|20)\d\d")
_LOCK_FILE = re.compile(r"~\$|\.~lock\..*#$")
_CONFLICT_MARKS = re.compile(
    r"\s*[(\[][^()\[\]]*(?:conflict|xung đột)[^()\[\]]*[)\]]"  # Dropbox, Nextcloud, Synology, Google Drive
    r"|\.sync-conflict-\d{8}-\d{6}(?:-\w+)?"  # Syncthing
    r"|_conflict-\d{8}-\d{6}"  # ownCloud
    r"|_[^_]+_\w{3}-\d\d-\d{4}-\d{4}_conflict$"  # Synology Drive
    r"|[-_ .]+conflict(?:ed)?(?:[-_ ]+copy)?(?:[-_ ]*\d+)?$"  # Resilio Sync
    r"|-(?:(?:desktop|laptop|win)-[0-9a-z]{6,}|maytinh\w*|\w+-pc)$",  # OneDrive
    re.IGNORECASE,
)
# Copies that office programs make of an open document, and transfers of what is being written.
_PROGRAM_COPY = re.compile(
    r"^(?:backup of |bản sao lưu của )|^~(?=[^$])|\(自动保存\)$"
    r"|\s*[(\[](?:autorecovered|autosaved|recovered|tự động khôi phục|đã khôi phục)(?:[-_ ]?\d+)?[)\]]$"
)
_MACHINE = re.compile(r"-(?:DESKTOP|LAPTOP|PC|MAY|WIN)-?[0-9A-Z]+$", re.IGNORECASE)
# Characters that change how a name is displayed, bytes that are no text, what looks like an escape.
_ESCAPED = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
    r"|\\(?=u[0-9a-f]{4})"
)


@lru_cache(maxsize=10_000)  # asked twice for each file, and bodies use the same names
def skip_reason(name: str, is_folder: bool) -> str | None:
    """Return why a file or folder of this name (one component of a path) holds no report; None if it may.

    A name that only looks wrong (a .pdf, a .zip) may be meant as a report: the reader answers for it.
    """
    low = shown(name).lower()
    if _LOCK_FILE.match(low):
        return "lock file of an open document"
    if is_folder:
        return _folder_reason(low)
    if low.startswith("."):
        return "hidden"
    if low in _SYSTEM_FILES:
        return "system file"
    if low.endswith("~") or low.startswith(("~wrl", "~wrd", "~$", "~xl")):
        return "temporary or partial file"
    if _EXCEL_TEMPORARY.fullmatch(low) and not _DATE.fullmatch(low):
        return "temporary file of Excel"
    _, dot, ending = low.rpartition(".")
    return _REASON_OF_ENDING.get(ending) if dot else None


def _folder_reason(low: str) -> str | None:
    for pattern, reason in _REASON_OF_FOLDER:
        if pattern.fullmatch(low):
            return reason
    if low.startswith("."):  # ".." as well, which a server could name to lead elsewhere
        return "hidden"
    return "outbox or system folder" if low in _SYSTEM_FOLDERS else None


def conflict_originals(names: Iterable[str]) -> dict[str, str]:
    """Map the copies that programs made among the names of one folder to the file they are a copy of.

    Only where that file lies beside the copy: a copy alone may be the only report.
    """
    by_key = {shown(name).lower(): name for name in names}
    originals: dict[str, str] = {}
    for key, name in by_key.items():
        original = next((by_key[k] for k in _without_conflict_mark(key) if k in by_key), None)
        if original is not None:
            originals[name] = original
    return originals


def copy_reason(name: str, original: str) -> str:
    """Return why a copy that `conflict_originals` names is skipped."""
    is_of_program = _PROGRAM_COPY.search(PurePosixPath(shown(name).lower()).stem)
    kind = "copy that a program kept" if is_of_program else "conflict copy that a sync program made"
    return f"{kind} of {shown(original)}"


def _without_conflict_mark(key: str) -> list[str]:
    """Return what a conflict copy's original may be called; nothing for a name without such a mark."""
    path = PurePosixPath(key)
    stem = _PROGRAM_COPY.sub("", _CONFLICT_MARKS.sub("", path.stem))
    if stem == path.stem:
        return []
    return [stem + path.suffix, _MACHINE.sub("", stem) + path.suffix]


def shown(path: str) -> str:
    r"""Return a path as it is shown and stored: composed (NFC), with control characters escaped as \uXXXX.

    Characters that change the direction of text and bytes that are no text are escaped too. The escapes can
    be read back, so that two names do not become one.
    """
    return unicodedata.normalize("NFC", _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", path))
