"""The blank forms of the starter programme, filled in."""

import io

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet


def fill(content: bytes) -> bytes:
    """Fill in the blank forms: courses and participants, and yes for flags."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible" and sheet.title != "Hướng dẫn":
            _fill_sheet(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill_sheet(sheet: Worksheet) -> None:
    answers: dict[str, str | int] = {"D": 2, "E": 40, "F": 15, "G": 7}
    if sheet.title.endswith("02-TH"):
        answers = {"C": "Có", "D": 3}
    for row in sheet.iter_rows():
        for cell in row:
            letter = get_column_letter(cell.column or 0)
            if isinstance(cell, Cell) and not cell.protection.locked and cell.value is None:
                cell.value = answers.get(letter)
