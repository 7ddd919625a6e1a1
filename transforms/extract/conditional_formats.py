"""Conditional formats of an .xlsx worksheet that hide, cross out or change what a cell shows.

Of the conditions of ECMA-376, part 1, 18.3.1.10, those that compare a cell with a number are decided here;
for any other the cell may be shown either way.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import NamedTuple

from transforms.extract.file_safety import too_large
from transforms.extract.number_formats import NumberFormat
from transforms.extract.sheet import MergedRange, Position
from transforms.extract.sum_formulas import column_index

_MAX_COMPARED = 5_000_000  # cells times rules of a sheet
_MAX_ROW, _MAX_COLUMN = 1_048_576, 16_384
_BLOCK = re.compile(
    rb"<(?:\w+:)?conditionalFormatting ([^<>]*)>(.*?)</(?:\w+:)?conditionalFormatting>", re.DOTALL
)
_RULE = re.compile(rb"<(?:\w+:)?cfRule ([^<>]*?)(?:/>|>(.*?)</(?:\w+:)?cfRule>)", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?formula>([^<]*)</")
_ATTRIBUTE = re.compile(rb'([A-Za-z:]+)="([^"]*)"')
_RANGE = re.compile(r"([A-Z]{0,3})([0-9]{0,7})(?::([A-Z]{0,3})([0-9]{0,7}))?$")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?$")
_COMPARISON = re.compile(r"([A-Z]{1,3}[0-9]{1,7})(=|<>|<=|>=|<|>)(-?\d+(?:\.\d+)?)$")
_NEVER = re.compile(r"(?:NOT\(ISNUMBER|IS(?:ERROR|ERR|NA|BLANK|TEXT))\([^()]*\)+$|FALSE$|0$", re.IGNORECASE)
_ALWAYS = re.compile(r"TRUE$|1$", re.IGNORECASE)
_NEVER_TYPES = ("containsErrors", "containsBlanks")
_ALWAYS_TYPES = ("notContainsErrors", "notContainsBlanks")
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "equal": operator.eq, "notEqual": operator.ne, "lessThan": operator.lt, "lessThanOrEqual": operator.le,
    "greaterThan": operator.gt, "greaterThanOrEqual": operator.ge, "=": operator.eq, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class ConditionalLook(NamedTuple):
    """What a differential style (`dxf`) makes of a cell; a number format only where it has one."""

    is_unseen: bool = False
    is_struck: bool = False
    number_format: NumberFormat | None = None

    @property
    def changes(self) -> bool:
        """Whether a person may see something else than the stored value."""
        return self.is_unseen or self.is_struck or bool(self.number_format and self.number_format.changes)


class ConditionalFormat(NamedTuple):
    """A rule of a worksheet: the ranges it is for, its condition, and the look of cells that meet it."""

    ranges: tuple[MergedRange, ...]
    kind: str
    operator: str
    formulas: tuple[str, ...]
    look: ConditionalLook


def read_conditional_formats(data: bytes, looks: Mapping[int, ConditionalLook]) -> list[ConditionalFormat]:
    """Return the rules of a worksheet part whose look changes what a cell shows; `looks` by `dxfId`."""
    found: list[ConditionalFormat] = []
    for block in _BLOCK.finditer(data):
        ranges = tuple(_ranges(_attributes(block[1]).get("sqref", "")))
        for rule in _RULE.finditer(block[2]):
            attributes = _attributes(rule[1])
            number = attributes.get("dxfId", "")
            look = looks.get(int(number)) if number.isdecimal() else None
            if look is None:
                continue
            formulas = tuple(
                unescape(text.decode("utf-8", "replace")).strip() for text in _FORMULA.findall(rule[2] or b"")
            )
            kind, comparison = attributes.get("type", ""), attributes.get("operator", "")
            found.append(ConditionalFormat(ranges, kind, comparison, formulas, look))
    return found


def _attributes(data: bytes) -> dict[str, str]:
    return {
        name.decode(): unescape(value.decode("utf-8", "replace")) for name, value in _ATTRIBUTE.findall(data)
    }


def _ranges(references: str) -> Iterator[MergedRange]:
    for reference in references.replace("$", "").split():
        match = _RANGE.match(reference)
        if match is None:
            continue
        left, top = match[1], match[2]
        right, bottom = (match[3], match[4]) if match[3] is not None else (left, top)
        yield MergedRange(
            int(top) - 1 if top else 0,
            column_index(left) if left else 0,
            int(bottom) - 1 if bottom else _MAX_ROW - 1,
            column_index(right) if right else _MAX_COLUMN - 1,
        )


def looks_of_cells(
    rows: list[list[object]], formats: list[ConditionalFormat]
) -> Iterator[tuple[Position, ConditionalLook, bool]]:
    """Yield the cells with a value that may meet a rule, its look, and whether they meet it for certain.

    Raises UnreadableFile where there are far more rules and cells than a report needs.
    """
    height, width = len(rows), len(rows[0]) if rows else 0
    compared = 0
    for rule in formats:
        for area in rule.ranges:
            bottom, right = min(area.last_row, height - 1), min(area.last_column, width - 1)
            compared += max(bottom - area.first_row + 1, 0) * max(right - area.first_column + 1, 0)
            if compared > _MAX_COMPARED:
                too_large("too_many_cells")
            for row in range(area.first_row, bottom + 1):
                for column in range(area.first_column, right + 1):
                    value = rows[row][column]
                    meets = None if value is None else _meets(value, rule, area)
                    if value is not None and meets is not False:
                        yield (row, column), rule.look, meets is True


def _meets(value: object, rule: ConditionalFormat, area: MergedRange) -> bool | None:
    """Whether a value meets the condition of a rule; None where that cannot be decided here."""
    if rule.kind in _NEVER_TYPES or rule.kind in _ALWAYS_TYPES:
        return rule.kind in _ALWAYS_TYPES
    formula = rule.formulas[0].removeprefix("=").replace(" ", "") if rule.formulas else ""
    if rule.kind == "cellIs" and len(rule.formulas) == 1 and rule.operator in _OPERATORS:
        return _compare(value, rule.operator, formula)
    if rule.kind != "expression":
        return None
    if _NEVER.match(formula) or _ALWAYS.match(formula):
        return _ALWAYS.match(formula) is not None
    comparison = _COMPARISON.match(formula)
    if comparison and next(_ranges(comparison[1]))[:2] == area[:2]:  # the cell itself
        return _compare(value, comparison[2], comparison[3])
    return None


def _compare(value: object, comparison: str, number: str) -> bool | None:
    if not _NUMBER.match(number) or isinstance(value, bool) or not isinstance(value, int | float):
        return None if not _NUMBER.match(number) or comparison not in ("equal", "=") else False
    return _OPERATORS[comparison](float(value), float(number))
