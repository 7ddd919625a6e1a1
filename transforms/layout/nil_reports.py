"""Reports that state that there is nothing to report ("Không phát sinh")."""

import re
from itertools import product

from plans.model import Body, Plan
from schemas.declaration import Dimension, Form, MeasureType
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.parsed_sheet import SheetReading, Value
from transforms.text.normalise import ascii_key

_STATEMENT = re.compile(
    r"(?:trong (?:ky|thang|quy|nam)(?: bao cao| nay)? )?(?:don vi |dia phuong |dia ban )?(?:hien )?"
    r"khong (?:co )?(?:phat sinh|so lieu|bao cao|vu viec|truong hop nao|noi dung bao cao|ket qua"
    r"|hoat dong nao)\b.*"
)
_LONGEST = 160  # characters of a statement


def nil_statement(rows: Grid) -> FoundText | None:
    """Return the text that states that there is nothing to report, if any."""
    for found in texts(rows):
        words = ascii_key(found.text)
        if len(words) <= _LONGEST and _STATEMENT.match(words.removeprefix("ghi chu ").strip()):
            return found
    return None


def allows_nil(form: Form) -> bool:
    """Whether a form may report nothing: only flows, and no area that must give its state."""
    return all(measure.kind is MeasureType.FLOW for measure in form.measures)


def fill_nil(reading: SheetReading, form: Form, body: Body | None, plan: Plan, found: FoundText) -> None:
    """Make the reading a nil report: a row of zeros for each key that the body reports, none for dates."""
    reading.is_nil = True
    keys = [_keys(dimension, body, plan) for dimension in form.dimensions]
    for combination in product(*keys):
        reading.rows.append(found.row + 1)
        zeros: list[Value] = [0] * len(form.measures)
        reading.values.append([*combination, *zeros])


def nil_refused(sheet_name: str, found: FoundText) -> Finding:
    """The finding of a nil statement on a form whose levels or answers must be given all the same."""
    details = {
        "missing": "bảng chưa có số liệu",
        "advice_vi": " Biểu này có số đầu kỳ, cuối kỳ, đang quản lý hoặc đánh giá, nên dù không phát sinh"
        " vẫn phải ghi đủ các dòng (ghi 0 ở mục không phát sinh).",
        "advice_en": " This form has levels or grades that must be given even if nothing happened: fill in"
        " all rows (0 where nothing happened).",
    }
    cell = cell_name(found.row + 1, found.column)
    return Finding("ROW-MISSING", sheet_name, cell, "", found.text, details)


def _keys(dimension: Dimension, body: Body | None, plan: Plan) -> list[str]:
    if dimension.code_list is not None:
        return [code.code for code in dimension.code_list.codes]
    if dimension.level is None or body is None:
        return []
    area = plan.areas_by_code[body.area]
    if area.level == dimension.level:
        return [area.code]
    within = plan.areas_within[body.area]
    return [other.code for other in plan.areas if other.level == dimension.level and other.code in within]
