"""Drives that neither answer nor fail: each is given up in time, and what else there is gets read."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from drives import outbox, protocols
from drives.fetching import fetch
from drives.listing import DriveError, DriveFile, list_drive
from drives.patience import NoAnswerError, patience, within
from tests.support.dead_mounts import dead_mount
from tests.support.paths import SAMPLE

LONGEST = 20  # seconds, of which the patience is one tenth
NEVER = threading.Event()


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocols, "TIMEOUT", 0.4)


@pytest.fixture(autouse=True)
def started() -> Iterator[float]:
    start = time.monotonic()
    yield start
    assert time.monotonic() - start < LONGEST


@contextmanager
def served(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on loopback that answers each connection by the function; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            answer(connection)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def silent(connection: socket.socket) -> None:
    """Take all and answer nothing."""
    while connection.recv(65536):
        pass


def dripping(connection: socket.socket) -> None:
    """Answer several bytes within each timeout of the client, and never to an end."""
    connection.sendall(b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 100000\r\n\r\n")
    while not NEVER.wait(0.1):
        connection.sendall(b" ")


@pytest.mark.parametrize("scheme", ["webdav", "smb", "sftp", "s3", "http"])
@pytest.mark.parametrize("answer", [silent, dripping])
def test_a_server_that_never_ends_its_answer_is_given_up(
    scheme: str, answer: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(answer) as port:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": "geheim",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        }.items():
            monkeypatch.setenv(name, value)
        url = "s3://bucket/drive" if scheme == "s3" else f"{scheme}://user:geheim@127.0.0.1:{port}/share"
        with pytest.raises(DriveError) as failure:
            list_drive(url)
    assert "cannot be read" in str(failure.value)
    assert "geheim" not in str(failure.value)


def files_of(drive: Path) -> list[DriveFile]:
    return list_drive(str(drive)).files


def test_a_drive_whose_mount_is_dead_is_given_up(tmp_path: Path) -> None:
    with dead_mount(tmp_path):
        with pytest.raises(DriveError, match="no answer in 1 seconds") as failure:
            list_drive(str(tmp_path))
        with pytest.raises(DriveError, match="no answer"):
            outbox.deliver(str(tmp_path), {("CAT", "a.txt"): b"x"})
        with pytest.raises(DriveError, match="no answer"):
            outbox.body_folders(str(tmp_path))
    assert not failure.value.retryable  # the other drives wait meanwhile


def test_a_dead_folder_does_not_hide_the_others(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    before = {file.path for file in files_of(tmp_path / "drive")}
    with dead_mount(tmp_path / "drive" / "CAT"):
        listing = list_drive(str(tmp_path / "drive"))
    assert listing.problems == ["CAT cannot be read: no answer in 1 seconds."]
    assert {file.path for file in listing.files} == {path for path in before if not path.startswith("CAT/")}


def test_files_of_a_mount_that_died_after_its_listing_are_problems(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    files = files_of(tmp_path / "drive")
    inside = [file for file in files if file.path.startswith("CAT/")]
    assert len(inside) > 3
    with dead_mount(tmp_path / "drive" / "CAT"):
        found = list(fetch(inside, 2**20))
    assert [one.state for one in found] == ["failed"] * len(inside)
    assert "no answer" in (found[0].problem or "")
    assert "does not answer any more" in (found[-1].problem or "")


def test_one_file_that_hangs_does_not_stop_those_after_it(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    dead = tmp_path / "drive" / "CAT"
    files = [f for f in files_of(tmp_path / "drive") if f.body_folder != "CAT"][:6]
    with dead_mount(dead):
        first = files[0]
        hanging = DriveFile(
            first.url, "CAT/a.xlsx", "CAT", "a.xlsx", 9, None, f"{dead}/a.xlsx", first.address
        )
        found = list(fetch([hanging, *files, hanging, *files], 2**20))
    assert [one.state for one in found] == (["failed"] + ["read"] * len(files)) * 2


def test_a_large_file_has_more_time_than_a_small_one() -> None:
    assert patience(20 * 2**20) > 10 * patience(0)


def test_the_result_or_error_of_a_call_in_time_is_passed_on() -> None:
    def fail() -> None:
        raise TimeoutError("of the function itself")

    assert within(5, int, "7") == 7
    with pytest.raises(TimeoutError, match="of the function itself") as own:
        within(5, fail)
    assert not isinstance(own.value, NoAnswerError)
    with pytest.raises(NoAnswerError):
        within(0.05, NEVER.wait)


def test_files_that_hang_on_a_drive_that_answers_do_not_stop_the_others(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    first, *others = [f for f in files_of(tmp_path / "drive") if f.body_folder != "CAT"][:3]
    (tmp_path / "dead").mkdir()
    with dead_mount(tmp_path / "dead"):
        hanging = DriveFile(first.url, "CAT/a", "CAT", "a", 9, None, f"{tmp_path}/dead/a.xlsx", first.address)
        found = list(fetch([hanging] * 3 + others, 2**20))
    assert [one.state for one in found] == ["failed"] * 3 + ["read"] * len(others)


def test_a_dead_drive_is_given_up_where_its_files_take_turns_with_those_of_another(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "drive", tmp_path / "dead")
    shutil.copytree(SAMPLE / "drive", tmp_path / "good")
    dead = [file for file in files_of(tmp_path / "dead") if file.body_folder == "CAT"][:5]
    good = files_of(tmp_path / "good")[: len(dead)]
    with dead_mount(tmp_path / "dead" / "CAT"):
        found = list(fetch([file for pair in zip(dead, good, strict=True) for file in pair], 2**20))
    assert [one.state for one in found] == ["failed", "read"] * len(dead)
    assert "does not answer any more" in (found[-2].problem or "")
