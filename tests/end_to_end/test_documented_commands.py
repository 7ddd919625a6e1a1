"""Every command in README and documentation runs, in order, in a home with the sample drive."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.repository import text_of, tracked_files

DOCUMENTS = tuple(
    name
    for name in tracked_files()
    if name in ("README.md", "CONTRIBUTING.md", "SECURITY.md") or re.match(r"docs/.*\.md$", name)
)
# A block of commands; a comment in the line before it gives the reason why it cannot run here.
BLOCK = re.compile(r"(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?```console\n(?P<text>.*?)```", re.DOTALL)
# Files that the documentation names and the test has elsewhere.
REPLACED = {"file:///srv/reports": "file://$HOME/drive"}
FEWEST_RUN = 35
SECONDS = 300


@dataclass(frozen=True)
class Block:
    """Commands of one code block, without their prompts; `reason` is empty if they can run."""

    commands: tuple[str, ...]
    reason: str


def blocks_of(name: str) -> list[Block]:
    blocks = []
    for found in BLOCK.finditer(text_of(name)):
        commands = tuple(
            re.sub(r"^[$#] ", "", line) for line in found["text"].splitlines() if line[:2] in ("$ ", "# ")
        )
        blocks.append(Block(commands, found["reason"] or ""))
    return blocks


RUN = {name: [b for b in blocks_of(name) if not b.reason] for name in DOCUMENTS}


def script_of(commands: tuple[str, ...]) -> str:
    """Return the commands as a script. Targets of make are only planned: the suite is inside one of them."""
    lines = []
    for command in commands:
        for written, here in REPLACED.items():
            command = command.replace(written, here)
        lines.append(re.sub(r"^make ", f"make --dry-run -C {shlex.quote(str(ROOT))} ", command))
    return "\n".join(["set -euo pipefail", *lines])


@pytest.fixture
def environment(sample_url: str, tmp_path: Path) -> dict[str, str]:
    """Settings for the sample drive and its database; `chitieu` on the path is this checkout's."""
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "chitieu"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cli.main "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return {
        "PATH": os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "CHITIEU_HOME": str(tmp_path),
        "CHITIEU_DATABASE_URL": sample_url,
        "CHITIEU_SOURCES": f"file://{tmp_path / 'drive'}",
        "CHITIEU_NOW": "2026-03-01T08:00:00+07:00",
        "LANG": "C.UTF-8",
    }


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, blocks in RUN.items() if blocks])
def test_the_commands_of_a_document_run(name: str, environment: dict[str, str], tmp_path: Path) -> None:
    for block in RUN[name]:
        done = subprocess.run(
            ["bash", "-c", script_of(block.commands)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{block.commands}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def test_enough_commands_run() -> None:
    assert sum(len(block.commands) for blocks in RUN.values() for block in blocks) >= FEWEST_RUN


def test_blocks_that_are_not_run_have_a_reason() -> None:
    skipped = [block for name in DOCUMENTS for block in blocks_of(name) if block.reason]
    assert len(skipped) >= 5
    assert all(len(block.reason) > 20 for block in skipped)
    fences = sum(text_of(name).count("```console") for name in DOCUMENTS)
    assert fences == sum(len(blocks_of(name)) for name in DOCUMENTS)


def test_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {t for name in DOCUMENTS for t in re.findall(r"`make ([a-z-]+)", text_of(name))}
    named |= {t for name in DOCUMENTS for t in re.findall(r"^\$ make ([a-z-]+)", text_of(name), re.MULTILINE)}
    assert len(named) >= 10
    assert named <= targets
