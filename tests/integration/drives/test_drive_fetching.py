"""Fetching: what was read is what was listed, and no file stops the others."""

import hashlib
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import given, settings
from hypothesis import strategies as st

from drives.fetching import Fetched, fetch
from drives.listing import list_drive


class WatchedFileSystem(MemoryFileSystem):
    """A server with times of its own, on which something may happen at the moment of each reading."""

    protocol = "watched"
    modified_by_path: dict[str, object] = {}  # noqa: RUF012
    told_size: int | None = None
    most_read = 0
    while_reading: Callable[[str], None] = staticmethod(lambda path: None)

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(MemoryFileSystem._strip_protocol(path.removeprefix("watched://")))

    def ls(self, path: str, detail: bool = True, **kwargs: object) -> list[dict[str, object]]:
        return [self.info(entry["name"]) for entry in super().ls(path, detail=True)]

    def info(self, path: str, **kwargs: object) -> dict[str, object]:
        path = self._strip_protocol(path)
        entry = {**super().info(path), "LastModified": self.modified_by_path.get(path)}
        return entry if self.told_size is None else {**entry, "size": self.told_size}

    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **kwargs: object
    ) -> bytes:
        content: bytes = super().cat_file(path, start=start, end=end)
        type(self).most_read = max(self.most_read, len(content))
        type(self).while_reading(self._strip_protocol(path))
        return content


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[WatchedFileSystem]:
    fsspec.register_implementation("watched", WatchedFileSystem, clobber=True)
    monkeypatch.setattr(WatchedFileSystem, "modified_by_path", {})
    monkeypatch.setattr(WatchedFileSystem, "most_read", 0)
    filesystem = WatchedFileSystem()
    filesystem.store.clear()  # one store serves all of a process's tests
    yield filesystem
    filesystem.store.clear()
    filesystem.pseudo_dirs[:] = [""]


def put(root: Path, path: str, content: bytes) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def fetched(url: str, max_bytes: int = 1000) -> list[Fetched]:
    return list(fetch(list_drive(url).files, max_bytes))


def test_content_and_hash_come_in_the_order_of_the_listing(tmp_path: Path) -> None:
    contents = {f"b{number % 7}/Báo cáo {number}.xlsx": os.urandom(number + 1) for number in range(30)}
    for path, content in contents.items():
        put(tmp_path, path, content)
    listing = list_drive(str(tmp_path))
    result = list(fetch(listing.files, 1000))
    assert [one.file for one in result] == listing.files
    for one in result:
        assert (one.state, one.problem) == ("read", None)
        assert one.content == contents[one.file.path]
        assert one.sha256 == hashlib.sha256(one.content).hexdigest()


@pytest.mark.parametrize(
    "name", ["a b.xlsx", 'it\'s "1".xlsx', "a\nb.xlsx", "a..b", "a%20b", "a::b", "a*[1]?#"]
)
def test_odd_names_are_fetched(tmp_path: Path, watched: WatchedFileSystem, name: str) -> None:
    put(tmp_path, f"{name}/{name}", b"local")
    assert [one.content for one in fetched(str(tmp_path))] == [b"local"]
    if "::" not in name:  # the memory filesystem itself takes that for a chain
        watched.pipe(f"/d/{name}/{name}", b"remote")
        assert [one.content for one in fetched("watched://d")] == [b"remote"]


@given(sizes=st.lists(st.integers(1, 30), max_size=40), max_bytes=st.integers(1, 30))
@settings(deadline=None)
def test_many_remote_files_in_threads_keep_their_order(sizes: list[int], max_bytes: int) -> None:
    memory = MemoryFileSystem()
    memory.store.clear()
    memory.pseudo_dirs[:] = ["", "/d"]
    for number, size in enumerate(sizes):
        memory.pipe(f"/d/a/{number:03}.csv", bytes([number]) * size)
    result = fetched("memory://d", max_bytes)
    assert [one.file.size for one in result] == sizes
    for number, one in enumerate(result):
        fits = sizes[number] <= max_bytes
        assert one.state == ("read" if fits else "too_large")
        assert one.content == (bytes([number]) * sizes[number] if fits else None)
        assert (one.sha256 is None) == (one.problem is not None) == (not fits)


