"""Copy a clerk's workbook for annotation: the .xlsx itself, or the values of another kind of table."""

import io
import warnings
from collections.abc import Iterable, Mapping
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from plans.languages.catalog import DEFAULT
from publishing import workbook_styles as looks
from publishing.i18n import body_text
from publishing.workbook_files import new_workbook, put, sheet_title
from schemas.form_set import FormSet
from transforms.extract.file_safety import UnreadableFile, parse_xml, too_large, unpack, zip_entries
from transforms.extract.workbook import Sheet, read_sheets
from transforms.layout.sheet_parser import decode_sheet, look_for_form

Sheets = dict[str, Worksheet]
Marked = frozenset[tuple[str, int, int]]

_MOST_STYLED = 2_000  # rows with borders
_MOST_CELLS = 100_000  # filled cells of a copy
_MOST_TAGS = 500_000  # XML tags; openpyxl makes an object of each
_MOST_SPREAD = 500_000  # cells covered by merged ranges and links; openpyxl makes an object of each
_MOST_TRANSLATED = 2_000_000  # characters of shared formulas, which openpyxl expands for each cell
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff", b"\0<")


def copy_of(
    content: bytes, file_name: str, marked: Marked, form_set: FormSet, language: str = DEFAULT
) -> tuple[Workbook, Sheets]:
    """Return the workbook and its sheets by their names in the file (a text table has the name "").

    `marked` are the faulty cells as (sheet, row, column), counted from 1. An .xlsx is opened unchanged. The
    values of other files, and of an .xlsx too costly for openpyxl, are copied to the same cells of a new
    workbook. Raises UnreadableFile.
    """
    sheets = read_sheets(content, file_name)
    if _is_bearable(content):
        book = _opened(content)
        if book is not None:
            found = {sheet.title: cast(Worksheet, sheet) for sheet in book.worksheets}
            if all(sheet.name in found for sheet in sheets):
                return book, found
    return _rebuilt(sheets, marked, form_set.as_printed, body_text(language, "list.table"))


def _opened(content: bytes) -> Workbook | None:
    """Open the .xlsx with openpyxl; None if it fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # features that openpyxl does not support
        try:
            return load_workbook(io.BytesIO(content), rich_text=True)
        except Exception:  # malformed files raise all kinds of errors; the values are copied instead
            return None


def _is_bearable(content: bytes) -> bool:
    """Whether openpyxl can open this .xlsx with time and memory proportional to its size."""
    if not content.startswith(b"PK"):
        return False
    entries = zip_entries(content)
    if "xl/workbook.xml" not in entries:
        return False
    cost = _Cost()
    try:
        for entry in entries.values():
            data = unpack(content, entry)
            if data.startswith(_TWO_BYTES):
                return False
            if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                cost.tags += data.count(b"<")
                if cost.tags > _MOST_TAGS:
                    return False
                parse_xml(data, cost.start, cost.end, cost.text)
    except (UnreadableFile, ValueError):
        return False
    return cost.is_bearable()


class _Cost:
    """Counts of XML constructs that are expensive for openpyxl."""

    def __init__(self) -> None:
        self.tags = self.spread = self.sharing = self.longest = self.length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in ("mergeCell", "hyperlink"):
            left, top, right, bottom = range_boundaries(attributes.get("ref", "A1"))
            height = (bottom or _LAST_ROW) - (top or 1) + 1
            self.spread += height * ((right or _LAST_COLUMN) - (left or 1) + 1)
        self.sharing += name == "f" and attributes.get("t") == "shared"
        self.length = 0

    def text(self, content: str) -> None:
        self.length += len(content)

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "f":
            self.longest = max(self.longest, self.length)

    def is_bearable(self) -> bool:
        return self.spread <= _MOST_SPREAD and self.sharing * self.longest <= _MOST_TRANSLATED


def _rebuilt(sheets: list[Sheet], marked: Marked, form_set: FormSet, unnamed: str) -> tuple[Workbook, Sheets]:
    if sum(value is not None for sheet in sheets for row in sheet.rows for value in row) > _MOST_CELLS:
        too_large("too_many_cells")
    book, taken, found = new_workbook(), set[str](), dict[str, Worksheet]()
    for sheet in map(decode_sheet, sheets):
        made = book.create_sheet(sheet_title(sheet.name or unnamed, taken))
        found.setdefault(sheet.name, made)
        for row, values in enumerate(sheet.rows, 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    looks.as_plain(put(made, row, column, _as_shown(value)))
        _merge(made, [*sheet.merged, *_groups_of(sheet, marked, form_set)])
        _widen(made, sheet)
        _style(made, sheet, form_set)
        made.sheet_state = "visible" if sheet.visible else "hidden"
    return book, found


def _as_shown(value: object) -> object:
    """Turn whole floats into integers: readers return every number as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _merge(made: Worksheet, ranges: Iterable[tuple[int, int, int, int]]) -> None:
    """Merge cells as in the source; of overlapping ranges, which no program opens, only the first."""
    covered: set[tuple[int, int]] = set()
    for top, left, bottom, right in ranges:
        if len(covered) + (bottom - top + 1) * (right - left + 1) > _MOST_SPREAD:
            return
        cells = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if len(cells) > 1 and not cells & covered:
            covered |= cells
            made.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )


