"""Examine the machine: disk space, versions, and the embedded servers that run."""

import platform
import re
import shutil
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from drives import archive
from drives.object_archive import ObjectArchive
from services.doctor.report import Line
from services.settings import Settings
from warehouse.embedded.running import running_servers
from warehouse.embedded.server import running_url

_GIB = 1024**3
_LEAST, _FEW = 0.5 * _GIB, 5 * _GIB  # bytes free
_OLDEST_PYTHON = (3, 11)


def disk_lines(settings: Settings) -> list[Line]:
    """Return the space left for the home and the archive."""
    home, place = _disk("home", settings.home), settings.archive
    return [home, _disk("archive", place) if isinstance(place, Path) else _storage(place)]


def _storage(place: ObjectArchive) -> Line:
    """Return whether an archive on object storage answers."""
    try:
        archive.withheld(place, "0" * 64)
    except archive.ArchiveError as error:
        return Line("archive", "fault", str(error), error.hint)
    return Line("archive", "ok", f"archive {place} can be read")


def _disk(name: str, folder: Path) -> Line:
    place = next(part for part in (folder, *folder.parents) if part.exists())
    usage = shutil.disk_usage(place)
    message = f"{name} {folder}: {usage.free / _GIB:.1f} GiB of {usage.total / _GIB:.0f} GiB free"
    if usage.free < _LEAST:
        return Line("disk", "fault", message, "Make room: a batch that cannot be archived is not loaded.")
    if usage.free < _FEW:
        return Line("disk", "warning", message, "Make room soon.")
    return Line("disk", "ok", message)


def version_lines() -> list[Line]:
    """Return the versions of Python and of the packages in use; a missing package is a fault."""
    python = Line("versions", "ok", f"Python {platform.python_version()}, Chỉ Tiêu {version('chitieu')}")
    needed = [name for name in requires("chitieu") or [] if "extra ==" not in name]
    found, missing = [], []
    for requirement in needed:
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    lines = [python, Line("versions", "ok", ", ".join(sorted(found)))]
    if missing:
        lines.append(
            Line("versions", "fault", f"Missing packages: {', '.join(sorted(missing))}", "Run make env.")
        )
    return lines


def embedded_lines(home: Path) -> list[Line]:
    """Return the embedded servers of this account that run; those of other homes are warnings."""
    own_url = running_url(home) or ""
    lines = []
    for server in running_servers():
        message = f"Embedded PostgreSQL in {server.cluster}: process {server.pid}, port {server.port}"
        if f":{server.port}/" in own_url:
            lines.append(Line("embedded", "ok", message))
            continue
        owner = (
            str(server.home) if server.home else f"HOME, where HOME/postgres.location names {server.cluster}"
        )
        remedy = f"If it is not needed: CHITIEU_HOME={owner} chitieu stop"
        lines.append(Line("embedded", "warning", message, remedy))
    return lines or [Line("embedded", "ok", "No embedded PostgreSQL runs")]
