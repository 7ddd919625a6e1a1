"""Plausible rows for any form: figures drawn by the types of its measures, then made to keep its rules.

Figures of one row follow on one another: a stock changes little, and rules about the period before or the
year to date are kept as well.
"""

import ast
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.expressions import evaluate, names, parse

Row = dict[str, Any]
Memory = dict[str, Any]

_PREVIOUS, TO_DATE = "previous row", "year to date"
_ROUNDS = 12
_MOST_A_MONTH = 24  # of a flow in one row
_HIGHEST_SCORE = 100
_YES = 0.8  # the share of flags that are yes


def draw_measures(form: Form, rng: Random, memory: Memory, months: int, key: Row) -> Row:
    """Return the measures of the next period's row, by the values of its key.

    `memory` holds what the former rows of the year were.
    """
    previous: Row = memory.get(_PREVIOUS, {})
    row = {m.key: _drawn(m, rng, previous.get(m.key), months) for m in form.measures}
    carried = {opening: previous[stock] for opening, stock in _carried(form).items() if previous}
    row |= carried
    free = {m.key: m for m in form.measures if m.is_number and m.key not in carried}
    to_date: Row = memory.setdefault(TO_DATE, {})
    rules = [rule for rule in form.rules if rule.severity is Severity.ERROR or rng.random() < 0.98]
    for _ in range(_ROUNDS):
        if not sum([_repair(rule, row, previous, to_date, key, free) for rule in rules]):
            break
    flows = [m.key for m in form.measures if m.kind is MeasureType.FLOW]
    memory[TO_DATE] = {key: round(to_date.get(key, 0) + row[key], 2) for key in flows}
    memory[_PREVIOUS] = row
    return row


def _drawn(measure: Measure, rng: Random, before: Any, months: int) -> Any:
    if measure.code_list is not None:
        return rng.choice(measure.code_list.codes).code
    if measure.kind is MeasureType.FLAG:
        return rng.random() < _YES if before is None or rng.random() < 0.1 else before
    if measure.kind is MeasureType.SCORE:
        top = min(measure.unit.max_value, _HIGHEST_SCORE)
        return _figure(rng.uniform(0.5, 0.99) * top, measure)
    most = _MOST_A_MONTH * (250_000 if measure.unit.money and measure.unit.whole else 1)
    if measure.kind is MeasureType.FLOW:
        most *= months
    elif before is not None:
        return min(max(before + rng.choice((-1, 0, 0, 0, 1)), 0), measure.unit.max_value)
    return _figure(min(rng.uniform(0, most + 1), measure.unit.max_value), measure)


def _figure(value: float, measure: Measure) -> int | float:
    """Return a value as figures of the measure are typed: whole, or with a decimal."""
    return int(value) if measure.unit.whole else round(value, 1)


def _carried(form: Form) -> dict[str, str]:
    """Return the stock of the period before that an opening stock repeats: a rule computes it from that."""
    kinds = {measure.key: measure.kind for measure in form.measures}
    found: dict[str, str] = {}
    for rule in form.rules:
        for part in _comparisons(parse(rule.expression)):
            named = [kinds.get(name) for name in names(ast.unparse(part))]
            stock = next((s.id for s in (part.left, *part.comparators) if isinstance(s, ast.Name)), "")
            if isinstance(part.ops[0], ast.Eq) and kinds.get(stock) is MeasureType.STOCK:
                found |= {
                    name: stock
                    for name in names(ast.unparse(part))
                    if kinds.get(name) is MeasureType.OPENING_STOCK and named.count(MeasureType.STOCK) == 1
                }
    return found


def _repair(rule: Rule, row: Row, previous: Row, to_date: Row, key: Row, free: Mapping[str, Measure]) -> bool:
    """Change the row so that it keeps a rule, if one step does it; returns whether it changed."""
    known = {**key, **row, **{f"previous.{key}": value for key, value in previous.items()}}
    base: Mapping[str, Any] = {}
    if rule.scope is RuleScope.YEAR_TO_DATE:
        base = to_date
        known |= {key: value + row[key] for key, value in to_date.items()}
    needed = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
    if not needed <= known.keys() or (rule.condition and not evaluate(rule.condition, known)):
        return False
    before = dict(row)
    for part in _comparisons(parse(rule.expression)):
        _kept(part, row, known, base, free)
        now = {
            **known,
            **{name: value + base[name] if name in base else value for name, value in row.items()},
        }
        if not evaluate(ast.unparse(part), now):
            _solve(part, row, now, base, free)
    return row != before


def _comparisons(tree: ast.expr) -> list[ast.Compare]:
    """Return the comparisons that are joined by `&`."""
    if isinstance(tree, ast.BinOp):
        return [*_comparisons(tree.left), *_comparisons(tree.right)]
    return [tree] if isinstance(tree, ast.Compare) else []


_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.Eq: ast.Eq,
}  # fmt: skip
_NEAREST: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: lambda _value, bound: bound,
    ast.LtE: min,
    ast.Lt: lambda value, bound: min(value, bound - 1),
    ast.GtE: max,
    ast.Gt: lambda value, bound: max(value, bound + 1),
}


def _kept(
    part: ast.Compare,
    row: Row,
    known: Mapping[str, Any],
    base: Mapping[str, Any],
    free: Mapping[str, Measure],
) -> None:
    """Set the column on one side of a comparison to the value that keeps it and is nearest."""
    left, right, operator = part.left, part.comparators[0], type(part.ops[0])
    if not (isinstance(left, ast.Name) and left.id in row):
        left, right, operator = right, left, _FLIPPED.get(operator, ast.NotEq)
    if not isinstance(left, ast.Name) or left.id not in row or operator not in _NEAREST:
        return
    bound = evaluate(ast.unparse(right), known)
    value = known[left.id]
    if isinstance(value, str) or isinstance(bound, str):
        row[left.id] = bound
    else:
        nearest = max(round(_NEAREST[operator](value, bound) - base.get(left.id, 0), 2), 0)
        row[left.id] = min(nearest, free[left.id].unit.max_value) if left.id in free else nearest


def _solve(
    part: ast.Compare,
    row: Row,
    known: Mapping[str, Any],
    base: Mapping[str, Any],
    free: Mapping[str, Measure],
) -> None:
    """Change one number in a comparison so that it is kept: a flow rather than a stock, and little.

    Where one column is not enough, the one that comes nearest is changed as far as it goes.
    """
    gap = ast.unparse(ast.BinOp(part.left, ast.Sub(), part.comparators[0]))
    options: list[tuple[bool, float, bool, float, str, Any]] = []
    for name in sorted(names(ast.unparse(part)) & free.keys()):
        away = evaluate(gap, known)
        slope = evaluate(gap, {**known, name: known[name] + 1}) - away
        if not slope:
            continue
        solved, most = row[name] - away / slope, free[name].unit.max_value
        for value in (solved, solved - 1, solved + 1):
            near = min(max(round(value) if free[name].unit.whole else round(value, 2), 0), most)
            trial = {**known, name: near + base.get(name, 0)}
            is_kept = evaluate(ast.unparse(part), trial)
            left_over = 0 if is_kept else abs(evaluate(gap, trial))
            is_stock = free[name].kind is not MeasureType.FLOW
            options.append((not is_kept, left_over, is_stock, abs(near - row[name]), name, near))
    if options:
        *_, name, near = min(options)
        row[name] = near
