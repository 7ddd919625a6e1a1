"""The system user that PostgreSQL runs as: it does not run as root."""

import logging
import os
import pwd
import subprocess
from pathlib import Path
from typing import NamedTuple

_LOGGER = logging.getLogger("chitieu")


class ServerUser(NamedTuple):
    """A system user without rights of its own."""

    uid: int
    gid: int


def server_user() -> ServerUser | None:
    """Return the user to run the server as; None for the current user, who is not root.

    As root: postgres or chitieu, whichever exists. Where neither does, the system user chitieu is created,
    announced in the log before it happens; where that fails, nobody.
    """
    if os.geteuid() != 0:
        return None
    if not _exists("postgres") and not _exists("chitieu"):
        _create_user("chitieu")
    for name in ("postgres", "chitieu", "nobody"):
        if _exists(name):
            entry = pwd.getpwnam(name)
            return ServerUser(entry.pw_uid, entry.pw_gid)
    return ServerUser(65534, 65534)


def _create_user(name: str) -> None:
    """Create a system user; where it cannot be created, the log has the reason."""
    _LOGGER.warning(
        "Creating the system user %s on this host: PostgreSQL does not run as root. To choose another user,"
        " run chitieu as that user, or create the user postgres first.",
        name,
    )
    try:
        done = subprocess.run(  # noqa: S603 - the name is ours
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],  # noqa: S607
            check=False,
            capture_output=True,
            text=True,
        )
    except OSError as error:
        _LOGGER.warning("The system user %s could not be created: %s", name, error.strerror)
        return
    if done.returncode:
        _LOGGER.warning("The system user %s could not be created: %s", name, done.stderr.strip())


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def may_enter(folder: Path, user: ServerUser) -> bool:
    """Whether the user may pass through a folder and all that it lies in."""
    for part in (folder, *folder.parents):
        state = part.stat()
        bit = 0o100 if state.st_uid == user.uid else 0o010 if state.st_gid == user.gid else 0o001
        if not state.st_mode & bit:
            return False
    return True
