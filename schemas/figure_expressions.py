"""The language in which a form set declares how sample figures are drawn.

Beside arithmetic, comparisons, `and`, `or` and `a if b else c` there are the functions of FUNCTIONS. Names
are those of the row drawn so far; `last.name` is one of the same row of the period before.
"""

import ast
from functools import lru_cache

from plans.expression_text import parse_expression

# Functions with the number of their arguments; None for any number.
FUNCTIONS: dict[str, int | None] = {
    "whole": 2,  # a whole number between two, both included
    "number": 2,  # any number between two
    "choose": None,  # one of the arguments
    "code": 1,  # any code of a column
    "chance": 1,  # true with that probability
    "some": 2,  # how many of so many things have something that each has with that probability
    "few": 1,  # a small count, mostly 0, of at most so many in a month
    "rare": 1,  # a count of events of which one happens in a month with that probability
    "former": 2,  # a name of the same row of the period before; the second argument where there is none
    "round": 2,
    "int": 1,
    "min": 2,
    "max": 2,
    "day_before": 1,  # of a date as ISO text
}
# Beside the columns: the months of the period, whether it is the first of its year, and a number from 0 to 1
# that is the same for all rows that count the same things again.
GIVEN = frozenset({"months", "first", "share"})
_BINARY = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)
_COMPARED = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@lru_cache(maxsize=512)
def parse_figure(expression: str) -> ast.expr:
    """Return the syntax tree of an expression; ValueError when it uses more than the language has."""
    try:
        tree = parse_expression(expression)
        _check(tree)
    except SyntaxError as error:
        raise ValueError(f"the expression {expression!r} is no expression: {error.msg}") from error
    except (RecursionError, MemoryError) as error:
        raise ValueError(f"the expression {expression[:50]!r}… is too deep") from error
    return tree


def names_of_figure(expression: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the own row that an expression uses, and those of the row before."""
    own: set[str] = set()
    before: set[str] = set()
    _collect(parse_figure(expression), own, before)
    return frozenset(own), frozenset(before)


def _collect(node: ast.AST, own: set[str], before: set[str]) -> None:
    match node:
        case ast.Attribute(attr=name):
            before.add(name)
        case ast.Name(id=name):
            own.add(name)
        case ast.Call(func=ast.Name(id="former"), args=[ast.Name(id=name), default]):
            before.add(name)
            _collect(default, own, before)
        case ast.Call(func=ast.Name(id="code")):
            pass
        case ast.Call(args=parts):
            for part in parts:
                _collect(part, own, before)
        case _:
            for child in ast.iter_child_nodes(node):
                _collect(child, own, before)


def _check(node: ast.expr) -> None:
    parts: list[ast.expr]
    match node:
        case ast.Name() | ast.Constant(value=bool() | int() | float() | str()):
            parts = []
        case ast.Attribute(value=ast.Name(id="last")):
            parts = []
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            parts = [operand]
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _BINARY):
            parts = [left, right]
        case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, _COMPARED):
            parts = [left, right]
        case ast.BoolOp(values=values):
            parts = values
        case ast.IfExp(test=test, body=body, orelse=other):
            parts = [test, body, other]
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in FUNCTIONS:
            wanted = FUNCTIONS[name]
            if wanted not in (None, len(parts)) or not parts:
                raise ValueError(f"{name} needs {wanted or 'some'} arguments")
            if name in ("former", "code") and not isinstance(parts[0], ast.Name):
                raise ValueError(f"the first argument of {name} must be a name")
        case _:
            raise ValueError(f"an expression may not use {ast.unparse(node)!r}")
    for part in parts:
        _check(part)
