"""Extents, formats, errors, merged and hidden cells of the tables of an .ods file."""

from itertools import islice

from transforms.extract.cell_styles import Styles
from transforms.extract.file_safety import (
    MAX_CELLS,
    MAX_COLUMN,
    MAX_EXPANDED_BYTES,
    MAX_ROW,
    MAX_SHEETS,
    parse_xml,
    too_large,
)
from transforms.extract.ods.ods_conditions import RulesOfRanges, formats_of, ranges_of_addresses
from transforms.extract.ods.ods_styles import OdsStyles
from transforms.extract.rich_text import Run, TextFont, shown_text
from transforms.extract.scan import Scan
from transforms.extract.sheet import MOST_PRINTED, MergedRange
from transforms.extract.sum_formulas import summed_ranges_of_odf

_HIDDEN = ("collapse", "filter")
_SPACES = {"text:tab": " ", "text:line-break": "\n"}
_MAX_SPACES = 1_000


def scan_ods(data: bytes, common_styles: bytes = b"") -> tuple[list[Scan], Styles]:
    """Return a scan for each table of content.xml and its cell styles; common_styles is styles.xml."""
    styles = OdsStyles()
    if common_styles:
        parse_xml(common_styles, styles.start, styles.end, styles.text)
    reader = _OdsReader(styles)
    parse_xml(data, reader.start, reader.end, reader.text)
    if reader.expanded > MAX_EXPANDED_BYTES:
        too_large("expands_too_far")
    for scan, places, rules in zip(reader.scans, reader.conditional, reader.rules, strict=True):
        areas = {style: tuple(ranges) for style, ranges in places.items()}
        mapped = [(areas[style], condition) for style in areas for condition in styles.conditions[style]]
        scan.conditional = formats_of([*mapped, *rules.found], styles.look_of)
    return reader.scans, styles.styles


