"""Grids to files: workbooks of three kinds and text tables."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook

from sampledata.layout import Grid
from sampledata.mess import Cell

# Marks that cp1258 keeps apart from their vowel; what it has no letter for is written without.
_SHAPES = "\u0302\u0306\u031b"
CSV_ENCODINGS = ("utf-8", "utf-8-sig", "utf-8-sig", "utf-16", "cp1258")
CSV_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook."""

    name: str
    grid: Grid
    hidden: bool = False


def write_file(path: Path, pages: Sequence[Page], rng: Random, *, plain_letters: bool) -> None:
    """Write the pages in the kind that the name ends with; a text table takes the first page only.

    `plain_letters`: text tables may be in any encoding; else (legacy fonts) in one that has all of Latin-1.
    """
    match path.suffix.lower():
        case ".xls":
            _write_xls(path, pages)
        case ".ods":
            _write_ods(path, pages)
        case ".csv":
            encoding = rng.choice(CSV_ENCODINGS if plain_letters else CSV_ENCODINGS[:4])
            _write_csv(path, pages[0].grid, encoding, rng.choice(CSV_DELIMITERS))
        case _:
            _write_xlsx(path, pages)


def add_macro(path: Path) -> None:
    """Put a macro project into a workbook in the zip format."""
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Attribut\0e VB_Name = Module1")


def _write_xlsx(path: Path, pages: Sequence[Page]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), value in page.grid.cells.items():
            cell = sheet.cell(row + 1, column + 1, value)
            if isinstance(value, date):
                cell.number_format = "DD/MM/YYYY"
        for top, left, bottom, right in page.grid.merged:
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
        if page.hidden:
            sheet.sheet_state = "hidden"
    book.save(path)


def _write_xls(path: Path, pages: Sequence[Page]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    plain, dated = xlwt.XFStyle(), xlwt.XFStyle()
    dated.num_format_str = "DD/MM/YYYY"
    for page in pages:
        sheet = book.add_sheet(page.name)
        sheet.visibility = int(page.hidden)
        covered = set()
        for top, left, bottom, right in page.grid.merged:
            value = page.grid.cells.get((top, left), "")
            sheet.write_merge(top, bottom, left, right, value, dated if isinstance(value, date) else plain)
            covered |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        for (row, column), value in page.grid.cells.items():
            if (row, column) not in covered:
                sheet.write(row, column, value, dated if isinstance(value, date) else plain)
    book.save(str(path))


def _write_ods(path: Path, pages: Sequence[Page]) -> None:
    book = OpenDocumentSpreadsheet()
    hidden = Style(name="hidden", family="table")
    hidden.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(hidden)
    for page in pages:
        grid = page.grid
        table = Table(name=page.name, **({"stylename": hidden} if page.hidden else {}))
        spans = {(top, left): (b - top + 1, r - left + 1) for top, left, b, r in grid.merged}
        covered = {
            (r, c)
            for (top, left), (height, width) in spans.items()
            for r in range(top, top + height)
            for c in range(left, left + width)
        } - spans.keys()
        height, width = (1 + max((place[axis] for place in grid.cells), default=0) for axis in (0, 1))
        for r in range(height):
            row = TableRow()
            for c in range(width):
                value = grid.cells.get((r, c))
                row.addElement(
                    CoveredTableCell() if (r, c) in covered else _ods_cell(value, spans.get((r, c)))
                )
            table.addElement(row)
        book.spreadsheet.addElement(table)
    book.save(str(path))


def _ods_cell(value: Cell, span: tuple[int, int] | None) -> TableCell:
    kind: dict[str, object] = {}
    text = None if value is None else str(value)
    if isinstance(value, date):
        kind = {"valuetype": "date", "datevalue": value.isoformat()}
    elif isinstance(value, int | float):
        kind = {"valuetype": "float", "value": value}
    elif value is not None:
        kind = {"valuetype": "string"}
    if span:
        kind |= {"numberrowsspanned": span[0], "numbercolumnsspanned": span[1]}
    cell = TableCell(**kind)
    if text is not None:
        cell.addElement(P(text=text))
    return cell


def _write_csv(path: Path, grid: Grid, encoding: str, delimiter: str) -> None:
    height, width = (1 + max(place[axis] for place in grid.cells) for axis in (0, 1))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for r in range(height):
        writer.writerow([_csv_text(grid.cells.get((r, c))) for c in range(width)])
    content = text.getvalue()
    if encoding == "cp1258":
        try:
            path.write_bytes(as_cp1258(content))
            return
        except UnicodeEncodeError:  # of another language than Vietnamese
            encoding = "utf-8"
    path.write_bytes(content.encode(encoding))


def _csv_text(value: Cell) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace(".", ",") if isinstance(value, float) else "" if value is None else str(value)


def as_cp1258(text: str) -> bytes:
    """The text in the Vietnamese code page of Windows: letters with their shape, tones apart."""
    letters: list[str] = []
    for mark in unicodedata.normalize("NFD", text):
        if mark in _SHAPES:
            # The shape joins its vowel, past a dot below that the canonical order puts first.
            at = next(i for i in range(len(letters) - 1, -1, -1) if not unicodedata.combining(letters[i]))
            letters[at] = unicodedata.normalize("NFC", letters[at] + mark)
        else:
            letters.append(mark)
    return "".join(letters).encode("cp1258")
