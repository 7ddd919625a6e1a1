"""The cell styles and conditional formats of an .xlsb workbook (BIFF12 records of [MS-XLSB])."""

import struct

from transforms.extract.cell_colours import BLACK, WHITE, colour_of, indexed_colour, is_invisible, is_tiny
from transforms.extract.cell_styles import Styles
from transforms.extract.conditional_formats import (
    NUMBERS,
    UNSEEN,
    ConditionalFormat,
    ConditionalLook,
    check_rules,
)
from transforms.extract.file_safety import damaged
from transforms.extract.number_formats import BUILT_IN, parse_format
from transforms.extract.sheet import MergedRange
from transforms.extract.xls.xls_conditional import OPERATORS, formula_of
from transforms.extract.xlsb.xlsb_records import records_of

_FONT, _FORMAT, _FILL, _STYLE, _DIFFERENTIAL = 43, 44, 45, 47, 507
_BEGIN_CELL_STYLES, _END_CELL_STYLES = 617, 618
_RANGES, _RULE, _ICONS, _BAR = RULE_RECORDS = (461, 463, 465, 467)
_ICONS_ALONE = 2  # flag of a set of icons
_INDEXED, _RGB, _THEME = 1, 2, 3  # kinds of colours
_LARGEST_TINT = 32_767
_TWIPS_OF_POINT = 20
_SOLID = 1  # pattern of a fill
# Properties of a differential style.
_FILL_COLOUR, _TEXT_COLOUR, _STRIKE, _HEIGHT, _CODE, _BUILT_IN = 2, 5, 29, 36, 38, 41
_KINDS = {1: "cellIs", 2: "expression"}
_NO_TEXT = 0xFFFFFFFF
_OWN_CELL = b"\0\0\0\0\0\xc0"  # no rows and no columns away, both relative


class _Font:
    """Font of a cell style: crossed out, raised, colour, too small to be read."""

    def __init__(self, body: bytes) -> None:
        height, flags, position = struct.unpack_from("<HH2xH", body)
        self.is_struck, self.is_raised = bool(flags & 8), position in (1, 2)
        self.colour = _colour(body[12:20]) or BLACK
        self.is_tiny = is_tiny(str(height / _TWIPS_OF_POINT))


def read_xlsb_styles(data: bytes) -> Styles:
    """Read the cell styles of the part xl/styles.bin. Raises UnreadableFile."""
    styles, codes = Styles(), dict(BUILT_IN)
    fonts: list[_Font] = []
    fills: list[str] = []
    differentials = 0
    in_cell_styles = False
    try:
        for record, body in records_of(data):
            if record == _FORMAT:
                number, length = struct.unpack_from("<HI", body)
                codes[number] = body[6 : 6 + 2 * length].decode("utf-16-le", "replace")
            elif record == _FONT:
                fonts.append(_Font(body))
            elif record == _FILL:
                pattern: int = struct.unpack_from("<I", body)[0]
                fills.append(_colour(body[4:12]) if pattern == _SOLID else "" if pattern else WHITE)
            elif record in (_BEGIN_CELL_STYLES, _END_CELL_STYLES):
                in_cell_styles = record == _BEGIN_CELL_STYLES
            elif record == _STYLE and in_cell_styles:
                _add_style(styles, struct.unpack_from("<HHH", body, 2), codes, fonts, fills)
            elif record == _DIFFERENTIAL:
                look = _look_or_none(body, codes)
                if look is not None and look.changes:
                    styles.conditional[differentials] = look
                differentials += 1
    except struct.error:
        damaged()
    return styles


def _add_style(
    styles: Styles, places: tuple[int, int, int], codes: dict[int, str], fonts: list[_Font], fills: list[str]
) -> None:
    number, place, fill = places
    code = codes.get(number, "General")
    font = fonts[place] if place < len(fonts) else None
    background = fills[fill] if fill < len(fills) else WHITE
    unseen = is_invisible(font.colour if font else BLACK, background, code)
    if font is None:
        styles.add(parse_format(code), False, False, unseen)
    else:
        styles.add(parse_format(code), font.is_struck, font.is_raised, unseen or font.is_tiny)


