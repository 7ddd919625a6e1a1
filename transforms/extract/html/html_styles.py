"""What the styles of an HTML page do to a text: hidden, crossed out, raised, or of the colour of its cell.

Office programs that save a sheet as a page put the styles into classes of a style sheet.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from transforms.extract.cell_colours import BLACK, WHITE, is_invisible, is_tiny

_SELECTOR = re.compile(r"([a-z]\w*)?(?:\.([\w-]+))?")
_MOST_RULES = 10_000
_LONGEST = 2_000  # characters of a style or a list of selectors
_LONGEST_COLOUR = 60
_OF_THE_GRID = ("tr", "col")  # of no height or width: hidden
_NOTHING = re.compile(r"0+(?:\.0+)?(?:pt|px|%)?")
_MOST_SELECTORS = 20  # of a rule
_COLOURS = {
    "white": WHITE,
    "window": WHITE,
    "black": BLACK,
    "windowtext": BLACK,
    "auto": BLACK,
    "silver": "c0c0c0",
}
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})")
_HEXADECIMAL = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
_NO_COLOUR = ("transparent", "none", "inherit", "initial", "")
_LENGTH = re.compile(r"([\d.]+)(pt|px)?")
_POINTS_OF_A_PIXEL = 0.75
_POSITIONS = {"super": "super", "text-top": "super", "sub": "sub", "text-bottom": "sub"}

Declarations = dict[str, str]
Rules = dict[str, Declarations]
"""Declarations by element ("td") and by class (".xl65")."""


class Look(NamedTuple):
    """How an element shows its text; a colour is None where it sets none, "" where it is not known."""

    is_removed: bool = False  # takes no place
    is_unseen: bool = False
    is_struck: bool = False
    position: str = ""
    colour: str | None = None
    background: str | None = None


PLAIN = Look()


def read_rules(sheet: str, rules: Rules) -> None:
    """Add the rules of a style sheet for elements and classes alone, not those for one inside another."""
    for rule in sheet.split("}", _MOST_RULES)[:_MOST_RULES]:
        selectors, _, style = rule.partition("{")
        declarations = _declarations(style)
        for part in selectors[-_LONGEST:].lower().split(",", _MOST_SELECTORS)[:_MOST_SELECTORS]:
            selector = _SELECTOR.fullmatch(part.strip().removeprefix("<!--").strip())
            if selector and (selector[1] or selector[2]):
                name = f".{selector[2]}" if selector[2] else selector[1]
                rules.setdefault(name, {}).update(declarations)


def _declarations(style: str) -> Declarations:
    """The values of a style by their names, in lower case."""
    parts = (part.partition(":") for part in style[:_LONGEST].lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in parts if value}


def look_of(element: str, attributes: Mapping[str, str], rules: Rules) -> Look:
    """Return the look that an element gives its text by its own style, its classes and its kind."""
    found = dict(rules.get(element, {}))
    for name in attributes.get("class", "")[:_LONGEST].lower().split()[:10]:
        found |= rules.get(f".{name}", {})
    found |= _declarations(attributes.get("style", ""))
    colour = found.get("color", attributes.get("color", "").lower())
    background = (
        found.get("background-color") or found.get("background") or attributes.get("bgcolor", "").lower()
    )
    return Look(
        is_removed="hidden" in attributes
        or found.get("display") == "none"
        or found.get("mso-hide") == "all"
        or (
            element in _OF_THE_GRID and any(_is_nothing(found.get(side, "")) for side in ("height", "width"))
        ),
        is_unseen=found.get("visibility") == "hidden"
        or _is_nothing(found.get("opacity", ""))
        or _is_tiny(found.get("font-size", "")),
        is_struck="line-through" in found.get("text-decoration", "") + found.get("text-decoration-line", ""),
        position=_POSITIONS.get(found.get("vertical-align", ""), ""),
        colour=_colour(colour),
        background=_colour(background),
    )


def can_be_seen(looks: list[Look]) -> bool:
    """Whether a text inside elements of these looks, the outermost first, can be seen; a page is white."""
    colour = next((look.colour for look in reversed(looks) if look.colour is not None), BLACK)
    background = next((look.background for look in reversed(looks) if look.background is not None), WHITE)
    return not (any(look.is_unseen for look in looks) or is_invisible(colour, background))


def _colour(value: str) -> str | None:
    """Return the colour of a declaration: None where it sets none, "" where it is not known."""
    value = value.strip()[:_LONGEST_COLOUR]
    if value in _NO_COLOUR:
        return None
    if digits := _HEXADECIMAL.search(value):
        return digits[1] if len(digits[1]) > 3 else "".join(2 * digit for digit in digits[1])
    if parts := _RGB.search(value):
        return "".join(f"{min(int(part), 255):02x}" for part in parts.groups())
    return _COLOURS.get(value.split()[0], "")


def _is_nothing(size: str) -> bool:
    return _NOTHING.fullmatch(size) is not None


def _is_tiny(size: str) -> bool:
    length = _LENGTH.fullmatch(size)
    if length is None or (length[2] is None and length[1].strip("0.")):
        return False
    try:
        points = float(length[1]) * (_POINTS_OF_A_PIXEL if length[2] == "px" else 1)
    except ValueError:
        return False
    return is_tiny(str(points))
