"""The settings in docs/operations.md work as written: for systemd, for us, for Prefect."""

import configparser
import re
from pathlib import Path

import pytest
from prefect.settings import Settings as PrefectSettings

from flows.automations import SECTIONS, SUBJECTS
from services.settings import Settings, read_settings, variable_of
from tests.support.repository import text_of

GUIDE = text_of("docs/operations.md")
ENVIRONMENTS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)


def as_systemd_reads(text: str) -> dict[str, str]:
    """Return the variables of an EnvironmentFile: only lines that begin with # or ; are comments."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("#", ";"))]
    return {name: value.strip() for name, _, value in (line.partition("=") for line in lines)}


@pytest.fixture
def example() -> str:
    """The first file of settings in the guide."""
    return str(next(text for text in ENVIRONMENTS if text.startswith("CHITIEU_HOME")))


def test_systemd_and_chitieu_read_the_same_settings(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable_of(name), raising=False)
    (tmp_path / ".env").write_text(example, encoding="utf-8")
    from_file = read_settings()
    variables = as_systemd_reads(example)
    assert len(variables) >= 7
    assert set(variables) <= {variable_of(name) for name in Settings.model_fields}
    (tmp_path / ".env").unlink()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert read_settings() == from_file
    assert from_file.sources == ("file:///mnt/reports",)


def test_no_file_of_settings_has_a_comment_behind_a_value() -> None:
    values = [value for text in ENVIRONMENTS for value in as_systemd_reads(text).values()]
    assert len(values) >= 10
    assert [value for value in values if "#" in value] == []


def test_settings_of_prefects_server_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    text = next(text for text in ENVIRONMENTS if "DB_VACUUM" in text)
    for name, value in as_systemd_reads(text).items():
        monkeypatch.setenv(name, value)
    vacuum = PrefectSettings().server.services.db_vacuum
    assert vacuum.enabled == {"events", "flow_runs"}
    assert vacuum.retention_period.days == 90


def test_the_service_starts_what_exists_with_the_settings_of_the_guide(example: str) -> None:
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(re.findall(r"```ini\n(.*?)```", GUIDE, re.DOTALL)[0])
    service = unit["Service"]
    assert service["EnvironmentFile"].endswith("/.env")
    assert service["ExecStart"].split()[1:] == ["worker", "start", "--pool", "chitieu"]
    writable = [Path(folder) for folder in service["ReadWritePaths"].split()]
    for name in ("CHITIEU_HOME", "CHITIEU_METRICS_FILE"):
        folder = Path(as_systemd_reads(example)[name])
        assert any(folder.is_relative_to(place) for place in writable), name


def test_each_alarm_names_a_section() -> None:
    headings = set(re.findall(r"^### (.+)$", GUIDE, re.MULTILINE))
    assert SECTIONS.keys() == SUBJECTS.keys()
    assert set(SECTIONS.values()) <= headings
