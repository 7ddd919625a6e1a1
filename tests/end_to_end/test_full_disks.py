"""A full disk under archive, pages or the embedded database: one sentence, nothing half done, and no repair."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT, SAMPLE

pytestmark = pytest.mark.long

DRIVE = str(SAMPLE / "drive")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own with 150 MB; skips where the tests may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=150m,mode=0755", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True)
    except OSError:
        pytest.skip("there is no mount")
    if done.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cli.main", *arguments]
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def fill(disk: Path, leave: int) -> Path:
    """Write a file that leaves so many bytes of the disk."""
    state = os.statvfs(disk)
    filler = disk / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, state.f_bavail * state.f_frsize - leave)
    return filler


def accepted(run: Run, **settings: str) -> Any:
    done = run("ingest", DRIVE, "--json", **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_archive_that_is_full_loads_nothing_and_then_all(
    warehouse_url: str, small_disk: Path, tmp_path: Path, run: Run
) -> None:
    settings = {
        "CHITIEU_DATABASE_URL": warehouse_url,
        "CHITIEU_HOME": str(tmp_path / "home"),
        "CHITIEU_ARCHIVE": str(small_disk / "archive"),
    }
    filler = fill(small_disk, 100_000)
    failed = run("ingest", DRIVE, **settings)
    assert failed.returncode == 1
    assert "No space left" in failed.stderr
    verified = json.loads(run("audit", "verify", "--json", **settings).stdout)
    assert all("content that the database does not know" in line for line in verified["wrong"])
    filler.unlink()
    result = accepted(run, **settings)
    assert (result["files"], result["rows_loaded"]) == (38, 372)
    assert run("audit", "verify", **settings).returncode == 0


def test_pages_that_do_not_fit_leave_the_last_good_ones(sample_url: str, small_disk: Path, run: Run) -> None:
    settings = {
        "CHITIEU_DATABASE_URL": sample_url,
        "CHITIEU_HOME": str(small_disk / "home"),
        "CHITIEU_ARCHIVE": str(small_disk.parent / "archive"),
    }
    assert run("publish", **settings).returncode == 0
    pages = small_disk / "home" / "published"
    before = {path: path.read_bytes() for path in pages.rglob("*") if path.is_file()}
    (pages / ".manifest.json").unlink()  # all are written again
    filler = fill(small_disk, 200_000)
    failed = run("publish", **settings)
    assert failed.returncode == 1
    assert "The pages cannot be written" in failed.stderr
    assert "No space left" in failed.stderr
    assert (pages / "index.html").read_bytes() == before[pages / "index.html"]
    filler.unlink()
    assert run("publish", **settings).returncode == 0
    assert {path for path in pages.rglob("*") if path.is_file()} == set(before)


def test_an_embedded_database_that_is_full_goes_on_once_there_is_room(
    small_disk: Path, tmp_path: Path, run: Run
) -> None:
    settings = {"CHITIEU_HOME": str(small_disk / "home"), "CHITIEU_ARCHIVE": str(tmp_path / "archive")}
    try:
        assert run("init", **settings).returncode == 0
        filler = fill(small_disk, 200_000)
        failed = run("ingest", DRIVE, **settings)
        assert failed.returncode == 1
        assert "No space left" in failed.stderr
        filler.unlink()
        assert accepted(run, **settings)["rows_loaded"] == 372
        assert run("audit", "verify", **settings).returncode == 0
    finally:
        run("stop", **settings)
