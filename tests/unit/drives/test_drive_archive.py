"""The archive: each content once, whole or not at all, whoever stores at the same time and is killed."""

import fcntl
import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import drives.archive
from drives.archive import ArchiveError, clean, contains, load, note_hash_only, store, withheld

CONTENT = b"content"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def place(archive: Path, sha256: str) -> Path:
    return archive / sha256[:2] / sha256[2:]


def files(archive: Path) -> list[Path]:
    return sorted(path for path in archive.glob("??/*") if path.is_file())


@given(st.lists(st.binary(max_size=20), max_size=12))
@settings(max_examples=40, deadline=None)
def test_whatever_is_stored_in_any_order_loads_equal_and_lies_there_once(contents: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        for content in contents:
            store(archive, digest(content), content)
        for content in contents:
            assert load(archive, digest(content)) == content
            assert contains(archive, digest(content))
        assert files(archive) == sorted({place(archive, digest(content)) for content in contents})


def test_a_stored_file_can_only_be_read_and_is_never_written_again(tmp_path: Path) -> None:
    store(tmp_path, SHA256, CONTENT)
    before = place(tmp_path, SHA256).stat()
    assert stat.S_IMODE(before.st_mode) == 0o440
    store(tmp_path, SHA256, CONTENT)
    after = place(tmp_path, SHA256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_writer_that_comes_second_does_not_overwrite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def overtaken(handle: int) -> None:
        place(tmp_path, SHA256).write_bytes(b"first")
        real(handle)

    monkeypatch.setattr(os, "fsync", overtaken)
    place(tmp_path, SHA256).parent.mkdir()
    store(tmp_path, SHA256, CONTENT)
    assert place(tmp_path, SHA256).read_bytes() == b"first"
    assert files(tmp_path) == [place(tmp_path, SHA256)]


def test_damage_is_found(tmp_path: Path) -> None:
    store(tmp_path, SHA256, CONTENT)
    place(tmp_path, SHA256).chmod(0o640)
    place(tmp_path, SHA256).write_bytes(b"Content")
    with pytest.raises(ArchiveError, match="damaged"):
        load(tmp_path, SHA256)


def test_absent_content_is_an_error(tmp_path: Path) -> None:
    assert not contains(tmp_path, SHA256)
    with pytest.raises(ArchiveError, match="no content"):
        load(tmp_path, SHA256)


def test_a_wrong_hash_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="another sha256"):
        store(tmp_path, SHA256, b"something else")
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "../" * 20 + "etc/passwd", SHA256.upper(), SHA256[:-1], SHA256 + "\n"])
def test_what_is_no_hash_reaches_no_file(tmp_path: Path, name: str) -> None:
    for act in (load, contains, withheld, note_hash_only):
        with pytest.raises(ArchiveError, match="no sha256"):
            act(tmp_path, name)
    with pytest.raises(ArchiveError, match="no sha256"):
        store(tmp_path, name, CONTENT)


@pytest.mark.parametrize("stored_before", [True, False])
def test_withheld_content_is_gone_and_does_not_come_back(tmp_path: Path, stored_before: bool) -> None:
    if stored_before:
        store(tmp_path, SHA256, CONTENT)
    for _ in range(2):
        note_hash_only(tmp_path, SHA256)
        store(tmp_path, SHA256, CONTENT)
        assert withheld(tmp_path, SHA256)
        assert not contains(tmp_path, SHA256)
        with pytest.raises(ArchiveError, match="withheld"):
            load(tmp_path, SHA256)
        [marker] = files(tmp_path)
        assert marker.name == SHA256[2:] + ".withheld"
        assert marker.stat().st_size == 0


def test_content_withheld_while_it_is_stored_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def withheld_first(source: str, target: Path) -> None:
        note_hash_only(tmp_path, SHA256)
        real(source, target)

    monkeypatch.setattr(os, "link", withheld_first)
    store(tmp_path, SHA256, CONTENT)
    assert [path.suffix for path in files(tmp_path)] == [".withheld"]


def test_cleaning_finishes_a_withholding_that_was_cut_short(tmp_path: Path) -> None:
    store(tmp_path, SHA256, CONTENT)
    place(tmp_path, SHA256).with_suffix(".withheld").touch()
    assert not contains(tmp_path, SHA256)
    assert clean(tmp_path) == 1
    assert [path.suffix for path in files(tmp_path)] == [".withheld"]


KILLED = """
import os, signal, sys
from pathlib import Path
import drives.archive
real = getattr(os, sys.argv[2])
def killed(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], killed)
drives.archive.store(Path(sys.argv[1]), sys.argv[3], sys.stdin.buffer.read())
"""


@pytest.mark.parametrize("moment", ["fchmod", "fsync", "link"])
def test_a_killed_writer_leaves_no_half_file_and_its_leftovers_can_be_cleaned(
    tmp_path: Path, moment: str
) -> None:
    content = os.urandom(1_000_000)
    place(tmp_path, digest(content)).parent.mkdir()
    root = Path(drives.archive.__file__).parent.parent
    command = [sys.executable, "-c", KILLED, str(tmp_path), moment, digest(content)]
    done = subprocess.run(command, input=content, cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not contains(tmp_path, digest(content))
    [leftover] = files(tmp_path)
    assert leftover.name.startswith(".tmp-")
    assert clean(tmp_path) == 1
    assert files(tmp_path) == []
    store(tmp_path, digest(content), content)
    assert load(tmp_path, digest(content)) == content


def test_cleaning_leaves_what_another_is_writing(tmp_path: Path) -> None:
    store(tmp_path, SHA256, CONTENT)
    temporary = tmp_path / SHA256[:2] / ".tmp-of-another"
    temporary.touch()
    with (tmp_path / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert clean(tmp_path) == 0
        assert temporary.exists()
    assert clean(tmp_path) == 1
    assert files(tmp_path) == [place(tmp_path, SHA256)]


def test_cleaning_where_there_is_no_archive_makes_none(tmp_path: Path) -> None:
    assert clean(tmp_path / "none") == 0
    assert not (tmp_path / "none").exists()


def test_a_failed_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    place(tmp_path, SHA256).parent.mkdir()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ArchiveError, match="No space"):
        store(tmp_path, SHA256, CONTENT)
    assert files(tmp_path) == []


def test_the_file_and_its_name_are_on_disk_before_store_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(handle: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    store(tmp_path / "archive", SHA256, CONTENT)
    assert synced == ["folder", "file", "folder"]
    store(tmp_path / "archive", SHA256, CONTENT)  # nothing is written a second time
    assert len(synced) == 3


MANY = """
import hashlib, sys
from pathlib import Path
from drives.archive import store
for number in range(100):
    content = str(number).encode() * 1000
    store(Path(sys.argv[1]), hashlib.sha256(content).hexdigest(), content)
"""


def test_several_processes_and_threads_store_the_same_at_once(tmp_path: Path) -> None:
    root = Path(drives.archive.__file__).parent.parent
    command = [sys.executable, "-c", MANY, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=root) for _ in range(3)]
    contents = [str(number).encode() * 1000 for number in range(100)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda content: store(tmp_path, digest(content), content), contents))
    assert [process.wait(timeout=30) for process in running] == [0, 0, 0]
    assert files(tmp_path) == sorted(place(tmp_path, digest(content)) for content in contents)
    assert [load(tmp_path, digest(content)) for content in contents] == contents
