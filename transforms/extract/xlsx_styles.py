"""The styles and shared strings of an .xlsx file, as far as they change what a person sees of a cell."""

import re
from functools import lru_cache

from transforms.extract.cell_colours import WHITE, colour_of, is_invisible
from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import parse_xml
from transforms.extract.number_formats import BUILT_IN, parse_format
from transforms.extract.rich_text import ShownText, has_marked_font, shown_xml_text

MAX_STYLES = 65_536
_LARGEST_KEPT = 100_000  # bytes
_SHARED_STRING = re.compile(rb"<(?:\w+:)?si(?: [^<>]*)?>(.*?)</(?:\w+:)?si>|<(?:\w+:)?si ?/>", re.DOTALL)


def read_styles(data: bytes) -> Styles:
    """Read the cell styles of a styles part. Raises UnreadableFile where it is no XML.

    Files made from one template share this part, so that small ones are kept.
    """
    return _read_kept_styles(data) if len(data) <= _LARGEST_KEPT else _read_styles(data)


def _read_styles(data: bytes) -> Styles:
    reader = _StylesReader()
    parse_xml(data, reader.start, reader.end)
    return reader.styles


_read_kept_styles = lru_cache(maxsize=64)(_read_styles)


class _StylesReader:
    """Collects number formats and fonts, then the cell styles (cellXfs) that refer to them."""

    def __init__(self) -> None:
        self.styles = Styles()
        self.codes: dict[str, str] = {}
        self.struck: list[bool] = []
        self.raised: list[bool] = []
        self.colours: list[str] = []  # of the fonts
        self.fills: list[str] = []
        self.is_solid = False
        self.inside = ""

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
        elif name == "xf" and self.inside == "cellXfs" and len(self.styles.formats) < MAX_STYLES:
            self._cell_style(attributes)

    def _font(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get("val", "1").lower()
        if name == "font":
            self.struck.append(False)
            self.raised.append(False)
            self.colours.append("")
        elif name == "color" and self.colours:
            self.colours[-1] = colour_of(attributes)
        elif name == "strike" and self.struck:
            self.struck[-1] = value in ("1", "true", "on")
        elif name == "vertAlign" and self.raised:
            self.raised[-1] = value in ("superscript", "subscript")

    def _fill(self, name: str, attributes: dict[str, str]) -> None:
        if name == "fill":
            self.fills.append(WHITE)
        elif name in ("patternFill", "gradientFill") and self.fills:
            is_solid = attributes.get("patternType") == "solid"
            self.fills[-1] = "" if is_solid or name == "gradientFill" else self.fills[-1]
            self.is_solid = is_solid
        elif name == "fgColor" and self.fills and self.is_solid:
            self.fills[-1] = colour_of(attributes)

    def _cell_style(self, attributes: dict[str, str]) -> None:
        number = attributes.get("numFmtId", "0")
        built_in = BUILT_IN.get(int(number), "General") if number.isdecimal() else "General"
        font = int(attributes["fontId"]) if attributes.get("fontId", "").isdecimal() else -1
        fill = int(attributes["fillId"]) if attributes.get("fillId", "").isdecimal() else 0
        is_known = 0 <= font < len(self.struck)
        code = self.codes.get(number, built_in)
        behind = self.fills[fill] if fill < len(self.fills) else WHITE
        self.styles.add(
            parse_format(code),
            is_known and self.struck[font],
            is_known and self.raised[font],
            is_invisible(self.colours[font] if is_known else "", behind, code),
        )

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == self.inside:
            self.inside = ""


def read_marked_strings(data: bytes) -> dict[int, ShownText]:
    """Return what a person reads of the shared strings with struck-out or raised parts, by their index."""
    if not has_marked_font(data):
        return {}
    items = (shown_xml_text(match[1] or b"") for match in _SHARED_STRING.finditer(data))
    return {index: shown for index, shown in enumerate(items) if shown is not None}
