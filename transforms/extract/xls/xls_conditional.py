"""The conditional formats of an .xls sheet: records CondFmt and CF, and CondFmt12 and CF12 of Excel 2007.

[MS-XLS] describes them. A rule that does not follow its format is left out: it is only a look.
"""

import struct
from collections.abc import Mapping

from transforms.extract.cell_colours import BLACK, WHITE, indexed_colour, is_invisible, is_tiny
from transforms.extract.conditional_formats import (
    NUMBERS,
    OWN_CELL,
    UNSEEN,
    ConditionalFormat,
    ConditionalLook,
    check_rules,
)
from transforms.extract.number_formats import parse_format
from transforms.extract.sheet import MergedRange

_RANGES, _RULE, _RANGES_12, _RULE_12 = RULE_RECORDS = (0x01B0, 0x01B1, 0x0879, 0x087A)
_FUTURE_HEADER = 12  # bytes before the content of a record of Excel 2007
_COMPARES, _EXPRESSION = 1, 2
_BAR, _ICONS = 4, 6  # kinds of rules that may replace the figure
OPERATORS = {
    1: "between", 2: "notBetween", 3: "equal", 4: "notEqual", 5: "greaterThan", 6: "lessThan",
    7: "greaterThanOrEqual", 8: "lessThanOrEqual",
}  # fmt: skip
_SIGNS = {0x09: "<", 0x0A: "<=", 0x0B: "=", 0x0C: ">=", 0x0D: ">", 0x0E: "<>"}
_TESTS = {b"\2\0": "ISNA", b"\3\0": "ISERROR", b"~\0": "ISERR", b"\x7f\0": "ISTEXT", b"\x81\0": "ISBLANK"}
_NO_BACKGROUND, _NO_FOREGROUND = 1 << 18, 1 << 17
_HAS_NUMBER, _HAS_FONT, _HAS_ALIGNMENT, _HAS_BORDER, _HAS_PATTERN = (1 << bit for bit in range(25, 30))
_FONT_SIZE, _ALIGNMENT_SIZE, _BORDER_SIZE = 118, 8, 8
_OWN_CELL = b"\0\0\0\xc0"  # no rows and no columns away, both relative
_RELATIVE, _FUNCTIONS = (0x2C, 0x4C, 0x6C), (0x21, 0x41, 0x61)  # tokens, in each class of operands
_BOOLEAN, _WHOLE, _FLOAT, _BLANKS = 0x1D, 0x1E, 0x1F, b"\x19\x40"
_LONGEST_FORMULA = 100  # bytes
_STRIKE = 1 << 7
_NO_CHANGE = 0xFFFFFFFF
_TWIPS_OF_POINT = 20


class XlsRules:
    """Collects the rules of a sheet from its records, in order; codes: number formats by their number."""

    def __init__(self, codes: Mapping[int, str]) -> None:
        self.found: list[ConditionalFormat] = []
        self._codes = codes
        self._ranges: tuple[MergedRange, ...] = ()
        self._range_count = 0

    def note(self, record: int, data: bytes) -> None:
        """Note a record."""
        if record in (_RANGES_12, _RULE_12):
            data = data[_FUTURE_HEADER:]
        try:
            if record in (_RANGES, _RANGES_12):
                self._ranges = ()  # also where the record is cut
                self._ranges = _ranges(data)
                self._range_count += len(self._ranges)
                check_rules(self._range_count)
            elif record in (_RULE, _RULE_12):
                self._rule(data, record == _RULE_12)
        except (struct.error, IndexError):
            return

    def _rule(self, data: bytes, is_new: bool) -> None:
        kind, comparison, first, second = struct.unpack_from("<BBHH", data)
        start, end = 6, len(data) - first - second
        if is_new:
            start, size = 10, struct.unpack_from("<I", data, 6)[0]
            end = start + (size or 2)
            if kind in (_BAR, _ICONS) and _replaces_figure(kind, data, end + first + second):
                check_rules(len(self.found))
                self.found.append(ConditionalFormat(self._ranges, NUMBERS, "", (), UNSEEN))
            if not size:
                return
        look = _look(data[start:end], self._codes)
        if not look.changes:
            return
        formulas = [formula_of(data[end : end + first])]
        formulas += [formula_of(data[end + first : end + first + second])] if second else []
        name = {_COMPARES: "cellIs", _EXPRESSION: "expression"}.get(kind, f"kind {kind}")
        check_rules(len(self.found))
        self.found.append(
            ConditionalFormat(self._ranges, name, OPERATORS.get(comparison, ""), tuple(formulas), look)
        )


