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
from transforms.extract.file_safety import MAX_COLUMN, UnreadableFile, too_large
from transforms.extract.html.html_styles import PLAIN, Look, Rules, can_be_seen, look_of, read_rules
from transforms.extract.rich_text import Run
from transforms.extract.sheet import CellFlag

IS_HTML = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div|center)\b",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SKIPPED = ("script", "style", "title", "head", "xml", "noscript", "template", "datalist")
_TYPED_FIELDS = ("", "text", "number", "tel")  # kinds of input elements that show their value
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
_LIST_ENDS = ("select", "input", "td", "th", "tr", "table")  # a browser closes an open list there
_LOOKS = {
    "s": Look(is_struck=True),
    "strike": Look(is_struck=True),
    "del": Look(is_struck=True),
    "sup": Look(position="super"),
    "sub": Look(position="sub"),
    **dict.fromkeys(("span", "font", "b", "i", "u", "a", "em", "strong", "small"), PLAIN),
}
_DEEPEST = 40
_MOST_LOOKS = 10_000
_NUMBER = re.compile(r"[-(]?\s*\d[\d., ]*\)?")
_HALF = 0.5000001  # of the last digit shown


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
                if lower in ("style", "head"):
                    yield from _style_sheets(page[opening:end])
                position = end
            continue
        yield _Tag(lower, tag[name.end() :], tag.startswith("/"))


def _style_sheets(part: str) -> Iterator[_Tag]:
    """Yield the style sheets in a head, or the one of a style element."""
    position, low = 0, part.lower()
    while (opening := low.find("<style", position)) >= 0:
        start = low.find(">", opening) + 1
        end = low.find("</style", start)
        position = len(part) if end < 0 or not start else end
        if start:
            yield _Tag("style", part[start:position])


@dataclass(slots=True)
class _OpenTable:
    table: Table = field(default_factory=Table)
    runs: list[Run] | None = None  # of the open cell
    attributes: dict[str, str] = field(default_factory=dict)
    looks: tuple[Look, Look, Look] = (PLAIN, PLAIN, PLAIN)  # of the table, the open row, the open cell
    columns: int = 0  # that `col` elements have described


@dataclass(slots=True)
class _Option:
    is_selected: bool
    is_disabled: bool
    texts: list[str] = field(default_factory=list)


