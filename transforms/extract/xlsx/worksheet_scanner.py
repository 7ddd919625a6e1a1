"""Extent, errors, formulas, styles and hidden cells of a worksheet part of an .xlsx file."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import (
    MAX_CELLS,
    MAX_COLUMN,
    MAX_ROW,
    UnreadableFile,
    damaged,
    parse_xml,
    too_large,
)
from transforms.extract.rich_text import ShownText, has_marked_font, shown_xml_text
from transforms.extract.scan import Scan
from transforms.extract.sheet import Position
from transforms.extract.sum_formulas import column_index, summed_ranges
from transforms.extract.xlsx.xlsx_conditional import read_conditional_formats

# Every cell tag that is not in the plain shape all office programs write: such a sheet is parsed instead.
_ODD_CELL = re.compile(rb'<c(?![A-Za-z])(?! r="[A-Z]{1,3}[0-9]{1,7}"(?: [a-z]++="[^"<>]*+")*+ ?/?>)')
_PREFIXED_CELL = re.compile(rb":c[\s/>]")
# Possessive (*+): a formatted cell without a value is passed over without going back through its attributes.
_VALUED = re.compile(rb'<c r="([A-Z]++)([0-9]++)"[^<>]*+(?<!/)>(?!</c>)')
_ERROR = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^<>]* t="e"')
_FORMULA = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^<>]*(?<!/)>\s*<f(?: [^<>]*)?(?:/>|>([^<]*)</f>)\s*'
    rb"(?:<v>([^<]*)</v>|<v ?/>)?\s*(?=</c>)"
)
_STYLED = re.compile(rb'<c r="([A-Z]++)([0-9]++)"([^<>]*+)(?<!/)>(?!</c>)')
_STYLE = re.compile(rb' s="([0-9]{1,6})"')
_FRACTION = re.compile(rb"<v>\s*-?[0-9]*(?:\.[0-9]|[0-9]E-)")
_FRACTIONAL = re.compile(
    rb'<c r="([A-Z]++)([0-9]++)"([^<>]*+)(?<!/)>\s*(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>)\s*)?'
    rb"<v>\s*-?[0-9]*(?:\.[0-9]|[0-9]E-)"
)
_SHARED = re.compile(rb'<c r="([A-Z]++)([0-9]++)"[^<>]*? t="s"[^<>]*+>\s*<v>\s*([0-9]{1,9})\s*</v>')
_INLINE = re.compile(rb'<c r="([A-Z]++)([0-9]++)"[^<>]* t="inlineStr"[^<>]*>\s*<is>(.*?)</is>', re.DOTALL)
_ROW = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""([A-Za-z:]+)\s*=\s*["']([^"']*)["']""")
_HIDING = re.compile(
    rb"""\s(?:hidden\s*=\s*["'](?:1|true)|ht\s*=\s*["'][01](?:\.\d*)?|width\s*=\s*["']0(?:\.[0-4]\d*)?)["']"""
)
_HIDING_MARKS = (
    b' hidden="1',
    b' hidden="t',
    b' ht="0',
    b' ht="1.',
    b' ht="1"',
    b' width="0',
    b"='",
    b"= '",
    b'= "',
)
MAX_MERGED = 50_000  # ranges of a sheet; each costs calamine 5 microseconds
_REFERENCE = re.compile(r"([A-Za-z]+)([0-9]+)$")


@dataclass(frozen=True, slots=True)
class Look:
    """What the workbook declares for all its sheets: cell styles and marked shared strings."""

    styles: Styles = field(default_factory=Styles)
    texts: dict[int, ShownText] = field(default_factory=dict)


def scan_worksheet(data: bytes, look: Look) -> Scan:
    """Scan a worksheet part: its extent and what calamine does not report of its cells."""
    if data.count(b"mergeCell ") > MAX_MERGED:
        too_large("too_many_merged")
    if data.count(b"<sheetData") > 1:
        raise UnreadableFile("FILE-UNREADABLE", "cell_twice")
    if _ODD_CELL.search(data) or _PREFIXED_CELL.search(data):
        scan = _parse_worksheet(data, look)
    else:
        scan = _search_worksheet(data, look)
    if any(mark in data for mark in _HIDING_MARKS):
        _note_hidden(data, scan)
    if b"onditionalFormatting" in data:
        scan.conditional = read_conditional_formats(data, look.styles.conditional)
    return scan


def _search_worksheet(data: bytes, look: Look) -> Scan:
    scan = Scan()
    found = [match.group(1, 2) for match in islice(_VALUED.finditer(data), MAX_CELLS + 1)]
    if len(found) > MAX_CELLS:
        too_large("too_many_cells")
    if len(set(found)) < len(found) or b"</v><v" in data:
        raise UnreadableFile("FILE-UNREADABLE", "cell_twice")
    letters, numbers = map(set, zip(*found, strict=True)) if found else (set(), set())
    scan.cells = len(found)
    scan.rows = max(map(int, numbers), default=0)
    scan.columns = max((column_index(column.decode()) + 1 for column in letters), default=0)
    if b' t="e"' in data:
        scan.errors = {_position(match) for match in _ERROR.finditer(data)}
    if b"<f" in data:
        _note_formulas(data, scan)
    _note_styles(data, look.styles, scan)
    _note_texts(data, look.texts, scan)
    return scan


def _position(match: re.Match[bytes]) -> Position:
    return int(match[2]) - 1, column_index(match[1].decode())