def _ranges(data: bytes) -> tuple[MergedRange, ...]:
    count = struct.unpack_from("<H", data, 12)[0]
    corners = (struct.unpack_from("<4H", data, 14 + 8 * i) for i in range(count))
    return tuple(MergedRange(top, left, bottom, right) for top, bottom, left, right in corners)


def _replaces_figure(kind: int, data: bytes, position: int) -> bool:
    """Whether a data bar or set of icons, described behind the formulas of a rule, hides the figure."""
    position += 2 + struct.unpack_from("<H", data, position)[0] + 5  # a formula, flags, priority, template
    position += 1 + data[position]  # its parameters
    return bool(data[position + 5] & 1) if kind == _ICONS else not data[position + 3] & 2


def _look(data: bytes, codes: Mapping[int, str]) -> ConditionalLook:
    """Return the look of a structure DXFN: its parts follow each other where the flags name them."""
    flags, more = struct.unpack_from("<IH", data)
    position, code = 6, ""
    if flags & _HAS_NUMBER and more & 1:
        size, length, wide = struct.unpack_from("<HHB", data, position)
        letters = data[position + 5 : position + 5 + length * (1 + (wide & 1))]
        code, position = letters.decode("utf-16-le" if wide & 1 else "latin-1", "replace"), position + size
    elif flags & _HAS_NUMBER:
        code, position = codes.get(data[position + 1], ""), position + 2
    colour, is_struck, is_small = BLACK, False, False
    if flags & _HAS_FONT:
        twips, style = struct.unpack_from("<II", data, position + 64)
        shown, kept = struct.unpack_from("<I4xI", data, position + 80)
        is_small = twips != _NO_CHANGE and is_tiny(str(twips / _TWIPS_OF_POINT))
        is_struck = bool(style & _STRIKE) and style != _NO_CHANGE and not kept & _STRIKE
        colour = colour if shown == _NO_CHANGE else indexed_colour(shown)
        position += _FONT_SIZE
    position += _ALIGNMENT_SIZE * bool(flags & _HAS_ALIGNMENT) + _BORDER_SIZE * bool(flags & _HAS_BORDER)
    fill = _fill(data, position, flags) if flags & _HAS_PATTERN else WHITE
    unseen = is_small or is_invisible(colour, fill, code)
    return ConditionalLook(unseen, is_struck, parse_format(code) if code else None)


def _fill(data: bytes, position: int, flags: int) -> str:
    colours = struct.unpack_from("<H", data, position + 2)[0]
    if not flags & _NO_BACKGROUND:
        return indexed_colour(colours >> 7 & 0x7F)
    return WHITE if flags & _NO_FOREGROUND else indexed_colour(colours & 0x7F)


def formula_of(tokens: bytes, own_cell: bytes = _OWN_CELL) -> str:
    """Return a formula of constants, the cell itself, comparisons and tests of it; "?" for any other."""
    if len(tokens) > _LONGEST_FORMULA:
        return "?"
    stack: list[str] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        operand = _operand(tokens, position, own_cell)
        if operand is not None:
            stack.append(operand[0])
            position += operand[1]
        elif token in _SIGNS and len(stack) > 1:
            last = stack.pop()
            stack[-1] += _SIGNS[token] + last
            position += 1
        elif token in _FUNCTIONS and stack and tokens[position + 1 : position + 3] in _TESTS:
            stack[-1] = f"{_TESTS[tokens[position + 1 : position + 3]]}({stack[-1]})"
            position += 3
        elif tokens.startswith(_BLANKS, position):
            position += 4
        else:
            return "?"
    return stack[0] if len(stack) == 1 else "?"


def _operand(tokens: bytes, position: int, own_cell: bytes) -> tuple[str, int] | None:
    """The text and the length of a constant or of a reference to the cell itself, None for another token."""
    token = tokens[position]
    if token == _WHOLE:
        return str(struct.unpack_from("<H", tokens, position + 1)[0]), 3
    if token == _FLOAT:
        return f"{struct.unpack_from('<d', tokens, position + 1)[0]:.15g}", 9
    if token == _BOOLEAN:
        return ("TRUE" if tokens[position + 1] else "FALSE"), 2
    if token in _RELATIVE and tokens.startswith(own_cell, position + 1):
        return OWN_CELL, 1 + len(own_cell)
    return None
