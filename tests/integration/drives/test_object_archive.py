"""The archive on an S3 server: each content once, compared with its hash, and shared by several machines."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest

from cli.main import main
from drives.archive import (
    ArchiveError,
    ObjectArchive,
    clean,
    contains,
    is_erased,
    load,
    note_hash_only,
    store,
    stored_hashes,
    withheld,
)
from drives.object_archive import _open
from tests.support.drive_servers import Served, s3
from tests.support.paths import SAMPLE
from tests.support.reports import district_rows, workbook

ROOT = Path(__file__).parents[3]
CONTENT = b"content"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = f"archive/{SHA256[:2]}/{SHA256[2:]}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("s3")
    with s3(folder / "drive", folder) as server:
        yield server


@pytest.fixture
def bucket(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The bucket of the archive, empty; the environment has its credentials."""
    for name, value in served.settings.items():
        monkeypatch.setenv(name, value)
    _open.cache_clear()
    bucket = boto3.resource("s3", endpoint_url=served.settings["AWS_ENDPOINT_URL"]).Bucket("bao-cao")
    yield bucket
    bucket.objects.all().delete()


@pytest.fixture
def archive(bucket: Any) -> ObjectArchive:
    return ObjectArchive("s3://bao-cao/archive")


def keys(bucket: Any) -> list[str]:
    return sorted(item.key for item in bucket.objects.all())


def test_content_is_kept_once_under_its_hash(archive: ObjectArchive, bucket: Any) -> None:
    with pytest.raises(ArchiveError, match="has no content"):
        load(archive, SHA256)
    with pytest.raises(ArchiveError, match="has another sha256"):
        store(archive, SHA256, b"something else")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: store(archive, SHA256, CONTENT), range(16)))
    assert keys(bucket) == [KEY]
    assert load(archive, SHA256) == CONTENT
    assert contains(archive, SHA256)


def test_what_is_there_is_not_overwritten_unless_a_killed_run_left_it(
    archive: ObjectArchive, bucket: Any
) -> None:
    bucket.put_object(Key=KEY, Body=b"CONTENT")  # of the same size: damaged, which reading finds
    store(archive, SHA256, CONTENT)
    with pytest.raises(ArchiveError, match="is damaged"):
        load(archive, SHA256)
    bucket.put_object(Key=KEY, Body=b"CONT")
    store(archive, SHA256, CONTENT)
    assert load(archive, SHA256) == CONTENT


def test_of_withheld_content_only_the_hash_is_kept(archive: ObjectArchive, bucket: Any) -> None:
    store(archive, SHA256, CONTENT)
    note_hash_only(archive, SHA256)
    note_hash_only(archive, SHA256)
    store(archive, SHA256, CONTENT)
    assert keys(bucket) == [f"{KEY}.withheld"]
    assert withheld(archive, SHA256)
    assert not contains(archive, SHA256)
    assert is_erased(archive, SHA256)
    with pytest.raises(ArchiveError, match="is withheld"):
        load(archive, SHA256)
    bucket.put_object(Key=KEY, Body=CONTENT)  # as if a run was killed between marker and removal
    assert not is_erased(archive, SHA256)
    assert clean(archive) == 1
    assert clean(archive) == 0
    assert keys(bucket) == [f"{KEY}.withheld"]


def test_the_stored_hashes_are_those_of_contents_and_of_withheld_ones(
    archive: ObjectArchive, bucket: Any
) -> None:
    assert stored_hashes(archive) == (frozenset(), frozenset())
    other = hashlib.sha256(b"other").hexdigest()
    store(archive, SHA256, CONTENT)
    store(archive, other, b"other")
    note_hash_only(archive, other)
    assert stored_hashes(archive) == ({SHA256}, {other})
    bucket.put_object(Key=f"archive/{other[:2]}/{other[2:]}", Body=b"other")  # by another machine
    assert not is_erased(archive, other)


def test_storage_that_fails_is_named_without_credentials(
    archive: ObjectArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ArchiveError, match=r"The archive s3://no-such-bucket/a cannot be used") as caught:
        store(ObjectArchive("s3://no-such-bucket/a"), SHA256, CONTENT)
    assert caught.value.retryable
    away = ObjectArchive("sftp://user:geheim@127.0.0.1:9/archive")
    with pytest.raises(
        ArchiveError, match=r"The archive sftp://127.0.0.1:9/archive cannot be used"
    ) as caught:
        load(away, SHA256)
    assert "geheim" not in f"{caught.value} {away!r} {away}"


@pytest.mark.long
def test_two_machines_share_an_archive(
    archive: ObjectArchive, bucket: Any, warehouse_url: str, tmp_path: Path
) -> None:
    """One ingests; another, with a home of its own, verifies and reads everything again."""

    def run(home: str, *arguments: str) -> Any:
        environment = os.environ | {
            "CHITIEU_DATABASE_URL": warehouse_url,
            "CHITIEU_HOME": str(tmp_path / home),
            "CHITIEU_ARCHIVE": "s3://bao-cao/archive",
        }
        command = [sys.executable, "-m", "cli.main", *arguments, "--json"]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    shutil.copytree(SAMPLE / "drive", tmp_path / "drive")
    assert run("first", "ingest", str(tmp_path / "drive"))["rows_loaded"] == 372
    assert not (tmp_path / "first" / "archive").exists()
    stored = [key for key in keys(bucket) if not key.endswith(".withheld")]
    assert len(stored) > 30
    assert run("second", "audit", "verify")["wrong"] == []
    again = run("second", "backfill", "--from", "2020-M01", "--to", "2020-M03", "--plan")
    assert (again["reports"], again["problems"]) == ([], [])
    assert again["files"] > 10


@pytest.mark.long
def test_a_purge_erases_the_content_on_object_storage(
    archive: ObjectArchive, bucket: Any, warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path))
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHITIEU_ARCHIVE", archive.url)
    report = tmp_path / "drive" / "CAT" / "bao cao.xlsx"
    report.parent.mkdir(parents=True)
    report.write_bytes(workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", district_rows("01-PCMD")))
    assert main(["ingest", str(tmp_path / "drive")]) == 0
    (sha256,) = stored_hashes(archive)[0]
    assert main(["purge", "1", "--reason", "a person"]) == 0
    assert stored_hashes(archive) == (frozenset(), {sha256})
    assert is_erased(archive, sha256)
    assert main(["audit", "verify"]) == 0
    bucket.put_object(Key=f"archive/{sha256[:2]}/{sha256[2:]}", Body=b"as a restored bucket has it")
    assert not is_erased(archive, sha256)
    assert main(["audit", "verify"]) == 0  # it has removed the content
    assert is_erased(archive, sha256)
    assert main(["ingest", str(tmp_path / "drive")]) == 0
    assert is_erased(archive, sha256)
