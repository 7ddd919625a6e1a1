"""Lines above a table by which its figures are not those of the period, or not final."""

import re
from functools import lru_cache

from schemas.declaration import Severity
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import shown
from transforms.layout.found_text import Grid, texts
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.table_header.header import Header
from transforms.text.normalise import ascii_key, match_key

_PARTS = re.compile(r"[()\[\];:,]|\s[-–]\s")
_FIGURES = r"so lieu(?: (?:la|nay|cua|trong|duoc|bao cao|thuc hien|tong hop))*"
# A part of a line that names the kind of the figures.
_OTHER_QUANTITY = re.compile(
    rf"(?:(?:{_FIGURES}|so|tinh) )?(?:luy (?:ke|tien)|cong don|tu dau nam|uoc (?:tinh|thuc hien|th)"
    r"|uoc (?:ca )?(?:nam|quy|thang|ky)|tam tinh|du kien(?! (?:nop|gui|ngay|trinh|to chuc|thoi gian)))\b"
    rf"|{_FIGURES} (?:ke hoach|du toan|muc tieu|chi tieu|cung ky|(?:ky|nam|thang|quy) (?:bao cao )?truoc)\b"
    r"|cung ky(?: (?:nam )?(?:truoc|\d{4}))?$"
)
# A plan by itself; "Báo cáo tháng 3 - Kế hoạch tháng 4" is a report.
_PLAN = re.compile(
    r"(?:ke hoach|du toan)(?: (?:kinh phi|ngan sach|duoc giao|giao))*"
    r" (?:ca )?(?:nam|quy|thang|6 thang)(?: [0-9ivx]{1,4})?(?: (?:nam )?\d{4})?"
)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_IN_SENTENCE = re.compile(
    r"\b(?<!\bva )(?:so lieu (?:luy ke|cong don|ke hoach|uoc|du kien|tam tinh|cung ky)|luy ke tu dau nam)\b"
)
_NOT_FINAL = re.compile(
    rf"{_FIGURES} (?:vi du|minh hoa|mau\b|gia dinh|so bo|chua (?:chinh thuc|day du|tong hop|gom|bao gom)"
    r"|(?:moi )?chi (?:tinh|gom))\b"
)
_DRAFT = re.compile(r"(?:bản |báo cáo |biểu )*(?:dự thảo|nháp)(?: lần)?(?: \d+)?")  # "nhập" has other marks
# A line of advice, of a decision, or of a comparison with the period.
_OTHER_LINE = re.compile(
    r"\b(?:cot|dong|neu|hay ghi|khong|ban hanh|can cu|kem theo|quyet dinh|cong van|thong tu|so voi|so sanh)\b"
)


def check_head_remarks(reading: SheetReading, rows: Grid, header: Header, phrases: frozenset[str]) -> None:
    """Note lines above a table that call its figures cumulative, planned, estimated or a draft.

    A quantity is not noted where columns of the table have it; `phrases` are the plan's and the forms' own.
    """
    has_other_columns = bool(header.others or header.parts)
    noted = {finding.cell for finding in reading.findings}  # as a group of columns
    for found in texts(rows, last=header.first_row):
        if not _is_not_final(found.text) and (has_other_columns or not _is_other_quantity(found.text)):
            continue
        cell = cell_name(found.row + 1, found.column)
        if ascii_key(found.text) not in phrases and cell not in noted:
            reading.findings.append(
                Finding(
                    "CELL-UNACCOUNTED",
                    reading.sheet_name,
                    cell,
                    value_shown=shown(found.text),
                    severity_override=Severity.WARNING,
                    text_key="head-remark",
                )
            )


@lru_cache(maxsize=16384)
def _is_other_quantity(text: str) -> bool:
    words = ascii_key(text)
    if _OTHER_LINE.search(words):
        return False
    if any(_PLAN.fullmatch(ascii_key(part)) for part in (text, *_IN_BRACKETS.findall(text))):
        return True
    parts = [part for part in _PARTS.split(text) if not match_key(part).startswith("so ")]
    return _IN_SENTENCE.search(words) is not None or any(
        _OTHER_QUANTITY.match(ascii_key(part)) for part in parts
    )


@lru_cache(maxsize=16384)
def _is_not_final(text: str) -> bool:
    return any(
        _DRAFT.fullmatch(match_key(part).strip(" .*")) or _NOT_FINAL.match(ascii_key(part))
        for part in _PARTS.split(text)
    )
