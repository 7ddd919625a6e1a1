"""Rules that a row will break once a faulty figure in it is corrected as its finding demands."""

import ast
from collections.abc import Mapping

import pandas as pd

from schemas import expressions
from schemas.declaration import Form, Rule, RuleScope, Severity
from transforms.validate.rule_arithmetic import broken_comparisons


def consequences(form: Form, rule: Rule, row: Mapping[str, object]) -> list[Rule]:
    """Return the rules that will be broken when the rule's column is corrected, though none names them now.

    `row` are the values by column. These are rules of the row that are kept now, whose columns are assumed to
    be corrected in turn, and rules over the year that the row breaks by itself: they are checked only once a
    sheet has no other error.
    """
    if rule.scope is not RuleScope.ROW:
        return []
    values = dict(row)
    checked = [r for r in form.rules_of(RuleScope.ROW) if r.severity is Severity.ERROR and holds(r, values)]
    broken: list[Rule] = []
    corrected = [rule]
    while corrected:
        current = corrected.pop(0)
        demanded = demanded_value(current, values)
        if demanded is None:
            continue
        values[current.column] = demanded
        new = [r for r in checked if r not in broken and not holds(r, values)]
        broken += new
        corrected += new
    over_year = form.rules_of(RuleScope.YEAR_TO_DATE)
    return broken + [r for r in over_year if r.severity is Severity.ERROR and not holds(r, values)]


def holds(rule: Rule, values: Mapping[str, object]) -> bool:
    """Whether a row keeps a rule; a row with a null in a column that the rule names keeps it."""
    named = expressions.names(rule.expression) | (
        expressions.names(rule.condition) if rule.condition else frozenset()
    )
    if any(name not in values or pd.isna(values[name]) for name in named):  # type: ignore[call-overload]
        return True
    if rule.condition and not expressions.evaluate(rule.condition, values):
        return True
    return bool(expressions.evaluate(rule.expression, values))


def demanded_value(rule: Rule, values: Mapping[str, object]) -> float | None:
    """Return the number that the column of a broken rule must hold; None if it is not one number."""
    for comparison in broken_comparisons(expressions.parse(rule.expression), values):
        relation = type(comparison.ops[0])
        if not isinstance(comparison.left, ast.Name) or comparison.left.id != rule.column:
            continue
        limit = expressions.evaluate(ast.unparse(comparison.comparators[0]), values)
        if relation is not ast.NotEq and isinstance(limit, int | float):
            return limit + {ast.Gt: 1, ast.Lt: -1}.get(relation, 0)
    return None
