"""A reader of stdout that has seen enough, such as `head`, is no error, whenever it closes."""

import os
import subprocess
import sys

from tests.support.paths import ROOT

# What is printed stays in the buffer until the end, when nobody reads any more.
COMMAND = "import sys; from cli import main as cli; cli._run = lambda _: print('a line') or 0; sys.exit(cli.main([]))"


def test_what_is_written_at_the_end_finds_no_reader() -> None:
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", '"$0" -c "$1" | true', sys.executable, COMMAND],
        cwd=ROOT,
        env=buffered,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
