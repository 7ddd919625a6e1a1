"""A copy of a clerk's own workbook to write into: the .xlsx itself, or the values of any other table."""

import io
import warnings
from collections.abc import Iterable
from typing import cast

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from publishing.workbook_files import new_workbook, put, sheet_title
from schemas.forms import BY_CODE
from transforms.extract.file_safety import UnreadableFile, parse_xml, too_large, unpack, zip_entries
from transforms.extract.workbook import Sheet, read_sheets
from transforms.layout.sheet_parser import decode_sheet, look_for_form

Sheets = dict[str, Worksheet]
Marked = frozenset[tuple[str, int, int]]

_MOST_CELLS = 100_000  # filled ones that a copy has
_MOST_TAGS = 500_000  # starts and ends; openpyxl makes objects of them all
_MOST_SPREAD = 500_000  # cells that merged ranges and links reach over: it makes an object of each
_MOST_TRANSLATED = 2_000_000  # characters of formulas that it spells out again for each cell sharing them
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_TWO_BYTES = (b"\xff\xfe", b"\xfe\xff", b"\0<")


def copy_of(content: bytes, file_name: str, marked: Marked) -> tuple[Workbook, Sheets]:
    """The workbook and its sheets by the names that they have in the file (a text table has "").

    `marked` are the faulty cells as (sheet, row, column), counted from 1. An .xlsx is opened as it is; of
    other files, and of an .xlsx that openpyxl cannot open at a bearable cost, the values come to the same
    cells of a new one. Raises UnreadableFile.
    """
    sheets = read_sheets(content, file_name)
    if _is_bearable(content):
        book = _opened(content)
        if book is not None:
            found = {sheet.title: cast(Worksheet, sheet) for sheet in book.worksheets}
            if all(sheet.name in found for sheet in sheets):
                return book, found
    return _rebuilt(sheets, marked)


def _opened(content: bytes) -> Workbook | None:
    """The .xlsx as openpyxl has it; None where it cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what it does not know
        try:
            return load_workbook(io.BytesIO(content), rich_text=True)
        except Exception:  # whatever a strange file makes of it: there is the other way
            return None


def _is_bearable(content: bytes) -> bool:
    """Whether this is an .xlsx that openpyxl opens with time and memory in proportion to its size."""
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
    """What openpyxl would make of the XML that it is fed."""

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

    def text(self, said: str) -> None:
        self.length += len(said)

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "f":
            self.longest = max(self.longest, self.length)

    def is_bearable(self) -> bool:
        return self.spread <= _MOST_SPREAD and self.sharing * self.longest <= _MOST_TRANSLATED


def _rebuilt(sheets: list[Sheet], marked: Marked) -> tuple[Workbook, Sheets]:
    if sum(value is not None for sheet in sheets for row in sheet.rows for value in row) > _MOST_CELLS:
        too_large("too_many_cells")
    book, taken, found = new_workbook(), set[str](), dict[str, Worksheet]()
    for sheet in map(decode_sheet, sheets):
        made = book.create_sheet(sheet_title(sheet.name or "Bảng", taken))
        found.setdefault(sheet.name, made)
        for row, values in enumerate(sheet.rows, 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    put(made, row, column, _as_shown(value))
        _merge(made, [*sheet.merged, *_groups_of(sheet, marked)])
        _widen(made, sheet)
        made.sheet_state = "visible" if sheet.visible else "hidden"
    return book, found


def _as_shown(value: object) -> object:
    """Readers give every number as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _merge(made: Worksheet, ranges: Iterable[tuple[int, int, int, int]]) -> None:
    """Merge cells as they were; of ranges that overlap, which no program opens, the first."""
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


def _groups_of(sheet: Sheet, marked: Marked) -> list[tuple[int, int, int, int]]:
    """Where a text table names a group once, in its first row, and the reader took it for the rows below.

    A workbook says the same with merged cells. A blank key with a finding is a fault, not such a row.
    """
    found = look_for_form(sheet) if sheet.is_text_table else None
    if found is None or found.header is None or found.code is None:
        return []
    dimensions = BY_CODE[found.code].dimensions
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


def _is_filled(sheet: Sheet, row: int, column: int) -> bool:
    values = sheet.rows[row]
    return column < len(values) and values[column] is not None and bool(str(values[column]).strip())


def _widen(made: Worksheet, sheet: Sheet) -> None:
    """Columns as wide as what stands in the table's rows; long lines of the head do not count."""
    widths: dict[int, int] = {}
    for values in sheet.rows[:200]:
        for column, value in enumerate(values, 1):
            if value is not None and (length := len(str(value))) <= 40:
                widths[column] = max(widths.get(column, 8), length)
    for column, width in widths.items():
        made.column_dimensions[get_column_letter(column)].width = min(width, 30) + 2
