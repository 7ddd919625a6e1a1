"""Tables and paragraphs of a Word document (.docx)."""

from dataclasses import dataclass, field

from transforms.extract.cell_colours import WHITE
from transforms.extract.document_tables import Document, Table, holds_figures
from transforms.extract.file_safety import parse_xml, too_large
from transforms.extract.rich_text import Run
from transforms.extract.sheet import MergedRange, Position
from transforms.extract.symbol_fonts import shown_symbol, symbol_font
from transforms.extract.word.word_styles import Font, Look, WordStyles, fill_of, font_property

_KEPT_APART = ("delText", "instrText", "delInstrText", "t")  # `t` of drawings and formulas
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DEEPEST = 40  # tables within tables
_PLAIN_STYLES = ("tablegrid", "tablenormal")  # of tables, where the styles are not declared
_TAKEN_AWAY = ("del", "moveFrom")  # text of a tracked change that is to be no more
_OLD_LOOK = "Change"  # the end of the names of elements with the look before a tracked change


def read_document(data: bytes, styles: WordStyles) -> Document:
    """Read the part word/document.xml or one of a page header. Raises UnreadableFile."""
    reader = _DocumentReader(styles)
    parse_xml(data, reader.start, reader.end, reader.text)
    return reader.document


@dataclass(slots=True)
class _OpenTable:
    table: Table = field(default_factory=Table)
    span: int = 1
    vertical: str = ""  # "restart" or "continue" of a cell merged downwards
    above: dict[int, int] = field(default_factory=dict)  # first column of an open merge -> its index
    runs: list[Run] = field(default_factory=list)
    in_cell: bool = False
    is_deleted: tuple[bool, bool] = (False, False)  # the row and the cell at hand, by tracked changes
    style: str = ""
    # Of the table, "" where a style may have one; of the cell, "" for none.
    fills: tuple[str, str] = (WHITE, "")
    inner: list[Table] = field(default_factory=list)  # tables inside the cell at hand
    nested: list[tuple[Position, list[Table]]] = field(default_factory=list)


@dataclass(slots=True)
class _Paragraph:
    style: str
    runs: list[Run] = field(default_factory=list)


class _DocumentReader:
    """Walks the body; paragraphs go to the cell they are in, or to the document."""

    def __init__(self, styles: WordStyles) -> None:
        self.styles = styles
        self.document = Document()
        self.prefix = ""
        self.tables: list[_OpenTable] = []
        self.paragraphs: list[_Paragraph] = []
        self.pieces: list[str] = []  # of the text of the run at hand
        self.in_run = False
        self.font: dict[str, str] = {}  # the properties of the run's own font
        self.text_style = ""  # of the run at hand
        self.ignored = 0  # depth inside copies for old programs and inside former looks
        self.taken_away = 0  # depth inside texts that tracked changes take away
        self.tag = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        self.prefix = self.prefix or prefix
        self.ignored += _is_ignored(name)
        self.taken_away += name in _TAKEN_AWAY
        self.tag = tag
        if self.ignored or prefix != self.prefix:
            return
        value = attributes.get(f"{prefix}:val" if prefix else "val", "")
        if name == "tbl":
            self._open_table()
        elif name == "p":
            self.paragraphs.append(_Paragraph(self.styles.default_paragraph))
        elif name == "pStyle" and self.paragraphs:
            self.paragraphs[-1].style = value
        elif name == "r":
            self.pieces, self.in_run, self.font, self.text_style = [], True, {}, ""
        elif self.in_run:
            self._in_run(name, value, attributes)
        elif self.tables:
            self._in_table(self.tables[-1], name, value, fill_of(attributes))

    def _open_table(self) -> None:
        if len(self.tables) >= _DEEPEST:
            too_large("too_deep")
        self.tables.append(_OpenTable())

    def _in_run(self, name: str, value: str, attributes: dict[str, str]) -> None:
        if name == "rStyle":
            self.text_style = value
        elif name in _MARKS:
            self.pieces.append(_MARKS[name])
        elif name == "sym":
            code = next((v for key, v in attributes.items() if key.endswith("char")), "")
            font = next((v for key, v in attributes.items() if key.endswith("font")), "")
            self.pieces.append(_symbol(code, symbol_font(font)))
        else:
            self.font |= font_property(name, value, attributes)

    def _in_table(self, state: _OpenTable, name: str, value: str, fill: str) -> None:
        if name == "tblStyle":
            is_plain = value.lower() in _PLAIN_STYLES or not self.styles.colours_cells(value)
            state.style, state.fills = value, (WHITE if is_plain else "", "")
        else:
            _in_table(state, name, value, fill)

    def text(self, text: str) -> None:
        name = self.tag.rpartition(":")[2]
        if self.ignored:
            return
        if self.in_run and self.tag == (f"{self.prefix}:t" if self.prefix else "t"):
            self.pieces.append(text)
        elif name in _KEPT_APART:
            self.document.other_text.append(text)

    def end(self, tag: str) -> None:
        prefix, _, name = tag.rpartition(":")
        self.tag = ""
        self.taken_away -= name in _TAKEN_AWAY
        if _is_ignored(name):
            self.ignored -= 1
        if self.ignored or prefix != self.prefix:
            return
        if name == "r":
            self._end_run()
        elif name == "p" and self.paragraphs:
            self._end_paragraph(self.paragraphs.pop().runs)
        elif name == "tc" and self.tables:
            _add_cell(self.tables[-1])
        elif name == "tbl" and self.tables:
            self._close_table(self.tables.pop())

    def _close_table(self, closed: _OpenTable) -> None:
        tables = _unnested(closed)
        if self.tables:
            self.tables[-1].inner += tables
            return
        for table in tables:
            self.document.add_table(table)

    def _end_run(self) -> None:
        text, self.pieces, self.in_run = "".join(self.pieces), [], False
        if not text or not self.paragraphs:
            return
        look = self._look()
        if look.is_hidden or self.taken_away or any(any(table.is_deleted) for table in self.tables):
            self.document.other_text.append(text)  # nobody sees it in the finished document
        else:
            self.paragraphs[-1].runs.append(Run(text, look.is_struck, look.position, look.is_unseen))

    def _look(self) -> Look:
        """How the run at hand is shown in its paragraph and cell."""
        of_table: Font = {}
        background = WHITE
        if self.tables:
            of_table = self.styles.font_of(self.tables[-1].style)
            background = self.tables[-1].fills[1] or self.tables[-1].fills[0]
        of_text = self.styles.font_of(self.text_style)
        of_paragraph = self.styles.font_of(self.paragraphs[-1].style)
        return self.styles.look(self.font, of_text, of_paragraph, of_table, background)

    def _end_paragraph(self, runs: list[Run]) -> None:
        if self.tables and self.tables[-1].in_cell:
            cell = self.tables[-1]
            cell.runs += [Run("\n"), *runs] if cell.runs else runs
            return
        seen = [run.text for run in runs if not (run.is_struck or run.is_unseen)]
        self.document.other_text += [run.text for run in runs if run.is_struck or run.is_unseen]
        for line in "".join(seen).split("\n"):
            self.document.add_line(line)


