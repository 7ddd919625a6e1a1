"""The language of targets: sums and differences of terms, each with an optional coefficient.

    sum(form.measure)       flows over the plan year to date
    first(form.measure)     the stock in the first report of the year
    last(form.measure)      the stock in the latest report
    count(form.measure)     areas whose flag is set in the latest report
    average(form.measure)   the mean of a score over the latest reports
    min(form.measure)       the smallest value of a stock or score in the latest report
    max(form.measure)       the largest value of a stock or score in the latest report
    distinct(form.measure)  areas with a value above 0 in a report of the plan year
    areas(level)            all areas of a level inside the area of the figure
    given(name)             a figure that the plan gives for the area, such as its population or a baseline
    recorded(name)          areas with a dated record of the plan, such as a document that was issued
    assessed()              the assessment that the plan records for the target
    owed(form)              reports owed to date; owed() of all forms
    received(form)          valid ones of them that came; on_time(form) those that came by their due day
    value(target)           the figure of another target
    achievement(target)     that figure as per cent of its threshold
    rank(target)            the rank of the area among those of its level by that figure, 1 for the best
    reaching(target, level) areas of a level whose figure reaches the threshold of that target

The functions are declared in `plans.aggregation_functions`. A term of a measure or of reports takes
`bodies=[...]` (body codes or levels) and `over=period` (the reports of the period alone, and not those of the
year to date); that of a measure also takes `year=previous` (the year before up to the same day) and a code
list's key, as in `team_level=[PROVINCE]`. Coefficients are numbers: `0.4 * value(T1) + 0.6 * value(T2)`.
"""

import ast
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import cast, get_args

from plans.aggregation_functions import AGGREGATION_FUNCTIONS, AggregationFunction
from plans.expression_text import parse_expression, quoted_codes
from plans.plan_types import Over, Year
from plans.target_file import Target

_TARGET_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an expression: what its function takes as argument is set, the rest is empty.

    It counts `sign` times `weight`. `name` is that of given figures or records.
    """

    sign: int
    function: str
    form: str = ""
    measure: str = ""
    level: str = ""
    bodies: tuple[str, ...] = ()
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    target: str = ""
    name: str = ""
    over: Over = "year"
    year: Year = "current"
    weight: Decimal = Decimal(1)


@lru_cache(maxsize=256)
def parse(expression: str) -> tuple[Term, ...]:
    """The terms of an expression with their signs. Raises ValueError with one sentence for anything else."""
    try:
        tree = parse_expression(quoted_codes(expression.strip()))
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"{expression!r} is no expression") from error
    return tuple(_terms(tree, Decimal(1)))


def _terms(node: ast.expr, factor: Decimal) -> list[Term]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _terms(left, factor) + _terms(right, factor)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _terms(left, factor) + _terms(right, -factor)
        case _ if (number := _number(node)) is not None:
            return [_weighted(Term(1, "constant"), factor * number)]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _terms(operand, -factor)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if (number := _number(left)) is not None:
            return _terms(right, factor * number)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if (number := _number(right)) is not None:
            return _terms(left, factor * number)
        case ast.BinOp(left=left, op=ast.Div(), right=right) if (number := _number(right)) is not None:
            return _terms(left, factor / number)
        case ast.Call(func=ast.Name(id=name)) if name in AGGREGATION_FUNCTIONS and name != "constant":
            return [_weighted(_call(node, AGGREGATION_FUNCTIONS[name]), factor)]
    raise ValueError(f"a target may not use {_written(node)!r}")


def _number(node: ast.expr) -> Decimal | None:
    """The value of a number with its sign; None for anything else. Raises ValueError for 0 and for True."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _number(node.operand)
        return None if number is None else -number
    if not isinstance(node, ast.Constant) or not isinstance(node.value, int | float):
        return None
    number = Decimal(str(node.value)) if not isinstance(node.value, bool) else Decimal(0)
    if not number or not number.is_finite() or abs(number) > Decimal(10) ** 12:
        raise ValueError(f"the number {node.value!r} should not be zero, nor above 10 to the 12th")
    return number


def _weighted(term: Term, factor: Decimal) -> Term:
    return replace(term, sign=1 if factor > 0 else -1, weight=abs(factor))


