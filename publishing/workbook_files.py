"""Shared functions for workbooks: text never becomes a formula, and equal content gives equal bytes."""

import io
import math
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.worksheet.worksheet import Worksheet

LONGEST_TITLE = 31  # characters of a sheet name
_LONGEST_TEXT = 32_767  # characters of a cell
_ODD_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
# Code units that XML forbids and that are missing in openpyxl's own list.
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIRST_DAY = datetime(1900, 3, 1)  # spreadsheet programs disagree on earlier day numbers
NO_DAY = datetime(2000, 1, 1)  # of creation: equal content gives equal bytes
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def new_workbook() -> Workbook:
    """Create a workbook without sheets and with a fixed creation time."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "Chỉ Tiêu"
    book.properties.created = book.properties.modified = NO_DAY
    return book


def workbook_bytes(book: Workbook) -> bytes:
    """Save the workbook as .xlsx; equal content gives equal bytes."""
    modified = book.properties.modified or NO_DAY
    saved = io.BytesIO()
    book.save(saved)
    stamp = modified.strftime("%Y-%m-%dT%H:%M:%SZ").encode()  # openpyxl writes the time of saving
    return stable_zip(saved.getvalue(), lambda data: _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", data))


def stable_zip(content: bytes, core: Callable[[bytes], bytes] = bytes) -> bytes:
    """Rewrite an office file with fixed entry times; `core` edits the core properties."""
    stable = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = core(data)
            target.writestr(zipfile.ZipInfo(entry.filename), data, zipfile.ZIP_DEFLATED)
    return stable.getvalue()


def put(sheet: Worksheet, row: int, column: int, value: object) -> Cell:
    """Write a value with its type (row and column from 1): text never becomes a formula or an error."""
    cell = cast(Cell, sheet.cell(row, column))
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    if isinstance(value, int | float | date | time | timedelta) and _is_storable(value):
        cell.value = value
    elif value is not None:
        _put_text(cell, str(value))
    return cell


def _is_storable(value: float | date | time | timedelta) -> bool:
    """Whether a spreadsheet can store this number or day."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, datetime):
        return value >= _FIRST_DAY
    return value >= _FIRST_DAY.date() if isinstance(value, date) else True


def _put_text(cell: Cell, text: str) -> None:
    cell.value = storable_text(text)
    cell.data_type = "s"
    if is_like_a_formula(text):
        cell.quotePrefix = True


def storable_text(text: str) -> str:
    """Return a text without the characters that a workbook cannot hold, cut to the length of a cell."""
    return _NOT_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))[:_LONGEST_TEXT]


def is_like_a_formula(text: str) -> bool:
    """Whether a program would take the text for a formula when somebody edits it."""
    return text.startswith(_LIKE_A_FORMULA)


def sheet_title(name: str, taken: set[str]) -> str:
    """Make a valid sheet name that differs from those taken, ignoring case, and add it to them."""
    valid = _NOT_XML.sub("", _ODD_IN_TITLES.sub(" ", name)).strip().strip("'")[:LONGEST_TITLE] or "Sheet"
    title, number = valid, 1
    while title.casefold() in taken:
        number += 1
        title = f"{valid[: LONGEST_TITLE - len(str(number)) - 1]} {number}"
    taken.add(title.casefold())
    return title


def link_to(title: str, cell: str) -> str:
    """Return the address of a cell for an internal link: "'Bieu 02'!B9"."""
    return "'{}'!{}".format(title.replace("'", "''"), cell)
