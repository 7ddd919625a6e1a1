"""The arithmetic behind a rule's finding: operands with their cells, and what would be right."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schemas import expressions

_SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×"}
_IMPOSSIBLE = (", nhỏ hơn 0 nên hãy kiểm tra lại các ô này", ", which is below 0: check these cells")
_RELATIONS = {
    ast.Eq: ("phải là", "must be"),
    ast.NotEq: ("phải khác", "must differ from"),
    ast.Lt: ("phải nhỏ hơn", "must be below"),
    ast.LtE: ("không được lớn hơn", "must not exceed"),
    ast.Gt: ("phải lớn hơn", "must be above"),
    ast.GtE: ("không được nhỏ hơn", "must not be below"),
}


@dataclass(frozen=True, slots=True)
class Operand:
    """One figure of a rule: its label, cell ("" where it is in another report), value and terms.

    `terms` are the figures that add up to the value, where it is a sum over periods.
    """

    label: str
    cell: str
    value: object
    terms: Sequence[float] = ()


class Arithmetic(NamedTuple):
    """The arithmetic in Vietnamese and English, and the cells that take part."""

    vi: str
    en: str
    cells: tuple[str, ...]


def rule_arithmetic(
    expression: str, operands: Mapping[str, Operand], conditions: Sequence[Operand] = ()
) -> Arithmetic:
    """Spell out why an expression does not hold: `operands` by the names that it uses.

    Of comparisons joined by "&" all that do not hold are spelled out. `conditions` are the figures because of
    which the rule applies.
    """
    tree = expressions.parse(expression)
    values = {name: operand.value for name, operand in operands.items()}
    cells = tuple(operand.cell for operand in (*operands.values(), *conditions) if operand.cell)
    parts = [_spelled_out(comparison, operands, values) for comparison in broken_comparisons(tree, values)]
    if not parts:
        return Arithmetic("", "", cells)
    vi, en = ("; ".join(part[index] for part in parts) for index in (0, 1))
    because = ", ".join(f"{_lower(c.label)} ({c.cell}) = {_plain(c.value)}" for c in conditions if c.cell)
    return Arithmetic(
        f": {vi}{f' vì {because}' if because else ''}",
        f": {en}{f' because {because}' if because else ''}",
        cells,
    )


def _spelled_out(
    comparison: ast.Compare, operands: Mapping[str, Operand], values: Mapping[str, object]
) -> tuple[str, str]:
    """Return a comparison that does not hold in Vietnamese and English."""
    vi, en = _RELATIONS[type(comparison.ops[0])]
    subject = _side(comparison.left, operands, values)
    required = _required(comparison.comparators[0], operands, values)
    less = _IMPOSSIBLE if _is_negative(comparison, values) else ("", "")
    return f"{subject}, {vi} {required}{less[0]}", f"{subject}, {en} {required}{less[1]}"


def _is_negative(comparison: ast.Compare, values: Mapping[str, object]) -> bool:
    """Whether a figure would have to be below 0, so that one of those that it is made of must be wrong."""
    limit = expressions.evaluate(ast.unparse(comparison.comparators[0]), values)
    return isinstance(comparison.ops[0], ast.Eq | ast.LtE) and isinstance(limit, int | float) and limit < 0


def broken_comparisons(tree: ast.expr, values: Mapping[str, object]) -> list[ast.Compare]:
    """Return the comparisons joined by "&" that do not hold."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitAnd):
        return [*broken_comparisons(tree.left, values), *broken_comparisons(tree.right, values)]
    if isinstance(tree, ast.Compare) and not expressions.evaluate(ast.unparse(tree), values):
        return [tree]
    return []


def _side(node: ast.expr, operands: Mapping[str, Operand], values: Mapping[str, object]) -> str:
    """The left side: the label and cell of a single column, else the sum in figures with its value."""
    if (operand := _operand(node, operands)) is not None:
        place = f" ({operand.cell})" if operand.cell else ""
        return f"{operand.label}{place} = {_sum(operand.terms)}{_plain(operand.value)}"
    return _in_figures(node, operands, values)


def _required(node: ast.expr, operands: Mapping[str, Operand], values: Mapping[str, object]) -> str:
    """The right side: a figure with its label and cell, or the sum in figures, its value and its cells."""
    if (operand := _operand(node, operands)) is not None:
        place = f" ({operand.cell})" if operand.cell else ""
        return f"{_sum(operand.terms)}{_plain(operand.value)}, {_lower(operand.label)}{place}"
    if isinstance(node, ast.Constant):
        return _plain(node.value)
    return _in_figures(node, operands, values)


def _in_figures(node: ast.expr, operands: Mapping[str, Operand], values: Mapping[str, object]) -> str:
    figures = _spell(node, lambda name: _plain(values[name]))
    cells = _spell(node, lambda name: operands[name].cell or _lower(operands[name].label))
    return f"{figures} = {_plain(expressions.evaluate(ast.unparse(node), values))} ({cells})"


def _operand(node: ast.expr, operands: Mapping[str, Operand]) -> Operand | None:
    name = _name(node)
    return operands.get(name) if name else None


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"previous.{node.attr}" if isinstance(node, ast.Attribute) else ""


def _spell(node: ast.expr, text_of: Callable[[str], str]) -> str:
    if name := _name(node):
        return text_of(name)
    if isinstance(node, ast.BinOp):
        sign = _SIGNS.get(type(node.op), "?")
        return f"{_spell(node.left, text_of)} {sign} {_spell(node.right, text_of)}"
    if isinstance(node, ast.Call):
        return f"|{_spell(node.args[0], text_of)}|"
    return _plain(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def _sum(terms: Sequence[float]) -> str:
    return " + ".join(_plain(term) for term in terms) + " = " if len(terms) > 1 else ""


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else f"{value:.10g}".replace(".", ",")
    return str(value)
