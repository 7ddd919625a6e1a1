"""Modules and functions are small and have docstrings."""

import ast
from collections.abc import Iterator

import pytest

from tests.support.repository import product_modules, syntax_tree, text_of

LONGEST_MODULE, LONGEST_FUNCTION = 350, 45
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(name: str) -> Iterator[Function]:
    for node in ast.walk(syntax_tree(name)):
        if isinstance(node, Function):
            yield node


def test_enough_modules_are_looked_at() -> None:
    assert len(product_modules()) >= 120


@pytest.mark.parametrize("name", product_modules())
def test_a_module_is_short(name: str) -> None:
    assert len(text_of(name).splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("name", product_modules())
def test_functions_are_short(name: str) -> None:
    sizes = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions(name)}
    assert {function: size for function, size in sizes.items() if size > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("name", product_modules())
def test_docstrings_begin_with_a_sentence(name: str) -> None:
    tree = syntax_tree(name)
    if not tree.body:
        return  # an empty __init__.py
    first_lines = {"(module)": (ast.get_docstring(tree) or "").split("\n\n")[0]}
    for node in ast.walk(tree):
        if isinstance(node, (Function, ast.ClassDef)) and (text := ast.get_docstring(node)):
            first_lines[node.name] = text.split("\n\n")[0]
    faulty = {n: line for n, line in first_lines.items() if not line.rstrip().endswith((".", ":", ")", "?"))}
    assert faulty == {}
