"""A clerk who corrects in a returned workbook exactly what its findings demand, and nothing else."""

import io
import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from publishing.returns.return_copies import copy_of
from publishing.returns.return_files import return_workbook
from publishing.returns.sheet_results import SheetResult
from sampledata.sheet import Sheet
from schemas.declaration import Dimension, Measure
from schemas.findings import Finding
from tests.support.forms import FORM_SET
from transforms.layout.parsed_sheet import SheetReading
from transforms.validate.consequences import demanded_value

_DEMANDS = re.compile(
    r"\(([A-Z]+\d+)\) = [^;]*?, (?:phải là|không được nhỏ hơn|không được lớn hơn|(phải lớn hơn)) "
    r"([^;]*?)(?=;|\.| vì |, [a-zđ]|$)"
)
_EXCESS = re.compile(r"= (-?\d+), không được lớn hơn (-?\d+)")


def corrected(
    content: bytes, name: str, sheet: Sheet, reading: SheetReading, faults: Sequence[Finding]
) -> bytes:
    """The returned workbook of a file with one sheet, corrected; without a copy in it, the clerk's own file."""
    period = sheet.period.name_vi
    result = SheetResult(
        reading.sheet_name, sheet.form.code, period, "rejected", len(faults), 0, date(2020, 4, 6)
    )
    returned = return_workbook(
        content, name, [fault.as_row() for fault in faults], [result], form_set=FORM_SET
    )
    book = openpyxl.load_workbook(io.BytesIO(returned))
    if any(fault.code == "PII-SUSPECTED" for fault in faults):
        book, sheets = copy_of(content, f"a{PurePosixPath(name).suffix}", frozenset(), FORM_SET)
        for fault in faults:
            sheets[fault.sheet_name][fault.cell].value = None
    else:
        work = _Work(book[reading.sheet_name or "Bảng"], sheet, reading)
        errors = [fault for fault in faults if fault.severity.value == "error"]
        for fault in errors:
            work.correct(fault)
        for fault in errors:
            work.add_up(fault)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


