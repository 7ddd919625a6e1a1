"""Connections that break or stall in the middle of a file, and a folder refused: what could be read is kept."""

import hashlib
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drives import protocols
from drives.listing import DriveError
from services.ingest import ingest
from tests.support.drive_servers import SERVERS
from tests.support.paths import SAMPLE
from tests.support.pipeline import work
from tests.support.proxy import failing_proxy

LARGE = 3_000_000  # bytes: more than all other files of the sample together
FAULT_AFTER = 2_000_000
LONGEST = 40  # seconds until a silent server is given up, with a timeout of two (in use it is 20)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A copy of the sample that the servers' users can reach."""
    place = Path("/var/tmp") / f"chitieu-fault-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"
    shutil.copytree(SAMPLE / "drive", place)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_a_folder_refused_does_not_stop_the_others(
    kind: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warehouse_url: str
) -> None:
    app = work(warehouse_url, tmp_path)
    with SERVERS[kind](place, tmp_path) as server:
        for name, value in server.settings.items():
            monkeypatch.setenv(name, value)
        server.refuse("CAT", True)
        first = ingest(app, [server.url])
        assert len(first.problems) == 1
        assert "CAT" in first.problems[0]
        assert "permission denied" in first.problems[0]
        assert 0 < first.rows_loaded < 372
        server.refuse("CAT", False)
        second = ingest(app, [server.url])
    assert second.problems == []
    assert first.rows_loaded + second.rows_loaded == 372


@pytest.mark.long
@pytest.mark.parametrize("fault", ["cut", "stalled"])
@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_a_connection_that_fails_in_the_middle_of_a_file_loses_nothing(
    kind: str, fault: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warehouse_url: str
) -> None:
    monkeypatch.setattr(protocols, "TIMEOUT", 2)
    (place / "CAT" / "large.bin.csv").write_bytes(bytes(range(256)) * (LARGE // 256))
    app = work(warehouse_url, tmp_path)
    with SERVERS[kind](place, tmp_path) as server:
        for name, value in server.settings.items():
            monkeypatch.setenv(name, value)
        port = int(re.findall(r":(\d+)", server.url + repr(server.settings))[-1 if kind == "s3" else 0])
        with failing_proxy(port, FAULT_AFTER, stalls=fault == "stalled") as (failing, faults):
            for name, value in server.settings.items():
                monkeypatch.setenv(name, value.replace(str(port), str(failing)))
            started = time.monotonic()
            try:
                first = ingest(app, [server.url.replace(f":{port}", f":{failing}")])
                problems, rows = first.problems, first.rows_loaded
            except DriveError as error:
                problems, rows = [str(error)], 0
            assert time.monotonic() - started < LONGEST
            assert faults
        archived = [p for p in (tmp_path / "archive").rglob("*") if p.is_file() and len(p.name) == 64]
        assert all(hashlib.sha256(p.read_bytes()).hexdigest() == p.name for p in archived)
        assert not any(p.stat().st_size == LARGE for p in archived)
        assert any("large.bin.csv" in problem for problem in problems), problems
        for name, value in server.settings.items():
            monkeypatch.setenv(name, value)
        second = ingest(app, [server.url])
        assert second.problems == []
        assert rows + second.rows_loaded == 372
