"""Long commands show on a terminal how far they are, and nothing where their output is piped."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.long
COMMAND = [sys.executable, "-m", "cli.main"]
COMMANDS = [("publish", "Writing DN-2020"), ("backfill --from 2020-M01 --to 2020-M03 --plan", "Computing")]


@pytest.mark.parametrize(("command", "step"), COMMANDS)
def test_progress_is_shown_on_a_terminal_only(
    command: str, step: str, sample_url: str, tmp_path: Path
) -> None:
    environment = os.environ | {
        "CHITIEU_DATABASE_URL": sample_url,
        "CHITIEU_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
        "COLUMNS": "120",
    }
    terminal, end = pty.openpty()
    running = subprocess.Popen(
        [*COMMAND, *command.split()], env=environment, stdout=subprocess.PIPE, stderr=end, cwd=tmp_path
    )
    os.close(end)
    shown = _read(terminal)
    assert running.wait(60) == 0
    assert step in shown
    assert running.stdout is not None
    assert step not in running.stdout.read().decode()

    piped = subprocess.run(
        [*COMMAND, *command.split()], env=environment, capture_output=True, text=True, cwd=tmp_path
    )
    assert piped.returncode == 0
    assert step not in piped.stdout + piped.stderr


def _read(terminal: int) -> str:
    """What is written to a terminal until its other end is closed."""
    parts: list[bytes] = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # the end of a terminal
        pass
    os.close(terminal)
    return b"".join(parts).decode(errors="replace")
