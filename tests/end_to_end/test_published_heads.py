"""Heads outside the database, the archive in both directions, and a verification that creates nothing."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from cli.main import main
from drives import archive
from services import published_heads
from services.audit_checks import verify
from services.context import AppContext
from services.settings import Settings, SettingsError
from tests.support.pipeline import NOW
from tests.support.reports import PLAN
from tests.support.repository import text_of
from warehouse.database import connect
from warehouse.integrity.events import append_event
from warehouse.integrity.verification import chain_head


@pytest.fixture
def context(sample_url: str, tmp_path: Path) -> AppContext:
    settings = Settings(home=tmp_path, database_url=sample_url, sources=())
    return AppContext(settings, PLAN, NOW, connect(sample_url))


def note(context: AppContext) -> None:
    """Note the head as a publication does."""
    pages = context.settings.home / "published"
    pages.mkdir(exist_ok=True)
    published_heads.note_head(context, pages)


def cut_off(context: AppContext, events: int) -> None:
    with context.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit.event DISABLE TRIGGER ALL"))
        query = "DELETE FROM audit.event WHERE event_id > (SELECT max(event_id) - :n FROM audit.event)"
        connection.execute(text(query), {"n": events})


def keys(folder: Path) -> tuple[Path, Path]:
    """A new key, private and public, as PEM files."""
    key = Ed25519PrivateKey.generate()
    private, public = folder / "key.pem", folder / "key.pub.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return private, public


def with_key(context: AppContext, key: Path) -> AppContext:
    return replace(context, settings=context.settings.model_copy(update={"signing_key": key}))


def test_a_chain_that_is_shorter_than_a_published_head_is_named(context: AppContext) -> None:
    note(context)
    with context.engine.begin() as connection:
        append_event(connection, "waive", "x", {"plan": PLAN.code}, NOW)
    note(context)
    note(context)
    log = context.settings.home / "published-heads.jsonl"
    assert len(log.read_text().splitlines()) == 2
    cut_off(context, 1)
    wrong = verify(context)
    assert len(wrong) == 2  # the log, and the file beside the pages
    assert all(
        re.match(r"The chain ends at event 3 and lacks event 4, published at 2026-03-01", w) for w in wrong
    )
    with context.engine.begin() as connection:
        append_event(connection, "publish", PLAN.code, {}, NOW)
    assert all(line.startswith("The chain has another event 4") for line in verify(context))
    log.write_text("x\n")
    assert "Line 1 of published-heads.jsonl is malformed." in verify(context)


def test_a_head_is_signed_and_the_signature_is_checked(context: AppContext, tmp_path: Path) -> None:
    private, public = keys(tmp_path)
    note(context)
    (first, second) = verify(with_key(context, public))
    assert first.endswith("published-heads.jsonl is not signed by the key.")
    assert second.endswith("chain-head.json is not signed by the key.")
    note(with_key(context, private))
    assert verify(with_key(context, public)) == []
    assert verify(with_key(context, private)) == []
    head = json.loads((tmp_path / "published" / "chain-head.json").read_text())
    key = serialization.load_pem_public_key(public.read_bytes())
    signed = f"chitieu {head['event_id']} {head['hash']}\n".encode()  # as the documentation states
    key.verify(bytes.fromhex(head["signature"]), signed)  # type: ignore[call-arg, union-attr]
    (tmp_path / "other").mkdir()
    _, other = keys(tmp_path / "other")
    assert "is not signed by the key" in verify(with_key(context, other))[0]
    with pytest.raises(SettingsError, match="publishing needs the private one"):
        note(with_key(context, public))
    with pytest.raises(SettingsError, match="cannot be read"):
        verify(with_key(context, tmp_path / "missing.pem"))


def test_content_that_the_database_does_not_know_is_named(context: AppContext) -> None:
    content = b"planted"
    digest = sha256(content).hexdigest()
    archive.store(context.settings.archive, digest, content)
    assert verify(context) == [f"The archive has content that the database does not know: {digest}."]
    # While an ingest holds its lock, it may have archived what it has not loaded yet.
    with context.engine.begin() as connection:
        connection.execute(text("SELECT FROM audit.lock WHERE what = 'ingest' FOR UPDATE"))
        assert verify(context) == []
    archive.note_hash_only(context.settings.archive, digest)
    assert verify(context) == [f"The archive has content that the database does not know: {digest}."]


def test_content_of_a_rejected_file_that_is_gone_is_named(context: AppContext) -> None:
    with context.engine.connect() as connection:
        query = (
            "SELECT sha256, min(submission_id) FROM audit.submission GROUP BY 1"
            " HAVING bool_and(status = 'rejected')"
        )
        contents = connection.execute(text(query)).all()
    folder = context.settings.archive
    digest, number = next(row for row in contents if archive.contains(folder, row[0]))
    (folder / digest[:2] / digest[2:]).unlink()
    assert verify(context) == [f"Submission {number}: The archive has no content for {digest}."]


def test_an_empty_database_beside_a_full_archive_is_named(
    database_url: str,
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is created: there is not even a schema afterwards."""
    note(context)
    monkeypatch.setenv("CHITIEU_HOME", str(context.settings.home))
    monkeypatch.setenv("CHITIEU_DATABASE_URL", database_url)
    before = tree(context.settings.home)
    assert main(["audit", "verify", "--json"]) == 1
    out = capsys.readouterr()
    (line,) = json.loads(out.out)["wrong"]
    assert re.search(r"no audit chain, but the archive has \d+ contents: .* lacks event 3", line)
    assert line in out.err
    with connect(database_url).connect() as connection:
        schemas = "SELECT nspname FROM pg_namespace WHERE nspname IN ('dw', 'mart', 'audit')"
        assert connection.execute(text(schemas)).all() == []
    assert tree(context.settings.home) == before


