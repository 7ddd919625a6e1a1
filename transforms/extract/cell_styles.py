"""Cell styles of a workbook, and what they make of the stored values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from transforms.extract.conditional_formats import ConditionalFormat, ConditionalLook, looks_of_cells
from transforms.extract.number_formats import (
    NumberFormat,
    parse_format,
    shown_date,
    shown_letters,
    shown_money,
    shown_number,
)
from transforms.extract.scan import Scan
from transforms.extract.sheet import CellFlag, Position
from transforms.extract.sum_formulas import sum_is_zero
from transforms.extract.symbol_fonts import shown_symbol

_GENERAL = parse_format("General")


@dataclass(slots=True)
class Styles:
    """Cell styles by their index.

    formats: number format of each style; struck, raised: styles whose font crosses out or raises the text;
    invisible: styles whose text nobody sees, tiny or of the colour of the cell; marked: all styles that show
    a whole number, date or text as something else; conditional: by index, the looks that conditional formats
    give to cells and that change what these show; symbols: by index, the fonts whose letters are signs.
    """

    formats: list[NumberFormat] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    raised: set[int] = field(default_factory=set)
    invisible: set[int] = field(default_factory=set)
    marked: set[int] = field(default_factory=set)
    conditional: dict[int, ConditionalLook] = field(default_factory=dict)
    symbols: dict[int, str] = field(default_factory=dict)

    def add(
        self,
        number_format: NumberFormat,
        is_struck: bool,
        is_raised: bool,
        is_invisible: bool = False,
        symbols: str = "",
    ) -> None:
        """Append a cell style."""
        index = len(self.formats)
        self.formats.append(number_format)
        if is_struck:
            self.struck.add(index)
        if is_raised:
            self.raised.add(index)
        if is_invisible:
            self.invisible.add(index)
        if symbols:
            self.symbols[index] = symbols
        if is_struck or is_raised or is_invisible or symbols or number_format.changes:
            self.marked.add(index)

    def format_of(self, index: int) -> NumberFormat:
        """Return the number format of a style; General for a style that the file does not declare."""
        return self.formats[index] if index < len(self.formats) else _GENERAL


class Shown(NamedTuple):
    """Flags of cells, and texts where a person sees something else than the stored value."""

    flags: Mapping[Position, CellFlag]
    displayed: Mapping[Position, str]


def shown_cells(rows: list[list[object]], scan: Scan, styles: Styles) -> Shown:
    """Compare the stored values of a sheet with what its styles show."""
    flags: dict[Position, CellFlag] = {}
    displayed: dict[Position, str] = {}
    for (row, column), style in scan.styled.items():
        value = _at(rows, (row, column))
        if value is None:
            continue
        shown = _shown(value, styles.format_of(style))
        if style in styles.symbols and isinstance(value, str):
            shown = shown_symbol(styles.symbols[style], value)
        if style in styles.struck:
            flags[row, column] = CellFlag.STRUCK_OUT
            shown = ""
        elif style in styles.raised:
            flags[row, column] = CellFlag.SUPERSCRIPT
        elif style in styles.invisible:
            flags[row, column] = CellFlag.INVISIBLE
        if shown is not None:
            displayed[row, column] = shown
    shows_nothing = (place for place in scan.blank if _at(rows, place) not in (None, 0, False))
    displayed |= dict.fromkeys(shows_nothing, "")
    _note_conditional(rows, scan.conditional, flags, displayed)
    for position, text in scan.texts.items():
        flags[position], displayed[position] = text.flag, text.text
    for position, ranges in scan.zeros.items():
        is_zero = sum_is_zero(rows, ranges)
        if is_zero is False or (is_zero is None and scan.is_never_calculated):
            flags[position] = CellFlag.UNCALCULATED
    flags |= dict.fromkeys(scan.formulas, CellFlag.UNCALCULATED)
    flags |= dict.fromkeys(scan.errors, CellFlag.ERROR)
    return Shown(flags, displayed)


def _at(rows: list[list[object]], place: Position) -> object:
    row, column = place
    return rows[row][column] if row < len(rows) and column < len(rows[0]) else None


def _shown(value: object, number_format: NumberFormat) -> str | None:
    if isinstance(value, str):
        return shown_letters(value, number_format)
    if isinstance(value, bool) or (
        isinstance(value, float) and value.is_integer() and not number_format.changes
    ):
        return None
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return None
        shown = shown_number(value, number_format)
        return shown_money(value, number_format) if shown is None else shown
    return shown_date(value, number_format) if isinstance(value, date) else None


def _note_conditional(
    rows: list[list[object]],
    formats: list[ConditionalFormat],
    flags: dict[Position, CellFlag],
    displayed: dict[Position, str],
) -> None:
    """Note what conditional formats change; cells of which it is not certain are ambiguous."""
    for position, look, is_certain in looks_of_cells(rows, formats):
        if not is_certain and position in flags:
            continue
        shown = _shown(rows[position[0]][position[1]], look.number_format or _GENERAL)
        if not (look.is_unseen or look.is_struck) and shown is None:
            continue
        if not is_certain:
            flags[position] = CellFlag.AMBIGUOUS
        elif look.is_struck:
            flags[position], displayed[position] = CellFlag.STRUCK_OUT, ""
        elif look.is_unseen:
            flags[position] = CellFlag.INVISIBLE
        else:
            displayed[position] = shown or ""
