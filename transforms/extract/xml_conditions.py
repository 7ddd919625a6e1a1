"""The conditional formats of an XML Spreadsheet 2003 worksheet, which follow its table."""

import re
from collections.abc import Iterator
from itertools import islice

from transforms.extract.cell_colours import BLACK, WHITE, is_invisible, is_tiny
from transforms.extract.conditional_formats import (
    MAX_RULES,
    OWN_CELL,
    ConditionalFormat,
    ConditionalLook,
    check_rules,
)
from transforms.extract.html.html_styles import look_of
from transforms.extract.sheet import MergedRange

_OPERATORS = {
    "Between": "between", "NotBetween": "notBetween", "Equal": "equal", "NotEqual": "notEqual",
    "Greater": "greaterThan", "Less": "lessThan", "GreaterOrEqual": "greaterThanOrEqual",
    "LessOrEqual": "lessThanOrEqual",
}  # fmt: skip
_RANGE = re.compile(r"R([0-9]{1,7})C([0-9]{1,5})(?::R([0-9]{1,7})C([0-9]{1,5}))?(?![0-9])")
_OWN = re.compile(r"(?<![A-Za-z0-9_!\]])RC(?![A-Za-z0-9_\[])")
_TEXTS = ("Range", "Qualifier", "Value1", "Value2")
_FONT_SIZE = re.compile(r"font-size:\s*([\d.]+)pt")


class RulesOfXml:
    """Collects the rules of a worksheet from its elements, in order."""

    def __init__(self) -> None:
        self.found: list[ConditionalFormat] = []
        self._ranges: tuple[MergedRange, ...] = ()
        self._range_count = 0
        self._texts: dict[str, str] = {}
        self._open = ""
        self._style = ""

    def start(self, name: str, values: dict[str, str]) -> None:
        """Handle the start of an element behind the table."""
        if name == "Condition":
            self._texts, self._style = {}, ""
        elif name in _TEXTS:
            self._open = name
            self._texts[name] = ""
        elif name == "Format":
            self._style = values.get("Style", "")

    def text(self, text: str) -> None:
        """Handle text."""
        if self._open:
            self._texts[self._open] += text

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        if name == self._open == "Range":
            self._ranges = tuple(islice(ranges_of(self._texts["Range"]), MAX_RULES + 1))
            self._range_count += len(self._ranges)
            check_rules(self._range_count)
        elif name == "Condition":
            self._add()
        self._open = ""

    def _add(self) -> None:
        look = _look(self._style)
        if not look.changes:
            return
        operator = _OPERATORS.get(self._texts.get("Qualifier", "").strip(), "")
        formulas = (self._texts[name] for name in ("Value1", "Value2") if self._texts.get(name))
        own = tuple(_OWN.sub(OWN_CELL, formula.strip()) for formula in formulas)
        check_rules(len(self.found))
        kind = "cellIs" if operator else "expression"
        self.found.append(ConditionalFormat(self._ranges, kind, operator, own, look))


def _look(style: str) -> ConditionalLook:
    """Return the look of the style of a condition, which is written in CSS."""
    look = look_of("", {"style": style}, {})
    size = _FONT_SIZE.search(style)
    unseen = is_invisible(look.colour or BLACK, WHITE if look.background is None else look.background)
    is_struck = look.is_struck or "text-line-through:single" in style.replace(" ", "")
    return ConditionalLook(unseen or (size is not None and is_tiny(size[1])), is_struck)


def ranges_of(text: str) -> Iterator[MergedRange]:
    """Yield the ranges of a list such as "R7C3:R13C5,R15C3"."""
    for match in _RANGE.finditer(text):
        top, left = int(match[1]) - 1, int(match[2]) - 1
        bottom, right = (int(match[3]) - 1, int(match[4]) - 1) if match[3] else (top, left)
        if top >= 0 and left >= 0:
            yield MergedRange(top, left, bottom, right)