def _is_ignored(name: str) -> bool:
    return name == "Fallback" or name.endswith(_OLD_LOOK)


def _unnested(closed: _OpenTable) -> list[Table]:
    """Return a table and those inside its cells, which are behind a frame, or part of a cell of figures."""
    found = [closed.table]
    is_frame = not holds_figures(closed.table)
    for (row, column), tables in closed.nested:
        found += [table for table in tables if is_frame or holds_figures(table)]
        if not is_frame:
            texts = [str(v) for table in tables for line in table.rows for v in line if v is not None]
            own = closed.table.rows[row][column]
            closed.table.rows[row][column] = " ".join([*([] if own is None else [str(own)]), *texts]) or None
    return found


def _symbol(code: str, font: str) -> str:
    """Return the sign of a symbol font, such as a Wingdings tick, by its hexadecimal code."""
    try:
        letter = chr(int(code[:6], 16))
    except (ValueError, OverflowError):
        return ""
    return shown_symbol(font, letter) or letter


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 6 else 0


def _in_table(state: _OpenTable, name: str, value: str, fill: str) -> None:
    if name == "tr":
        state.table.start_row()
        state.is_deleted = (False, False)
    elif name == "del" and not state.in_cell:
        state.is_deleted = (True, False)
    elif name == "cellDel":
        state.is_deleted = (state.is_deleted[0], True)
    elif name == "gridBefore":
        state.table.skip(_number(value))
    elif name == "tc":
        state.span, state.vertical, state.runs, state.in_cell = 1, "", [], True
        state.fills = (state.fills[0], "")
        state.is_deleted = (state.is_deleted[0], False)
    elif name == "shd" and fill:
        state.fills = (state.fills[0], fill) if state.in_cell else (fill, "")
    elif name == "gridSpan":
        state.span = _number(value) or 1
    elif name == "vMerge":
        state.vertical = "restart" if value == "restart" else "continue"
    elif name == "hidden" and state.table.rows:
        state.table.hidden_rows.add(len(state.table.rows) - 1)


def _add_cell(state: _OpenTable) -> None:
    """Add the cell at hand; one that continues a merge only lengthens it."""
    text = "".join(run.text.replace("\t", " ") for run in state.runs).strip()
    table = state.table
    state.in_cell = False
    if state.vertical == "continue":
        row, column = table.add(None, 1)
        table.skip(state.span - 1)
        _lengthen(state, row, column)
        return
    row, column = table.add(text or None, state.span, runs=state.runs)
    if state.inner:
        state.nested.append(((row, column), state.inner))
        state.inner = []
    state.above.pop(column, None)
    if state.vertical == "restart":
        if state.span == 1:
            table.merged.append(MergedRange(row, column, row, column))
        state.above[column] = len(table.merged) - 1


def _lengthen(state: _OpenTable, row: int, column: int) -> None:
    index = state.above.get(column)
    if index is not None:
        state.table.merged[index] = state.table.merged[index]._replace(last_row=row)