class _Work:
    """A sheet being corrected; `sheet` knows the true figures."""

    def __init__(self, page: Worksheet, sheet: Sheet, reading: SheetReading) -> None:
        self.page, self.sheet, self.reading = page, sheet, reading
        self.columns = {column + 1: key for key, column in reading.columns.items()}
        self.rows = list(reading.rows)
        self.moved = 0  # rows added above the total

    def correct(self, fault: Finding) -> None:
        """Do what the finding demands, apart from totals."""
        match fault.code:
            case "FORM-UNKNOWN":
                self.put(fault.cell or "A1", f"Biểu số: {self.sheet.form.code}")
            case "BODY-MISMATCH":
                self.put(fault.cell, self.sheet.body.name)
            case "PERIOD-MISSING" | "PERIOD-INVALID":
                self.put(fault.cell or "A1", f"Kỳ báo cáo: {self.sheet.period.name_vi}")
            case "PERIOD-WINDOW":
                days = re.search(r"phải từ (\S+) đến (\S+)\.", fault.message_vi)
                assert days
                self.put(fault.cell, f"Số liệu từ ngày {days[1]} đến ngày {days[2]}")
            case "TOTAL-MISMATCH":
                self.put(fault.cell, float(fault.message_vi.rpartition(" là ")[2].rpartition("= ")[2][:-1]))
            case "ROW-DUPLICATE":
                self.clear(row=_row_of(fault.cell))
            case "COLUMN-DUPLICATE":
                self.clear(column=_column_of(fault.cell), below=self.top_of(fault.cell))
            case "COLUMN-MISSING":
                self.add_column(fault)
            case "ROW-MISSING" | "COM-01":
                self.add_rows()
            case code if any(rule.id == code for rule in self.sheet.form.rules):
                self.obey(fault)
            case _:
                self.restore(fault)

    def obey(self, fault: Finding) -> None:
        """Put the figures that a rule's finding demands into its cells and into those named after it."""
        demands = _DEMANDS.findall(fault.message_vi)
        for cell, above, text in demands:
            figure = text.rpartition("= ")[2].split(" (")[0]
            if re.fullmatch(r"\d\d/\d\d/\d{4}", figure):
                day, month, year = map(int, figure.split("/"))
                self.put(cell, date(year, month, day))
            else:
                self.put(cell, float(figure.replace(",", ".")) + bool(above))
        excess = _EXCESS.search(fault.message_vi)
        if not demands and excess:  # a sum over the year, of which this cell is a part
            self.put(fault.cell, self.number(fault.cell) - float(excess[1]) + float(excess[2]))
        for cell, label in re.findall(r"(?<=ô )([A-Z]+\d+): ([^;.]+)", fault.message_vi):
            rule = next(r for r in self.sheet.form.rules if r.label_vi[1:].replace(";", "") == label[1:])
            measures = {c: k for c, k in self.columns.items() if isinstance(self.declared(k), Measure)}
            row = {k: self.number(f"{get_column_letter(c)}{_row_of(cell)}") for c, k in measures.items()}
            self.put(cell, demanded_value(rule, row))

    def restore(self, fault: Finding) -> None:
        """Put the true value into the cell, or all true figures into its row if the finding names the row."""
        row, column = _row_of(fault.cell), _column_of(fault.cell)
        keys = self.columns if "Cả dòng" in fault.message_vi else {column: self.columns[column]}
        for place, key in keys.items():
            if len(keys) == 1 or isinstance(self.declared(key), Measure):
                self.put(f"{get_column_letter(place)}{row}", self.true_value(self.true_row(row), key))

    def add_column(self, fault: Finding) -> None:
        """Append the missing column to the table."""
        missing = (k for k, c in self.sheet.form.columns.items() if f"“{c.label_vi}”" in fault.message_vi)
        key = next(missing)
        declared, column = self.declared(key), self.page.max_column + 1
        group = f"{declared.group} - " if isinstance(declared, Measure) and declared.group else ""
        self.page.cell(_row_of(fault.cell), column, f"{group}{declared.label_vi}")
        for row in self.rows:
            self.page.cell(row, column, self.true_value(self.true_row(row), key))

    def add_rows(self) -> None:
        """Insert the missing rows below the last one."""
        level = self.sheet.form.rows_expected[0] if self.sheet.form.rows_expected else ""
        present = {row[level] for row in self.sheet.shown}
        missing = [row for row in self.sheet.rows if row[level] not in present]
        below = max(self.rows) + 1
        for area in [area for area in self.page.merged_cells.ranges if area.min_row >= below]:
            self.page.unmerge_cells(str(area))
        self.page.insert_rows(below, len(missing))
        for number, true in enumerate(missing, below):
            for column, key in self.columns.items():
                self.page.cell(number, column, self.true_value(true, key))
            self.rows.append(number)
        self.moved = len(missing)

    def add_up(self, fault: Finding) -> None:
        """Write the totals that a finding names."""
        cells = re.search(r"hãy sửa cả dòng tổng \(ô ([^)]*)\)", fault.message_vi)
        lines = re.search(r"hãy cộng lại dòng tổng \(dòng ([^)]*)\)", fault.message_vi)
        named = cells[1].split(", ") if cells else []
        for total in self.reading.totals:
            if lines and str(total.row) in lines[1].split(", "):
                row = total.row + (self.moved if total.row > max(self.reading.rows) else 0)
                named += [f"{get_column_letter(self.reading.columns[key] + 1)}{row}" for key in total.sums]
        for cell in named:
            letter = get_column_letter(_column_of(cell))
            self.put(cell, round(sum(self.number(f"{letter}{row}") for row in self.rows), 3))

    def true_row(self, row: int) -> dict[str, Any]:
        """The true values of a row of the sheet."""
        return self.sheet.rows[self.reading.rows.index(row)]

    def true_value(self, row: dict[str, Any], key: str) -> Any:
        """A true value as a clerk types it."""
        declared, value = self.declared(key), row[key]
        if declared.code_list is not None:
            return next(code.label_vi for code in declared.code_list.codes if code.code == value)
        if not isinstance(declared, Dimension):
            return {True: "Có", False: "Không"}[value] if isinstance(value, bool) else value
        if not declared.level:
            return date.fromisoformat(value)
        areas = self.sheet.plan.areas_by_code
        area = areas[value]
        is_shared = sum(a.name == area.name for a in areas.values()) > 1
        return f"{area.name}, {areas[area.parent or ''].name}" if is_shared else area.name

    def declared(self, key: str) -> Dimension | Measure:
        """The declaration of a column."""
        return self.sheet.form.columns[key]

    def number(self, cell: str) -> float:
        """The number in a cell, 0 for none."""
        value = self.page[cell].value
        if isinstance(value, str):
            text = value.strip().replace(" ", "")
            return float(text.replace(".", "").replace(",", ".")) if re.fullmatch(r"-?[\d.,]+", text) else 0
        return float(value or 0)

    def top_of(self, cell: str) -> int:
        """The first row of the merged range in which a cell lies, or its own."""
        areas = [area for area in self.page.merged_cells.ranges if cell in area]
        return int(areas[0].min_row) if areas else _row_of(cell)

    def clear(self, row: int = 0, column: int = 0, below: int = 1) -> None:
        """Empty a row, or a column from a row on."""
        for cells in self.page.iter_rows(row or below, row or None, column or 1, column or None):
            for cell in cells:
                if not isinstance(cell, MergedCell):
                    cell.value = None

    def put(self, cell: str, value: Any) -> None:
        """Write a value."""
        self.page[cell].value = value


def _row_of(cell: str) -> int:
    return int(re.sub(r"\D", "", cell))


def _column_of(cell: str) -> int:
    return column_index_from_string(re.sub(r"\d", "", cell))
