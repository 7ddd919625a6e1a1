"""Extents, styles, formulas and hidden cells of the sheets of an .xls file (BIFF records)."""

import struct
from collections.abc import Iterator, Mapping

from transforms.extract.cell_colours import BLACK, WHITE, indexed_colour, is_invisible, is_tiny
from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import MAX_SHEETS, UnreadableFile, damaged, too_large
from transforms.extract.number_formats import BUILT_IN, parse_format
from transforms.extract.ole_file import workbook_stream
from transforms.extract.rich_text import ShownText, TextFont
from transforms.extract.scan import Scan
from transforms.extract.sum_formulas import summed_ranges_of_tokens
from transforms.extract.symbol_fonts import symbol_font
from transforms.extract.xls.xls_conditional import RULE_RECORDS, XlsRules
from transforms.extract.xls.xls_texts import marked_texts

_EOF, _FILEPASS, _BOUNDSHEET, _DIMENSIONS, _MULRK, _BOF = 0x000A, 0x002F, 0x0085, 0x0200, 0x00BD, 0x0809
_FORMULA_CELL, _BOOLEAN_OR_ERROR, _LABEL_SST = 0x0006, 0x0205, 0x00FD
_FONT, _FORMAT, _XF, _ROW, _COLUMNS, _SST, _CONTINUE = 0x0031, 0x041E, 0x00E0, 0x0208, 0x007D, 0x00FC, 0x003C
# FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK: each starts with its row and column.
_VALUE_RECORDS = frozenset({0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E})
_HEADER, _FOOTER, _TEXT_OBJECT = 0x0014, 0x0015, 0x01B6
_RK, _NUMBER = 0x027E, 0x0203
_WHOLE = 2  # the last two bits of a packed figure: a whole number that is not divided by 100
_WRITER = 0x005C
_LOWEST_ROW, _NARROWEST = 40, 128  # twips, and 256ths of a letter: smaller ones show nothing
_SHORTEST_HEADER = 3  # bytes before the text of a header
_BIFF8 = 0x0600
_AUTOMATIC = 0x7FFF  # colour of a font
_TWIPS_OF_POINT = 20
_LONGEST_STYLE = 20  # bytes
_XLWT = b"None "  # the user name that xlwt writes, without the header that Excel gives it


class _Globals:
    """What the workbook declares for all sheets: their offsets, fonts, formats, styles, shared texts."""

    def __init__(self) -> None:
        self.offsets: list[int] = []
        self.is_biff8 = True
        self.codes = dict(BUILT_IN)
        self.fonts: list[TextFont] = []
        self.colours: list[str] = []  # of the fonts
        self.symbols: dict[int, str] = {}  # names of the fonts of symbols
        self.tiny: set[int] = set()  # places of the fonts that nobody can read
        self.looks: list[tuple[int, int, str]] = []  # font, format and fill of each style
        self.is_calculated = True  # False for a library that writes formulas without their results
        self.shared: list[bytes] = []  # the record of the shared texts and its continuations

    def styles(self) -> Styles:
        styles = Styles()
        for font, number, fill in self.looks:
            is_struck, position, _ = self.font(font)
            code = self.codes.get(number, "General")
            unseen = _place(font) in self.tiny or is_invisible(self.colour(font), fill, code)
            symbols = self.symbols.get(_place(font), "")
            styles.add(parse_format(code), is_struck, bool(position), unseen, symbols)
        return styles

    def add_font(self, data: bytes) -> None:
        twips, flags, colour, position = struct.unpack_from("<HHH2xH", data)
        shown = BLACK if colour == _AUTOMATIC else indexed_colour(colour)
        tiny = is_tiny(str(twips / _TWIPS_OF_POINT))
        if tiny:
            self.tiny.add(len(self.fonts))
        if self.is_biff8 and (name := symbol_font(_letters(data[15:], data[14]))):
            self.symbols[len(self.fonts)] = name
        self.colours.append(shown)
        raised = {1: "super", 2: "sub"}.get(position, "")
        self.fonts.append(TextFont(bool(flags & 8), raised, tiny or is_invisible(shown, WHITE)))

    def font(self, index: int) -> TextFont:
        place = _place(index)
        return self.fonts[place] if place < len(self.fonts) else TextFont()

    def colour(self, index: int) -> str:
        place = _place(index)
        return self.colours[place] if place < len(self.colours) else ""

    def texts(self) -> dict[int, ShownText]:
        if not self.is_biff8 or not any(font != TextFont() for font in self.fonts):
            return {}
        return marked_texts(self.shared, self.font)


