"""A backup taken while an ingest runs, restored elsewhere, is whole and passes the audit."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.support.paths import SAMPLE
from tests.support.pipeline import work as pipeline_work
from tests.support.postgres import BINARIES
from warehouse.database import connect

pytestmark = pytest.mark.long

PG_DUMP, PG_RESTORE = (BINARIES["embedded"] / name for name in ("pg_dump", "pg_restore"))


@pytest.mark.parametrize("moment", ["starting", "ingesting"])
def test_a_backup_taken_during_an_ingest_is_whole(
    moment: str, database_url: str, another_database_url: str, tmp_path: Path
) -> None:
    """The database first, the archive after: whatever the dump knows of, the archive has by then.

    What only the archive has, the next ingest loads.
    """
    drives = [tmp_path / "first", tmp_path / "second"]
    for drive in drives:
        shutil.copytree(SAMPLE / "drive", drive)
    app = pipeline_work(database_url, tmp_path)
    environment = {
        **os.environ,
        "CHITIEU_DATABASE_URL": database_url,
        "CHITIEU_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "-m", "cli.main"]
    running = subprocess.Popen(
        [*command, "ingest", *(str(drive) for drive in drives)], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while moment == "ingesting" and running.poll() is None and not _is_ingesting(app.engine):
        pass
    dump = tmp_path / "chitieu.dump"
    subprocess.run(
        [PG_DUMP, "--format=custom", f"--file={dump}", _plain(database_url)], check=True, capture_output=True
    )
    archive = tmp_path / "restored" / "archive"
    if (tmp_path / "home" / "archive").exists():
        shutil.copytree(tmp_path / "home" / "archive", archive, ignore=shutil.ignore_patterns(".*"))
    running.wait(60)

    subprocess.run(
        [PG_RESTORE, "--no-owner", f"--dbname={_plain(another_database_url)}", dump],
        check=True,
        capture_output=True,
    )
    restored = environment | {
        "CHITIEU_DATABASE_URL": another_database_url,
        "CHITIEU_HOME": str(tmp_path / "restored"),
    }
    subprocess.run(
        [*command, "ingest", *(str(drive) for drive in drives)], env=restored, check=True, capture_output=True
    )
    done = subprocess.run(
        [*command, "audit", "verify", "--json"], env=restored, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["sound"]
    with connect(another_database_url).connect() as connection:
        assert (
            connection.scalar(text("SELECT count(*) FROM audit.submission WHERE revision IS NOT NULL")) == 42
        )


@pytest.mark.parametrize("age", ["newer", "older"])
def test_an_archive_of_another_time_than_the_database(
    age: str, database_url: str, another_database_url: str, tmp_path: Path
) -> None:
    """A newer one loses nothing; of an older one verify names what is missing, which the drive still has."""
    drive, later = tmp_path / "drive", tmp_path / "later"
    shutil.copytree(SAMPLE / "drive", drive)
    shutil.move(drive / "CAT", later)
    pipeline_work(database_url, tmp_path)
    first = _run(database_url, tmp_path / "home", "ingest", str(drive))
    assert first.returncode == 0, first.stderr
    _save(database_url, tmp_path / "home", tmp_path / "before")
    shutil.move(later, drive / "CAT")
    assert _run(database_url, tmp_path / "home", "ingest", str(drive)).returncode == 0
    _save(database_url, tmp_path / "home", tmp_path / "after")

    database, archive = ("before", "after") if age == "newer" else ("after", "before")
    home = tmp_path / "restored"
    shutil.copytree(tmp_path / archive / "archive", home / "archive")
    dump = tmp_path / database / "dump"
    restore = [str(PG_RESTORE), "--no-owner", f"--dbname={_plain(another_database_url)}", str(dump)]
    subprocess.run(restore, check=True, capture_output=True)
    assert _run(another_database_url, home, "ingest", str(drive)).returncode == 0
    verified = _run(another_database_url, home, "audit", "verify", "--json")
    if age == "older":
        assert verified.returncode == 1
        wrong = json.loads(verified.stdout)["wrong"]
        missing = {line.rpartition(" ")[2].rstrip(".") for line in wrong}
        assert all("The archive has no content for" in line for line in wrong)
        by_hash = {hashlib.sha256(f.read_bytes()).hexdigest(): f for f in drive.rglob("*") if f.is_file()}
        for sha256 in missing:  # as the guide has it
            target = home / "archive" / sha256[:2] / sha256[2:]
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(by_hash[sha256], target)
        verified = _run(another_database_url, home, "audit", "verify", "--json")
    assert verified.returncode == 0, verified.stdout
    with connect(another_database_url).connect() as connection:
        query = text("SELECT count(*) FROM audit.submission WHERE revision IS NOT NULL")
        assert connection.scalar(query) == 42


def _save(url: str, home: Path, backup: Path) -> None:
    backup.mkdir()
    dump = [str(PG_DUMP), "--format=custom", f"--file={backup / 'dump'}", _plain(url)]
    subprocess.run(dump, check=True, capture_output=True)
    shutil.copytree(home / "archive", backup / "archive", ignore=shutil.ignore_patterns(".*"))


def _run(url: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CHITIEU_DATABASE_URL": url, "CHITIEU_HOME": str(home)}
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _is_ingesting(engine: Engine) -> bool:
    """Whether somebody holds the lock of an ingest."""
    with engine.connect() as connection:
        query = (
            "SELECT count(*) FROM pg_locks WHERE relation = 'audit.lock'::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(connection.scalar(text(query)))


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")