def test_verifying_without_a_database_creates_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("CHITIEU_HOME", str(home))
    assert main(["audit", "verify"]) == 1
    assert "There is no database in" in capsys.readouterr().err
    assert not home.exists()


def test_verifying_a_whole_warehouse_writes_nothing(context: AppContext) -> None:
    before = tree(context.settings.home)
    with context.engine.connect() as connection:
        rows = "SELECT pg_current_xact_id_if_assigned() IS NULL, (SELECT count(*) FROM audit.event)"
        state = tuple(connection.execute(text(rows)).one())
    assert verify(context) == []
    with context.engine.connect() as connection:
        assert tuple(connection.execute(text(rows)).one()) == state
    assert tree(context.settings.home) == before


def tree(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_the_documented_program_verifies_the_chain(context: AppContext, tmp_path: Path) -> None:
    """It runs as it is written in the documentation, without a module of this project."""
    page = text_of("docs/concepts/audit.md")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(program.splitlines()) <= 18
    script = tmp_path / "verify_chain.py"
    script.write_text(program, encoding="utf-8")
    with context.engine.begin() as connection:
        payload = {"plan": PLAN.code, "reason": 'Đã \\ "đóng"\t\u0001\u007f\u2028 1.10', "number": 1.10}
        append_event(connection, "waive", 'a "b" \\ é\n', payload, NOW)
        head = chain_head(connection)
    url = context.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    run = [sys.executable, "-I", str(script), url]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(run, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, head), done.stderr
    with context.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit.event DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit.event SET account_name = 'nobody' WHERE event_id = 2"))
    done = subprocess.run(run, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (1, "Event 2 is not what was recorded.")


def test_the_documentation_lists_what_is_not_covered() -> None:
    from warehouse.verification.coverage import not_covered

    page = text_of("docs/concepts/audit.md")
    rows = re.findall(r"^\| `(\w+\.\w+)`(?: \(([\w, ]+)\))? \| (.+) \|$", page, re.MULTILINE)
    listed = {
        (table, column): reason for table, columns, reason in rows for column in (columns or "*").split(", ")
    }
    assert listed == not_covered()
