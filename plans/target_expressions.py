"""The language of targets: sums and differences of terms over measures.

    sum(form.measure)     flows over the plan year to date
    first(form.measure)   the first report of the year, of a level at the start
    last(form.measure)    the last report in force, of a level
    count(form.measure)   areas whose last flag is yes
    areas(level)          all areas of a level inside the area shown
Terms take `bodies=[...]` (body codes or levels) and a code list's key, as in `team_level=[PROVINCE]`.
"""

import ast
from dataclasses import dataclass
from functools import lru_cache

from plans.model import LEVELS, Target

MEASURE_FUNCTIONS = ("sum", "first", "last", "count")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an expression; `function` areas has a `level` instead of form and measure."""

    sign: int
    function: str
    form: str = ""
    measure: str = ""
    level: str = ""
    bodies: tuple[str, ...] = ()
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()


@lru_cache(maxsize=256)
def parse(expression: str) -> tuple[Term, ...]:
    """The terms of an expression with their signs; ValueError in one sentence when it is none."""
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
        case ast.Call(func=ast.Name(id="areas"), args=[ast.Name(id=level)], keywords=[]):
            if level not in LEVELS:
                raise ValueError(f"areas({level}) names no level of areas")
            return [Term(sign, "areas", level=level)]
        case ast.Call(
            func=ast.Name(id=function),
            args=[ast.Attribute(value=ast.Name(id=form_key), attr=measure)],
            keywords=filters,
        ) if function in MEASURE_FUNCTIONS:
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
