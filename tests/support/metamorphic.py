"""Pairs of a valid sheet and a changed one: with the same figures for a person, or with one figure changed.

Pair n is always the same. A change of look (place, spaces, letters, formats, the program that wrote the file)
must give the same rows; a changed figure must give other rows or a finding.
"""

import io
import unicodedata
from collections.abc import Callable
from random import Random

import docx
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.support.grids import (
    BODIES,
    CONTEXT,
    TOP,
    Grid,
    budget,
    communes,
    communications,
    hotspots,
    inspections,
    text_table,
    trials,
    xlsx,
)
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading

FORMS: dict[str, Callable[[], Grid]] = {
    "02": hotspots,
    "03": inspections,
    "04": trials,
    "05": communes,
    "06": communications,
    "09": budget,
}
FIRST_MEASURE = {"02": 3, "03": 3, "04": 2, "05": 5, "06": 2, "09": 2}  # 05: behind its flags
NUMBERS = {"05": range(5, 9)}  # of form 05 the columns of counts


def _xlsxwriter(rows: Grid) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet, number = book.add_worksheet("Bieu"), book.add_format({"num_format": "#,##0.###"})
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value, number if isinstance(value, int | float) else None)
    book.close()
    return content.getvalue()


def _xls(rows: Grid) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bieu")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _ods(rows: Grid) -> bytes:
    book = OpenDocumentSpreadsheet()
    table = Table(name="Bieu")
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, int | float):
                cell = TableCell(valuetype="float", value=value)
                cell.addElement(P(text=str(value)))
            else:
                cell = TableCell(valuetype="string") if value is not None else TableCell()
                if value is not None:
                    cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _word(rows: Grid) -> bytes:
    document = docx.Document()
    for row in rows[: TOP - 1]:
        document.add_paragraph(" ".join(str(value) for value in row if value is not None))
    width = max(len(row) for row in rows)
    table = document.add_table(rows=0, cols=width)
    for row in rows[TOP - 1 :]:
        for cell, value in zip(table.add_row().cells, row, strict=False):
            cell.text = "" if value is None else str(value).replace(".", ",")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _csv(rows: Grid) -> bytes:
    decimal = [[str(v).replace(".", ",") if isinstance(v, float) else v for v in row] for row in rows]
    return text_table([list(row) for row in decimal], separator=";")


WRITERS: dict[str, Callable[[Grid], bytes]] = {
    "a.xlsx": xlsx,
    "b.xlsx": _xlsxwriter,
    "a.xls": _xls,
    "a.ods": _ods,
    "a.docx": _word,
    "a.csv": _csv,
}


def _texts(rows: Grid, change: Callable[[str], str]) -> Grid:
    return [[change(v) if isinstance(v, str) else v for v in row] for row in rows]


def _with_footer(rows: Grid) -> Grid:
    return [*rows, [], [None, "Ghi chú: số liệu đã kiểm tra"], [], [None, "NGƯỜI LẬP BIỂU"]]


def _with_numbers(rows: Grid) -> Grid:
    return [*rows[:TOP], [f"({n})" for n in range(1, len(rows[5]) + 1)], *rows[TOP:]]


# In the order in which they are made: those that count rows come first.
LOOKS: dict[str, Callable[[Grid], Grid]] = {
    "rows in another order": lambda rows: [*rows[:TOP], *reversed(rows[TOP:])],
    "blank rows": lambda rows: [*rows[: TOP + 1], [], *rows[TOP + 1 :]],
    "header repeated": lambda rows: [*rows[: TOP + 1], rows[5], *rows[TOP + 1 :]],
    "capitals": lambda rows: [*rows[:5], *_texts([rows[5]], str.upper), *rows[6:]],
    "numbered columns": _with_numbers,
    "footer": _with_footer,
    "moved down": lambda rows: [[], *rows],
    "composed otherwise": lambda rows: _texts(rows, lambda text: unicodedata.normalize("NFD", text)),
    "other spaces": lambda rows: _texts(rows, lambda text: f" {text.replace(' ', '  ', 1)}"),
    "fixed spaces": lambda rows: _texts(rows, lambda text: text.replace(" ", "\u00a0")),
    "foreign đ": lambda rows: _texts(rows, lambda text: text.replace("đ", "ð").replace("Đ", "Ð")),
}


def pair(number: int) -> str:
    """Read a pair; return "" where it is as it must be, else what is wrong with it."""
    rng = Random(number)
    form = rng.choice(list(FORMS))
    rows = FORMS[form]()
    meant = _rows(_read(xlsx(rows), "a.xlsx", form))
    changes = rng.sample(list(LOOKS), rng.randint(0, 2))
    figure = _change_figure(rows, form, rng) if rng.random() < 0.5 else ""
    name = rng.choice(list(WRITERS))
    changes = [change for change in changes if not (name == "a.docx" and change == "moved down")]
    for change in sorted(changes, key=list(LOOKS).index):
        rows = LOOKS[change](rows)
    reading = _read(WRITERS[name](rows), name, form)
    pair = f"pair {number}: form {form}, {name}, {changes}{figure}"
    if figure:
        is_silent = _rows(reading) == meant and not _findings(reading)
        return f"{pair}: neither other rows nor a finding" if is_silent else ""
    return "" if _rows(reading) == meant else f"{pair}: other rows, {_findings(reading)[:3]}"


def _change_figure(rows: Grid, form: str, rng: Random) -> str:
    row = rng.choice(rows[TOP:])
    column = rng.choice(NUMBERS.get(form, range(FIRST_MEASURE[form], len(row))))
    before = row[column]
    row[column] = rng.choice([0, 1, 7, 12, 345, 2500])
    if row[column] == before:
        row[column] = 8
    return f", {before} made {row[column]}"


def _read(content: bytes, name: str, form: str) -> FileReading:
    return read_file(content, name, BODIES[form], CONTEXT)


def _rows(reading: FileReading) -> list[str]:
    return sorted(str(values) for sheet in reading.sheets for values in sheet.values)


def _findings(reading: FileReading) -> list[str]:
    found = [finding for sheet in reading.sheets for finding in sheet.findings]
    return [f"{f.code} {f.cell}" for f in ([*found, reading.problem] if reading.problem else found)]
