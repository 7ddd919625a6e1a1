"""Checks of the rules of a form: what they name, what they compare, and that they can both hold and fail."""

import ast
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from plans.yaml_lines import Path
from schemas import expressions
from schemas.declaration import MeasureType, RuleScope
from schemas.findings import TEXTS
from schemas.form_files import FormFile, ListsFile, RuleFile

Fault = tuple[Path, str]

_WINDOW = ("window_start", "window_end")
_NUMBER, _FLAG, _DATE, _TEXT, _CONDITION = "a number", "yes or no", "a date", "a text", "a condition"
_MOST_SAMPLES = 10_000
_MOST_REPORTS = 366  # of a year, whose figures are added up
_CODE = "a code of "  # and the key of its list


def check_rule(n: int, rule: RuleFile, form: FormFile, lists: ListsFile) -> Iterator[Fault]:
    """Yield the faults of the rule number n of a form."""
    kinds = _kinds(form, lists)
    if rule.column not in kinds:
        yield ("rules", n, "column"), f"rule {rule.id} points to the unknown column {rule.column}"
    if rule.replaces_check and rule.replaces_check not in TEXTS:
        yield (
            ("rules", n, "replaces_check"),
            f"rule {rule.id} replaces the unknown check {rule.replaces_check}",
        )
    for name in ("expression", "condition"):
        if text := getattr(rule, name):
            for message in _expression_faults(rule, text, kinds, lists):
                yield ("rules", n, name), f"rule {rule.id}: {message}"
                return
    verdict = _constant_verdict(rule, rule.expression, form, lists)
    if verdict is not None:
        yield ("rules", n, "expression"), f"rule {rule.id} {'never' if verdict else 'always'} fails"
    if rule.condition and _constant_verdict(rule, rule.condition, form, lists, if_sure=True) is False:
        yield ("rules", n, "condition"), f"rule {rule.id} applies to no row: its condition is never met"


def _kinds(form: FormFile, lists: ListsFile) -> dict[str, str]:
    """Return what each column holds; that of a level is the code of an area."""
    kinds: dict[str, str] = {}
    for key in form.dimensions:
        if dimension := lists.dimensions.get(key):
            code = f"{_CODE}{dimension.code_list}" if dimension.code_list else _DATE
            kinds[key] = _TEXT if dimension.level else code
    for measure in form.measures:
        plain = _FLAG if measure.type is MeasureType.FLAG else _NUMBER
        kinds[measure.key] = f"{_CODE}{measure.code_list}" if measure.code_list else plain
    return kinds


def _expression_faults(
    rule: RuleFile, text: str, kinds: Mapping[str, str], lists: ListsFile
) -> Iterator[str]:
    try:
        used = expressions.names(text)
    except ValueError as error:
        yield str(error)
        return
    unknown = False
    for name in sorted(used):
        column = name.removeprefix("previous.")
        if name.startswith("previous.") and rule.scope is not RuleScope.PREVIOUS_PERIOD:
            yield f"{name} needs the scope previous_period"
        if column not in kinds and column not in _WINDOW:
            unknown = True
            yield f"the column {column} is unknown"
    if not unknown:
        try:
            if (kind := _kind_of(expressions.parse(text), kinds, lists)) not in (_CONDITION, _FLAG):
                yield f"{text} is {kind}, and no condition: it compares nothing"
        except ValueError as error:
            yield str(error)