def _groups_of(sheet: Sheet, marked: Marked, form_set: FormSet) -> list[tuple[int, int, int, int]]:
    """Find groups of a text table: a key written once that the reader applied to the blank rows below.

    They become merged cells in the workbook. A blank key with a finding is a fault, not part of a group.
    """
    found = look_for_form(sheet, form_set) if sheet.is_text_table else None
    if found is None or found.header is None or found.code is None:
        return []
    dimensions = form_set.by_code[found.code].dimensions
    keys = sorted(found.header.columns[d.key] for d in dimensions if d.key in found.header.columns)
    groups: list[tuple[int, int, int, int]] = []
    for number, column in enumerate(keys[:-1], 1):
        top = bottom = -1
        for row in range(found.header.last_row + 1, len(sheet.rows)):
            if _is_filled(sheet, row, column):
                groups.append((top, column, bottom, column))
                top = bottom = row
            elif (sheet.name, row + 1, column + 1) not in marked and any(
                _is_filled(sheet, row, key) for key in keys[number:]
            ):
                bottom = row
        groups.append((top, column, bottom, column))
    return [group for group in groups if 0 <= group[0] < group[2]]


def _style(made: Worksheet, sheet: Sheet, form_set: FormSet) -> None:
    """Draw the table's borders and header, and set up printing; a copy of values has none of its own."""
    found = look_for_form(sheet, form_set)
    if found is None or found.header is None:
        looks.set_up_print(made, "")
        return
    top, header_end = found.header.first_row + 1, found.header.last_row + 1
    columns = [*found.header.columns.values(), *found.header.notes]
    if found.header.ordinal is not None:
        columns.append(found.header.ordinal)
    bottom = max(
        (n for n in range(top, len(sheet.rows) + 1) if _is_row(sheet, n - 1, found.header.columns)),
        default=header_end,
    )
    area = made.iter_rows(top, min(bottom, header_end + _MOST_STYLED), min(columns) + 1, max(columns) + 1)
    for number, cells in enumerate(area, top):
        for cell in cast("tuple[Cell, ...]", cells):
            if number <= header_end:
                looks.as_header(cell)
            else:
                looks.as_known(cell, number_format=cell.number_format)
    looks.set_up_print(made, f"{top}:{header_end}")
    width = max((len(row) for row in sheet.rows), default=1)
    made.print_area = f"A1:{get_column_letter(width)}{len(sheet.rows)}"


def _is_row(sheet: Sheet, row: int, columns: Mapping[str, int]) -> bool:
    """Whether a row of the sheet has entries in at least two columns of the table."""
    return sum(_is_filled(sheet, row, column) for column in columns.values()) > 1


def _is_filled(sheet: Sheet, row: int, column: int) -> bool:
    values = sheet.rows[row]
    return column < len(values) and values[column] is not None and bool(str(values[column]).strip())


def _widen(made: Worksheet, sheet: Sheet) -> None:
    """Set column widths from the first rows, ignoring long lines of the letterhead."""
    widths: dict[int, int] = {}
    for values in sheet.rows[:200]:
        for column, value in enumerate(values, 1):
            length = 0 if value is None else len(str(value))
            if 0 < length <= 40:
                widths[column] = max(widths.get(column, 8), length)
    for column, width in widths.items():
        made.column_dimensions[get_column_letter(column)].width = min(width, 30) + 2
