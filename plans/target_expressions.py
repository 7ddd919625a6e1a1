"""The language of targets: sums and differences of terms.

A term applies an aggregation function to a measure of a form or to an administrative level:

    sum(form.measure)     flows over the plan year to date
    areas(level)          all areas of a level inside the area of the figure

All functions are declared in `plans.aggregation_functions`. A measure's term takes `bodies=[...]` (body codes
or levels) and a code list's key, as in `team_level=[PROVINCE]`.
"""

import ast
from dataclasses import dataclass
from functools import lru_cache

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.model import LEVELS, Target

_LEVEL_FUNCTIONS = {name for name, function in AGGREGATION_FUNCTIONS.items() if not function.takes_measure}
_MEASURE_FUNCTIONS = {name for name, function in AGGREGATION_FUNCTIONS.items() if function.takes_measure}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an expression; it has either a form and a measure, or a level."""

    sign: int
    function: str
    form: str = ""
    measure: str = ""
    level: str = ""
    bodies: tuple[str, ...] = ()
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()


@lru_cache(maxsize=256)
def parse(expression: str) -> tuple[Term, ...]:
    """The terms of an expression with their signs. Raises ValueError with one sentence for anything else."""
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{expression!r} is no expression") from error
    return tuple(_terms(tree, 1))


def _terms(node: ast.expr, sign: int) -> list[Term]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _terms(left, sign) + _terms(right, sign)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _terms(left, sign) + _terms(right, -sign)
        case ast.Call(
            func=ast.Name(id=function),
            args=[ast.Name(id=level)],
            keywords=[],
        ) if function in _LEVEL_FUNCTIONS:
            if level not in LEVELS:
                raise ValueError(f"{function}({level}) names no level of areas")
            return [Term(sign, function, level=level)]
        case ast.Call(
            func=ast.Name(id=function),
            args=[ast.Attribute(value=ast.Name(id=form_key), attr=measure)],
            keywords=filters,
        ) if function in _MEASURE_FUNCTIONS:
            return [_measure_term(sign, function, form_key, measure, filters)]
    raise ValueError(f"a target may not use {ast.unparse(node)!r}")


def _measure_term(sign: int, function: str, form_key: str, measure: str, filters: list[ast.keyword]) -> Term:
    values = {f.arg or "": _names(f.value) for f in filters}
    if len(values) < len(filters):
        raise ValueError(f"{function}({form_key}.{measure}) has the same filter twice")
    codes = tuple((key, names) for key, names in values.items() if key != "bodies")
    return Term(sign, function, form_key, measure, bodies=values.get("bodies", ()), codes=codes)


def _names(node: ast.expr) -> tuple[str, ...]:
    if not isinstance(node, ast.List | ast.Tuple) or not node.elts:
        raise ValueError(f"{ast.unparse(node)!r} should be a list of at least one name in brackets")
    return tuple(
        str(e.value) if isinstance(e, ast.Constant) else ast.unparse(e).replace(" ", "") for e in node.elts
    )


def target_terms(target: Target) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The terms of a target's numerator and of its denominator (empty where there is none)."""
    return parse(target.numerator), parse(target.denominator) if target.denominator else ()
