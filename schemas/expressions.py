"""The language of row rules: arithmetic and comparisons over the columns of one row.

A rule is written once, as text ("closing == opening + identified - dismantled"), and derived from it are the
check over a whole frame (`evaluate`) and the constraint in the database (`to_sql`).
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from plans.expression_text import parse_expression

_DECIMALS = 6  # of computed figures, so that 0.1 + 0.2 is 0.3 as it is in the database


def _rounded(
    calculate: Callable[[Any, Any], Any],
) -> Callable[[Any, Any], Any]:
    """Return the operator with its fractional results rounded; the values are columns or single ones."""

    def result(left: Any, right: Any) -> Any:
        value = calculate(left, right)
        kind = getattr(getattr(value, "dtype", None), "kind", "f" if isinstance(value, float) else "")
        if kind != "f":
            return value
        return value.round(_DECIMALS) if hasattr(value, "round") else round(value, _DECIMALS)

    return result


_BINARY: dict[type[ast.AST], tuple[Callable[[Any, Any], Any], str]] = {
    ast.Add: (_rounded(operator.add), "+"),
    ast.Sub: (_rounded(operator.sub), "-"),
    ast.Mult: (_rounded(operator.mul), "*"),
    ast.BitAnd: (operator.and_, "and"),
    ast.Eq: (operator.eq, "="),
    ast.NotEq: (operator.ne, "<>"),
    ast.Lt: (operator.lt, "<"),
    ast.LtE: (operator.le, "<="),
    ast.Gt: (operator.gt, ">"),
    ast.GtE: (operator.ge, ">="),
}


@lru_cache(maxsize=512)
def parse(expression: str) -> ast.expr:
    """The syntax tree of an expression; ValueError when it uses more than the language has."""
    try:
        tree = parse_expression(expression)
    except SyntaxError as error:
        raise ValueError(f"the expression {expression!r} is no expression: {error.msg}") from error
    _walk(tree, lambda name: name, lambda value: value, lambda _operator, left, _right: left, lambda x: x)
    return tree


def names(expression: str) -> frozenset[str]:
    """The columns an expression speaks of; those of the period before as "previous.column"."""
    found: set[str] = set()

    def note(name: str) -> None:
        found.add(name)

    _walk(parse(expression), note, lambda _value: None, lambda _op, _left, _right: None, lambda _x: None)
    return frozenset(found)


def evaluate(expression: str, columns: Mapping[str, Any]) -> Any:
    """The expression over whole columns (Series or arrays by name): a column of booleans or numbers."""
    return _walk(
        parse(expression),
        lambda name: columns[name],
        lambda value: value,
        lambda node, left, right: _BINARY[node][0](left, right),
        abs,
    )


def to_sql(expression: str) -> str:
    """The expression as SQL over the columns of one row."""
    return str(
        _walk(
            parse(expression),
            lambda name: name,
            lambda value: "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value),
            lambda node, left, right: f"({left} {_BINARY[node][1]} {right})",
            lambda inner: f"abs({inner})",
        )
    )


def _walk(
    node: ast.expr,
    name: Callable[[str], Any],
    constant: Callable[[Any], Any],
    binary: Callable[[type[ast.AST], Any, Any], Any],
    absolute: Callable[[Any], Any],
) -> Any:
    """Fold the tree from its leaves: the one place that knows what the language has."""

    def fold(part: ast.expr) -> Any:
        match part:
            case ast.Name(id=identifier):
                return name(identifier)
            case ast.Attribute(value=ast.Name(id="previous"), attr=attribute):
                return name(f"previous.{attribute}")
            case ast.Constant(value=value) if isinstance(value, str) or _is_finite(value):
                return constant(value)
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                if not (_is_figure(left) or _is_figure(right)):
                    return binary(ast.BitAnd, fold(left), fold(right))
            case (
                ast.BinOp(left=left, op=op, right=right)
                | ast.Compare(left=left, ops=[op], comparators=[right])
            ):
                if type(op) in _BINARY and not (_is_condition(left) or _is_condition(right)):
                    return binary(type(op), fold(left), fold(right))
            case ast.Call(func=ast.Name(id="abs"), args=[inner], keywords=[]) if not _is_condition(inner):
                return absolute(fold(inner))
        raise ValueError(f"an expression may not use {ast.unparse(part)!r}")

    return fold(node)


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


# "a == 0 & b" means a == (0 & b): pandas would calculate with bits, the database reject it.
def _is_condition(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd))


def _is_figure(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.BinOp | ast.Call) and not _is_condition(node)