def _note_formulas(data: bytes, scan: Scan) -> None:
    for match in _FORMULA.finditer(data):
        value = (match[4] or b"").strip()
        if not value:
            scan.formulas.add(_position(match))
        elif value == b"0":
            scan.zeros[_position(match)] = summed_ranges((match[3] or b"").decode("utf-8", "replace"))


def _note_styles(data: bytes, styles: Styles, scan: Scan) -> None:
    """Note the cells whose style may change what is shown: fractions of any style, all values of some."""
    if styles.marked and _any_style(frozenset(styles.marked)).search(data):
        for match in _STYLED.finditer(data):
            style = _STYLE.search(match[3])
            if style and int(style[1]) in styles.marked:
                scan.styled[_position(match)] = int(style[1])
    if _FRACTION.search(data):
        for match in _FRACTIONAL.finditer(data):
            style = _STYLE.search(match[3])
            scan.styled[_position(match)] = int(style[1]) if style else 0


@lru_cache(maxsize=64)
def _any_style(indices: frozenset[int]) -> re.Pattern[bytes]:
    return re.compile(b' s="(?:%s)"' % b"|".join(str(index).encode() for index in sorted(indices)))


def _note_texts(data: bytes, shared: dict[int, ShownText], scan: Scan) -> None:
    if shared:
        for match in _SHARED.finditer(data):
            shown = shared.get(int(match[3]))
            if shown is not None:
                scan.texts[_position(match)] = shown
    if b"<is>" in data and has_marked_font(data):
        for match in _INLINE.finditer(data, 0, data.rfind(b"</is>") + 5):  # each search ends at one
            shown = shown_xml_text(match[3])
            if shown is not None:
                scan.texts[_position(match)] = shown


def _note_hidden(data: bytes, scan: Scan) -> None:
    """Note rows and columns that are hidden or too small to show anything.

    A row without a number follows the last one.
    """
    for match in _COLUMN.finditer(data):
        if _is_hidden(match[1]):
            attributes = dict(_ATTRIBUTE.findall(match[1]))
            first, last = _index(attributes.get(b"min")), _index(attributes.get(b"max"))
            scan.hidden_columns.update(range(max(first - 1, 0), min(last, MAX_COLUMN)))
    number = 0
    for match in _ROW.finditer(data):
        number = _index(dict(_ATTRIBUTE.findall(match[1])).get(b"r")) or number + 1
        if number <= MAX_ROW and _is_hidden(match[1]):
            scan.hidden_rows.add(number - 1)


def _is_hidden(attributes: bytes) -> bool:
    return _HIDING.search(b" " + attributes) is not None


def _index(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 0


def _parse_worksheet(data: bytes, look: Look) -> Scan:
    """`_search_worksheet` for cells without references, prefixed tags and odd attributes: exact, but slow."""
    reader = _WorksheetReader(look)
    parse_xml(data, reader.start, reader.end, reader.text)
    return reader.scan


class _WorksheetReader:
    """Walks a worksheet as calamine does: a cell's own reference counts, else the one after the last."""

    def __init__(self, look: Look) -> None:
        self.scan = Scan()
        self.look = look
        self.row, self.column = -1, -1
        self.place = (0, 0)
        self.tag = ""
        self.seen = 0
        self.is_shared = False
        self.style = 0
        self.formula = False
        self.value = self.formula_text = ""
        self.filled: dict[Position, int] = {}  # the number of the cell that holds each place's value

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag.rpartition(":")[2]
        reference = attributes.get("r")
        if self.tag == "row":
            self.row, self.column = (int(reference) - 1 if reference else self.row + 1), -1
        elif self.tag == "c":
            self._cell(reference, attributes)
        elif self.tag in ("v", "is", "f"):
            self.formula |= self.tag == "f"
            self.scan.value_at(*self.place)
            if self.filled.setdefault(self.place, self.seen) != self.seen:
                raise UnreadableFile("FILE-UNREADABLE", "cell_twice")

    def _cell(self, reference: str | None, attributes: dict[str, str]) -> None:
        self.seen += 1
        if self.seen > MAX_CELLS:  # empty cells count here, for what they cost
            too_large("too_many_cells")
        self.place = (max(self.row, 0), self.column + 1)
        if reference:
            match = _REFERENCE.match(reference)
            if match is None:
                damaged()
            self.place = (int(match[2]) - 1, column_index(match[1]))
        self.column = self.place[1]
        self.formula, self.value, self.formula_text = False, "", ""
        self.style = int(attributes["s"]) if attributes.get("s", "").isdecimal() else 0
        self.is_shared = attributes.get("t") == "s"
        if attributes.get("t") == "e":
            self.scan.errors.add(self.place)

    def text(self, text: str) -> None:
        if self.tag == "v":
            self.value += text
        elif self.tag == "f":
            self.formula_text += text

    def end(self, tag: str) -> None:
        self.tag = ""
        if tag.rpartition(":")[2] == "c":
            self._note_cell(self.value.strip())

    def _note_cell(self, value: str) -> None:
        if self.formula and not value:
            self.scan.formulas.add(self.place)
        elif self.formula and value == "0":
            self.scan.zeros[self.place] = summed_ranges(self.formula_text)
        shown = self.look.texts.get(int(value)) if self.is_shared and value.isdecimal() else None
        if shown is not None:
            self.scan.texts[self.place] = shown
        if value and (self.style in self.look.styles.marked or not value.isdecimal()):
            self.scan.styled[self.place] = self.style
