"""The system user that PostgreSQL runs as, because it does not start as root."""

import os
import pwd
import subprocess
from pathlib import Path
from typing import NamedTuple


class ServerUser(NamedTuple):
    """A system user without rights of its own."""

    uid: int
    gid: int


def server_user() -> ServerUser | None:
    """The user to run the server as; None for the current user, unless that is root.

    As root: postgres where it exists, else a new system user chitieu, else the user nobody.
    """
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "chitieu", "nobody"):
        if name == "nobody":
            subprocess.run(
                ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "chitieu"],  # noqa: S607
                check=False,
                capture_output=True,
            )
            name = "chitieu" if _exists("chitieu") else name
        if _exists(name):
            entry = pwd.getpwnam(name)
            return ServerUser(entry.pw_uid, entry.pw_gid)
    return ServerUser(65534, 65534)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def may_enter(folder: Path, user: ServerUser) -> bool:
    """Whether the user may enter a folder and all folders above it."""
    for part in (folder, *folder.parents):
        state = part.stat()
        bit = 0o100 if state.st_uid == user.uid else 0o010 if state.st_gid == user.gid else 0o001
        if not state.st_mode & bit:
            return False
    return True
