"""Tables of an HTML page, also one saved as .xls or as a web archive (.mht).

A small tokenizer of its own: html.parser needs quadratic time for some malformed pages.
"""

import contextlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from transforms.extract.document_tables import Document, Table
from transforms.extract.file_safety import UnreadableFile, too_large
from transforms.extract.rich_text import Run

IS_HTML = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div|center)\b",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SKIPPED = ("script", "style", "title", "head", "xml", "noscript", "template")
_LINE_ENDS = (
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "center",
    "tr",
    "caption",
    "pre",
    "dd",
    "dt",
)
_STRUCK = ("s", "strike", "del")
_POSITIONS = {"sup": "super", "sub": "sub"}
_DEEPEST = 40


class _Tag(NamedTuple):
    """A tag, or text where the name is ""."""

    name: str
    text: str
    closes: bool = False


def read_html(page: str) -> Document:
    """Read the tables and lines of a page. Raises UnreadableFile where it has no table."""
    reader = _PageReader()
    for tag in _tags(page):
        reader.take(tag)
    reader.finish()
    if not reader.has_table:
        raise UnreadableFile("FILE-UNREADABLE", "web_page")
    return reader.document


def _tags(page: str) -> Iterator[_Tag]:
    """Yield tags and the text between them, without comments, scripts and the head."""
    position, low = 0, page.lower()
    skipped = set(_SKIPPED)
    while position < len(page):
        opening = page.find("<", position)
        if opening < 0:
            opening = len(page)
        if opening > position:
            yield _Tag("", unescape(page[position:opening]))
        closing = page.find("-->" if page.startswith("<!--", opening) else ">", opening)
        if closing < 0:
            return
        tag = page[opening + 1 : closing]
        name = re.match(r"/?([A-Za-z][\w:]*)", tag)
        position = page.index(">", closing) + 1
        if name is None:
            continue
        lower = name[1].lower()
        if lower in skipped and not tag.startswith("/") and not tag.endswith("/"):
            end = low.find(f"</{lower}", position)
            if end < 0:
                skipped.discard(lower)  # never closed: searched for once only
            else:
                position = end
            continue
        yield _Tag(lower, tag[name.end() :], tag.startswith("/"))


@dataclass(slots=True)
class _OpenTable:
    table: Table = field(default_factory=Table)
    runs: list[Run] | None = None  # of the open cell
    attributes: dict[str, str] = field(default_factory=dict)


class _PageReader:
    """Fills tables cell by cell; end tags that a page leaves out are implied by the next tag."""

    def __init__(self) -> None:
        self.document = Document()
        self.has_table = False
        self.tables: list[_OpenTable] = []
        self.line: list[str] = []
        self.struck = 0
        self.positions: list[str] = []

    def take(self, tag: _Tag) -> None:
        if not tag.name:
            self._text(_SPACES.sub(" ", tag.text))
        elif tag.name in _STRUCK:
            self.struck = max(self.struck + (-1 if tag.closes else 1), 0)
        elif tag.name in _POSITIONS:
            self._move(tag)
        elif tag.name == "br" or (tag.name in _LINE_ENDS and tag.name != "tr"):
            self._break()
        elif tag.name == "table":
            self._close_table() if tag.closes else self._open_table()
        elif self.tables:
            self._table_tag(tag)

    def _move(self, tag: _Tag) -> None:
        if tag.closes:
            del self.positions[-1:]
        elif len(self.positions) < _DEEPEST:
            self.positions.append(_POSITIONS[tag.name])

    def _text(self, text: str) -> None:
        if self.tables and self.tables[-1].runs is not None:
            position = self.positions[-1] if self.positions else ""
            self.tables[-1].runs.append(Run(text, self.struck > 0, position))
        elif not self.tables:
            self.line.append(text)

    def _break(self) -> None:
        if self.tables:
            self._text("\n")
        else:
            self.document.add_line("".join(self.line).replace("\xa0", " "))
            self.line = []

    def _open_table(self) -> None:
        if len(self.tables) >= _DEEPEST:
            too_large("too_deep")
        if not self.tables:
            self._break()
        self.has_table = True
        self.tables.append(_OpenTable())

    def _close_table(self) -> None:
        if self.tables:
            self._close_cell()
            self.document.add_table(self.tables.pop().table)

    def _table_tag(self, tag: _Tag) -> None:
        state = self.tables[-1]
        if tag.name in ("td", "th", "tr"):
            self._close_cell()
        if tag.closes:
            return
        if tag.name == "tr":
            state.table.start_row()
            if _HIDDEN.search(tag.text):
                state.table.hidden_rows.add(len(state.table.rows) - 1)
        elif tag.name in ("td", "th"):
            state.attributes = {
                m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(tag.text)
            }
            state.runs = []

    def _close_cell(self) -> None:
        state = self.tables[-1]
        if state.runs is None:
            return
        runs, state.runs = state.runs, None
        text = "".join(run.text for run in runs).replace("\xa0", " ")
        lines = [" ".join(line.split()) for line in text.split("\n")]
        value = "\n".join(line for line in lines if line)
        columns, rows = (_span(state.attributes.get(name, "")) for name in ("colspan", "rowspan"))
        state.table.add(_cell_value(value, state.attributes), columns, rows, runs)

    def finish(self) -> None:
        while self.tables:
            self._close_table()
        self._break()


def _span(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _cell_value(text: str, attributes: dict[str, str]) -> object:
    """Return the number that Excel keeps beside a cell's text, or the text; None for a blank cell."""
    stored = attributes.get("x:num", "")
    if stored and "%" not in text:
        with contextlib.suppress(ValueError):
            number = float(stored)
            return number if math.isfinite(number) else text
    return text or None
