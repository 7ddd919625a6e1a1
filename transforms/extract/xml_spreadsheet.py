"""Workbooks in the format XML Spreadsheet 2003, mostly found under the name .xls."""

import math
import re
from datetime import datetime
from itertools import islice

from transforms.extract.cell_colours import BLACK, WHITE, is_invisible, is_tiny
from transforms.extract.cell_styles import Styles, shown_cells
from transforms.extract.file_safety import (
    MAX_COLUMN,
    MAX_ROW,
    MAX_SHEETS,
    check_extents,
    parse_xml,
    too_large,
)
from transforms.extract.number_formats import parse_format
from transforms.extract.rich_text import Run, TextFont, shown_text
from transforms.extract.scan import Scan
from transforms.extract.sheet import MOST_PRINTED, CellFlag, Contents, MergedRange, Sheet, covered_cells
from transforms.extract.unseen_text import unseen_texts
from transforms.extract.xml_conditions import RulesOfXml, ranges_of

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_OF_STYLES = ("Format", "StrikeThrough", "VerticalAlign", "Color", "Size")  # attributes that matter
_POSITIONS = {"Sup": "super", "Sub": "sub"}
_NAMED_FORMATS = {
    "General Number": "General",
    "Percent": "0.00%",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Scientific": "0.00E+00",
    "Short Date": "dd/mm/yyyy",
    "Medium Date": "dd-mmm-yy",
    "Long Date": "dd mmmm yyyy",
    "General Date": "dd/mm/yyyy hh:mm",
}


def read_xml_spreadsheet(data: bytes) -> Contents:
    """Read the worksheets, and comments, headers and footers as other text. Raises UnreadableFile."""
    reader = _SpreadsheetReader()
    parse_xml(data, reader.start, reader.end, reader.text)
    sheets = [_finished(sheet, scan, reader.styles) for sheet, scan in reader.sheets]
    other = [("", text) for text in reader.other_text if text.strip()]
    return Contents(sheets, other, unseen_texts("", data))


def _finished(sheet: Sheet, scan: Scan, styles: Styles) -> Sheet:
    width = max((len(row) for row in sheet.rows), default=0)
    check_extents([(len(sheet.rows), width)])
    for row in sheet.rows:
        row.extend([None] * (width - len(row)))
    height = len(sheet.rows)
    sheet.merged = [
        m._replace(last_row=min(m.last_row, height - 1), last_column=min(m.last_column, width - 1))
        for m in sorted(sheet.merged)
        if m.first_row < height and m.first_column < width
    ]
    sheet.printed = tuple(scan.printed)
    sheet.hidden_rows, sheet.hidden_columns = frozenset(scan.hidden_rows), frozenset(scan.hidden_columns)
    sheet.flags, sheet.displayed = shown_cells(sheet.rows, scan, styles)
    covered = covered_cells(sheet.rows, sheet.merged)
    sheet.flags = dict.fromkeys(covered, CellFlag.INVISIBLE) | dict(sheet.flags)
    return sheet


