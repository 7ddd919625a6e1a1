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
    that groups of three digits are thousands; `has_plain`: other cells hold whole numbers without separators.
    """

    texts: Mapping[Position, str]
    is_plausible: Callable[[Number], bool]
    whole: bool
    is_amount: bool = False
    has_plain: bool = False


_OF_SIGN = {",": NumberStyle.VIETNAMESE, ".": NumberStyle.ENGLISH}
_GROUP_OF_THREE = {sign: re.compile(rf"[1-9]\d{{0,2}}{re.escape(sign)}\d{{3}}") for sign in ".,"}
_LAST_GROUP = re.compile(r"[.,]000$")
_FAR = 100  # times the highest other figure of a column
_THREE_DECIMALS = re.compile(r"[.,]\d{3}\D*$")
_SIGN = re.compile(r"([+\-−]?)([0-9., ]+)|\(([0-9., ]+)\)")
_PATTERNS = {
    NumberStyle.VIETNAMESE: re.compile(r"((?:[1-9]\d{0,2}(?:\.\d{3})+)|\d+)(?:,(\d+))?"),
    NumberStyle.ENGLISH: re.compile(r"((?:[1-9]\d{0,2}(?:,\d{3})+)|\d+)(?:\.(\d+))?"),
}
_LONGEST = 40  # characters; no figure of a report is longer


@lru_cache(maxsize=16384)
def readings(text: str) -> tuple[tuple[NumberStyle, Number], ...]:
    """The number that a text is in each style in which it is one; nothing for texts without separators."""
    if len(text) > _LONGEST or text.isdecimal():
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
    columns: Iterable[ColumnTexts], *, has_plain_whole: bool, decimal: str = ""
) -> dict[Position, Number | AmbiguousNumber]:
    """Read the number texts of a table whose style matters.

    `has_plain_whole`: some figure of the table is written without separators, so the table was not exported
    with three decimals and "1.000" is a thousand. `decimal` is the sign of the language before decimals,
    which decides where no cell does; empty: none. Texts that are numbers in no style are left out.
    """
    columns = list(columns)
    possible = [_possible(column) for column in columns]
    decided = [_common_styles(cells) for cells in possible]
    certain = {next(iter(styles)) for styles in decided if len(styles) == 1}
    file_style = certain.pop() if len(certain) == 1 else None
    of_language = _OF_SIGN.get(decimal) if not any(len(styles) == 1 for styles in decided) else None
    pads = _has_three_decimals(columns, decided)
    padded = any(map(_is_padded, columns))
    numbers: dict[Position, Number | AmbiguousNumber] = {}
    for column, cells, styles in zip(columns, possible, decided, strict=True):
        own_style = next(iter(styles)) if len(styles) == 1 else None
        by_others = own_style is None and len(styles) > 1
        mixed = _mixes_groups(column)
        for position, read in cells.items():
            text = column.texts[position]
            thousands = column.is_amount or (column.whole and has_plain_whole)
            style = file_style or of_language if by_others else own_style
            loose = None if padded else _loosely_grouped(column, text, read)
            if loose is not None:
                numbers[position] = loose
                continue
            if mixed and _is_group_of_three(text):
                style, thousands = None, column.is_amount
            elif by_others and file_style and (column.has_plain or not pads) and _is_lowest(read, file_style):
                style = (
                    None  # "1.500" beside 3000 or 2.5: with three decimals they would be 3000.000 or 2.500
                )
            elif style and not column.whole and _is_outlier(read, style, cells):
                style = None  # "1,125" beside 2.5 and 4.5
            numbers[position] = _choose(text, read, style, thousands=thousands)
    return numbers


def _is_padded(column: ColumnTexts) -> bool:
    """Whether a column of counts is written with three decimals throughout, as some programs do."""
    return (
        not column.is_amount and len(column.texts) > 1 and all(map(_LAST_GROUP.search, column.texts.values()))
    )


def _loosely_grouped(
    column: ColumnTexts, text: str, read: Mapping[NumberStyle, Number]
) -> AmbiguousNumber | None:
    """Return both readings of an amount such as "3000.000": with decimals, or with groups badly set off."""
    numbers = set(read.values())
    if not column.is_amount or len(numbers) != 1 or not _LAST_GROUP.search(text):
        return None
    number = numbers.pop()
    whole = int(re.sub(r"\D", "", text))
    is_loose = abs(number) != whole and column.is_plausible(whole)
    return AmbiguousNumber(normalise(text), number, whole) if is_loose else None


def _is_outlier(
    read: Mapping[NumberStyle, Number],
    style: NumberStyle,
    cells: Mapping[Position, Mapping[NumberStyle, Number]],
) -> bool:
    """Whether a number is far above the certain ones of its column, among which its other reading fits."""
    if len(set(read.values())) == 1 or _is_lowest(read, style):
        return False
    certain = [abs(next(iter(r.values()))) for r in cells.values() if len(set(r.values())) == 1]
    highest = max(certain, default=0)
    return highest > 0 and abs(read[style]) > _FAR * highest and min(map(abs, read.values())) <= highest


def _has_three_decimals(columns: list[ColumnTexts], decided: list[frozenset[NumberStyle]]) -> bool:
    """Whether columns whose style is certain write three decimals, as programs do that pad with zeros."""
    return any(
        _THREE_DECIMALS.search(text)
        for column, styles in zip(columns, decided, strict=True)
        if len(styles) == 1
        for text in column.texts.values()
    )


def _is_lowest(read: Mapping[NumberStyle, Number], style: NumberStyle) -> bool:
    return len(set(read.values())) > 1 and abs(read[style]) == min(map(abs, read.values()))


def _is_group_of_three(text: str) -> bool:
    return any(pattern.fullmatch(text.strip()) for pattern in _GROUP_OF_THREE.values())


def _mixes_groups(column: ColumnTexts) -> bool:
    """Whether a column has both "1.500" and "1,500", so that no style is certain."""
    texts = [text.strip() for text in column.texts.values()]
    return all(any(pattern.fullmatch(text) for text in texts) for pattern in _GROUP_OF_THREE.values())


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
