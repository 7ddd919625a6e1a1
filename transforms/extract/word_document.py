"""Tables and paragraphs of a Word document (.docx)."""

from dataclasses import dataclass, field

from transforms.extract.cell_colours import BLACK, WHITE, is_invisible, is_tiny
from transforms.extract.document_tables import Document, Table, holds_figures
from transforms.extract.file_safety import parse_xml, too_large
from transforms.extract.rich_text import Run
from transforms.extract.sheet import MergedRange, Position

_OFF = ("0", "false", "off", "none")
_KEPT_APART = ("delText", "instrText", "delInstrText", "t")  # `t` of drawings and formulas
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DEEPEST = 40  # tables within tables
_PLAIN_STYLES = ("tablegrid", "tablenormal")  # of tables; others may colour cells
_HALF_POINTS = 2


def read_document(data: bytes) -> Document:
    """Read the part word/document.xml. Raises UnreadableFile."""
    reader = _DocumentReader()
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
    fills: tuple[str, str] = (
        WHITE,
        "",
    )  # of the table, "" where a style may have one; of the cell, "" for none
    inner: list[Table] = field(default_factory=list)  # tables inside the cell at hand
    nested: list[tuple[Position, list[Table]]] = field(default_factory=list)


class _DocumentReader:
    """Walks the body; paragraphs go to the cell they are in, or to the document."""

    def __init__(self) -> None:
        self.document = Document()
        self.prefix = ""
        self.tables: list[_OpenTable] = []
        self.paragraphs: list[list[Run]] = []
        self.run = Run("")
        self.in_run = self.is_hidden = False
        self.font: dict[str, str] = {}  # of the run: color, sz, shd, highlight
        self.ignored = 0  # depth inside copies for old programs
        self.tag = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        prefix, _, name = tag.rpartition(":")
        self.prefix = self.prefix or prefix
        self.ignored += name == "Fallback"
        self.tag = tag
        if self.ignored or prefix != self.prefix:
            return
        value = attributes.get(f"{prefix}:val" if prefix else "val", "")
        if name == "tbl":
            self._open_table()
        elif name == "p":
            self.paragraphs.append([])
        elif name == "r":
            self.run, self.in_run, self.is_hidden, self.font = Run(""), True, False, {}
        elif self.in_run:
            self._in_run(name, value, attributes)
        elif self.tables:
            _in_table(self.tables[-1], name, value, _fill(attributes))

    def _open_table(self) -> None:
        if len(self.tables) >= _DEEPEST:
            too_large("too_deep")
        self.tables.append(_OpenTable())

    def _in_run(self, name: str, value: str, attributes: dict[str, str]) -> None:
        if name in ("strike", "dstrike"):
            self.run = replace_run(self.run, is_struck=value.lower() not in _OFF)
        elif name == "vertAlign":
            self.run = replace_run(self.run, position=value.removesuffix("script").removesuffix("baseline"))
        elif name == "vanish":
            self.is_hidden = value.lower() not in _OFF
        elif name in ("color", "sz", "highlight"):
            self.font[name] = value.lower()
        elif name == "shd":
            self.font[name] = _fill(attributes)
        elif name in _MARKS:
            self._append(_MARKS[name])
        elif name == "sym":
            code = next((v for key, v in attributes.items() if key.endswith("char")), "")
            self._append(_symbol(code))

    def _append(self, text: str) -> None:
        self.run = self.run._replace(text=self.run.text + text)

    def text(self, text: str) -> None:
        name = self.tag.rpartition(":")[2]
        if self.ignored:
            return
        if self.in_run and self.tag == (f"{self.prefix}:t" if self.prefix else "t"):
            self._append(text)
        elif name in _KEPT_APART:
            self.document.other_text.append(text)

    def end(self, tag: str) -> None:
        prefix, _, name = tag.rpartition(":")
        self.tag = ""
        if name == "Fallback":
            self.ignored -= 1
        if self.ignored or prefix != self.prefix:
            return
        if name == "r":
            self._end_run()
        elif name == "p" and self.paragraphs:
            self._end_paragraph(self.paragraphs.pop())
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
        if self.is_hidden:  # nobody sees it in the document
            self.document.other_text.append(self.run.text)
        elif self.paragraphs and self.run.text:
            self.paragraphs[-1].append(self.run._replace(is_unseen=self._is_unseen()))
        self.run, self.in_run = Run(""), False

    def _is_unseen(self) -> bool:
        """Whether the run at hand is too small to be read or has the colour of its cell."""
        size = self.font.get("sz", "")
        if size.isdecimal() and is_tiny(str(int(size[:6]) / _HALF_POINTS)):
            return True
        colour = self.font.get("color", "auto").replace("auto", BLACK)
        of_table, of_cell = self.tables[-1].fills if self.tables else (WHITE, "")
        background = self.font.get("shd") or of_cell or of_table
        return "highlight" not in self.font and is_invisible(colour, background)

    def _end_paragraph(self, runs: list[Run]) -> None:
        if self.tables and self.tables[-1].in_cell:
            cell = self.tables[-1]
            cell.runs += [Run("\n"), *runs] if cell.runs else runs
        else:
            for line in "".join(run.text for run in runs).split("\n"):
                self.document.add_line(line)


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


def replace_run(run: Run, is_struck: bool | None = None, position: str | None = None) -> Run:
    """Return the run with another look."""
    run = run if is_struck is None else run._replace(is_struck=is_struck)
    return run if position is None else run._replace(position=position)


def _symbol(code: str) -> str:
    """Return the character of a symbol font, such as a Wingdings tick, by its hexadecimal code."""
    try:
        return chr(int(code[:6], 16))
    except (ValueError, OverflowError):
        return ""


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 6 else 0


def _fill(attributes: dict[str, str]) -> str:
    """The colour that a shading element gives, "" for none."""
    fill = next((v for key, v in attributes.items() if key.rpartition(":")[2] == "fill"), "")
    return "" if fill == "auto" else fill.lower()


def _in_table(state: _OpenTable, name: str, value: str, fill: str) -> None:
    if name == "tr":
        state.table.start_row()
    elif name == "gridBefore":
        state.table.skip(_number(value))
    elif name == "tc":
        state.span, state.vertical, state.runs, state.in_cell = 1, "", [], True
        state.fills = (state.fills[0], "")
    elif name == "tblStyle":
        state.fills = (WHITE if value.lower() in _PLAIN_STYLES else "", "")
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
