"""Reports for tests: a sound workbook of any form, to be spoiled at will."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from schemas.declaration import Measure
from tests.support.forms import BY_CODE

PLAN = read_plan(DEFAULT_PLAN)
HEADER_ROW, FIRST_ROW = 7, 8  # of the sheets made here
Spoil = Callable[[Worksheet], object]


def default_rows(form_code: str, areas: Sequence[str] = ("Thành phố Biên Hòa",)) -> list[dict[str, Any]]:
    """Rows that break no rule: noughts, yes for flags, the first code of each list; one row per area."""
    form = BY_CODE[form_code]
    row: dict[str, Any] = {}
    for column in form.columns.values():
        if column.code_list is not None:
            row[column.key] = column.code_list.codes[0].label_vi
        elif isinstance(column, Measure):
            row[column.key] = 0 if column.is_number else "x"
        elif not column.level:
            row[column.key] = "05/03/2020"
    place = form.area_dimension
    return [{**row, place.key: area} for area in areas] if place else [row]


def district_rows(form_code: str, plan: Plan = PLAN) -> list[dict[str, Any]]:
    """A row for every district."""
    return default_rows(form_code, [a.name for a in plan.areas if a.level == "district"])


def write_sheet(
    sheet: Worksheet,
    form_code: str,
    body_code: str,
    period: str,
    rows: Sequence[dict[str, Any]],
    window: str = "",
    plan: Plan = PLAN,
) -> None:
    """A form as it should be: letterhead, code, period, one header row with groups as prefix, rows, footer."""
    form = BY_CODE[form_code]
    sheet["A1"] = plan.bodies_by_code[body_code].name
    sheet["A2"] = f"Biểu số: {form_code}"
    sheet["A3"] = form.title
    sheet["A4"] = f"Kỳ báo cáo: {period}"
    if window:
        sheet["A5"] = f"({window})"
    for column, declared in enumerate(form.columns.values(), 1):
        group = f"{declared.group} - " if isinstance(declared, Measure) and declared.group else ""
        sheet.cell(HEADER_ROW, column, f"{group}{declared.label_vi}")
    for number, row in enumerate(rows):
        for column, key in enumerate(form.columns, 1):
            sheet.cell(FIRST_ROW + number, column, row[key])
    sheet.cell(FIRST_ROW + len(rows) + 1, 1, "Người lập biểu")


def workbook(
    form_code: str,
    body_code: str,
    period: str,
    rows: Sequence[dict[str, Any]] | None = None,
    spoil: Spoil | None = None,
    window: str = "",
) -> bytes:
    """The bytes of an .xlsx with one sheet of the form; `spoil` is given the sheet before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Bieu"
    write_sheet(sheet, form_code, body_code, period, rows or default_rows(form_code), window)
    if spoil:
        spoil(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
