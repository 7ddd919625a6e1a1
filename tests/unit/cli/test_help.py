"""The command line describes itself, quickly, and without loading what its commands need."""

import re
import subprocess
import sys

import pytest

from cli.main import main
from tests.support.processor_time import reference_seconds

COMMANDS = (
    "init", "ingest", "materialize", "targets", "status", "report", "validate", "templates", "waive", "close",
    "backfill", "publish", "check", "export", "dictionary", "trace", "moved", "role", "database-url", "sql", "stop",
    "doctor", "demo", "sample", "withdraw", "purge", "unwaive", "reopen", "finding list", "finding explain", "finding accept",
    "audit verify", "plan diff", "plan apply",
    "plan new", "plan upgrade",
    "account create", "account rotate", "account revoke",
    "forms check", "forms new", "forms export", "forms import", "forms schema",
)  # fmt: skip
HEAVY = (
    "sqlalchemy",
    "pandas",
    "pandera",
    "prefect",
    "numpy",
    "pydantic",
    "openpyxl",
    "rich",
    "jinja2",
    "psycopg",
)


def test_help_loads_nothing_heavy_and_takes_less_than_a_third_of_a_second() -> None:
    program = (
        "import sys; from cli.main import main; main(['--help']);"
        f" print('loaded:', [name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )

    def help_texts() -> None:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stderr.strip() == "loaded: []"

    assert reference_seconds(help_texts, 0.3) < 0.3


def test_an_ingest_without_new_files_needs_no_pandas() -> None:
    program = (
        "import sys; import services.ingest, services.context, services.plan_choice;"
        " print([name for name in ('pandas', 'pandera', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    text = capsys.readouterr().out
    assert re.search(rf"Examples?:\n( +\S.*\n)* +.*chitieu {command}", text)
    assert "--json" in text


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    listed: list[str] = []
    for group in ("", "finding", "audit", "plan", "forms", "account"):
        assert main([*group.split(), "--help"]) == 0
        names = re.findall(r"^  ([a-z-]+)  ", capsys.readouterr().out.partition("Commands:")[2], re.MULTILINE)
        listed += [f"{group} {name}".strip() for name in names]
    assert sorted(set(listed) - {"finding", "audit", "plan", "forms", "account"}) == sorted(COMMANDS)


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"chitieu \d+\.\d+\.\d+\n", capsys.readouterr().out)
