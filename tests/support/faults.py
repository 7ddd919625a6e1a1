"""Workbooks that are valid but for one fault, by finding code, and the cell in which the fault is."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from schemas.findings import Finding
from tests.support.forms import BY_CODE, FORM_SET, FORMS
from tests.support.reports import FIRST_ROW, HEADER_ROW, PLAN, default_rows, district_rows, workbook
from transforms.cell_names import column_letters
from transforms.file_parser import read_file
from transforms.layout.sheet_parser import reading_context
from transforms.validate.batch import validate
from transforms.validate.frames import Candidate, form_frame

CONTEXT = reading_context(PLAN, FORM_SET, date(2020, 7, 1))
QUARTER, MONTH = "Quý I năm 2020", "Tháng 3 năm 2020"
SENDERS = {
    "01-PCMD": ("CAT", MONTH), "02-PCMD": ("UBND-731", MONTH), "03-PCMD": ("UBND-731", MONTH),
    "04-PCMD": ("TAND", QUARTER), "05-PCMD": ("UBND-731", QUARTER), "06-PCMD": ("SYT", QUARTER),
    "07-PCMD": ("STP", "6 tháng đầu năm 2020"), "08-PCMD": ("SYT", QUARTER),
    "09-PCMD": ("STC", "6 tháng đầu năm 2020"), "10-PCMD": ("LDLD", "6 tháng đầu năm 2020"),
    "11-PCMD": ("CHQ", QUARTER), "12-PCMD": ("CAT", "Đột xuất ngày 05/03/2020"),
}  # fmt: skip


def sound_rows(form_code: str) -> list[dict[str, Any]]:
    if form_code in ("01-PCMD", "04-PCMD"):
        return district_rows(form_code)
    if form_code == "05-PCMD":
        inside = [a.name for a in PLAN.areas if a.parent == "731"]
        return default_rows(form_code, inside)
    return default_rows(form_code)


def findings_of(
    content: bytes, body: str, name: str = "bao cao.xlsx", before: list[tuple[bytes, str]] | None = None
) -> list[Finding]:
    """What is found in a file, when the files in `before` are in force already."""
    candidates: list[Candidate] = []
    reading = None
    for file, sender in [*(before or []), (content, body)]:
        reading = read_file(file, name, sender, CONTEXT)
        for sheet in reading.sheets:
            candidates.append(
                Candidate(len(candidates), sender, datetime.now(UTC), sheet, list(sheet.findings))
            )
    validate(candidates, lambda form, _bodies: form_frame(form, []), PLAN, FORM_SET)
    if reading is not None and reading.problem is not None:
        return [reading.problem]
    assert all(c.is_valid for c in candidates[:-1]), [c.findings for c in candidates[:-1]]
    return candidates[-1].findings if candidates else []


def report(form_code: str, rows: Any = None, spoil: Any = None, **more: Any) -> tuple[bytes, str]:
    body, period = SENDERS[form_code]
    period = more.pop("period", period)
    return workbook(form_code, body, period, rows or sound_rows(form_code), spoil, **more), body


def cell_of(form_code: str, key: str, row: int = FIRST_ROW) -> str:
    return f"{column_letters(list(BY_CODE[form_code].columns).index(key))}{row}"


def put(**cells: Any) -> Callable[[Worksheet], None]:
    def spoil(sheet: Worksheet) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return spoil


def without(form_code: str, key: str) -> tuple[bytes, str]:
    letter = column_letters(list(BY_CODE[form_code].columns).index(key))
    return report(form_code, spoil=lambda s: s.delete_cols(ord(letter) - 64))


def total_row(**sums: Any) -> Callable[[Worksheet], None]:
    def spoil(sheet: Worksheet) -> None:
        row = FIRST_ROW + 1
        sheet.cell(row, 1, "Tổng cộng")
        for column in range(2, sheet.max_column + 1):
            sheet.cell(row, column, 0)
        for cell, value in sums.items():
            sheet[cell] = value

    return spoil


def hide_row(sheet: Worksheet) -> None:
    sheet["B8"], sheet["C8"] = 1, 3
    sheet.row_dimensions[FIRST_ROW].hidden = True


STRUCTURE: list[tuple[str, str, tuple[bytes, str]]] = [
    ("FORM-UNKNOWN", "A2", report("06-PCMD", spoil=put(A2="Biểu số: 66-PCMD"))),
    ("FORM-NOT-OWED", "A2", (workbook("01-PCMD", "SYT", MONTH, district_rows("01-PCMD")), "SYT")),
    ("BODY-MISMATCH", "A1", report("06-PCMD", spoil=put(A1="Sở Tư pháp"))),
    ("PERIOD-MISSING", "", report("06-PCMD", spoil=put(A4=None))),
    ("PERIOD-INVALID", "A4", report("06-PCMD", period="Quý V/2020")),
    ("PERIOD-INVALID", "A4", report("06-PCMD", period="Tháng 3 năm 2020")),
    ("PERIOD-INVALID", "A4", report("06-PCMD", period="Quý I năm 2019")),
    ("PERIOD-INVALID", "A4", report("06-PCMD", period="Quý IV năm 2020")),
    ("PERIOD-WINDOW", "A5", report("06-PCMD", window="Số liệu từ ngày 01/01/2020 đến ngày 31/03/2020")),
    ("PERIOD-WINDOW", "A5", report("06-PCMD", window="Số liệu từ ngày 15/12/2019 đến ngày 31/02/2020")),
    ("COLUMN-MISSING", f"A{HEADER_ROW}", without("06-PCMD", "participants")),
    ("COLUMN-MISSING", "", report("06-PCMD", spoil=lambda s: s.delete_rows(HEADER_ROW, 9))),
    ("COLUMN-DUPLICATE", f"E{HEADER_ROW}", report("06-PCMD", spoil=put(E7="Số người tham dự"))),
    ("COLUMN-UNKNOWN", f"E{HEADER_ROW}", report("06-PCMD", spoil=put(E7="Đơn vị phối hợp", E8="Sở Y tế"))),
    ("VALUE-BLANK", "C8", report("06-PCMD", spoil=put(C8=None))),
    ("VALUE-MISSING", "A8", report("06-PCMD", spoil=put(A8=None))),
    ("VALUE-MISSING", "B8", report("06-PCMD", spoil=put(B8=None, C8=None, D8=None))),
    ("VALUE-MISSING", "B8", report("05-PCMD", spoil=put(B8=None))),
    ("VALUE-MISSING", "I8", report("05-PCMD", spoil=put(I8=None))),
    ("VALUE-MISSING", "J8", report("05-PCMD", spoil=put(J8=None))),
    ("VALUE-TYPE", "C8", report("06-PCMD", spoil=put(C8="mười hai"))),
    ("VALUE-TYPE", "B8", report("05-PCMD", spoil=put(B8="có lẽ"))),
    ("VALUE-TYPE", "A8", report("12-PCMD", spoil=put(A8="hôm qua"))),
    ("VALUE-TYPE", "C8", report("06-PCMD", spoil=put(C8="#REF!"))),
    ("VALUE-NEGATIVE", "C8", report("06-PCMD", spoil=put(B8=1, C8=-3))),
    ("VALUE-RANGE", "C8", report("06-PCMD", spoil=put(B8=1, C8=2.5))),
    ("VALUE-RANGE", "C8", report("06-PCMD", spoil=put(B8=1, C8=99_000_000_000))),
    ("VALUE-CODE", "A8", report("06-PCMD", spoil=put(A8="Thi hát"))),
    ("AREA-UNKNOWN", "A8", report("02-PCMD", spoil=put(A8="Huyện Không Có"))),
    ("AREA-OUTSIDE", "A8", report("02-PCMD", spoil=put(A8="Huyện Tân Phú"))),
    ("ROW-DUPLICATE", "A9", report("06-PCMD", rows=default_rows("06-PCMD") * 2)),
    ("ROW-MISSING", "", report("01-PCMD", rows=district_rows("01-PCMD")[1:])),
    ("ROW-MISSING", "", report("04-PCMD", rows=district_rows("04-PCMD")[:-1])),
    ("ROW-MISSING", "", report("06-PCMD", spoil=lambda s: s.delete_rows(FIRST_ROW))),
    ("COM-01", "", report("05-PCMD", rows=sound_rows("05-PCMD")[2:])),
    ("UNIT-MISMATCH", "B7", report("06-PCMD", spoil=put(B7="Số cuộc, lượt, tin bài (USD)"))),
    ("UNIT-MISMATCH", "C7", report("06-PCMD", spoil=put(C7="Số người tham dự (lũy kế từ đầu năm)"))),
    ("CELL-UNACCOUNTED", "F8", report("06-PCMD", spoil=put(F8=5))),
    ("CELL-HIDDEN", "A8", report("06-PCMD", spoil=hide_row)),
    ("CELL-MERGED", "B8", report("06-PCMD", spoil=lambda s: s.merge_cells("B8:C8"))),
    ("NUMBER-AMBIGUOUS", "B8", report("09-PCMD", spoil=put(B8="1.125", C8=0))),
    ("FORM-SECOND", "A12", report("06-PCMD", spoil=put(A12="Biểu số: 03-PCMD"))),
    ("TOTAL-MISMATCH", "C9", report("06-PCMD", spoil=total_row(B8=2, B9=2, C8=5, C9=6))),
]  # fmt: skip


RULE_ROWS: dict[str, dict[str, Any]] = {
    "ENF-01": {"offenders_total": 2, "offenders_other": 1},
    "ENF-02": {"sanctioned_total": 1},
    "ENF-04": {"sanctioned_total": 1, "sanctioned_other": 1},
    "HOT-01": {"closing": 1},
    "INS-01": {"inspected": 1, "managed": 1},
    "INS-02": {"rectified": 1},
    "INS-03": {"violating": 1},
    "INS-05": {"fines_amount": 1000},
    "TRI-01": {"closing": 1},
    "TRI-02": {"opening": 1, "tried": 1, "tried_mobile": 2, "defendants": 1},
    "TRI-03": {"opening": 1, "tried": 1},
    "COM-02": {"hotspots": 1},
    "COM-03": {"score": 140},
    "COM-05": {"sanctioned": 1},
    "CMM-01": {"participants": 5},
    "TRN-01": {"courses": 1, "trainees": 1, "trainees_female": 2},
    "TRN-02": {"trainees": 1},
    "SUP-01": {"persons": 1, "persons_female": 2},
    "SUP-02": {"amount": 1},
    "MOD-01": {"establishments": 1},
    "BOR-01": {"transferred": 1},
    "FLA-01": {"incident_date": "06/03/2020", "minors": 1},
    "FLA-02": {"incident_kind": "Liên quan người dưới 18 tuổi"},
    "ENF-03": {"cases_prosecuted": 1},
    "INS-04": {"inspected": 1, "visits": 1},
    "COM-04": {"inspected": 1},
    "BUD-01": {"disbursed": 1},
}
FORM_OF_RULE = {rule.id: (form, rule) for form in FORMS for rule in form.rules}
