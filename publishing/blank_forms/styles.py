"""Styles of blank forms and workbooks: fonts, borders, fills, protection, print setup."""

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Times New Roman"
_LINE = Side(style="thin", color="FF7F7F7F")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TO_FILL = PatternFill("solid", fgColor="FFFFF9DB")
_HEADER = PatternFill("solid", fgColor="FFE4ECF7")
_OPEN = Protection(locked=False)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(vertical="center", wrap_text=True)
PLAIN, _BOLD = Font(name=FONT, size=12), Font(name=FONT, size=12, bold=True)
_SMALL = Font(name=FONT, size=11, italic=True)


def as_line(cell: Cell, bold: bool = False, centred: bool = False, italic: bool = False) -> None:
    """Style a line above or below the table."""
    cell.font = _SMALL if italic else _BOLD if bold else PLAIN
    cell.alignment = _CENTRE if centred else _LEFT


def as_block(cell: Cell) -> None:
    """Style a cell with several centred lines, such as a signature."""
    cell.font, cell.alignment = _BOLD, Alignment(horizontal="center", vertical="top", wrap_text=True)


def as_header(cell: Cell, bold: bool = True) -> None:
    """Style a cell of the header."""
    cell.font = _BOLD if bold else _SMALL
    cell.alignment, cell.border, cell.fill = _CENTRE, _BOX, _HEADER


def as_known(cell: Cell, bold: bool = False, centred: bool = False, number_format: str = "General") -> None:
    """Style a filled cell of the table: an ordinal, a key, a total."""
    cell.font = _BOLD if bold else PLAIN
    cell.alignment, cell.border = (_CENTRE if centred else _LEFT), _BOX
    cell.number_format = number_format


def as_open(cell: Cell, number_format: str = "General", centred: bool = False) -> None:
    """Style a cell to be filled in and unlock it."""
    as_known(cell, number_format=number_format, centred=centred)
    cell.fill, cell.protection = _TO_FILL, _OPEN


def protect(sheet: Worksheet) -> None:
    """Lock all but the input cells, without a password; widths and heights may be changed."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False  # False: allowed
    sheet.protection.formatRows = False


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