class _OdsReader:
    """Walks the tables of content.xml; rows and cells are there once with the number of their repeats."""

    def __init__(self, styles: OdsStyles) -> None:
        self.scans: list[Scan] = []
        self.conditional: list[dict[int, list[MergedRange]]] = []  # cells by their style with conditions
        self.rules: list[RulesOfRanges] = []
        self.styles = styles
        self.row = self.column = 0
        self.row_count = 1
        self.seen = 0
        self.repeats = 1  # of the cell at hand
        self.expanded = 0  # characters that repeated values become
        self.column_styles: list[int] = []
        self.row_style = ""
        self.is_figure = False  # whether the cell at hand holds a value that its text only shows
        self.place: tuple[int, int] | None = None  # of the cell at hand, where it holds a value
        self.count = 1
        self.runs: list[Run] = []
        self.paragraphs = 0
        self.has_marks = False  # spaces, breaks or fonts that calamine leaves out of a text
        self.fonts: list[TextFont] = []
        self.annotations = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.scans and not tag.startswith("table:"):
            self.styles.start(tag, attributes)
            return
        self.seen += tag.startswith("table:table-")
        if self.seen > MAX_CELLS:  # empty rows and cells count here, for what they cost
            too_large("too_many_cells")
        if tag in ("table:table-cell", "table:covered-table-cell"):
            if self.scans:
                self._cell(attributes)
        elif tag == "table:table-row":
            self._row(attributes)
        elif tag == "table:table":
            self._table(attributes)
        elif tag == "table:table-column" and self.scans:
            self._column(attributes)
        elif tag == "office:annotation":
            self.annotations += 1
        elif tag.startswith("calcext:") and self.rules:
            self.rules[-1].start(tag, attributes)
        elif self.place and not self.annotations:
            self._in_cell(tag, attributes)

    def _table(self, attributes: dict[str, str]) -> None:
        areas = ranges_of_addresses(attributes.get("table:print-ranges", ""))
        self.scans.append(Scan(printed=list(islice(areas, MOST_PRINTED))))
        self.conditional.append({})
        self.rules.append(RulesOfRanges())
        self.row = 0
        self.column_styles = []
        if len(self.scans) > MAX_SHEETS:
            too_large("too_many_sheets")

    def _column(self, attributes: dict[str, str]) -> None:
        first = len(self.column_styles)
        count = min(int(attributes.get("table:number-columns-repeated", 1)), MAX_COLUMN - first)
        style = self.styles.index_of(attributes.get("table:default-cell-style-name", ""))
        self.column_styles += [style] * count
        if attributes.get("table:visibility") in _HIDDEN:
            self.scans[-1].hidden_columns.update(range(first, first + count))

    def _row(self, attributes: dict[str, str]) -> None:
        self.row_count = int(attributes.get("table:number-rows-repeated", 1))
        self.column = 0
        self.row_style = attributes.get("table:default-cell-style-name", "")
        if self.scans and attributes.get("table:visibility") in _HIDDEN:
            last = min(self.row + self.row_count, MAX_ROW)
            self.scans[-1].hidden_rows.update(range(self.row, last))

    def _cell(self, attributes: dict[str, str]) -> None:
        scan, place = self.scans[-1], (self.row, self.column)
        self.count = int(attributes.get("table:number-columns-repeated", 1))
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if "office:value-type" in attributes:
            scan.value_at(*place, self.row_count, self.count)
            self.repeats = self.row_count * self.count
            self.text("".join(attributes.values()) if self.repeats > 1 else "")
            self._note_value(scan, attributes)
        elif "table:formula" in attributes:
            scan.formulas.add(place)
        if down > 1 or across > 1:
            scan.merged.append(MergedRange(*place, self.row + down - 1, self.column + across - 1))
        self.column += self.count

    def _note_value(self, scan: Scan, attributes: dict[str, str]) -> None:
        row, column = self.place = (self.row, self.column)
        self.runs, self.paragraphs, self.has_marks, self.fonts = [], 0, False, []
        if attributes.get("calcext:value-type") == "error":
            scan.errors.add(self.place)
        elif "table:formula" in attributes and attributes.get("office:value") == "0":
            scan.zeros[self.place] = summed_ranges_of_odf(attributes["table:formula"])
        default = self.column_styles[column] if column < len(self.column_styles) else 0
        name = attributes.get("table:style-name") or self.row_style
        style = self.styles.index_of(name) if name else default
        if style in self.styles.styles.marked or not attributes.get("office:value", "0").isdecimal():
            for position in self._repeated(row, column):
                scan.styled[position] = style

        if style in self.styles.conditions:
            last = (row + self.row_count - 1, column + self.count - 1)
            self.conditional[-1].setdefault(style, []).append(MergedRange(row, column, *last))
        self.is_figure = attributes["office:value-type"] != "string"

    def _repeated(self, row: int, column: int) -> list[tuple[int, int]]:
        rows = range(row, min(row + self.row_count, MAX_ROW))
        columns = range(column, min(column + self.count, MAX_COLUMN))
        return [(r, c) for r in rows for c in columns]

    def _in_cell(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "text:p":
            self.paragraphs += 1
            if self.paragraphs > 1:
                self._append("\n")
        elif tag == "text:s":
            self.has_marks = True
            count = attributes.get("text:c", "1")
            self._append(" " * min(int(count), _MAX_SPACES))
        elif tag in _SPACES:
            self.has_marks = True
            self._append(_SPACES[tag])
        elif tag == "text:span":
            font = self.styles.fonts.get(attributes.get("text:style-name", ""), TextFont())
            self.fonts.append(font)
            self.has_marks |= font != TextFont()

    def _append(self, text: str) -> None:
        self.runs.append(Run(text, *(self.fonts[-1] if self.fonts else TextFont())))

    def text(self, text: str) -> None:
        if not self.scans:
            self.styles.text(text)
        if self.repeats > 1:
            self.expanded += len(text) * self.repeats
        if self.place and self.paragraphs and not self.annotations:
            self._append(text)

    def end(self, tag: str) -> None:
        if not self.scans:
            self.styles.end(tag)
        elif tag == "table:table-row":
            self.row += self.row_count
        elif tag == "table:table-cell":
            if self.place:
                self._end_value(self.scans[-1], *self.place)
            self.repeats = 1
        elif tag == "text:span" and self.fonts:
            self.fonts.pop()
        elif tag == "office:annotation":
            self.annotations -= 1

    def _end_value(self, scan: Scan, row: int, column: int) -> None:
        """Note the text of a cell where calamine would leave out a part of it."""
        self.place = None
        if self.is_figure and self.paragraphs and not any(run.text.strip() for run in self.runs):
            scan.blank.update(self._repeated(row, column))
        if not self.has_marks:
            return
        text = "".join(run.text for run in self.runs).strip()
        shown = shown_text(self.runs)
        for position in self._repeated(row, column):
            scan.stored[position] = text
            if shown is not None:
                scan.texts[position] = shown