@pytest.mark.parametrize(
    "content", [b"", b"123", b"123456789", b"x" * 5000], ids=["empty", "less", "more", "huge"]
)
def test_a_file_whose_size_changed_since_the_listing_is_changing(tmp_path: Path, content: bytes) -> None:
    file = put(tmp_path, "a/x.xlsx", b"123456")
    put(tmp_path, "a/y.xlsx", b"good")
    files = list_drive(str(tmp_path)).files
    file.write_bytes(content)
    bad, good = fetch(files, 1000)
    assert (bad.state, bad.content, bad.sha256) == ("changing", None, None)
    assert bad.problem is not None
    assert "still being written" in bad.problem
    assert good.state == "read"


def test_a_file_of_the_same_size_written_again_is_changing(tmp_path: Path) -> None:
    file = put(tmp_path, "a/x.xlsx", b"123456")
    files = list_drive(str(tmp_path)).files
    file.write_bytes(b"654321")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 5000))
    assert [one.state for one in fetch(files, 1000)] == ["changing"]


@pytest.mark.parametrize("later", [b"1234567", b"12345", b"654321"], ids=["longer", "shorter", "same size"])
def test_a_file_written_to_while_it_is_read_is_changing(
    watched: WatchedFileSystem, monkeypatch: pytest.MonkeyPatch, later: bytes
) -> None:
    def write(path: str) -> None:
        watched.pipe_file(path, later)
        watched.modified_by_path[path] = datetime(2020, 1, 1, 0, 0, 1, tzinfo=UTC)

    watched.pipe("/d/a/x.xlsx", b"123456")
    watched.modified_by_path["/d/a/x.xlsx"] = datetime(2020, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(WatchedFileSystem, "while_reading", staticmethod(write))
    [one] = fetched("watched://d")
    assert (one.state, one.content) == ("changing", None)


@pytest.mark.parametrize(
    ("listed", "now", "state"),
    [
        (datetime(2020, 1, 1, 0, 0, 0, 900, UTC), datetime(2020, 1, 1, tzinfo=UTC), "read"),
        (datetime(2020, 1, 1, 0, 0, 0, 900, UTC), datetime(2020, 1, 1, 0, 0, 0, 901, UTC), "changing"),
        (datetime(2020, 1, 1, 0, 0, 1, 900, UTC), datetime(2020, 1, 1, tzinfo=UTC), "changing"),
        (None, datetime(2020, 1, 1, tzinfo=UTC), "changing"),
    ],
)
def test_times_are_compared_at_the_coarser_precision(
    watched: WatchedFileSystem, listed: datetime | None, now: datetime, state: str
) -> None:
    watched.pipe("/d/a/x.xlsx", b"1")
    watched.modified_by_path["/d/a/x.xlsx"] = now
    files = [replace(file, modified=listed) for file in list_drive("watched://d").files]
    assert [one.state for one in fetch(files, 1000)] == [state]


def test_a_file_that_lies_about_its_size_is_not_read_whole(tmp_path: Path) -> None:
    put(tmp_path, "a/x.xlsx", b"x" * 20_000_000)
    files = list_drive(str(tmp_path)).files
    put(tmp_path, "a/x.xlsx", b"x" * 20_000_001)
    tracemalloc.start()
    states = [one.state for one in fetch([replace(files[0], size=10)], 1000)] + [
        one.state for one in fetch(files, 1000)
    ]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert states == ["changing", "too_large"]
    assert peak < 2_000_000


def test_a_server_that_lists_an_old_size_is_detected(
    watched: WatchedFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.pipe("/d/a/x.xlsx", b"x" * 5000)
    monkeypatch.setattr(WatchedFileSystem, "told_size", 10)
    assert [one.state for one in fetched("watched://d")] == ["changing"]
    assert WatchedFileSystem.most_read == 11


def test_one_bad_file_never_stops_the_others(
    watched: WatchedFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trouble(path: str) -> None:
        if path.endswith("1.xlsx"):
            raise PermissionError(13, "Permission denied")
        if path.endswith("2.xlsx"):
            raise RuntimeError("session with someone:tops3cret@server lost")
        if path.endswith("3.xlsx"):
            raise FileNotFoundError(path)

    monkeypatch.setattr(WatchedFileSystem, "while_reading", staticmethod(trouble))
    watched.pipe({f"/someone:tops3cret@server/d/a/{number}.xlsx": b"x" for number in range(5)})
    monkeypatch.setattr(
        "drives.protocols.url_to_fs", lambda url, **_: (watched, "/someone:tops3cret@server/d")
    )
    result = fetched("watched://someone:tops3cret@server/d")
    assert [one.state for one in result] == ["read", "failed", "failed", "failed", "read"]
    assert [one.problem for one in result if one.problem] == [
        "The file cannot be read: permission denied.",
        "The file cannot be read: RuntimeError: session with someone:***@server lost.",
        "The file cannot be read: it is not there.",
    ]
    assert "tops3cret" not in repr([replace(one, file=replace(one.file, raw_path="")) for one in result])


def test_a_vanished_file_and_a_vanished_drive(tmp_path: Path) -> None:
    put(tmp_path, "one/a/x.xlsx", b"1")
    gone = put(tmp_path, "one/a/y.xlsx", b"1")
    files = list_drive(str(tmp_path / "one")).files
    gone.unlink()
    elsewhere = replace(files[0], address="nonsense://u:tops3cret@h/d")
    result = list(fetch([files[1], elsewhere, elsewhere, files[0]], 1000))
    assert [one.state for one in result] == ["failed", "failed", "failed", "read"]
    assert "nonsense://h/d cannot be read" in str(result[1].problem)
    assert "tops3cret" not in repr(result)


def test_a_file_replaced_by_a_link_out_of_the_drive_is_not_read(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret", b"123456")
    file = put(tmp_path, "drive/a/x.xlsx", b"123456")
    files = list_drive(str(tmp_path / "drive")).files
    os.utime(secret, ns=(0, file.stat().st_mtime_ns))
    file.unlink()
    file.symlink_to(secret)
    [one] = fetch(files, 1000)
    assert (one.state, one.content) == ("failed", None)
    assert "link" in str(one.problem)


def test_a_file_replaced_by_a_pipe_does_not_block(tmp_path: Path) -> None:
    file = put(tmp_path, "drive/a/x.xlsx", b"123456")
    files = list_drive(str(tmp_path / "drive")).files
    file.unlink()
    os.mkfifo(file)
    result: list[Fetched] = []
    thread = threading.Thread(target=lambda: result.extend(fetch(files, 1000)), daemon=True)
    thread.start()
    thread.join(5)
    assert [one.state for one in result] == ["failed"]


def test_few_files_are_read_ahead(watched: WatchedFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(WatchedFileSystem, "while_reading", staticmethod(read.append))
    watched.pipe({f"/d/a/{number:03}.xlsx": b"x" for number in range(100)})
    results = fetch(list_drive("watched://d").files, 1000)
    assert read == []
    for taken in range(1, 20):
        next(results)
        assert len(read) <= taken + 8
    results.close()  # type: ignore[attr-defined]
    assert len(read) <= 28


def test_remote_files_are_read_at_the_same_time(
    watched: WatchedFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(8, timeout=5)
    monkeypatch.setattr(WatchedFileSystem, "while_reading", staticmethod(lambda path: together.wait()))
    watched.pipe({f"/d/a/{number}.xlsx": b"x" for number in range(16)})
    assert [one.state for one in fetched("watched://d")] == ["read"] * 16
