"""No code knows a programme: its forms, measures, codes and bodies are in form sets and plan files alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from plans.reading import DEFAULT_PLAN, read_plan
from schemas.form_set import shipped_codes, shipped_form_set
from tests.support.paths import ROOT

PACKAGES = (
    "plans",
    "schemas",
    "transforms",
    "drives",
    "warehouse",
    "publishing",
    "services",
    "flows",
    "cli",
    "sampledata",
)
# Values with which templates are linted are those of the first programme.
LEFT_OUT = ("warehouse/sql_samples/",)
_WORD = re.compile(r"[A-Za-z][\w\-]*")
_SQL_COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)


def words_of_programmes() -> frozenset[str]:
    """The names of forms, of measures and codes that are no words of everyday English, and of bodies."""
    words: set[str] = set()
    for code in shipped_codes():
        forms = shipped_form_set(code)
        for form in forms.forms:
            words |= {form.code, f"fact_{form.key}", f"current_{form.key}"}
            words |= {m.key for m in form.measures if "_" in m.key}
            words |= {d.key for d in form.dimensions if d.code_list}
        words |= {c.code for code_list in forms.code_lists.values() for c in code_list.codes if "_" in c.code}
    for name in ("dong_nai_2020.yaml", "health_2024.yaml"):
        plan = read_plan(DEFAULT_PLAN.with_name(name))
        words |= {body.code for body in plan.bodies} | {plan.code}
    return frozenset(words)


WORDS = words_of_programmes()


def texts_of_python(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in Python code, without docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    if path.suffix == ".py":
        yield from texts_of_python(path)
        return
    text = path.read_text("utf-8")
    text = (
        _SQL_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text) if path.suffix == ".sql" else text
    )
    yield from enumerate(text.splitlines(), 1)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_code_names_what_a_programme_declares(package: str) -> None:
    found = [
        f"{name}:{line}: {word}"
        for ending in ("py", "sql", "html", "js")
        for path in sorted((ROOT / package).rglob(f"*.{ending}"))
        if not (name := path.relative_to(ROOT).as_posix()).startswith(LEFT_OUT)
        for line, text in texts_of(path)
        for word in _WORD.findall(text)
        if word in WORDS
    ]
    assert found == []
