"""Styles of workbooks that openpyxl writes: fonts, borders, fills, print setup."""

from copy import copy
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"
_LINE = Side(style="thin", color="FF7F7F7F")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADER = PatternFill("solid", fgColor="FFE4ECF7")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(vertical="center", wrap_text=True)
_PLAIN, _BOLD = Font(name=FONT, size=12), Font(name=FONT, size=12, bold=True)
_SMALL = Font(name=FONT, size=11, italic=True)


@dataclass(frozen=True, eq=False, slots=True)
class _Look:
    """What a cell is given; None leaves what it has."""

    font: Font
    alignment: Alignment | None = None
    border: Border | None = None
    fill: PatternFill | None = None
    number_format: str | None = None


_PLAIN_LOOK = _Look(_PLAIN)
# Of each workbook: the style that a look makes of a style, as indexes into the workbook's tables.
_made: WeakKeyDictionary[Workbook, dict[tuple[_Look, bytes], StyleArray]] = WeakKeyDictionary()


def _apply(cell: Cell, look: _Look) -> None:
    """Give a cell a look; a style that another cell of the workbook has got already is copied.

    openpyxl looks a style up by its whole content at each assignment, which took a fifth of the time of a
    publication.
    """
    styled: Any = cell  # the stubs of openpyxl do not have _style
    styles = _made.setdefault(styled.parent.parent, {})
    key = (look, styled._style.tobytes() if styled._style else b"")
    if key in styles:
        styled._style = copy(styles[key])
        return
    for field in fields(look):
        value = getattr(look, field.name)
        if value is not None:
            setattr(cell, field.name, value)
    styles[key] = copy(styled._style)


@cache
def _line(bold: bool, centred: bool, italic: bool) -> _Look:
    return _Look(_SMALL if italic else _BOLD if bold else _PLAIN, _CENTRE if centred else _LEFT)


@cache
def _header(bold: bool) -> _Look:
    return _Look(_BOLD if bold else _SMALL, _CENTRE, _BOX, _HEADER)


@cache
def _table_cell(bold: bool, centred: bool, number_format: str) -> _Look:
    alignment = _CENTRE if centred else _LEFT
    return _Look(_BOLD if bold else _PLAIN, alignment, _BOX, number_format=number_format)


def as_plain(cell: Cell) -> None:
    """Give a cell the font of the workbook."""
    _apply(cell, _PLAIN_LOOK)


def as_line(cell: Cell, bold: bool = False, centred: bool = False, italic: bool = False) -> None:
    """Style a line above or below the table."""
    _apply(cell, _line(bold, centred, italic))


def as_header(cell: Cell, bold: bool = True) -> None:
    """Style a cell of the header."""
    _apply(cell, _header(bold))


def as_known(cell: Cell, bold: bool = False, centred: bool = False, number_format: str = "General") -> None:
    """Style a filled cell of the table: an ordinal, a key, a total."""
    _apply(cell, _table_cell(bold, centred, number_format))


def set_up_print(sheet: Worksheet, header_rows: str) -> None:
    """Print on A4 landscape, fitted to the page width, with repeated header rows."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if header_rows:
        sheet.print_title_rows = header_rows
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.print_options.horizontalCentered = True
    sheet.sheet_view.showGridLines = False
