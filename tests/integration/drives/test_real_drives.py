"""Each kind of drive from a real server: the same files as from the folder, and faults that lose nothing."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from drives import archive
from drives.fetching import fetch
from drives.listing import DriveError, list_drive
from drives.outbox import deliver
from services.ingest import ingest
from tests.support.drive_servers import QUOTED, SERVERS, Served
from tests.support.paths import SAMPLE
from tests.support.pipeline import work

MOST_BYTES = 10**8
SECRETS = ("m@t", "m%40t", "mật", QUOTED.partition(":")[2], "falsch", "geheim")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample that the servers' users can reach."""
    place = Path("/var/tmp") / f"chitieu-drive-{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"
    shutil.copytree(SAMPLE / "drive", place)
    return place


@pytest.fixture(params=sorted(SERVERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def served(kind: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    try:
        with SERVERS[kind](folder, tmp_path) as server:
            for name, value in server.settings.items():
                monkeypatch.setenv(name, value)
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_served_drive_is_the_folder(
    served: Served, folder: Path, warehouse_url: str, tmp_path: Path
) -> None:
    local = list_drive(str(folder))
    remote = list_drive(served.url)
    assert [(f.path, f.size) for f in remote.files] == [(f.path, f.size) for f in local.files]
    assert remote.problems == []
    assert all(file.modified is not None for file in remote.files)
    assert not any(secret in f"{file!r}{file.url}" for file in remote.files for secret in SECRETS)
    app = work(warehouse_url, tmp_path)
    done = ingest(app, [served.url])
    assert (done.files, done.submissions["accepted"], done.rows_loaded) == (38, 42, 372)
    again = ingest(app, [served.url])
    assert (again.files, again.unchanged) == (0, 38)
    with app.engine.connect() as connection:
        urls = connection.execute(text("SELECT DISTINCT source_url FROM audit.submission")).scalars().all()
    assert len(urls) == 1
    assert not any(secret in urls[0] for secret in SECRETS)


def test_an_archive_on_the_server_keeps_content_once(served: Served) -> None:
    kept = archive.ObjectArchive(f"{served.url}/CAT")  # a folder that the server's user may write to
    content = b"content"
    sha256 = hashlib.sha256(content).hexdigest()
    for _ in range(2):
        archive.store(kept, sha256, content)
        assert archive.load(kept, sha256) == content
    archive.note_hash_only(kept, sha256)
    archive.store(kept, sha256, content)
    assert (archive.contains(kept, sha256), archive.withheld(kept, sha256)) == (False, True)
    assert archive.clean(kept) == 0


def test_faults_are_reported_in_one_sentence_without_secrets(served: Served, kind: str) -> None:
    bad = [served.missing] if kind == "s3" else [served.wrong, served.missing]
    for url in bad:
        with pytest.raises(DriveError) as actual:
            list_drive(url)
        assert "cannot be read" in str(actual.value)
        assert ("check user and password" in str(actual.value)) == (url == served.wrong)
        assert not any(secret in str(actual.value) for secret in SECRETS)


def test_what_is_handed_out_arrives(served: Served, folder: Path, kind: str) -> None:
    files = {("CAT", "kết quả.txt"): "Đã nhận".encode(), ("KHONG-CO", "x.txt"): b"x"}
    assert deliver(served.url, files) == ["CAT/_tra_lai/kết quả.txt"]
    assert deliver(served.url, files) == []
    if kind != "s3":
        assert (folder / "CAT" / "_tra_lai" / "kết quả.txt").read_text(encoding="utf-8") == "Đã nhận"
    assert len(list_drive(served.url).files) == 38


def test_a_file_that_changes_meanwhile_waits_for_the_next_run(
    served: Served, folder: Path, kind: str
) -> None:
    if kind == "s3":
        return  # an object is replaced whole
    listing = list_drive(served.url)
    victim = folder / listing.files[5].path
    victim.write_bytes(victim.read_bytes() + b"more")
    states = [fetched.state for fetched in fetch(listing.files, MOST_BYTES)]
    assert states.count("read") == 37
    assert states[5] == "changing"


@pytest.mark.long
def test_a_server_that_vanishes_loses_nothing(
    kind: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warehouse_url: str
) -> None:
    """It goes away after the listing: no file is taken in half, and the next run takes in all."""
    app = work(warehouse_url, tmp_path)
    try:
        with SERVERS[kind](folder, tmp_path) as server:
            for name, value in server.settings.items():
                monkeypatch.setenv(name, value)
            listing = list_drive(server.url)
        states = {fetched.state for fetched in fetch(listing.files[:2], MOST_BYTES)}
        assert states == {"failed"}
        with pytest.raises(DriveError, match="cannot be read"):
            ingest(app, [server.url])
        with SERVERS[kind](folder, tmp_path) as server:
            for name, value in server.settings.items():
                monkeypatch.setenv(name, value)
            assert ingest(app, [server.url]).rows_loaded == 372
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif("sftp" not in SERVERS, reason="there is no OpenSSH server here")
def test_a_server_with_another_host_key_is_not_trusted(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    try:
        with SERVERS["sftp"](folder, tmp_path) as server:
            monkeypatch.setenv("HOME", server.settings["HOME"])
            known = Path(server.settings["HOME"]) / ".ssh" / "known_hosts"
            client_key = (known.parent / "id_ed25519.pub").read_text(encoding="utf-8")
            known.write_text(f"[127.0.0.1]:* {' '.join(client_key.split()[:2])}\n", encoding="utf-8")
            with pytest.raises(DriveError, match="Host key"):
                list_drive(server.url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
