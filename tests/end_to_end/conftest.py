"""Fixtures of the end-to-end tests."""

from pathlib import Path

import pytest

from tests.support.office import Office


@pytest.fixture
def office(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Office:
    return Office(tmp_path, database_url, monkeypatch.setenv, capsys.readouterr)
