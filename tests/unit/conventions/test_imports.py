"""Each package has its place in the layers, and no test module imports another one."""

import ast
import tomllib
from collections.abc import Iterator

import pytest

from tests.support.repository import PACKAGES, syntax_tree, text_of, tracked_files

TEST_FILES = tuple(n for n in tracked_files() if n.startswith("tests/") and n.endswith(".py"))
SETTINGS = tomllib.loads(text_of("pyproject.toml"))["tool"]


def imported(name: str) -> Iterator[str]:
    for node in ast.walk(syntax_tree(name)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_enough_test_modules_are_looked_at() -> None:
    assert len(TEST_FILES) >= 75


@pytest.mark.parametrize("name", TEST_FILES)
def test_tests_import_helpers_from_support_only(name: str) -> None:
    foreign = [m for m in imported(name) if m.startswith("tests.") and not m.startswith("tests.support")]
    assert foreign == []


def test_every_package_has_its_layer() -> None:
    folders = {n.split("/")[0] for n in tracked_files() if n.endswith(".py") and "/" in n}
    ours = folders - {"tests", "docs", ".ci"}
    contracts = SETTINGS["importlinter"]["contracts"]
    layered = {p.strip() for line in contracts[0]["layers"] for p in line.split("|")}
    assert layered == ours == {*PACKAGES, "benchmarks"}
    assert set(SETTINGS["importlinter"]["root_packages"]) == ours
    assert set(SETTINGS["mypy"]["packages"]) == ours | {"tests"}
    acyclic = next(c for c in contracts if c["type"] == "acyclic_siblings")
    assert set(acyclic["ancestors"]) == ours


def test_the_levels_hold_all_tests() -> None:
    levels = {n.split("/")[1] for n in TEST_FILES if n.rpartition("/")[2].startswith("test_")}
    assert levels == {"unit", "integration", "end_to_end"}


@pytest.mark.parametrize("name", [n for n in TEST_FILES if n.startswith("tests/unit/")])
def test_unit_tests_use_no_database(name: str) -> None:
    fixtures = {"database_url", "warehouse_url", "sample_url", "any_database_url", "another_database_url"}
    arguments = {
        a.arg for node in ast.walk(syntax_tree(name)) if isinstance(node, ast.arguments) for a in node.args
    }
    assert not fixtures & arguments
    assert "tests.support.postgres" not in set(imported(name))
