"""Failures end in one sentence or one line of JSON on stderr, and in the exit code of their kind."""

import json
import logging
from pathlib import Path

import pytest
from typer.main import get_command

import cli.main
from cli.failures import exit_code_of
from cli.log_output import as_json_line, configure_logging
from cli.main import main
from plans.errors import ChitieuError, SettingsError, UsageError


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize(
    ("error", "code"),
    [(ChitieuError("x."), 1), (ChitieuError("x.", retryable=True), 1), (UsageError("x."), 2), (SettingsError("x."), 2),
     (OSError(2, "No such file", "x"), 1), (KeyboardInterrupt(), 1)],
)  # fmt: skip
def test_exit_codes(error: BaseException, code: int) -> None:
    assert exit_code_of(error, as_json=False) == code


def test_a_bug_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code_of(ZeroDivisionError(), as_json=False)


def test_with_json_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backfill", "--from", "2020-M01", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    error = json.loads(err)["error"]
    assert set(error) == {"code", "message", "hint", "retryable"}
    assert (error["code"], error["retryable"]) == ("UsageError", False)
    assert "--to" in error["message"]


COMMANDS = [
    [name, *([sub] if sub else [])]
    for name, command in get_command(cli.main.build_app()).commands.items()  # type: ignore[attr-defined]
    for sub in getattr(command, "commands", {"": None})
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_reports_errors_as_json(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--jsno", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err)["error"]["message"].startswith("No such option: --jsno")


def test_a_retryable_error_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code_of(ChitieuError("The drive is away.", "Try again.", retryable=True), as_json=True)
    assert json.loads(capsys.readouterr().err)["error"] == {
        "code": "ChitieuError", "message": "The drive is away.", "hint": "Try again.", "retryable": True
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["validate", "--body", "UBND-73", "{file}"], "no body UBND-73. Did you mean UBND-73"),
        (["validate", "--body", "CAT", "absent.xlsx"], "There is no file absent.xlsx"),
        (["templates", "--period", "2020-M3"], "Did you mean 2020-M03"),
        (["targts"], "targets"),
        (["targets", "--as-of", "2020-01-01", "--snapshot", "2020-Q1"], "cannot be combined"),
        (["ingest"], "set CHITIEU_SOURCES"),
    ],
)
def test_usage_errors_lead_on(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file.xlsx").write_bytes(b"x")
    assert main([part.format(file=tmp_path / "file.xlsx") for part in arguments]) == 2
    out, err = capsys.readouterr()
    assert sentence in err
    assert out == ""


def test_json_log_lines_have_fixed_fields(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHITIEU_LOG", "json")
    configure_logging()
    logger = logging.getLogger("chitieu")
    logger.info("Loaded %s", "a file", extra={"load_id": 7, "body": "SYT", "form": "01-PCMD"})
    logger.debug("not shown")
    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "message": "Loaded a file",
        "load_id": 7,
        "body": "SYT",
        "form": "01-PCMD",
    }


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({}, ["info", "warning"]),
        ({"verbose": True}, ["debug", "info", "warning"]),
        ({"quiet": True}, ["warning"]),
    ],
)
def test_levels(options: dict[str, bool], shown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(**options)
    for level in ("debug", "info", "warning"):
        getattr(logging.getLogger("chitieu"), level)(level)
    assert capsys.readouterr().err.split() == shown


def test_unknown_fields_are_left_out() -> None:
    record = logging.LogRecord("chitieu", logging.WARNING, "", 0, "x", None, None)
    assert set(json.loads(as_json_line(record))) == {"time", "level", "message"}


@pytest.mark.parametrize(
    ("line", "place"), [("ingest -q", "-q ingest"), ("plan diff --verbose", "--verbose plan diff")]
)
def test_an_option_of_the_program_after_the_command(
    line: str, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    assert f"It comes before the command: chitieu {place}." in capsys.readouterr().err
