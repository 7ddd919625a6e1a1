"""Styles of a Word document as far as they hide, cross out, raise or colour a text.

A font maps the names of its properties ("strike", "sz") to their values; a switch is "on" or "".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.extract.cell_colours import is_invisible, is_tiny
from transforms.extract.file_safety import parse_xml

Font = Mapping[str, str]

_SWITCHES = ("strike", "dstrike", "vanish")
_IN_TURNS = ("strike", "vanish")  # a style of a text undoes what that of its paragraph does
_OFF = ("0", "false", "off", "none")
_DEEPEST = 20  # styles that are based on each other
_HALF_POINTS = 2


class Look(NamedTuple):
    """How a text is shown: taking no place, crossed out, raised or lowered, or not to be seen."""

    is_hidden: bool = False
    is_struck: bool = False
    position: str = ""
    is_unseen: bool = False


@dataclass(slots=True)
class _Style:
    base: str = ""
    font: dict[str, str] = field(default_factory=dict)
    fills_cells: bool = False


class WordStyles:
    """The fonts of styles by their ids, with those of the styles they are based on."""

    def __init__(self) -> None:
        self.default_font: dict[str, str] = {}
        self.default_paragraph = ""
        self._styles: dict[str, _Style] = {}
        self._fonts: dict[str, Font] = {}
        self._open: _Style | None = None
        self._parts: list[str] = []  # the elements around the one at hand
        self._table_parts = 0  # of them, those of a part of a table's style

    def font_of(self, style: str) -> Font:
        """Return the font of a style, empty for one that is not declared."""
        if style not in self._fonts:
            fonts = [found.font for found in self._chain(style)]
            self._fonts[style] = {k: v for font in reversed(fonts) for k, v in font.items()}
        return self._fonts[style]

    def colours_cells(self, style: str) -> bool:
        """Whether a style of tables, or one that it is based on, may fill cells; a style unknown may."""
        chain = self._chain(style)
        return not chain or any(found.fills_cells for found in chain)

    def _chain(self, style: str) -> list[_Style]:
        chain: list[_Style] = []
        while style in self._styles and len(chain) < _DEEPEST:
            chain.append(self._styles[style])
            style = chain[-1].base
        return chain

    def look(self, direct: Font, of_text: Font, of_paragraph: Font, of_table: Font, background: str) -> Look:
        """Return how a run is shown by its own font and by those of the styles around it."""
        if not (direct or of_text or of_paragraph or of_table or self.default_font):
            return Look()
        levels = (direct, of_text, of_paragraph, of_table, self.default_font)
        font = {name: value for level in reversed(levels) for name, value in level.items()}
        for name in _IN_TURNS:
            if name not in direct and not self.default_font.get(name):
                turns = sum(bool(level.get(name)) for level in levels[1:4])
                font[name] = "on" if turns % 2 else ""
        size = font.get("sz", "")
        tiny = size.isdecimal() and is_tiny(str(int(size[:6]) / _HALF_POINTS))
        same = "highlight" not in font and is_invisible(font.get("color", ""), font.get("shd") or background)
        return Look(
            bool(font.get("vanish")),
            bool(font.get("strike") or font.get("dstrike")),
            font.get("vertAlign", ""),
            tiny or same,
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element of the part word/styles.xml."""
        name = tag.rpartition(":")[2]
        values = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        inside = self._parts[-1] if self._parts else ""
        if name == "style":
            self._open = self._styles[values.get("styleId", "")] = _Style()
            if values.get("type") == "paragraph" and values.get("default", "0").lower() not in _OFF:
                self.default_paragraph = values.get("styleId", "")
        elif name == "basedOn" and self._open is not None:
            self._open.base = values.get("val", "")
        elif name == "shd" and inside != "rPr" and self._open is not None:
            self._open.fills_cells |= bool(fill_of(attributes))
        elif inside == "rPr" and not self._table_parts:
            font = self._open.font if self._open is not None else self.default_font
            font.update(font_property(name, values.get("val", ""), attributes))
        self._parts.append(name)
        self._table_parts += name == "tblStylePr"

    def end(self, tag: str) -> None:
        """Handle the end of an element."""
        self._table_parts -= self._parts.pop() == "tblStylePr"
        if tag.rpartition(":")[2] == "style":
            self._open = None


def read_styles(data: bytes) -> WordStyles:
    """Read the part word/styles.xml. Raises UnreadableFile."""
    styles = WordStyles()
    parse_xml(data, styles.start, styles.end)
    return styles


def font_property(name: str, value: str, attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the property of the font that an element of a run sets, nothing for one without interest."""
    value = value.lower()
    if name in _SWITCHES:
        return {name: "" if value in _OFF else "on"}
    if name == "vertAlign":
        return {name: value.removesuffix("script").removesuffix("baseline")}
    if name == "color":  # the colour "auto" is white on a dark cell
        return {name: value.replace("auto", "")}
    if name == "shd":
        return {name: fill_of(attributes)}
    return {name: value} if name in ("sz", "highlight") else {}


def fill_of(attributes: Mapping[str, str]) -> str:
    """Return the colour that a shading element gives, "" for none."""
    fill = next((v for key, v in attributes.items() if key.rpartition(":")[2] == "fill"), "")
    return "" if fill == "auto" else fill.lower()