class _SpreadsheetReader:
    """Walks Styles, Worksheet, Column, Row, Cell and Data; positions without ss:Index follow the last."""

    def __init__(self) -> None:
        self.styles = Styles()
        self.sheets: list[tuple[Sheet, Scan]] = []
        self.rules = RulesOfXml()  # of the last sheet
        self.style_numbers: dict[str, int] = {}
        self.style_name = ""
        self.look: dict[str, str] = {}
        self.looks: dict[str, dict[str, str]] = {}
        self.row = self.column = self.after = -1
        self.style = 0
        self.kind = ""
        self.tag = ""
        self.runs: list[Run] = []
        self.fonts: list[TextFont] = []  # of the elements inside a text
        self.has_formula = False
        self.in_comment = False
        self.other_text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.tag = tag.rpartition(":")[2]
        values = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "Style":
            self.style_name = values.get("ID", "")
            self.look = dict(self.looks.get(values.get("Parent", ""), {}))
        elif self.kind:
            self.fonts.append(_font(name, values, self.fonts[-1] if self.fonts else TextFont()))
        elif name in ("NumberFormat", "Font"):
            self.look |= {key: value for key, value in values.items() if key in _OF_STYLES}
        elif name == "Interior":
            is_solid = values.get("Pattern", "None") == "Solid"
            self.look["Fill"] = values.get("Color", "") if is_solid else ""
        elif name in ("Header", "Footer"):
            self.other_text.append(values.get("Data", ""))
        elif name == "Comment":
            self.in_comment = True
        elif name == "Worksheet":
            self._start_sheet(values)
        elif self.sheets:
            self._in_sheet(name, values)

    def _start_sheet(self, values: dict[str, str]) -> None:
        if len(self.sheets) >= MAX_SHEETS:
            too_large("too_many_sheets")
        self.sheets.append((Sheet(values.get("Name", ""), []), Scan()))
        self.rules = RulesOfXml()
        self.sheets[-1][1].conditional = self.rules.found
        self.row = self.column = -1

    def _in_sheet(self, name: str, values: dict[str, str]) -> None:
        scan = self.sheets[-1][1]
        if name == "Column":
            self.column = _index(values, self.column, MAX_COLUMN)
            last = min(self.column + _count(values, "Span"), MAX_COLUMN)
            if _is_hidden(values, "Width"):
                scan.hidden_columns.update(range(self.column, last + 1))
            self.column = last
        elif name == "Row":
            self._start_row(values, scan)
        elif name == "Cell":
            self._start_cell(values)
        elif name == "Data" and not self.in_comment:
            self.kind, self.runs, self.fonts = values.get("Type", "String"), [], []
        elif name == "NamedRange" and values.get("Name") == "Print_Area":
            scan.printed = list(islice(ranges_of(values.get("RefersTo", "")), MOST_PRINTED))
        else:
            self.rules.start(name, values)

    def _start_row(self, values: dict[str, str], scan: Scan) -> None:
        self.row, self.column = _index(values, self.row, MAX_ROW), -1
        if _is_hidden(values, "Height"):
            scan.hidden_rows.add(self.row)

    def _start_cell(self, values: dict[str, str]) -> None:
        sheet, scan = self.sheets[-1]
        self.column = _index(values, self.column, MAX_COLUMN)
        self.style = self.style_numbers.get(values.get("StyleID", "Default"), 0)
        self.has_formula = "Formula" in values
        across, down = _count(values, "MergeAcross"), _count(values, "MergeDown")
        if across or down:
            sheet.merged.append(MergedRange(self.row, self.column, self.row + down, self.column + across))
        if self.has_formula:
            scan.formulas.add((self.row, self.column))
        self.after = self.column + across

    def text(self, text: str) -> None:
        if self.in_comment:
            self.other_text.append(text)
        elif self.kind:
            self.runs.append(Run(text, *(self.fonts[-1] if self.fonts else TextFont())))
        else:
            self.rules.text(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "Style":
            self.style_numbers[self.style_name] = len(self.styles.formats)
            self.looks[self.style_name] = self.look
            self._add_style()
        elif name == "Data" and self.kind:
            self._put("".join(run.text for run in self.runs))
            self.kind = ""
        elif self.kind and self.fonts:
            self.fonts.pop()
        elif name == "Comment":
            self.in_comment = False
        elif name == "Cell" and self.sheets:
            self.column = self.after
        elif name == "Visible" and self.sheets:
            self.sheets[-1][0].hidden = True  # written only for SheetHidden and SheetVeryHidden
        else:
            self.rules.end(name)

    def _add_style(self) -> None:
        code = self.look.get("Format", "General")
        raised = self.look.get("VerticalAlign", "None") in ("Superscript", "Subscript")
        code = _NAMED_FORMATS.get(code, code)
        fill = self.look.get("Fill") or f"#{WHITE}"
        colour = self.look.get("Color", f"#{BLACK}")
        unseen = is_tiny(self.look.get("Size", "")) or is_invisible(_colour(colour), _colour(fill), code)
        self.styles.add(parse_format(code), self.look.get("StrikeThrough") == "1", raised, unseen)

    def _put(self, text: str) -> None:
        sheet, scan = self.sheets[-1]
        position = (self.row, self.column)
        scan.value_at(*position)
        check_extents([(scan.rows, scan.columns)])
        value = _value(text, self.kind)
        if self.kind == "Error":
            scan.errors.add(position)
        scan.formulas.discard(position)
        scan.styled[position] = self.style
        shown = shown_text(self.runs)
        if shown is not None:
            scan.texts[position] = shown
        sheet.rows.extend([] for _ in range(self.row + 1 - len(sheet.rows)))
        line = sheet.rows[self.row]
        line.extend([None] * (self.column + 1 - len(line)))
        line[self.column] = value


def _font(name: str, values: dict[str, str], around: TextFont) -> TextFont:
    """Return the font that an HTML element inside a text gives its part of it."""
    if name == "S":
        return around._replace(is_struck=True)
    if name in _POSITIONS:
        return around._replace(position=_POSITIONS[name])
    if name == "Font":
        unseen = is_tiny(values.get("Size", "")) or is_invisible(_colour(values.get("Color", "")), WHITE)
        return around._replace(is_unseen=unseen)
    return around


def _colour(value: str) -> str:
    """Return the colour of an attribute, "" for the automatic one."""
    return value.removeprefix("#").lower() if value.startswith("#") else ""


def _value(text: str, kind: str) -> object:
    """Return a cell's value; text where it is not of the kind it is declared as."""
    try:
        if kind == "Number":
            number = float(text)
            return number if math.isfinite(number) else text
        if kind == "DateTime":
            moment = datetime.fromisoformat(text)
            return moment if moment.time().replace(microsecond=0) != moment.min.time() else moment.date()
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return None if kind == "Error" else text.strip() or None


def _is_hidden(values: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or of a size that shows nothing."""
    return values.get("Hidden") == "1" or re.match(r"[01](?:\.\d*)?$", values.get(size, "")) is not None


def _index(values: dict[str, str], last: int, limit: int) -> int:
    """Return the 0-based index of an element: its ss:Index, else the one after the last."""
    text = values.get("Index", "")
    index = int(text) - 1 if text.isdecimal() and len(text) < 9 else last + 1
    if not index >= 0:
        return last + 1
    return min(index, limit)


def _count(values: dict[str, str], name: str) -> int:
    text = values.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0
