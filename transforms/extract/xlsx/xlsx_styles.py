"""The styles and shared strings of an .xlsx file, as far as they change what a person sees of a cell."""

from dataclasses import dataclass, field
from functools import lru_cache

from transforms.extract.cell_colours import BLACK, WHITE, colour_of, is_invisible, is_tiny
from transforms.extract.cell_styles import Styles
from transforms.extract.conditional_formats import ConditionalLook
from transforms.extract.file_safety import parse_xml
from transforms.extract.number_formats import BUILT_IN, parse_format
from transforms.extract.rich_text import ShownText, has_marked_font, shown_xml_text
from transforms.extract.symbol_fonts import symbol_font
from transforms.extract.xml_elements import elements

MAX_STYLES = 65_536
_LARGEST_KEPT = 100_000  # bytes


def read_styles(data: bytes) -> Styles:
    """Read the cell styles of a styles part. Raises UnreadableFile where it is no XML.

    Files made from one template share this part, so that small ones are kept.
    """
    return _read_kept_styles(data) if len(data) <= _LARGEST_KEPT else _read_styles(data)


def _read_styles(data: bytes) -> Styles:
    reader = _StylesReader()
    parse_xml(data, reader.start, reader.end)
    return reader.styles


def read_differential(data: bytes) -> ConditionalLook:
    """Read what is inside a `dxf` element. Raises UnreadableFile where it is no XML."""
    reader = _StylesReader()
    parse_xml(b"<dxfs><dxf>%b</dxf></dxfs>" % data, reader.start, reader.end)
    return reader.differentials[0].look()


_read_kept_styles = lru_cache(maxsize=64)(_read_styles)


@dataclass(slots=True)
class _Font:
    """A font as far as it matters: crossed out, raised, its colour, too small to be read, of symbols."""

    is_struck: bool = False
    is_raised: bool = False
    colour: str = ""
    is_tiny: bool = False
    symbols: str = ""

    def note(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "1").lower()
        if name == "color":
            self.colour = BLACK if "auto" in attributes else colour_of(attributes)
        elif name == "strike":
            self.is_struck = value in ("1", "true", "on")
        elif name == "vertAlign":
            self.is_raised = value in ("superscript", "subscript")
        elif name == "sz":
            self.is_tiny = is_tiny(value)
        elif name == "name":
            self.symbols = symbol_font(value)


@dataclass(slots=True)
class _Differential:
    """What a conditional format lays over a cell (a `dxf` element)."""

    font: _Font = field(default_factory=_Font)
    fill: str = WHITE
    code: str = ""

    def look(self) -> ConditionalLook:
        unseen = self.font.is_tiny or is_invisible(self.font.colour or BLACK, self.fill, self.code)
        return ConditionalLook(unseen, self.font.is_struck, parse_format(self.code) if self.code else None)


class _StylesReader:
    """Collects number formats and fonts, then the cell styles (cellXfs) that refer to them."""

    def __init__(self) -> None:
        self.styles = Styles()
        self.codes: dict[str, str] = {}
        self.fonts: list[_Font] = []
        self.fills: list[str] = []
        self.differentials: list[_Differential] = []
        self.is_solid = False
        self.inside = ""
        self.part = ""  # of the differential style at hand: font, fill, border

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in ("numFmts", "fonts", "fills", "cellXfs", "dxfs", "cellStyleXfs"):
            self.inside = name
        elif name == "numFmt" and self.inside == "numFmts":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif self.inside == "fonts":
            self._font(name, attributes)
        elif self.inside == "fills":
            self._fill(name, attributes)
        elif self.inside == "dxfs":
            self._differential(name, attributes)
        elif name == "xf" and self.inside == "cellXfs" and len(self.styles.formats) < MAX_STYLES:
            self._cell_style(attributes)

    def _font(self, name: str, attributes: dict[str, str]) -> None:
        if name == "font":
            self.fonts.append(_Font(colour=BLACK))
        elif self.fonts:
            self.fonts[-1].note(name, attributes)

    def _fill(self, name: str, attributes: dict[str, str]) -> None:
        if name == "fill":
            self.fills.append(WHITE)
        elif name in ("patternFill", "gradientFill") and self.fills:
            is_solid = attributes.get("patternType") == "solid"
            self.fills[-1] = "" if is_solid or name == "gradientFill" else self.fills[-1]
            self.is_solid = is_solid
        elif name == "fgColor" and self.fills and self.is_solid:
            self.fills[-1] = colour_of(attributes)

    def _differential(self, name: str, attributes: dict[str, str]) -> None:
        if name == "dxf" and len(self.differentials) < MAX_STYLES:
            self.differentials.append(_Differential())
        if not self.differentials:
            return
        style = self.differentials[-1]
        if name in ("dxf", "font", "fill", "border", "alignment", "protection"):
            self.part = name
        elif name == "numFmt":
            style.code = attributes.get("formatCode", "")
        elif self.part == "font":
            style.font.note(name, attributes)
        elif self.part == "fill" and name in ("bgColor", "fgColor", "gradientFill"):
            style.fill = colour_of(attributes)

    def _cell_style(self, attributes: dict[str, str]) -> None:
        number = attributes.get("numFmtId", "0")
        built_in = BUILT_IN.get(int(number), "General") if number.isdecimal() else "General"
        place = int(attributes["fontId"]) if attributes.get("fontId", "").isdecimal() else -1
        fill = int(attributes["fillId"]) if attributes.get("fillId", "").isdecimal() else 0
        font = self.fonts[place] if 0 <= place < len(self.fonts) else _Font(colour=BLACK)
        code = self.codes.get(number, built_in)
        behind = self.fills[fill] if fill < len(self.fills) else WHITE
        unseen = font.is_tiny or is_invisible(font.colour, behind, code)
        self.styles.add(parse_format(code), font.is_struck, font.is_raised, unseen, font.symbols)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == self.inside:
            self.inside = ""
        if name == "dxfs":
            looks = ((index, style.look()) for index, style in enumerate(self.differentials))
            self.styles.conditional = {index: look for index, look in looks if look.changes}


def read_marked_strings(data: bytes) -> dict[int, ShownText]:
    """Return what a person reads of the shared strings with struck-out or raised parts, by their index."""
    if not has_marked_font(data):
        return {}
    items = (shown_xml_text(item) for _, item in elements(data, "si"))
    return {index: shown for index, shown in enumerate(items) if shown is not None}
