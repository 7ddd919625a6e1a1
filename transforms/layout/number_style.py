"""Numbers kept as text: Vietnamese (1.234,5) or English (1,234.5), decided from all cells of a table.

A text such as "1.125" or "1,125" can be read in both styles. What is plausible for the column's unit, the
other cells of the column and then the other columns decide; what stays open is reported, not guessed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from transforms.text.normalise import normalise

Number = int | float
Position = tuple[int, int]


class NumberStyle(StrEnum):
    """Which sign separates decimals."""

    VIETNAMESE = "vietnamese"  # 1.234,5
    ENGLISH = "english"  # 1,234.5


@dataclass(frozen=True, slots=True)
class AmbiguousNumber:
    """A number text that can be read in two ways."""

    text: str
    first: Number
    second: Number


@dataclass(frozen=True, slots=True)
class ColumnTexts:
    """The texts of one measure column by position.

    `is_plausible` tests a number against the unit; `is_amount`: whole amounts of money, which are so large
    that groups of three digits are thousands.
    """

    texts: Mapping[Position, str]
    is_plausible: Callable[[Number], bool]
    whole: bool
    is_amount: bool = False


_SIGN = re.compile(r"([+\-−]?)([0-9., ]+)|\(([0-9., ]+)\)")
_PATTERNS = {
    NumberStyle.VIETNAMESE: re.compile(r"((?:[1-9]\d{0,2}(?:\.\d{3})+)|\d+)(?:,(\d+))?"),
    NumberStyle.ENGLISH: re.compile(r"((?:[1-9]\d{0,2}(?:,\d{3})+)|\d+)(?:\.(\d+))?"),
}
_LONGEST = 40  # characters; no figure of a report is longer


@lru_cache(maxsize=16384)
def readings(text: str) -> tuple[tuple[NumberStyle, Number], ...]:
    """The number that a text is in each style in which it is one; nothing for texts without separators."""
    if len(text) > _LONGEST or not ("." in text or "," in text):
        return ()
    signed = _SIGN.fullmatch(normalise(text))
    if signed is None:
        return ()
    digits = (signed[2] or signed[3]).strip()
    negative = bool(signed[3]) or signed[1] in ("-", "−")
    found: list[tuple[NumberStyle, Number]] = []
    for style, pattern in _PATTERNS.items():
        if parts := pattern.fullmatch(digits):
            whole = parts[1].replace(".", "").replace(",", "")
            fraction = parts[2] or ""
            number: Number = int(whole) if not fraction.strip("0") else float(f"{whole}.{fraction}")
            found.append((style, -number if negative else number))
    return tuple(found)


def styled_numbers(
    columns: Iterable[ColumnTexts], *, has_plain_whole: bool
) -> dict[Position, Number | AmbiguousNumber]:
    """Read the number texts of a table whose style matters.

    `has_plain_whole`: some figure of the table is written without separators, so the table was not exported
    with three decimals and "1.000" is a thousand. Texts that are numbers in no style are left out.
    """
    columns = list(columns)
    possible = [_possible(column) for column in columns]
    decided = [_common_styles(cells) for cells in possible]
    certain = {next(iter(styles)) for styles in decided if len(styles) == 1}
    file_style = certain.pop() if len(certain) == 1 else None
    numbers: dict[Position, Number | AmbiguousNumber] = {}
    for column, cells, styles in zip(columns, possible, decided, strict=True):
        own_style = next(iter(styles)) if len(styles) == 1 else None
        if own_style is None and len(styles) > 1:
            own_style = file_style
        for position, read in cells.items():
            thousands = column.is_amount or (column.whole and has_plain_whole)
            numbers[position] = _choose(column.texts[position], read, own_style, thousands=thousands)
    return numbers


def _possible(column: ColumnTexts) -> dict[Position, dict[NumberStyle, Number]]:
    """For each cell the readings that the unit allows; all of them where it allows none."""
    possible = {}
    for position, text in column.texts.items():
        read = dict(readings(text))
        plausible = {style: number for style, number in read.items() if column.is_plausible(number)}
        if read:
            possible[position] = plausible or read
    return possible


def _common_styles(cells: Mapping[Position, Mapping[NumberStyle, Number]]) -> frozenset[NumberStyle]:
    """The styles in which every cell can be read; empty where the column mixes styles."""
    styles = frozenset(NumberStyle)
    for read in cells.values():
        styles &= frozenset(read)
    return styles


def _choose(
    text: str, read: Mapping[NumberStyle, Number], style: NumberStyle | None, *, thousands: bool
) -> Number | AmbiguousNumber:
    numbers = sorted(set(read.values()), key=abs)
    if len(numbers) == 1:
        return numbers[0]
    if style is not None:
        return read[style]
    if thousands:
        return numbers[-1]
    return AmbiguousNumber(normalise(text), numbers[-1], numbers[0])
