"""Files of the repository, for tests of conventions."""

import ast
import subprocess
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT

PACKAGES = (
    "plans", "schemas", "transforms", "drives", "warehouse", "publishing", "services", "flows", "cli", "sampledata",
)  # fmt: skip


@cache
def tracked_files() -> tuple[str, ...]:
    """Return the paths of the files that git tracks and that exist, relative to the root."""
    listed = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


@cache
def product_modules() -> tuple[str, ...]:
    """Return the paths of the product's Python modules."""
    return tuple(name for name in tracked_files() if name.endswith(".py") and name.split("/")[0] in PACKAGES)


@cache
def syntax_tree(name: str) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(text_of(name), filename=name)


def text_of(name: str) -> str:
    """Return the text of a tracked file."""
    return Path(ROOT, name).read_text(encoding="utf-8")
