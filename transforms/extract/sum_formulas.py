"""Formulas that only add up cells: enough to see that a saved result of 0 was never calculated."""

import re
import struct
from collections.abc import Sequence

from transforms.extract.sheet import MergedRange

_REFERENCE = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_RANGE = rf"{_REFERENCE}(?::{_REFERENCE})?"
_SUM = re.compile(rf"=?(?:SUM\(\s*({_RANGE}(?:\s*[,;]\s*{_RANGE})*)\s*\)|\+?({_RANGE}(?:\+{_RANGE})*))$")
_CORNER = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ODF_MARKS = str.maketrans("", "", "[]. ")
MAX_AREA = 20_000

_TOKEN_LENGTHS = {0x03: 0, 0x10: 0, 0x15: 0, 0x12: 0, 0x19: 3, 0x22: 3, 0x24: 4, 0x25: 8}
_SUM_FUNCTION = 4


def summed_ranges(formula: str) -> list[MergedRange]:
    """Return the ranges that a formula such as SUM(B2:B9) or B2+B5 adds up; nothing for another formula."""
    match = _SUM.match(formula.strip()[:1000])
    if match is None:
        return []
    return [_range(part) for part in re.split(r"[,;+]", match[1] or match[2])]


def summed_ranges_of_odf(formula: str) -> list[MergedRange]:
    """`summed_ranges` of a formula of an .ods file: of:=SUM([.B2:.B9])."""
    return summed_ranges(formula.rpartition(":=")[2].translate(_ODF_MARKS))


def _range(text: str) -> MergedRange:
    corners = [(int(row) - 1, column_index(letters)) for letters, row in _CORNER.findall(text)]
    (top, left), (bottom, right) = corners[0], corners[-1]
    return MergedRange(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def column_index(letters: str) -> int:
    """0-based column of its letters: A is 0, AA is 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def summed_ranges_of_tokens(tokens: bytes) -> list[MergedRange]:
    """`summed_ranges` of the parsed formula of an .xls cell."""
    found: list[MergedRange] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        kind = token & 0x1F | 0x20 if token >= 0x20 else token
        body = tokens[position + 1 : position + 1 + _TOKEN_LENGTHS.get(kind, 0)]
        if kind == 0x25:
            top, bottom, left, right = struct.unpack("<4H", body)
            found.append(MergedRange(top, left & 0x3FFF, bottom, right & 0x3FFF))
        elif kind == 0x24:
            row, column = struct.unpack("<2H", body)
            found.append(MergedRange(row, column & 0x3FFF, row, column & 0x3FFF))
        elif kind not in _TOKEN_LENGTHS or (kind == 0x22 and body[1:] != struct.pack("<H", _SUM_FUNCTION)):
            return []
        position += 1 + len(body)
    return found


def sum_is_zero(rows: Sequence[Sequence[object]], ranges: Sequence[MergedRange]) -> bool | None:
    """Whether the cells of the ranges add up to 0; None where that cannot be seen."""
    if not ranges:
        return None
    values: list[float] = []
    for top, left, bottom, right in ranges:
        if (bottom - top + 1) * (right - left + 1) > MAX_AREA:
            return None
        for row in rows[top : bottom + 1]:
            values += [v for v in row[left : right + 1] if isinstance(v, int | float)]
    return abs(sum(values)) < 1e-9
