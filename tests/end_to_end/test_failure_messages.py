"""What is wrong around the commands ends in one sentence that has what to do, never in a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import main
from flows.server_errors import PrefectServerError, server_errors
from tests.support.paths import ROOT, SAMPLE


@pytest.fixture(autouse=True)
def folder(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    return tmp_path


def error_of(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, str]:
    capsys.readouterr()
    assert main([*command, "--json"]) in (1, 2)
    error: dict[str, str] = json.loads(capsys.readouterr().err.splitlines()[-1])["error"]
    return error


@pytest.mark.parametrize(
    "command",
    [("ingest", str(SAMPLE / "drive")), ("init",), ("publish",), ("close", "2020-M01"), ("materialize",)],
)
def test_a_read_only_database(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c default_transaction_read_only=on")
    error = error_of(capsys, *command)
    assert error["message"] == "The database is read-only."
    assert "standby" in error["hint"]


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        (("?", "?foo=bar&"), 'invalid connection option "foo"', "Correct the options"),
        ((":", ":falsch"), "password authentication failed", "user and password"),
        (("/chitieu", "/nirgends"), "does not exist", "createdb"),
    ],
)
def test_a_database_that_lets_nobody_in(
    change: tuple[str, str],
    message: str,
    hint: str,
    warehouse_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scheme, rest = warehouse_url.split("://")
    login, _, place = rest.rpartition("@")
    url = f"{scheme}://{login}@{place}" + ("" if "?" in place else "?application_name=test")
    if change[0] == ":":
        url = url.replace(f"{login}@", f"{login.split(':')[0]}:falsch@")
    elif change[0] == "?":
        url = url.replace(*change)
    else:
        url = f"{scheme}://{login}@{place.partition('/')[0]}{change[1]}"
    monkeypatch.setenv("CHITIEU_DATABASE_URL", url)
    if change[0] == ":" and main(["targets", "--period", "2020-Q1"]) == 0:
        pytest.skip("the server asks for no password")
    error = error_of(capsys, "targets", "--period", "2020-Q1")
    assert message in error["message"]
    assert hint in error["hint"]


def test_a_password_with_an_at_sign_is_not_shown_as_the_name_of_a_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", "postgresql://u:ge@heim@127.0.0.1/x")
    error = error_of(capsys, "targets")
    assert "%40" in error["message"]
    assert "heim" not in str(error)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"CHITIEU_HOME=/tmp/h\xff\n", "no UTF-8 text"),
        ("CHITIEU_LANG=vi\n".encode("utf-16"), "no UTF-8 text"),
        (None, "is a folder"),
        (b"CHITIEU_DATABSE_URL=postgresql://a:b@c/d\n", "Did you mean CHITIEU_DATABASE_URL?"),
        (b"export CHITIEU_SOURCE=/mnt\n", "Did you mean CHITIEU_SOURCES?"),
        (b"CHITIEU_LANG=xx\n", "CHITIEU_LANG must be one of"),
    ],
)
def test_a_spoiled_env_file(
    content: bytes | None, message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is None:
        (folder / ".env").mkdir()
    else:
        (folder / ".env").write_bytes(content)
    error = error_of(capsys, "targets", "--period", "2020-Q1")
    assert error["code"] == "SettingsError"
    assert message in error["message"]
    assert main(["doctor"]) == 1
    assert message in capsys.readouterr().out


def test_doctor_names_lines_and_names_that_are_no_settings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = "# a comment\nCHITIEU_LANG vi\n\nCHITIEU_UNHEARD_OF=1\nCHITIEU_DATABASE_PASSWORD=geheim\nREPORTS=/mnt\n"
    (folder / ".env").write_text(content, encoding="utf-8")
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "FAULT   settings  Line 2 of .env is no setting" in out
    assert "WARNING settings  There is no setting CHITIEU_UNHEARD_OF (.env)" in out
    assert "PASSWORD" not in out  # Docker Compose's
    assert out.count("of .env is no setting") == 1


def test_settings_as_people_write_them_are_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = "\ufeffexport CHITIEU_LANG = 'vi'\r\n# CHITIEU_SOURCE=/mnt\r\nCHITIEU_LOG=\r\n"
    (folder / ".env").write_text(content, encoding="utf-8")
    assert main(["doctor"]) in (0, 1)
    assert "CHITIEU_LANG=vi (.env)" in capsys.readouterr().out


def run(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_working_folder_that_is_gone(folder: Path) -> None:
    (folder / "gone").mkdir()
    script = f"rmdir ../gone; exec {sys.executable} -m cli.main targets --period 2020-Q1"
    done = run(folder / "gone", "sh", "-c", script, CHITIEU_HOME="")  # the default is in that folder
    assert done.returncode == 2
    assert "The working folder cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_without_vietnamese_letters(folder: Path) -> None:
    done = run(folder, sys.executable, "-m", "cli.main", "doctor", PYTHONIOENCODING="ascii")
    assert "Chỉ Tiêu".encode("ascii", "backslashreplace").decode() in done.stdout
    assert "Traceback" not in done.stderr


def test_a_server_of_prefect_that_is_away() -> None:
    with pytest.raises(PrefectServerError, match="does not answer") as failure, server_errors():
        raise RuntimeError("Failed to reach API at http://127.0.0.1:1/api/") from OSError("refused.")
    assert "doctor" in failure.value.hint
    with pytest.raises(RuntimeError, match="of another kind"), server_errors():
        raise RuntimeError("of another kind")


@pytest.mark.long
def test_an_ingest_whose_server_of_prefect_is_away(folder: Path) -> None:
    for command in (("-m", "cli.main", "ingest", str(SAMPLE / "drive")), ("-m", "flows.automations")):
        home = {"PREFECT_API_URL": "http://127.0.0.1:1/api", "PREFECT_HOME": str(folder / "prefect")}
        done = run(folder, sys.executable, *command, **home)
        assert done.returncode == 1
        assert "Prefect's server at http://127.0.0.1:1/api does not answer" in done.stderr
        assert "Traceback" not in done.stderr, done.stderr
