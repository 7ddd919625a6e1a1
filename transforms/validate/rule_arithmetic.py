"""The arithmetic behind a rule's finding: operands with their cells, and what would be right."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schemas import expressions
from schemas.findings import ENGLISH, OWN, Lower, Text, Words, joined

_SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×"}


@dataclass(frozen=True, slots=True)
class Operand:
    """One figure of a rule: its label, cell ("" where it is in another report), value and terms.

    `terms` are the figures that add up to the value, where it is a sum over periods.
    """

    label: Text
    cell: str
    value: object
    terms: Sequence[float] = ()


class Arithmetic(NamedTuple):
    """The arithmetic as a part of a message, empty for none, and the cells that take part."""

    text: Text
    cells: tuple[str, ...]

    @property
    def vi(self) -> str:
        """The arithmetic in the default language."""
        return OWN.text(self.text)

    @property
    def en(self) -> str:
        """The arithmetic in English."""
        return ENGLISH.text(self.text)


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
        return Arithmetic("", cells)
    reasons = [(_lower(c.label), f" ({c.cell}) = ", _plain(c.value)) for c in conditions if c.cell]
    because = (Words("because"), joined(", ", reasons)) if reasons else ()
    return Arithmetic((": ", joined("; ", parts), *because), cells)


def _spelled_out(
    comparison: ast.Compare, operands: Mapping[str, Operand], values: Mapping[str, object]
) -> Text:
    """Return a comparison that does not hold in words and figures."""
    relation = Words(f"relation.{type(comparison.ops[0]).__name__}")
    subject = _side(comparison.left, operands, values)
    return subject, ", ", relation, " ", _required(comparison.comparators[0], operands, values)


def broken_comparisons(tree: ast.expr, values: Mapping[str, object]) -> list[ast.Compare]:
    """Return the comparisons joined by "&" that do not hold."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitAnd):
        return [*broken_comparisons(tree.left, values), *broken_comparisons(tree.right, values)]
    if isinstance(tree, ast.Compare) and not expressions.evaluate(ast.unparse(tree), values):
        return [tree]
    return []


def _side(node: ast.expr, operands: Mapping[str, Operand], values: Mapping[str, object]) -> Text:
    """The left side: the label and cell of a single column, else the sum in figures with its value."""
    if (operand := _operand(node, operands)) is not None:
        place = f" ({operand.cell})" if operand.cell else ""
        return operand.label, f"{place} = ", *_sum(operand.terms), _plain(operand.value)
    return _in_figures(node, operands, values)


def _required(node: ast.expr, operands: Mapping[str, Operand], values: Mapping[str, object]) -> Text:
    """The right side: a figure with its label and cell, or the sum in figures, its value and its cells."""
    if (operand := _operand(node, operands)) is not None:
        place = f" ({operand.cell})" if operand.cell else ""
        return *_sum(operand.terms), _plain(operand.value), ", ", _lower(operand.label), place
    if isinstance(node, ast.Constant):
        return _plain(node.value)
    return _in_figures(node, operands, values)


def _in_figures(node: ast.expr, operands: Mapping[str, Operand], values: Mapping[str, object]) -> Text:
    figures = _spell(node, lambda name: _plain(values[name]))
    cells = _spell(node, lambda name: operands[name].cell or _lower(operands[name].label))
    value = _plain(expressions.evaluate(ast.unparse(node), values))
    return figures, " = ", value, " (", cells, ")"


def _operand(node: ast.expr, operands: Mapping[str, Operand]) -> Operand | None:
    name = _name(node)
    return operands.get(name) if name else None


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"previous.{node.attr}" if isinstance(node, ast.Attribute) else ""


def _spell(node: ast.expr, text_of: Callable[[str], Text]) -> Text:
    if name := _name(node):
        return text_of(name)
    if isinstance(node, ast.BinOp):
        sign = _SIGNS.get(type(node.op), "?")
        return _spell(node.left, text_of), f" {sign} ", _spell(node.right, text_of)
    if isinstance(node, ast.Call):
        return "|", _spell(node.args[0], text_of), "|"
    return _plain(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def _sum(terms: Sequence[float]) -> tuple[Text, ...]:
    return (joined(" + ", [_plain(term) for term in terms]), " = ") if len(terms) > 1 else ()


def _lower(label: Text) -> Text:
    """A label as inside a sentence; of several parts the first."""
    if isinstance(label, str):
        return label[:1].lower() + label[1:]
    return (_lower(label[0]), *label[1:]) if isinstance(label, tuple) else Lower(label)


def _plain(value: object) -> Text:
    if isinstance(value, bool):
        return Words("yes" if value else "no")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else f"{value:.10g}".replace(".", ",")
    return str(value)
