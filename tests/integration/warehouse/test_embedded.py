"""The embedded PostgreSQL: one server for all, that outlives kills and leaves the folders of others alone."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from warehouse.embedded import server
from warehouse.embedded.running import running_servers
from warehouse.embedded.server import (
    EmbeddedServerError,
    administrator_url,
    embedded_url,
    running_url,
    stop_embedded,
)

AS_ROOT = os.geteuid() == 0
CALL = "import sys, pathlib; from warehouse.embedded.server import embedded_url; print(embedded_url(pathlib.Path(sys.argv[1])))"


@pytest.fixture
def parent() -> Iterator[Path]:
    """A folder that the server's user may pass through; in it `home` or another home may be made."""
    folder = Path(tempfile.mkdtemp(prefix="chitieu-embedded-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        for home in [home for home in folder.rglob("home") if home.is_dir()]:
            stop_embedded(home)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(parent: Path) -> Path:
    return parent / "home"


def cluster(home: Path) -> Path:
    return home / "postgres"


def postmaster(home: Path) -> int:
    return int((cluster(home) / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def ask(url: str, query: str) -> object:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def commands(home: Path, *arguments: str) -> str:
    """Run a command as a user does, with a server that ends after 1.2 seconds without use."""
    environment = os.environ | {"CHITIEU_HOME": str(home), "CHITIEU_EMBEDDED_IDLE": "0.02"}
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, "the server still runs"
        time.sleep(0.05)


def watchers(home: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if b"warehouse.embedded.idle" in command and os.fsencode(cluster(home)) in command:
            found.append(int(process.name))
    return found


@pytest.mark.long
def test_an_unused_server_ends_by_itself_until_its_url_was_given_out(home: Path) -> None:
    commands(home, "init")
    first = postmaster(home)
    assert len(watchers(home)) == 1
    url = embedded_url(home)
    with psycopg.connect(url.replace("+psycopg", "")):  # a session that does nothing is a use as well
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            assert Path(f"/proc/{first}").exists()
            time.sleep(0.1)
    wait_for_end(first)
    assert server.running_url(home) is None
    assert commands(home, "database-url", "--as", "owner").strip() == url  # the same port
    second = postmaster(home)
    for watcher in watchers(home):  # each notices that the URL was given out
        wait_for_end(watcher)
    assert Path(f"/proc/{second}").exists()
    commands(home, "status", "--json")
    assert watchers(home) == []


def test_many_processes_at_once_get_one_server(home: Path) -> None:
    command = [sys.executable, "-c", CALL, str(home)]
    callers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(6)
    ]
    actual = [caller.communicate(timeout=60) for caller in callers]
    assert [caller.returncode for caller in callers] == [0] * 6, actual
    assert len({out for out, _ in actual}) == 1
    url = actual[0][0].strip()
    assert url.startswith("postgresql+psycopg://")
    # The server that answers is the one of this home: a second one would have another folder or process.
    administrator = administrator_url(cluster(home))
    assert administrator.partition("@")[2].startswith(url.partition("@")[2].partition("/")[0])
    assert ask(administrator, "SELECT pg_read_file('postmaster.pid')").split()[0] == str(postmaster(home))  # type: ignore[attr-defined]
    assert Path(f"/proc/{postmaster(home)}/cwd").readlink() == cluster(home) / "data"
    assert sorted(cluster(home).glob("making-*")) == []


def test_a_running_server_answers_at_once_and_only_here(home: Path) -> None:
    url = embedded_url(home)
    started = time.monotonic()
    assert embedded_url(home) == url
    assert time.monotonic() - started < 0.5
    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password"):
        ask(url.replace("chitieu:", "chitieu:x", 1), "SELECT 1")
    assert url.endswith("/chitieu?require_auth=scram-sha-256")
    for name in ("password", "chitieu.password"):
        assert (cluster(home) / name).stat().st_mode & 0o077 == 0
    assert (
        ask(url, "SELECT rolsuper OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = user")
        is False
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(url, "SELECT pg_read_file('postmaster.pid')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(url, "SELECT lo_create(0)")


def test_data_survives_a_killed_server(home: Path) -> None:
    url = embedded_url(home)
    ask(url, "CREATE TABLE kept AS SELECT 42 AS n")
    os.kill(postmaster(home), signal.SIGKILL)
    assert ask(embedded_url(home), "SELECT n FROM kept") == 42


def test_what_a_killed_initdb_left_is_no_hindrance(home: Path) -> None:
    left_over = home / "postgres" / "making-4711"
    left_over.mkdir(parents=True)
    (left_over / "PG_VERSION").write_text("18\n", encoding="utf-8")
    (home / "postgres" / "password").write_text("of a cluster that never was\n", encoding="utf-8")
    for folder in (home, home / "postgres"):
        folder.chmod(0o711)
    assert ask(embedded_url(home), "SELECT 1") == 1
    assert not left_over.exists()


def test_a_caller_killed_before_the_database_was_made_is_no_hindrance(home: Path) -> None:
    url = embedded_url(home)
    ask(url.rpartition("/")[0] + "/postgres", "DROP DATABASE chitieu WITH (FORCE)")
    before = postmaster(home)
    started = time.monotonic()
    assert ask(embedded_url(home), "SELECT 1") == 1
    assert time.monotonic() - started < 5
    assert postmaster(home) == before


def test_a_server_still_starting_is_waited_for(home: Path) -> None:
    """As when the caller that had begun to start it was killed."""
    embedded_url(home)
    ask(embedded_url(home), "CREATE TABLE kept AS SELECT generate_series(1, 400000) AS n")
    os.kill(postmaster(home), signal.SIGKILL)
    commands = [sys.executable, "-c", CALL, str(home)]
    first = subprocess.Popen(commands, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen = (cluster(home) / "data" / "postmaster.pid").read_text(encoding="utf-8")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and first.poll() is None:
        try:
            if (cluster(home) / "data" / "postmaster.pid").read_text(encoding="utf-8") != seen:
                break
        except OSError:
            pass  # between two servers
    first.kill()
    first.wait()
    assert ask(embedded_url(home), "SELECT count(*) FROM kept") == 400_000


@pytest.mark.skipif(not AS_ROOT, reason="only root's folders are closed to the server's user")
def test_a_home_in_a_private_folder_is_left_closed(parent: Path) -> None:
    private = parent / "private"
    private.mkdir(mode=0o700)
    home = private / "deep" / "home"
    url = embedded_url(home)
    ask(url, "CREATE TABLE kept AS SELECT 42 AS n")
    assert private.stat().st_mode & 0o777 == 0o700
    assert parent.stat().st_mode & 0o777 == 0o711
    assert [server.home for server in running_servers() if server.pid == postmaster(home)] == [home]
    assert embedded_url(home) == url
    os.kill(postmaster(home), signal.SIGKILL)  # recovery opens all files again
    assert ask(embedded_url(home), "SELECT n FROM kept") == 42
    stop_embedded(home)
    assert running_url(home) is None
    assert (cluster(home) / "data" / "base").is_dir()
    assert cluster(home).stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not AS_ROOT, reason="only root's folders are closed to the server's user")
def test_only_closed_programs_are_copied_elsewhere(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = parent / "private"
    private.mkdir(mode=0o700)
    binaries = server.bundled_binaries()
    version, package = binaries.parent, binaries.parents[1]
    closed = private / package.name / version.name
    shutil.copytree(version, closed, symlinks=True)
    libraries = f"{package.name}.libs"
    shutil.copytree(package.with_name(libraries), private / libraries)
    monkeypatch.setattr(server, "_PROGRAMS", parent / "programs")
    folder = private / "home" / "postgres"
    try:
        assert ask(server.start_cluster(folder, closed / "bin"), "SELECT 1") == 1
    finally:
        server.stop_cluster(folder, closed / "bin")
    assert (folder / "data" / "base").is_dir()
    (copy,) = (parent / "programs").glob("programs-*")
    assert sorted(path.name for path in copy.iterdir()) == [package.name, libraries]
    assert not list(copy.rglob("postmaster.pid"))


def test_a_cluster_that_an_earlier_release_put_elsewhere_stays_there(home: Path, parent: Path) -> None:
    embedded_url(home)
    stop_embedded(home)
    (home / "postgres").rename(parent / "elsewhere")
    (home / "postgres.location").write_text(f"{parent / 'elsewhere'}\n", encoding="utf-8")
    try:
        assert ask(embedded_url(home), "SELECT 1") == 1
        assert not (home / "postgres").exists()
    finally:
        stop_embedded(home)


@pytest.mark.skipif(not AS_ROOT, reason="only root's folders are closed to the server's user")
def test_a_strict_umask_does_not_lock_the_server_out(home: Path) -> None:
    former = os.umask(0o077)
    try:
        assert ask(embedded_url(home), "SELECT 1") == 1
    finally:
        os.umask(former)


def test_a_broken_cluster_is_reported_in_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded_url(home)
    stop_embedded(home)
    shutil.rmtree(cluster(home) / "data" / "global")
    monkeypatch.setattr(server, "_START_TIMEOUT", 0.2)
    with pytest.raises(EmbeddedServerError) as caught:
        embedded_url(home)
    words = str(caught.value)
    assert "\n" not in words
    assert words.startswith("PostgreSQL could not be started: ")
    assert str(cluster(home) / "server.log") in words
    assert words.endswith(".")
    (cluster(home) / "password").unlink()
    with pytest.raises(
        EmbeddedServerError, match=r"^PostgreSQL's password is missing: restore .*password\.$"
    ):
        embedded_url(home)


def test_a_cluster_that_cannot_be_created_is_reported_in_one_sentence(home: Path, parent: Path) -> None:
    initdb = parent / "programs" / "initdb"
    initdb.parent.mkdir(mode=0o755)
    initdb.write_text("#!/bin/sh\necho 'initdb: no space left' >&2\nexit 1\n", encoding="utf-8")
    initdb.chmod(0o755)
    with pytest.raises(
        EmbeddedServerError, match=r"^PostgreSQL could not be set up in .*: .*no space left\.$"
    ):
        server.start_cluster(home / "postgres", initdb.parent)
    assert not (home / "postgres" / "data").exists()


def test_stopping_stops_and_the_next_call_starts_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.parent)
    url = embedded_url(Path("home"))  # a relative home is the same place
    ask(url, "CREATE TABLE kept AS SELECT 42 AS n")
    stop_embedded(home)
    with pytest.raises(psycopg.OperationalError, match="refused"):
        ask(url, "SELECT 1")
    assert not (cluster(home) / "data" / "postmaster.pid").exists()
    stop_embedded(home)  # a second time there is nothing to do
    assert ask(embedded_url(home), "SELECT n FROM kept") == 42


def test_the_port_stays_the_same_unless_another_program_has_it(home: Path) -> None:
    url = embedded_url(home)
    stop_embedded(home)
    assert embedded_url(home) == url
    stop_embedded(home)
    port = int(url.rpartition(":")[2].partition("/")[0])
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        moved = embedded_url(home)
    assert moved != url
    assert ask(moved, "SELECT 1") == 1