def _call(call: ast.Call, function: AggregationFunction) -> Term:
    values = {keyword.arg or "": keyword.value for keyword in call.keywords}
    term = _argument(call, function)
    if len(values) < len(call.keywords):
        raise ValueError(f"{_written(ast.Call(call.func, call.args, []))} has the same filter twice")
    if values and function.argument not in ("measure", "form"):
        raise ValueError(f"a target may not use {_written(call)!r}")
    bodies = _names(values.pop("bodies")) if "bodies" in values else ()
    over = _choice(values.pop("over", None), "over", get_args(Over))
    year = _choice(values.pop("year", None), "year", get_args(Year)) if function.takes_measure else "current"
    if values and not function.takes_measure:
        raise ValueError(f"{function.name}() has no filter {next(iter(values))!r}")
    codes = tuple((key, _names(value)) for key, value in values.items())
    return replace(term, bodies=bodies, over=cast(Over, over), year=cast(Year, year), codes=codes)


def _argument(call: ast.Call, function: AggregationFunction) -> Term:
    """The term of a call without its filters. Raises ValueError where its arguments do not fit."""
    match function.argument, call.args:
        case "measure", [ast.Attribute(value=ast.Name(id=form), attr=measure)]:
            return Term(1, function.name, form=form, measure=measure)
        case "form", [] | [ast.Name()]:
            return Term(1, function.name, form=_code(call.args[0]) if call.args else "")
        case "level", [ast.Name(id=level)]:
            return Term(1, function.name, level=level)
        case "given" | "records", [ast.Name(id=name)]:
            return Term(1, function.name, name=name)
        case "target", [target] if _TARGET_CODE.fullmatch(_code(target)):
            return Term(1, function.name, target=_code(target))
        case "target_level", [target, ast.Name(id=level)] if _TARGET_CODE.fullmatch(_code(target)):
            return Term(1, function.name, target=_code(target), level=level)
        case "nothing", []:
            return Term(1, function.name)
    raise ValueError(f"a target may not use {_written(call)!r}")


def _code(node: ast.expr) -> str:
    """A code as written: a code with a hyphen reads as a difference, one in quotes as text."""
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node).replace(" ", "")


class _Unquoted(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Name(node.value) if isinstance(node.value, str) else node


def _written(node: ast.expr) -> str:
    """An expression as its author wrote it, codes without the quotes that `quoted_codes` adds."""
    return ast.unparse(_Unquoted().visit(deepcopy(node)))


def _names(node: ast.expr) -> tuple[str, ...]:
    if not isinstance(node, ast.List | ast.Tuple) or not node.elts:
        raise ValueError(f"{_written(node)!r} should be a list of at least one name in brackets")
    return tuple(_code(element) for element in node.elts)


def _choice(node: ast.expr | None, key: str, choices: tuple[str, ...]) -> str:
    """The value of a filter with fixed values, the first one where it is not given."""
    value = _code(node) if node is not None else choices[0]
    if value not in choices:
        raise ValueError(f"{key}={value} should be {' or '.join(f'{key}={choice}' for choice in choices)}")
    return value


def target_terms(target: Target) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The terms of a target's numerator and of its denominator (empty where there is none)."""
    return parse(target.numerator), parse(target.denominator) if target.denominator else ()


def all_terms(target: Target, targets: Mapping[str, Target]) -> tuple[Term, ...]:
    """The terms of a target and of all targets that it is computed from; `targets` are those by code.

    Raises ValueError for a target that is computed from itself.
    """
    return _all_terms(target, targets, ())


def _all_terms(target: Target, targets: Mapping[str, Target], path: tuple[str, ...]) -> tuple[Term, ...]:
    if target.code in path:
        raise ValueError(f"the target is computed from itself: {' from '.join((*path, target.code))}")
    found: list[Term] = []
    for term in (term for part in target_terms(target) for term in part):
        found.append(term)
        if term.target in targets:
            found += _all_terms(targets[term.target], targets, (*path, target.code))
    return tuple(found)


def only_grows(target: Target) -> bool:
    """Whether the figure can only grow within the plan year: sums of flows that are all added."""
    return not target.denominator and all(
        AGGREGATION_FUNCTIONS[term.function].bounds == "lower" and term.sign > 0 and term.over == "year"
        for term in parse(target.numerator)
    )