def _place(font: int) -> int:
    """The place of a font among those declared: none has the number 4."""
    return font - 1 if font > 4 else font


def scan_xls(content: bytes) -> tuple[list[Scan], Styles]:
    """Return a scan for each sheet of an .xls file, in order, and its styles. Raises UnreadableFile."""
    try:
        stream = workbook_stream(content)
        declared = _read_globals(stream)
        if len(declared.offsets) > MAX_SHEETS:
            too_large("too_many_sheets")
        styles, texts = declared.styles(), declared.texts()
        scans = [
            _scan_sheet(stream, offset, styles.marked, texts, declared.codes) for offset in declared.offsets
        ]
    except (struct.error, IndexError):
        damaged()
    if not declared.is_calculated:
        for scan in scans:
            scan.is_never_calculated = True
            scan.formulas |= scan.blank_formulas
    return scans, styles


def _read_globals(stream: bytes) -> _Globals:
    found = _Globals()
    last = 0
    for record, data in _records(stream, 0):
        if record == _FILEPASS:
            raise UnreadableFile("FILE-UNREADABLE", "encrypted")
        if record == _BOF:
            found.is_biff8 = struct.unpack_from("<H", data)[0] == _BIFF8
        elif record == _WRITER:
            found.is_calculated = not data.startswith(_XLWT)
        elif record == _BOUNDSHEET:
            found.offsets.append(struct.unpack_from("<I", data)[0])
        elif record == _FONT:
            found.add_font(data)
        elif record == _FORMAT:
            found.codes[struct.unpack_from("<H", data)[0]] = _format_code(data, found.is_biff8)
        elif record == _XF:
            found.looks.append((*struct.unpack_from("<HH", data), _fill(data, found.is_biff8)))
        elif record == _SST or (record == _CONTINUE and last == _SST):
            found.shared.append(data)
            record = _SST
        last = record
    return found


def _fill(data: bytes, is_biff8: bool) -> str:
    """The colour of a cell style's solid fill, white for none, "" where it is not known."""
    if not is_biff8 or len(data) < _LONGEST_STYLE:
        return ""
    pattern, colours = data[17] >> 2, struct.unpack_from("<H", data, 18)[0]
    if pattern > 1:
        return ""
    return indexed_colour(colours & 0x7F) if pattern else WHITE


def _format_code(data: bytes, is_biff8: bool) -> str:
    if not is_biff8:
        return data[3 : 3 + data[2]].decode("cp1252", "replace")
    length, flags = struct.unpack_from("<HB", data, 2)
    if flags & 1:
        return data[5 : 5 + 2 * length].decode("utf-16-le", "replace")
    return data[5 : 5 + length].decode("latin-1")