def _kind_of(node: ast.expr, kinds: Mapping[str, str], lists: ListsFile) -> str:
    """Return what a part of an expression gives. Raises ValueError where its parts do not fit."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return kinds.get(name, _DATE)
        case ast.Constant(value=value):
            return _TEXT if isinstance(value, str) else _NUMBER
        case ast.Call(args=[inner]):
            return _number(inner, kinds, lists)
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            for part in (left, right):
                if _kind_of(part, kinds, lists) not in (_CONDITION, _FLAG):
                    raise ValueError(f"{ast.unparse(part)} is no condition")
            return _CONDITION
        case ast.BinOp(left=left, right=right):
            return _number(left, kinds, lists) and _number(right, kinds, lists)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            _check_comparison(node, (left, right), isinstance(op, ast.Eq | ast.NotEq), kinds, lists)
    return _CONDITION


def _number(node: ast.expr, kinds: Mapping[str, str], lists: ListsFile) -> str:
    if (kind := _kind_of(node, kinds, lists)) != _NUMBER:
        raise ValueError(f"{ast.unparse(node)} is {kind}, and cannot be calculated with")
    return _NUMBER


def _check_comparison(
    node: ast.Compare,
    sides: tuple[ast.expr, ast.expr],
    is_equality: bool,
    kinds: Mapping[str, str],
    lists: ListsFile,
) -> None:
    found = [_kind_of(side, kinds, lists) for side in sides]
    code = next((kind for kind in found if kind.startswith(_CODE)), "")
    if found[0] != found[1] and not (code and _TEXT in found):
        raise ValueError(f"{ast.unparse(node)} compares {found[0]} with {found[1]}")
    if not is_equality and found[0] not in (_NUMBER, _DATE):
        raise ValueError(f"{ast.unparse(node)}: only == and != compare {found[0]}")
    known = lists.code_lists.get(code.removeprefix(_CODE), {}) if code else {}
    for side in sides if known else ():
        if isinstance(side, ast.Constant) and side.value not in known:
            raise ValueError(f"{code.removeprefix(_CODE)} has no code {side.value!r}")


def _constant_verdict(
    rule: RuleFile, expression: str, form: FormFile, lists: ListsFile, if_sure: bool = False
) -> bool | None:
    """Return True where an expression of a rule holds for all possible values, False for none, else None.

    Decided by trying the bounds and small values of the numeric columns, and values around the numbers of the
    rule, which suffices for comparisons of sums: a rule that is constant over them is constant. With many
    columns the values around its numbers are left out; `if_sure`: there is no verdict then.
    """
    numeric = {
        m.key: lists.units[m.unit].max_value
        for m in form.measures
        if m.unit in lists.units and m.code_list is None and m.type is not MeasureType.FLAG
    }
    try:
        used = expressions.names(expression)
    except ValueError:
        return None
    plain = {name: name.removeprefix("previous.") for name in used}
    if not used or any(column not in numeric for column in plain.values()) or len(used) > 6:
        return None if used else _truth(expression, {})
    # Values above the highest plausible one have a finding already, unless the rule replaces that check.
    above = 1 if rule.replaces_check else 0
    reports = _MOST_REPORTS if rule.scope is RuleScope.YEAR_TO_DATE else 1
    highest = {name: numeric[column] * reports + above for name, column in plain.items()}
    choices = _choices(highest, _numbers(expression))
    if prod(map(len, choices)) > _MOST_SAMPLES:
        if if_sure:
            return None
        choices = _choices(highest, set())
    verdicts: set[bool] = set()
    for sample in product(*choices):
        values = dict(zip(highest, sample, strict=True))
        verdicts.add(_truth(expression, values))
        if len(verdicts) == 2:
            return None
    return verdicts.pop()


def _numbers(expression: str) -> set[float]:
    """Return the numbers of a rule, with those next to them."""
    constants = (
        node.value for node in ast.walk(expressions.parse(expression)) if isinstance(node, ast.Constant)
    )
    numbers = [value for value in constants if isinstance(value, int | float) and not isinstance(value, bool)]
    return {value + step for value in numbers for step in (-1, 0, 1)}


def _choices(highest: dict[str, int], numbers: set[float]) -> list[list[float]]:
    """Return the values to try of each column."""
    return [
        sorted({0, 1, 2, value} | {number for number in numbers if 0 <= number <= value})
        for value in highest.values()
    ]


def _truth(expression: str, values: dict[str, float]) -> bool:
    return bool(expressions.evaluate(expression, values))
