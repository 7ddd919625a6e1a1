"""Files that would take the run down with them: killed readers, memory, time."""

import hashlib
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drives import archive
from services import reader_pool
from services.reader_pool import Job, read_files
from tests.support.forms import CATALOG
from tests.support.reports import PLAN, workbook
from transforms.layout.parsed_sheet import FileReading


def job(number: int, content: bytes) -> Job:
    return Job(number, content, hashlib.sha256(content).hexdigest(), f"{number}.xlsx", "SYT")


def test_files_are_read_and_archived(tmp_path: Path) -> None:
    sound = workbook("06-PCMD", "SYT", "Quý I năm 2020")
    files = [job(n, sound + bytes([n])) for n in range(30)]
    read = {
        done.number: reading
        for done, reading in read_files(
            files, [PLAN], CATALOG, datetime(2020, 7, 1, tzinfo=UTC), tmp_path / "archive"
        )
    }
    assert sorted(read) == list(range(30))
    assert {reading.sheets[0].form_code for reading in read.values()} == {"06-PCMD"}
    assert all(archive.contains(tmp_path / "archive", file.sha256) for file in files)


@pytest.mark.long
def test_a_reader_out_of_time_or_memory_gives_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_pool, "_read", _die)
    sound = workbook("06-PCMD", "SYT", "Quý I năm 2020")
    files = [job(n, sound + bytes([n])) for n in range(3)]
    read = list(read_files(files, [PLAN], CATALOG, datetime(2020, 7, 1, tzinfo=UTC), tmp_path / "archive"))
    assert len(read) == 3
    assert [reading.problem.code for _, reading in read if reading.problem] == ["FILE-TOO-LARGE"]
    assert [done.number for done, reading in read if reading.problem] == [1]


@pytest.mark.parametrize(
    ("error", "code"), [(ValueError("Nguyễn Văn A"), "FILE-UNREADABLE"), (MemoryError(), "FILE-TOO-LARGE")]
)
def test_a_fault_of_the_reader_rejects_that_file_alone(
    monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def fail(content: bytes, *asked: Any) -> FileReading:
        if content == b"1":
            raise error
        return FileReading()

    monkeypatch.setattr(reader_pool, "read_for_plans", fail)
    bad, good = (
        reader_pool._read_one(Job(n, content, "", "a.xlsx", "SYT", ()))
        for n, content in enumerate((b"1", b"2"))
    )
    assert good.problem is None
    assert bad.problem is not None
    assert bad.problem.code == code
    message = bad.problem.message_vi + bad.problem.message_en
    assert bad.problem.code != "FILE-UNREADABLE" or bad.must_not_be_kept
    assert ("ValueError, fail:" in message, "Nguyễn" in message) == (code == "FILE-UNREADABLE", False)


def test_what_a_broken_pool_did_not_take_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = reader_pool._pool

    def broken_at_first(*asked: Any) -> ProcessPoolExecutor:
        monkeypatch.setattr(reader_pool, "_pool", sound)
        pool = sound(*asked)
        with pytest.raises(BrokenProcessPool):
            pool.submit(os._exit, 1).result()
        return pool

    monkeypatch.setattr(reader_pool, "_pool", broken_at_first)
    content = workbook("06-PCMD", "SYT", "Quý I năm 2020")
    files = [job(n, content + bytes([n])) for n in range(30)]
    read = list(read_files(files, [PLAN], CATALOG, datetime(2020, 7, 1, tzinfo=UTC), None))
    assert sorted(done.number for done, _ in read) == list(range(30))
    assert all(reading.sheets for _, reading in read)


def _die(portion: list[Job]) -> list[FileReading]:
    import signal

    if any(asked.number == 1 for asked in portion):
        os.kill(os.getpid(), signal.SIGKILL)
    return [FileReading() for _ in portion]


@pytest.mark.parametrize(
    ("sizes", "portions"),
    [
        ([], []),
        ([1, 1, 1, 1], [[0, 1, 2], [3]]),
        ([1, 5, 1, 20, 1], [[0, 1], [2, 3], [4]]),
    ],
)
def test_files_go_out_in_portions_of_so_many_files_or_bytes(
    sizes: list[int], portions: list[list[int]]
) -> None:
    jobs = [job(number, b"x" * size) for number, size in enumerate(sizes)]
    found = [[one.number for one in portion] for portion in reader_pool.chunk(jobs, files=3, size=6)]
    assert found == portions