def _scan_sheet(
    stream: bytes, offset: int, marked: set[int], texts: dict[int, ShownText], codes: Mapping[int, str]
) -> Scan:
    scan, rules = Scan(), XlsRules(codes)
    letters = 0  # of a comment or text box that are still to come
    for record, data in _records(stream, offset):
        if record in _VALUE_RECORDS:
            _note_cell(scan, record, data, marked, texts)
        elif record == _TEXT_OBJECT:
            letters = struct.unpack_from("<H", data, 10)[0]
            scan.other_texts.append("")
        elif record == _CONTINUE and letters:
            scan.other_texts[-1] += _letters(data, letters)
            letters -= len(data) // (1 + (data[0] & 1))
            letters = max(letters, 0)
        elif record in (_HEADER, _FOOTER) and len(data) > _SHORTEST_HEADER:
            scan.other_texts.append(_letters(data[2:], struct.unpack_from("<H", data)[0]))
        elif record == _DIMENSIONS:
            _check_dimensions(data)
        elif record == _ROW:
            if data[12] & 0x20 or struct.unpack_from("<H", data, 6)[0] & 0x7FFF < _LOWEST_ROW:
                scan.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif record == _COLUMNS and (data[8] & 1 or struct.unpack_from("<H", data, 4)[0] < _NARROWEST):
            first, last = struct.unpack_from("<HH", data)
            scan.hidden_columns.update(range(first, min(last, 255) + 1))
        elif record in RULE_RECORDS:
            rules.note(record, data)
    scan.conditional = rules.found
    return scan


def _letters(data: bytes, count: int) -> str:
    """The letters of a record, which a byte precedes that states how wide they are."""
    if data[0] & 1:
        return data[1 : 1 + 2 * count].decode("utf-16-le", "replace")
    return data[1 : 1 + count].decode("latin-1")


def _note_cell(scan: Scan, record: int, data: bytes, marked: set[int], texts: dict[int, ShownText]) -> None:
    row, column, style = struct.unpack_from("<HHH", data)
    if record == _MULRK:
        count = (len(data) - 6) // 6
        scan.value_at(row, column, 1, count)
        for i in range(count):
            style, figure = struct.unpack_from("<HI", data, 4 + 6 * i)
            if figure & 3 != _WHOLE or style in marked:
                scan.styled[row, column + i] = style
        return
    scan.value_at(row, column)
    if style in marked or _may_be_fraction(record, data):
        scan.styled[row, column] = style
    if record == _BOOLEAN_OR_ERROR and data[7] == 1:
        scan.errors.add((row, column))
    elif record == _FORMULA_CELL:
        _note_formula(scan, (row, column), data)
    elif record == _LABEL_SST and texts:
        shown = texts.get(struct.unpack_from("<I", data, 6)[0])
        if shown is not None:
            scan.texts[row, column] = shown


def _may_be_fraction(record: int, data: bytes) -> bool:
    if record == _RK:
        packed: int = struct.unpack_from("<I", data, 6)[0]
        return packed & 3 != _WHOLE
    if record not in (_NUMBER, _FORMULA_CELL):
        return False
    figure: float = struct.unpack_from("<d", data, 6)[0]
    return figure % 1 != 0


def _note_formula(scan: Scan, position: tuple[int, int], data: bytes) -> None:
    if data[12:14] == b"\xff\xff":
        if data[6] == 2:
            scan.errors.add(position)
        elif data[6] == 3:
            scan.blank_formulas.add(position)
    elif struct.unpack_from("<d", data, 6)[0] == 0:
        length = struct.unpack_from("<H", data, 20)[0]
        scan.zeros[position] = summed_ranges_of_tokens(data[22 : 22 + length])


def _check_dimensions(data: bytes) -> None:
    """Raise where the record would make calamine reserve more memory than a sheet can need."""
    layout = "<HHHH" if len(data) == 10 else "<IIHH"  # before 1997 with small row numbers
    first_row, last_row, first_column, last_column = struct.unpack_from(layout, data)
    if last_row > 65_536 or last_column > 256 or first_row > last_row or first_column > last_column:
        damaged()


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """Yield (type, data) from a position to the end of the substream, without the charts inside it."""
    depth = 0
    while position + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, position)
        depth += (record == _BOF) - (record == _EOF)
        if record == _EOF and depth <= 0:
            return
        if depth <= 1:
            yield record, stream[position + 4 : position + 4 + length]
        position += 4 + length
