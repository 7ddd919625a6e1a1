"""Settings come from the environment, then from .env; a wrong one is named with the place it was read from."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drives.archive import ObjectArchive
from plans.reading import DEFAULT_PLAN
from services.settings import Settings, SettingsError, moment_of, present, read_settings, with_secrets

EXAMPLE = Path(__file__).parents[3] / ".env.example"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.home == tmp_path / ".chitieu"
    assert settings.archive == tmp_path / ".chitieu" / "archive"
    assert settings.plans == (DEFAULT_PLAN,)
    assert (settings.sources, settings.database_url, settings.now, settings.log) == ((), None, None, "text")


def test_the_environment_takes_precedence_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "CHITIEU_SOURCES='a b'\nCHITIEU_HOME=/from/file\nUNKNOWN=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("CHITIEU_HOME", "/from/environment")
    monkeypatch.setenv("CHITIEU_SOURCES", "")  # an empty one is not set
    settings = read_settings()
    assert settings.home == Path("/from/environment")
    assert settings.sources == ("a", "b")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CHITIEU_NOW", "gestern", "must be an ISO timestamp"),
        ("CHITIEU_DATABASE_URL", "mysql://u:geheim@host/x", "must be a PostgreSQL URL"),
        ("CHITIEU_LOG", "xml", "must be text or json"),
        ("CHITIEU_PAGES_URL", "pages", "must be a URL"),
        ("CHITIEU_DASK", "bogus", "must be tcp://host:port"),
        ("CHITIEU_DASK", "0", "must be tcp://host:port"),
        ("CHITIEU_DASK", "http://127.0.0.1:8786", "must be tcp://host:port"),
        ("CHITIEU_DASK", "tcp://host", "must be tcp://host:port"),
        ("CHITIEU_DASK", "tcp://host:port", "must be tcp://host:port"),
        ("CHITIEU_PLAN", ".", "holds no .yaml file"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(
    name: str, value: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"{name}={value}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert re.fullmatch(rf"{name} .*{sentence}.* \(read from \.env\)\.", str(caught.value))
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=r"read from the environment") as caught:
        read_settings()
    assert "geheim" not in str(caught.value)


def test_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", "postgres://u:geheim@host/x")
    monkeypatch.setenv("CHITIEU_SOURCES", "smb://u:geheim@host/x")
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg://u:geheim@host/x"
    assert "geheim" not in repr(settings)


def test_plans_are_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plans").mkdir()
    for name in ("b.yaml", "a.yml", "notes.txt"):
        (tmp_path / "plans" / name).touch()
    monkeypatch.setenv("CHITIEU_PLAN", "plans:/other/c.yaml")
    settings = read_settings()
    assert [file.name for file in settings.plans] == ["a.yml", "b.yaml", "c.yaml"]


def test_the_archive_is_a_folder_or_a_url_of_a_known_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHITIEU_ARCHIVE", "kept")
    assert read_settings().archive == tmp_path / "kept"
    monkeypatch.setenv("CHITIEU_ARCHIVE", "file:///srv/kept")
    assert read_settings().archive == Path("/srv/kept")
    monkeypatch.setenv("CHITIEU_ARCHIVE", "s3://bucket/kept")
    assert read_settings().archive == ObjectArchive("s3://bucket/kept")
    monkeypatch.setenv("CHITIEU_ARCHIVE", "floppy://a")
    with pytest.raises(SettingsError, match="no storage with the protocol floppy://"):
        _ = read_settings().archive


def test_unset_settings_are_read_from_secrets() -> None:
    secrets = {"chitieu-sources": "a b", "chitieu-database-url": "postgresql://u@h/x"}
    settings = with_secrets(Settings(sources=("mine",)), secrets.get, ["sources", "database_url", "smtp_url"])
    assert settings.sources == ("mine",)
    assert settings.database_url == "postgresql+psycopg://u@h/x"
    with pytest.raises(SettingsError, match=r"^The secret chitieu-database-url must be") as caught:
        with_secrets(Settings(), {"chitieu-database-url": "mysql://u:geheim@h"}.get, ["database_url"])
    assert "geheim" not in str(caught.value)


def test_the_present_is_the_clock_or_the_setting() -> None:
    moment = datetime(2020, 4, 20, 1, tzinfo=UTC)
    now = moment_of("2020-04-20T08:00:00", "CHITIEU_NOW")
    assert present(Settings(now=now), "Asia/Ho_Chi_Minh") == moment
    assert abs((present(Settings(), "UTC") - datetime.now(UTC)).total_seconds()) < 60


def test_the_example_lists_every_setting() -> None:
    named = re.findall(r"^#([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    aliases = {name: field.validation_alias for name, field in Settings.model_fields.items()}
    assert sorted(named) == sorted(str(alias or f"CHITIEU_{name.upper()}") for name, alias in aliases.items())


@pytest.mark.parametrize("name", ["CHITIEU_DATABASE_PORT", "CHITIEU_DATABASE", "CHITIEU_DATABASE_Url"])
def test_names_that_others_set_and_names_in_lower_case_are_not_taken_for_misspelt(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "postgresql://u@h/d")
    read_settings()
