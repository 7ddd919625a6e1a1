"""Colours and sizes of texts: whether a text can be seen on its cell.

A colour is six hexadecimal digits, another name that stands for itself, or "" where it is not known.
"""

import re
from collections.abc import Mapping

WHITE, BLACK = "ffffff", "000000"
_BASIC = ("000000", "ffffff", "ff0000", "00ff00", "0000ff", "ffff00", "ff00ff", "00ffff")
_OF_SYSTEM = {64: BLACK, 65: WHITE}
_OF_THEME = {"0": WHITE, "1": BLACK}
_HEXADECIMAL = re.compile(r"[0-9a-f]{6}")
_WHITE_FORMAT = re.compile(r"\[(?:white|color ?2)\]", re.IGNORECASE)
_MOST_APART = 16  # of 255, in each of red, green and blue: nobody sees such a text
_SMALLEST = 3.0  # points: nobody reads a smaller text


def colour_of(attributes: Mapping[str, str]) -> str:
    """Return the colour of a colour element of an .xlsx file."""
    if "rgb" in attributes:
        digits = attributes["rgb"].lower()[-6:]
        return digits if _HEXADECIMAL.fullmatch(digits) else ""
    if "theme" in attributes:
        theme, tint = attributes["theme"], attributes.get("tint", "0")
        is_pure = tint.strip("-0.") == ""
        return _OF_THEME.get(theme, f"theme {theme}") if is_pure else f"theme {theme} {tint}"
    index = attributes.get("indexed", "")
    return indexed_colour(int(index)) if index.isdecimal() else ""


def indexed_colour(index: int) -> str:
    """Return the colour of a number in the palette of Excel."""
    if index < 2 * len(_BASIC):
        return _BASIC[index % len(_BASIC)]
    return _OF_SYSTEM.get(index, f"index {index}")


def is_invisible(text: str, cell: str, format_code: str = "") -> bool:
    """Whether a text of a colour cannot be seen on a cell of another; a number format may colour it white."""
    if _WHITE_FORMAT.match(format_code):
        text = WHITE
    if not text or not cell:
        return False
    if text == cell:
        return True
    if not (_HEXADECIMAL.fullmatch(text) and _HEXADECIMAL.fullmatch(cell)):
        return False
    return all(abs(int(text[i : i + 2], 16) - int(cell[i : i + 2], 16)) <= _MOST_APART for i in (0, 2, 4))


def is_tiny(points: str) -> bool:
    """Whether a font of a size, in points, is too small to be read."""
    try:
        return float(points) < _SMALLEST
    except ValueError:
        return False
