"""Draw the figures of a row by the expressions that a form set declares for them."""

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from plans.errors import ChitieuError
from schemas.declaration import Form
from schemas.figure_expressions import parse_figure
from schemas.sample_expressions import LARGEST

Values = dict[str, Any]

_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Eq: operator.eq, ast.NotEq: operator.ne,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip

_MOST_THINGS = 1_000_000  # that `some` decides about one by one
_PLAIN: dict[str, Callable[..., Any]] = {"round": round, "int": int, "min": min, "max": max}


class SampleError(ChitieuError):
    """An expression of `sample.yaml` that cannot be computed for a row."""


def draw_figures(
    steps: Mapping[str, object], form: Form, rng: Random, known: Mapping[str, Any], last: Mapping[str, Any]
) -> Values:
    """Return `known` with the value of each step, which may use those before it.

    `last` are the values of the same row of the period before.
    """
    drawing = _Drawing(form, rng, dict(known), last)
    for key, expression in steps.items():
        try:
            drawing.values[key] = drawing.value(parse_figure(str(expression)))
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise SampleError(
                f"sample.yaml: the expression {str(expression)!r} of {key} in the form {form.code} cannot be"
                f" computed: {error}."
            ) from error
    return drawing.values


def _bounded(value: Any) -> Any:
    """Return a computed value. Raises OverflowError for a number that no figure can be."""
    if isinstance(value, int | float) and abs(value) > LARGEST:
        raise OverflowError(f"a number is above {LARGEST}")
    return value


class _Drawing:
    """One row being drawn."""

    def __init__(self, form: Form, rng: Random, values: Values, last: Mapping[str, Any]) -> None:
        self.form, self.rng, self.values, self.last = form, rng, values, last

    def value(self, node: ast.expr) -> Any:
        """Return the value of an expression; what is not needed for it is not drawn."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.values[name]
            case ast.Attribute(attr=name):
                return self.last[name]
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.value(operand)
            case ast.UnaryOp(operand=operand):
                return -self.value(operand)
            case (
                ast.BinOp(left=left, op=op, right=right)
                | ast.Compare(left=left, ops=[op], comparators=[right])
            ):
                sides = self.value(left), self.value(right)
                if isinstance(node, ast.BinOp) and any(isinstance(side, str) for side in sides):
                    raise TypeError(f"{ast.unparse(node)} calculates with a text")
                return _bounded(_OPERATORS[type(op)](*sides))
            case ast.BoolOp(op=op, values=parts):
                found = (self.value(part) for part in parts)
                return all(found) if isinstance(op, ast.And) else any(found)
            case ast.IfExp(test=test, body=body, orelse=other):
                return self.value(body if self.value(test) else other)
            case ast.Call(func=ast.Name(id="former"), args=[ast.Name(id=name), default]):
                return self.last.get(name, self.value(default))
            case ast.Call(func=ast.Name(id="code"), args=[ast.Name(id=name)]):
                listed = self.form.columns[name].code_list
                return self.rng.choice([code.code for code in listed.codes] if listed else [None])
            case ast.Call(func=ast.Name(id=name), args=parts):
                return self._called(name, [self.value(part) for part in parts])
        raise ValueError(f"an expression may not use {ast.unparse(node)!r}")

    def _called(self, name: str, values: list[Any]) -> Any:
        rng, months, first = self.rng, range(self.values.get("months", 1)), values[0]
        match name:
            case "whole":
                return rng.randint(*values)
            case "number":
                return rng.uniform(*values)
            case "choose":
                return rng.choice(values)
            case "chance":
                return rng.random() < first
            case "some":
                if first > _MOST_THINGS:
                    raise OverflowError(f"some() is of more than {_MOST_THINGS} things")
                return sum(rng.random() < values[1] for _ in range(first))
            case "few":
                return sum(rng.choice((0, 0, rng.randint(0, first))) for _ in months)
            case "rare":
                return sum(rng.random() < first for _ in months)
            case "day_before":
                return (date.fromisoformat(first) - timedelta(days=1)).isoformat()
        return _PLAIN[name](*values)
