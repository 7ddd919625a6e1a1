"""The conditional formats of an .ods table: those of its cell styles (`style:map`) and those of its ranges.

LibreOffice writes both; other programs write the former only.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from transforms.extract.conditional_formats import (
    MAX_RULES,
    NUMBERS,
    OWN_CELL,
    UNSEEN,
    ConditionalFormat,
    ConditionalLook,
    check_rules,
)
from transforms.extract.sheet import MergedRange
from transforms.extract.sum_formulas import column_index

_ADDRESS = re.compile(r"\.\$?([A-Z]{1,3})\$?([0-9]{1,7})(:|\s|$)")
_PREFIX = re.compile(r"[a-z]+:")
_COMPARED = re.compile(r"(?:cell-content\(\))?(<=|>=|!=|<>|=|<|>)(.*)", re.DOTALL)
_BETWEEN = re.compile(r"(?:cell-content-is-)?(not-)?between\((.*)\)", re.DOTALL)
_FORMULA = re.compile(r"(?:is-true-formula|formula-is)\((.*)\)", re.DOTALL)
_OF_ERRORS = {"error": "containsErrors", "no-error": "notContainsErrors"}
_WITH_FIGURES = ("calcext:data-bar", "calcext:icon-set", "calcext:formatting-entry")


class Condition(NamedTuple):
    """A condition in the words of ODF, and the cell that its references are written for."""

    text: str
    base: str
    style: str

    def in_words_of_ecma(self) -> tuple[str, str, tuple[str, ...]]:
        """Return the kind, operator and formulas of `ConditionalFormat`."""
        text = _PREFIX.sub("", self.text.strip(), count=1) if _PREFIX.match(self.text) else self.text.strip()
        if found := _COMPARED.fullmatch(text):
            return "cellIs", found[1].replace("!=", "<>"), (found[2].strip(),)
        if found := _BETWEEN.fullmatch(text):
            return "cellIs", "notBetween" if found[1] else "between", tuple(re.split("[,;]", found[2]))
        if found := _FORMULA.fullmatch(text):
            return "expression", "", (self._relative(found[1]),)
        return _OF_ERRORS.get(text, text), "", ()

    def _relative(self, formula: str) -> str:
        """Return a formula with a word for the cell itself; all other references stay in their brackets."""
        own = _ADDRESS.search(self.base)
        return formula.replace(f"[.{own[1]}{own[2]}]", OWN_CELL) if own else formula


class RulesOfRanges:
    """Collects the conditional formats that LibreOffice writes behind the rows of a table."""

    def __init__(self) -> None:
        self.found: list[tuple[tuple[MergedRange, ...], Condition | None]] = []
        self._ranges: tuple[MergedRange, ...] = ()
        self._range_count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        if tag == "calcext:conditional-format":
            addresses = attributes.get("calcext:target-range-address", "")
            self._ranges = tuple(islice(ranges_of_addresses(addresses), MAX_RULES + 1))
            self._range_count += len(self._ranges)
            check_rules(self._range_count)
        elif tag == "calcext:condition":
            base = attributes.get("calcext:base-cell-address", "")
            style = attributes.get("calcext:apply-style-name", "")
            condition = Condition(attributes.get("calcext:value", ""), base, style)
            check_rules(len(self.found))
            self.found.append((self._ranges, condition))
        elif tag in _WITH_FIGURES and attributes.get("calcext:show-value") == "false":
            check_rules(len(self.found))
            self.found.append((self._ranges, None))  # a bar or an icon replaces the figure


def formats_of(
    rules: list[tuple[tuple[MergedRange, ...], Condition | None]],
    look_of: Callable[[str], ConditionalLook],
) -> list[ConditionalFormat]:
    """Return the rules whose look changes what a cell shows; a rule without a condition hides figures."""
    formats: list[ConditionalFormat] = []
    for ranges, condition in rules:
        if condition is None:
            formats.append(ConditionalFormat(ranges, NUMBERS, "", (), UNSEEN))
        elif (look := look_of(condition.style)).changes:
            formats.append(ConditionalFormat(ranges, *condition.in_words_of_ecma(), look))
    return formats


def ranges_of_addresses(addresses: str) -> Iterator[MergedRange]:
    """Yield the ranges of a list such as "'Sheet 1'.A1:'Sheet 1'.B3 'Sheet 1'.D1:'Sheet 1'.D3"."""
    first: tuple[int, int] | None = None
    for match in _ADDRESS.finditer(addresses):
        cell = (int(match[2]) - 1, column_index(match[1]))
        if match[3] == ":":
            first = cell
            continue
        yield MergedRange(*(first or cell), *cell)
        first = None