def _colour(data: bytes) -> str:
    """Return a colour, "" for the automatic one."""
    kind, index, tint = struct.unpack_from("<BBh", data)
    if kind >> 1 == _INDEXED:
        return indexed_colour(index)
    if kind >> 1 == _RGB:
        return data[4:7].hex()
    if kind >> 1 == _THEME:
        return colour_of({"theme": str(index), "tint": str(round(tint / _LARGEST_TINT, 2))})
    return ""


def _look_or_none(body: bytes, codes: dict[int, str]) -> ConditionalLook | None:
    try:
        return _look(body, codes)
    except struct.error:  # only a look: no reason to refuse the file
        return None


def _look(body: bytes, codes: dict[int, str]) -> ConditionalLook:
    """Return the look of a differential style: a list of properties with their sizes."""
    colour, fill, code = BLACK, WHITE, ""
    is_struck = is_small = False
    position = 6
    for _ in range(struct.unpack_from("<H", body, 4)[0]):
        kind, size = struct.unpack_from("<HH", body, position)
        value = body[position + 4 : position + size]
        position += max(size, 4)
        if kind == _TEXT_COLOUR:
            colour = _colour(value) or BLACK
        elif kind == _FILL_COLOUR:
            fill = _colour(value)
        elif kind == _STRIKE:
            is_struck = value[:1] == b"\1"
        elif kind == _HEIGHT:
            is_small = is_tiny(str(struct.unpack_from("<I", value)[0] / _TWIPS_OF_POINT))
        elif kind == _BUILT_IN:
            code = codes.get(struct.unpack_from("<H", value)[0], "")
        elif kind == _CODE:
            code = value[4 : 4 + 2 * struct.unpack_from("<H", value, 2)[0]].decode("utf-16-le", "replace")
    unseen = is_small or is_invisible(colour, fill, code)
    return ConditionalLook(unseen, is_struck, parse_format(code) if code else None)


class XlsbRules:
    """Collects the rules of a sheet from its records, in order; looks: by the number of their style."""

    def __init__(self, looks: dict[int, ConditionalLook]) -> None:
        self.found: list[ConditionalFormat] = []
        self._looks = looks
        self._ranges: tuple[MergedRange, ...] = ()
        self._range_count = 0

    def note(self, record: int, body: bytes) -> None:
        """Note a record. Raises struct.error where it is too short."""
        if record == _RANGES:
            self._range_count += max(len(body) - 12, 0) // 16
            check_rules(self._range_count)
            corners = struct.iter_unpack("<4I", body[12 : 12 + (len(body) - 12) // 16 * 16])
            self._ranges = tuple(
                MergedRange(top, left, bottom, right) for top, bottom, left, right in corners
            )
            return
        if record in (_ICONS, _BAR):
            hides = struct.unpack_from("<H", body, 4)[0] & _ICONS_ALONE if record == _ICONS else not body[2]
            if hides:
                check_rules(len(self.found))
                self.found.append(ConditionalFormat(self._ranges, NUMBERS, "", (), UNSEEN))
            return
        kind, number, comparison = struct.unpack_from("<I4xI4xI", body)
        look = self._looks.get(number)
        if look is None:
            return
        check_rules(len(self.found))
        operator, formulas = OPERATORS.get(comparison, ""), tuple(_formulas(body))
        name = _KINDS.get(kind, f"kind {kind}")
        self.found.append(ConditionalFormat(self._ranges, name, operator, formulas, look))


def _formulas(body: bytes) -> list[str]:
    """Return the formulas of a rule, which follow its text."""
    found: list[str] = []
    sizes = struct.unpack_from("<3I", body, 30)
    letters: int = struct.unpack_from("<I", body, 42)[0]
    position = 46 + (0 if letters == _NO_TEXT else 2 * letters)
    for _ in filter(None, sizes):
        length: int = struct.unpack_from("<I", body, position)[0]
        end = position + 4 + length
        found.append(formula_of(body[position + 4 : end], _OWN_CELL))
        position = end + 4 + struct.unpack_from("<I", body, end)[0]
    return found
