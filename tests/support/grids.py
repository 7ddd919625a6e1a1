"""Sheets of forms as grids of cells, valid as they are, for tests that change them."""

import csv
import io
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from plans.reading import DEFAULT_PLAN, read_plan
from schemas.declaration import Severity
from tests.support.forms import BY_CODE, FORM_SET
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading, SheetReading
from transforms.layout.sheet_parser import reading_context

Grid = list[list[object]]
PLAN = read_plan(DEFAULT_PLAN)
CONTEXT = reading_context(PLAN, FORM_SET, date(2020, 7, 20))
TOP = 6  # rows above the data, of all grids made here
BODIES = {"02": "UBND-731", "03": "SLDTBXH", "04": "TAND", "05": "UBND-731", "06": "SYT", "09": "STC"}
DISTRICTS = [area.name for area in PLAN.areas if area.level == "district"]
COMMUNES = [area.name for area in PLAN.areas if area.parent == "731"]


def labels_of_list(name: str) -> list[str]:
    """The labels of a code list."""
    return [code.label_vi for code in FORM_SET.code_lists[name].codes]


def grid(number: str, rows: Grid, period: str) -> Grid:
    """A sheet of a form: letterhead, code, title, period, blank row, header with ordinal, rows."""
    form = BY_CODE[f"{number}-PCMD"]
    header = ["TT", *(column.label_vi for column in form.columns.values())]
    top: Grid = [
        [PLAN.bodies_by_code[BODIES[number]].name],
        [f"Biểu số: {form.code}"],
        [form.title],
        [f"Kỳ báo cáo: {period}"],
        [],
        list(header),
    ]
    return top + [[place, *row] for place, row in enumerate(rows, 1)]


def communications() -> Grid:
    """Form 06 of the first quarter: one key, three counts, no expected rows."""
    rows: Grid = [
        [label, 10 + n, 1000 + 37 * n, 200 + 11 * n]
        for n, label in enumerate(labels_of_list("activity_type"), 1)
    ]
    return grid("06", rows, "Quý I năm 2020")


def budget() -> Grid:
    """Form 09 of the first half: amounts in million dong."""
    labels = labels_of_list("budget_level")
    return grid("09", [[s, 1500 * n, 700 * n + 0.5] for n, s in enumerate(labels, 1)], "6 tháng đầu năm 2020")


def inspections() -> Grid:
    """Form 03 of March: two keys, of which the first is the same for four rows each."""
    teams, kinds = labels_of_list("team_level")[:2], labels_of_list("establishment_type")[:4]
    pairs = [(team, kind) for team in teams for kind in kinds]
    rows: Grid = [
        [*pair, 40 + n, 5, 7 + n, 3, 1, 2, 3_000_000 * n, 0, 1, 2, 1] for n, pair in enumerate(pairs, 1)
    ]
    return grid("03", rows, "Tháng 3 năm 2020")


def trials() -> Grid:
    """Form 04 of the first quarter: a row for each district."""
    rows: Grid = [[name, 5 + n, 4, 3, 1, 1, 1, 5 + n, 4 + n] for n, name in enumerate(DISTRICTS, 1)]
    return grid("04", rows, "Quý I năm 2020")


def communes() -> Grid:
    """Form 05 of the first quarter: flags, scores and grades of a district's communes."""
    rows: Grid = [
        [name, "x", "x", "x", 0, 0, 5 + n, 3, 80 + n % 10, "Tốt"] for n, name in enumerate(COMMUNES, 1)
    ]
    return grid("05", rows, "Quý I năm 2020")


def hotspots() -> Grid:
    """Form 02 of March: a district's two rows of levels and changes."""
    kinds = labels_of_list("place_kind")
    rows: Grid = [["Thành phố Biên Hòa", kind, 5 + n, 2, 1, 3, 5 + n] for n, kind in enumerate(kinds, 1)]
    return grid("02", rows, "Tháng 3 năm 2020")


def xlsx(*sheets: Grid, spoil: Callable[[Worksheet], object] | None = None) -> bytes:
    """The bytes of a workbook of the sheets; `spoil` is given the first one before it is saved."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Trang {number}")
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(r, c, value)
    if spoil:
        spoil(book.worksheets[0])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def text_table(rows: Grid, encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    """The bytes of a text table."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=separator).writerows(["" if v is None else v for v in row] for row in rows)
    return lines.getvalue().encode(encoding)


def read(content: bytes, file_name: str = "bao cao.xlsx") -> FileReading:
    """Read a file as of the body whose form code its name or its grid has; see `read_grid`."""
    return read_file(content, file_name, "SYT", CONTEXT)


def read_grid(
    rows: Grid, number: str = "06", spoil: Callable[[Worksheet], object] | None = None
) -> SheetReading:
    """Read a workbook of one sheet, of the body that the grids of form `number` are of."""
    reading = read_file(xlsx(rows, spoil=spoil), "bao cao.xlsx", BODIES[number], CONTEXT)
    assert len(reading.sheets) == 1
    return reading.sheets[0]


def errors(reading: SheetReading) -> set[str]:
    """The codes and cells of the errors of a reading."""
    return {f"{f.code} {f.cell}".strip() for f in reading.findings if f.severity is Severity.ERROR}


def is_valid(reading: SheetReading) -> bool:
    """Whether no finding is an error."""
    return not errors(reading)


def monthly(*lines: str) -> SheetReading:
    """Form 03 of March with other lines in place of its period."""
    return read_grid(_with_lines(inspections(), *lines), "03")


def quarterly(*lines: str) -> SheetReading:
    """Form 06 of the first quarter with other lines in place of its period."""
    return read_grid(_with_lines(communications(), *lines), "06")


def _with_lines(rows: Grid, *lines: str) -> Grid:
    rows[3:5] = [[line] for line in lines]
    return rows
