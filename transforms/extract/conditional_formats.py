"""Conditional formats of a worksheet that hide, cross out or change what a cell shows.

The readers of all file formats put the rules into the words of ECMA-376, part 1, 18.3.1.10. Conditions that
compare a cell with numbers are decided here; for any other the cell may be shown either way.
"""

import operator
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from transforms.extract.file_safety import too_large
from transforms.extract.number_formats import NumberFormat
from transforms.extract.sheet import MergedRange, Position
from transforms.extract.sum_formulas import column_index

_MAX_COMPARED = 1_000_000  # cells times rules of a sheet
MAX_RULES = 50_000  # of a sheet, and ranges that they are for
NUMBERS = "numbers"  # the kind of a rule that all cells with a number meet
_LONGEST_FORMULA = 200  # characters
OWN_CELL = "OWN0"  # in a formula, the cell itself: no sheet has a row 0
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?$")
_REFERENCE = r"(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})"
_COMPARISON = re.compile(_REFERENCE + r"(=|<>|<=|>=|<|>)(-?\d+(?:\.\d+)?)$")
_OF_BLANK_OR_FAULTY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"IS(?:ERROR|ERR|NA|BLANK)\({_REFERENCE}\)$",
        rf"LEN\((?:TRIM\()?{_REFERENCE}\)+=0$",
        rf'{_REFERENCE}=""$',
    )
)
_OF_TEXT = re.compile(rf"(?:NOT\(ISNUMBER|ISTEXT)\({_REFERENCE}\)+$", re.IGNORECASE)
_INSIDE = {"between": True, "notBetween": False}
_CONSTANT = re.compile(r"(TRUE|1)$|(FALSE|0)$", re.IGNORECASE)
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


UNSEEN = ConditionalLook(is_unseen=True)


class ConditionalFormat(NamedTuple):
    """A rule of a worksheet: the ranges it is for, its condition, and the look of cells that meet it."""

    ranges: tuple[MergedRange, ...]
    kind: str
    operator: str
    formulas: tuple[str, ...]
    look: ConditionalLook


def check_rules(count: int) -> None:
    """Raise UnreadableFile where a sheet has far more rules, or ranges for them, than a report needs."""
    if count > MAX_RULES:
        too_large("too_many_cells")


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
            compared += max(bottom - area.first_row + 1, 1) * max(right - area.first_column + 1, 1)
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
    if rule.kind == NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if any(len(formula) > _LONGEST_FORMULA for formula in rule.formulas):
        return None
    formulas = [formula.removeprefix("=").replace(" ", "") for formula in rule.formulas]
    if rule.kind == "cellIs" and len(formulas) == 1 and rule.operator in _OPERATORS:
        return _compare(value, rule.operator, formulas[0])
    if rule.kind == "cellIs" and len(formulas) > 1 and rule.operator in _INSIDE:
        ends = [_compare(value, way, formula) for way, formula in zip((">=", "<="), formulas, strict=False)]
        return None if None in ends else all(ends) is _INSIDE[rule.operator]
    if rule.kind != "expression" or not formulas:
        return None
    formula = formulas[0]
    if constant := _CONSTANT.match(formula):
        return constant[1] is not None
    for pattern in _OF_BLANK_OR_FAULTY:
        if (found := pattern.match(formula)) and _is_own(found, area):
            return False  # only cells with a value are asked about
    if (found := _OF_TEXT.match(formula)) and _is_own(found, area):
        return isinstance(value, str)
    if (found := _COMPARISON.match(formula)) and _is_own(found, area):
        return _compare(value, found[5], found[6])
    return None


def _is_own(reference: re.Match[str], area: MergedRange) -> bool:
    """Whether the reference in a formula, written for the first cell of an area, is to the cell itself."""
    if reference[2] + reference[4] == OWN_CELL:
        return True
    if (int(reference[4]) - 1, column_index(reference[2])) != area[:2]:
        return False
    is_fixed_column, is_fixed_row = bool(reference[1]), bool(reference[3])
    return not (is_fixed_column and area.last_column > area.first_column) and not (
        is_fixed_row and area.last_row > area.first_row
    )


def _compare(value: object, comparison: str, number: str) -> bool | None:
    if not _NUMBER.match(number) or isinstance(value, bool) or not isinstance(value, int | float):
        return None if not _NUMBER.match(number) or comparison not in ("equal", "=") else False
    return _OPERATORS[comparison](float(value), float(number))
