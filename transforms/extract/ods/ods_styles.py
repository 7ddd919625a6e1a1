"""The cell styles of an .ods file, as far as they change what a person sees of a cell."""

from math import inf, log10

from transforms.extract.cell_colours import WHITE, is_invisible, is_tiny
from transforms.extract.cell_styles import Styles
from transforms.extract.conditional_formats import ConditionalLook, check_rules
from transforms.extract.number_formats import parse_format
from transforms.extract.ods.ods_conditions import Condition
from transforms.extract.rich_text import TextFont

MAX_STYLES = 65_536
_DATE_PARTS = {"number:day": "d", "number:month": "m", "number:year": "yyyy", "number:hours": "h"}
_FORMATS = (
    "number:number-style",
    "number:percentage-style",
    "number:currency-style",
    "number:date-style",
    "number:text-style",
)
_PLAIN = TextFont()
_NO_COLOURS = ("", WHITE)  # of text and cell


class OdsStyles:
    """Collects number formats and styles; translates a format to the notation of Excel.

    styles: the cell styles, index 0 the default; fonts: the fonts of text styles by name; conditions: the
    conditional formats of cell styles by their index.
    """

    def __init__(self) -> None:
        self.styles = Styles()
        self.fonts: dict[str, TextFont] = {}
        self.conditions: dict[int, list[Condition]] = {}
        self._codes: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._format = ""
        self._code = ""
        self._literal = False
        self._style: dict[str, str] = {}
        self._maps: list[Condition] = []  # of the style at hand
        self._map_count = 0
        self._font = _PLAIN
        self._colours = _NO_COLOURS
        self._inherited: dict[str, tuple[str, TextFont, tuple[str, str]]] = {}
        self._add("Default", "General", _PLAIN)

    def index_of(self, name: str) -> int:
        """Return the index of a cell style; 0 for one that is not declared."""
        return self._numbers.get(name, 0)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        if tag in _FORMATS:
            self._format, self._code = attributes.get("style:name", ""), ""
        elif self._format:
            self._format_part(tag, attributes)
        elif tag == "style:style":
            self._style, self._maps = attributes, []
            _, self._font, self._colours = self._parent(attributes)
        elif tag == "style:text-properties" and self._style:
            self._font = _font_of(attributes, self._font)
            self._colours = (_colour(attributes.get("fo:color"), self._colours[0]), self._colours[1])
        elif tag == "style:table-cell-properties" and self._style:
            self._colours = (
                self._colours[0],
                _colour(attributes.get("fo:background-color"), self._colours[1]),
            )

        elif tag == "style:map" and self._style:
            self._map_count += 1
            check_rules(self._map_count)
            names = ("style:condition", "style:base-cell-address", "style:apply-style-name")
            self._maps.append(Condition(*(attributes.get(name, "") for name in names)))

    def look_of(self, name: str) -> ConditionalLook:
        """Return what a style makes of the cells that a conditional format gives it to."""
        code, font, colours = self._inherited.get(name, ("General", _PLAIN, _NO_COLOURS))
        unseen = font.is_unseen or is_invisible(*colours)
        return ConditionalLook(unseen, font.is_struck, parse_format(code or "General"))

    def _parent(self, style: dict[str, str]) -> tuple[str, TextFont, tuple[str, str]]:
        name = style.get("style:parent-style-name", "")
        return self._inherited.get(name, ("General", _PLAIN, _NO_COLOURS))

    def _format_part(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "number:number":
            self._code += _digits(attributes)
        elif tag == "number:text":
            self._literal = True
        elif tag in _DATE_PARTS:
            self._code += _DATE_PARTS[tag] + "/"

    def text(self, text: str) -> None:
        """Handle character data: the literal text of a number format."""
        if self._literal:
            self._code += "%" if text.strip() == "%" else '"' + text.replace('"', "") + '"'

    def end(self, tag: str) -> None:
        """Handle the end of an element."""
        if tag == "number:text":
            self._literal = False
        elif tag in _FORMATS:
            self._codes[self._format] = self._code.rstrip("/")
            self._format = ""
        elif tag == "style:style" and self._style:
            self._end_style()

    def _end_style(self) -> None:
        style, self._style = self._style, {}
        name = style.get("style:name", "")
        if style.get("style:family") == "text":
            unseen = self._font.is_unseen or is_invisible(self._colours[0], WHITE)
            self.fonts[name] = self._font._replace(is_unseen=unseen)
        elif style.get("style:family") == "table-cell" and len(self._numbers) < MAX_STYLES:
            code = self._codes.get(style.get("style:data-style-name", ""), self._parent(style)[0])
            if self._maps:
                self.conditions[len(self.styles.formats)] = self._maps
            self._add(name, code, self._font)
            display_name = style.get("style:display-name", name)  # which ranges are given
            self._inherited.setdefault(display_name, self._inherited[name])

    def _add(self, name: str, code: str, font: TextFont) -> None:
        self._numbers[name] = len(self.styles.formats)
        self._inherited[name] = (code, font, self._colours)
        unseen = font.is_unseen or is_invisible(*self._colours)
        self.styles.add(parse_format(code or "General"), font.is_struck, bool(font.position), unseen)


def _colour(value: str | None, inherited: str) -> str:
    if value is None:
        return inherited
    return WHITE if value == "transparent" else value.removeprefix("#").lower()


def _digits(attributes: dict[str, str]) -> str:
    whole = attributes.get("number:min-integer-digits", "1")
    places = attributes.get("number:decimal-places", "")
    if not places.isdecimal():
        return "General"
    code = "0" * min(int(whole) if whole.isdecimal() else 1, 30) or "#"
    code += "." + "0" * min(int(places), 30) if int(places) else ""
    factor = float(attributes.get("number:display-factor", "1"))
    return code + "," * (round(log10(factor) / 3) if 1000 <= factor < inf else 0)


def _font_of(attributes: dict[str, str], inherited: TextFont) -> TextFont:
    is_struck, position, is_small = inherited
    line = attributes.get("style:text-line-through-style", attributes.get("style:text-line-through-type"))
    if line is not None:
        is_struck = line != "none"
    raised = attributes.get("style:text-position", "").split(" ")[0]
    if raised:
        is_raised = raised.startswith("super") or (raised[:1].isdigit() and not raised.startswith("0"))
        position = "super" if is_raised else "sub" if raised.startswith(("sub", "-")) else ""
    size = attributes.get("fo:font-size", "")
    if size.endswith("pt"):
        is_small = is_tiny(size.removesuffix("pt"))
    return TextFont(is_struck, position, is_small)