class _PageReader:
    """Fills tables cell by cell; end tags that a page leaves out are implied by the next tag."""

    def __init__(self) -> None:
        self.document = Document()
        self.has_table = False
        self.tables: list[_OpenTable] = []
        self.line: list[str] = []
        self.options: list[_Option] = []  # of the open list
        self.is_in_option = False
        self.rules: Rules = {}
        self.known_looks: dict[tuple[str, str], Look] = {}  # by element and attributes
        self.inline: list[tuple[str, Look]] = []  # open elements inside a cell or a line

    def take(self, tag: _Tag) -> None:
        if tag.name in _LIST_ENDS:
            self._close_list()
        if not tag.name:
            self._text(_SPACES.sub(" ", tag.text))
        elif tag.name == "style":
            read_rules(tag.text, self.rules)
            self.known_looks.clear()
        elif tag.name in _LOOKS:
            self._close_inline(tag.name) if tag.closes else self._open_inline(tag)
        elif tag.name == "br" or (tag.name in _LINE_ENDS and tag.name != "tr"):
            self._break()
        elif tag.name in ("select", "option", "input"):
            self._field(tag)
        elif tag.name == "table":
            self._close_table() if tag.closes else self._open_table(tag)
        elif self.tables:
            self._table_tag(tag)

    def _field(self, tag: _Tag) -> None:
        """Take from the fields of an input form only what they show: a list shows one option."""
        attributes = _attributes(tag)
        if tag.name == "input":
            is_text = attributes.get("type", "").lower() in _TYPED_FIELDS
            self._text(unescape(attributes.get("value", "")) if is_text else "")
        else:
            self.is_in_option = tag.name == "option" and not tag.closes
            if self.is_in_option:
                self.options.append(_Option("selected" in attributes, "disabled" in attributes))

    def _close_list(self) -> None:
        """Take the selected options of a list, or the first one that can be selected."""
        options, self.options, self.is_in_option = self.options, [], False
        chosen = [option for option in options if option.is_selected]
        for option in chosen or [option for option in options if not option.is_disabled][:1]:
            self._text("".join(option.texts))

    def _look(self, element: str, tag: _Tag) -> Look:
        key = (element, tag.text)
        if key not in self.known_looks:
            if len(self.known_looks) >= _MOST_LOOKS:
                self.known_looks.clear()
            self.known_looks[key] = look_of(element, _attributes(tag), self.rules)
        return self.known_looks[key]

    def _open_inline(self, tag: _Tag) -> None:
        if len(self.inline) < _DEEPEST and not tag.text.endswith("/"):
            look = self._look(tag.name, tag)
            of_kind = _LOOKS[tag.name]
            is_struck, position = look.is_struck or of_kind.is_struck, look.position or of_kind.position
            self.inline.append((tag.name, look._replace(is_struck=is_struck, position=position)))

    def _close_inline(self, name: str) -> None:
        place = next((i for i in reversed(range(len(self.inline))) if self.inline[i][0] == name), None)
        if place is not None:
            del self.inline[place]

    def _text(self, text: str) -> None:
        if self.is_in_option:
            self.options[-1].texts.append(text)
            return
        state = self.tables[-1] if self.tables else None
        looks = [*(state.looks if state else ()), *(look for _, look in self.inline)]
        if any(look.is_removed for look in looks[2:]):
            self.document.other_text.append(text)
        elif state is not None and state.runs is not None:
            position = next((look.position for look in reversed(looks) if look.position), "")
            is_struck = any(look.is_struck for look in looks)
            state.runs.append(Run(text, is_struck, position, not can_be_seen(looks)))
        else:  # a caption, or what a browser shows above the table
            self.line.append(text)

    def _break(self) -> None:
        if self.tables and self.tables[-1].runs is not None:
            self._text("\n")
        else:
            self.document.add_line("".join(self.line).replace("\xa0", " "))
            self.line = []

    def _open_table(self, tag: _Tag) -> None:
        if len(self.tables) >= _DEEPEST:
            too_large("too_deep")
        if not self.tables:
            self._break()
        self.has_table = True
        look = self._look("table", tag)
        self.tables.append(_OpenTable(looks=(look, PLAIN, PLAIN)))
        self.inline = []

    def _close_table(self) -> None:
        if self.tables:
            self._close_cell()
            self._break()
            self.document.add_table(self.tables.pop().table)

    def _table_tag(self, tag: _Tag) -> None:
        state = self.tables[-1]
        if tag.name in ("td", "th", "tr"):
            self._close_cell()
        if tag.closes:
            return
        if tag.name == "tr":
            state.table.start_row()
            look = self._look("tr", tag)
            if look.is_removed or look.is_unseen or state.looks[0].is_removed:
                state.table.hidden_rows.add(len(state.table.rows) - 1)
            state.looks = (state.looks[0], look._replace(is_removed=False, is_unseen=False), PLAIN)
        elif tag.name == "col":
            self._describe_columns(state, _attributes(tag))
        elif tag.name in ("td", "th"):
            state.attributes = _attributes(tag)
            look = self._look("td", tag)
            state.looks = (*state.looks[:2], look._replace(position=""))
            state.runs = []
            self.inline = []

    def _describe_columns(self, state: _OpenTable, attributes: dict[str, str]) -> None:
        first, state.columns = (
            state.columns,
            min(state.columns + _span(attributes.get("span", "")), MAX_COLUMN),
        )
        look = look_of("col", attributes, self.rules)
        if look.is_removed or look.is_unseen:
            state.table.hidden_columns.update(range(first, state.columns))

    def _close_cell(self) -> None:
        state = self.tables[-1]
        if state.runs is None:
            return
        runs, state.runs = state.runs, None
        self.inline = []
        if state.looks[2].is_removed:
            return
        text = "".join(run.text for run in runs).replace("\xa0", " ")
        lines = [" ".join(line.split()) for line in text.split("\n")]
        value = "\n".join(line for line in lines if line)
        columns, rows = (_span(state.attributes.get(name, "")) for name in ("colspan", "rowspan"))
        stored = _stored_number(value, state.attributes)
        position = state.table.add((value or None) if stored is None else stored, columns, rows, runs)
        if stored is not None and not _shows(value, stored):
            state.table.flags.setdefault(position, CellFlag.AMBIGUOUS)
            state.table.displayed.setdefault(position, value)

    def finish(self) -> None:
        self._close_list()
        while self.tables:
            self._close_table()
        self._break()


def _attributes(tag: _Tag) -> dict[str, str]:
    return {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(tag.text)}


def _span(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _stored_number(text: str, attributes: dict[str, str]) -> float | None:
    """Return the number that Excel keeps beside the text of a cell; None where it shows no number."""
    stored = attributes.get("x:num", "")
    if not stored or not _NUMBER.fullmatch(text):
        return None
    with contextlib.suppress(ValueError):
        number = float(stored)
        return number if math.isfinite(number) else None
    return None


def _shows(text: str, number: float) -> bool:
    """Whether a text shows a number, rounded and with either sign as its decimal sign."""
    is_negative = text.lstrip().startswith(("-", "("))
    if number and is_negative != (number < 0):
        return False
    digits = text.replace(" ", "").strip("()-")
    for grouping, decimal in ((".", ","), (",", ".")):
        whole, _, fraction = digits.replace(grouping, "").partition(decimal)
        with contextlib.suppress(ValueError):
            if abs(float(f"{whole or 0}.{fraction or 0}") - abs(number)) <= _HALF * 10.0 ** -len(fraction):
                return True
    return False
