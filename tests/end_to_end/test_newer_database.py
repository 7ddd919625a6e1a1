"""A worker that was not upgraded meets a database that a newer release has migrated: it changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cli.main import main
from tests.support.paths import SAMPLE
from warehouse.database import connect

OF_NEXT_RELEASE = (
    "UPDATE audit.schema_fingerprint SET sha256 = 'other' WHERE name = 'everything'",
    "UPDATE audit.schema_fingerprint SET sha256 = '99.0.0' WHERE name = 'release'",
)
# A newer release whose fingerprint is not known: its last migration is none of this release.
OF_NEXT_MIGRATION = (
    "UPDATE audit.schema_fingerprint SET sha256 = 'other' WHERE name = 'everything'",
    "DELETE FROM audit.schema_fingerprint WHERE name = 'release'",
    "UPDATE audit.alembic_version SET version_num = '0099'",
)


@pytest.fixture
def run_sql(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))

    def run(*statements: str) -> list[Any]:
        engine = connect(warehouse_url)
        with engine.begin() as connection:
            results = [connection.execute(text(statement)) for statement in statements]
            rows = [tuple(row) for row in results[-1]] if results[-1].returns_rows else []
        engine.dispose()
        return rows

    return run


@pytest.mark.parametrize("change", [OF_NEXT_RELEASE, OF_NEXT_MIGRATION])
def test_no_command_of_an_older_release_touches_a_newer_database(
    change: tuple[str, ...], run_sql: Callable[..., list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    state = "SELECT name, sha256 FROM audit.schema_fingerprint ORDER BY name"
    assert run_sql("SELECT 1 FROM audit.schema_fingerprint WHERE name = 'release'")
    run_sql(*change)
    before = run_sql(state)
    for command in ("ingest " + str(SAMPLE / "drive"), "init", "targets --period 2020-Q1", "audit verify",
                    "plan diff", "publish"):  # fmt: skip
        capsys.readouterr()
        assert main([*command.split(), "--json"]) == 1, command
        error = json.loads(capsys.readouterr().err.splitlines()[-1])["error"]
        assert error["code"] == "NewerDatabaseError", command
        assert "and this program is" in error["message"]
        assert "Upgrade this machine" in error["hint"]
    assert run_sql(state) == before
    assert run_sql("SELECT count(*) FROM audit.load") == [(0,)]
    assert main(["doctor"]) == 1
    assert "FAULT   database  The database is of" in capsys.readouterr().out


def test_a_database_of_an_older_release_is_migrated(
    run_sql: Callable[..., list[Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    run_sql(
        "UPDATE audit.schema_fingerprint SET sha256 = 'other' WHERE name = 'everything'",
        "UPDATE audit.schema_fingerprint SET sha256 = '0.0.9' WHERE name = 'release'",
    )
    assert main(["ingest", str(SAMPLE / "drive")]) == 0
    assert run_sql("SELECT sha256 FROM audit.schema_fingerprint WHERE name = 'release'") != [("0.0.9",)]
