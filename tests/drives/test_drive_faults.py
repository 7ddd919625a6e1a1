"""Connections that break in the middle of a file: what could be read is kept, nothing is kept half."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from drives.listing import DriveError
from flows.pipeline import ingest
from tests.drives.proxy import cutting_proxy
from tests.drives.servers import SERVERS
from tests.flows.test_truth import SAMPLE, work

LARGE = 3_000_000  # bytes: more than all other files of the sample together
CUT_AFTER = 2_000_000


@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_a_connection_cut_in_the_middle_of_a_file_loses_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    place = Path("/var/tmp") / f"chitieu-cut-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"
    shutil.copytree(SAMPLE / "drive", place)
    (place / "CAT" / "large.bin.csv").write_bytes(bytes(range(256)) * (LARGE // 256))
    way = work(database_url, tmp_path)
    try:
        with SERVERS[kind](place, tmp_path) as server:
            for name, value in server.settings.items():
                monkeypatch.setenv(name, value)
            port = int(re.findall(r":(\d+)", server.url + repr(server.settings))[-1 if kind == "s3" else 0])
            with cutting_proxy(port, CUT_AFTER) as (cutting, cuts):
                for name, value in server.settings.items():
                    monkeypatch.setenv(name, value.replace(str(port), str(cutting)))
                try:
                    first = ingest(way, [server.url.replace(f":{port}", f":{cutting}")])
                    problems, rows = first.problems, first.rows_loaded
                except DriveError as error:
                    problems, rows = [str(error)], 0
                assert cuts
            archived = [p for p in way.archive.rglob("*") if p.is_file() and len(p.name) == 64]
            assert all(hashlib.sha256(p.read_bytes()).hexdigest() == p.name for p in archived)
            assert not any(p.stat().st_size == LARGE for p in archived)
            assert any("large.bin.csv" in problem for problem in problems), problems
            for name, value in server.settings.items():
                monkeypatch.setenv(name, value)
            second = ingest(way, [server.url])
            assert second.problems == []
            assert rows + second.rows_loaded == 372
    finally:
        shutil.rmtree(place, ignore_errors=True)
