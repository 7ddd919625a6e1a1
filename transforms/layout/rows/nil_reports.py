"""Reports that state that there is nothing to report ("Không phát sinh")."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from plans.model import Body, Plan
from schemas.declaration import Dimension, Form, MeasureType, Severity
from schemas.findings import Finding, Words
from transforms.cell_names import cell_name
from transforms.layout.cells.cell_values import shown
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.parsed_sheet import SheetReading, Value
from transforms.layout.table import RowKind, Table
from transforms.text.normalise import ascii_key

_WHEN = (
    r"(?:trong )?(?:ky|thang|quy|nam|6 thang dau nam|6 thang cuoi nam)(?: [0-9ivx]{1,4})?(?: nam)?(?: \d{4})?"
)
_STATEMENT = re.compile(
    rf"(?:(?:ghi chu|bao cao|ket qua|so lieu|noi dung) )?(?:{_WHEN}(?: bao cao| nay)? )?(?:tren )?"
    r"(?:(?:don vi|dia phuong|dia ban|toan huyen|toan tinh|co quan|tram(?: y te)?(?: (?:xa|phuong|thi tran))?"
    r"|xa|phuong|thi tran|huyen|phong|so|trung tam(?: y te)?) )?(?:hien )?(?P<nothing>"
    r"(?:khong|chua) (?:co )?(?:phat sinh|vu viec|truong hop nao|xay ra|to chuc|thuc hien|trien khai)\b.*"
    r"|khong (?:co )?(?:so lieu|bao cao|noi dung bao cao|ket qua|hoat dong)\b.*"
    r"|(?:khong|khong co|nil|kps|k p s)$)"
)
# A guide ("nếu không có"), what is an exception from nothing ("ngoài 2 vụ"), or figures that are to follow.
_NO_STATEMENT = re.compile(
    r"\b(?:neu|thi ghi|hay ghi|truong hop (?:khong|chua)|ngoai|loai tru|chi co|chi phat sinh|tuy nhien"
    r"|nhung|so voi|(?:so lieu|bao cao|ket qua) (?:cua|tu)(?! don vi| co quan|$)"
    r"|(?:se|xin) (?:gui|bao cao|bo sung)|gui sau|bo sung sau|kip|tong hop duoc|thong ke duoc)"
    r"\b"
)
_NOT = re.compile(r"\b(?:ko|kg|khg|k)(?= (?:co|phat sinh|ps)\b)")  # "ko phát sinh"
_ARISES = re.compile(r"(?<=khong )(?:(?:co )?gi phat sinh|ps)\b")  # "không ps"
_FIGURE = re.compile(r"\b\d+ [a-z]{2,}")  # "2 vụ"
_PERIOD = re.compile(rf"\b{_WHEN}\b|\b\d{{1,2}} (?:thang|nam|quy)\b|\b(?:19|20)\d\d\b|\bngay [\d ]+")
# All that may be behind "không", the period taken out, for a statement about the whole report.
_OF_THE_WHOLE = re.compile(
    r"(?:(?:khong|chua|co|phat sinh|xay ra|to chuc|thuc hien|trien khai|so lieu|bao cao|noi dung|ket qua"
    r"|hoat dong|vu viec|vu|truong hop|nao|gi|moi|nay|them|kps|k p s|nil|het|cua don vi)\b ?)+"
    r"(?:(?:tai|tren|o) (?:dia|don vi|co quan|toan|tinh|huyen|quan|thi|thanh pho|xa|phuong)\b.*)?"
)
_LONGEST = 160  # characters of a statement


def nil_statement(rows: Grid, body: Body | None = None) -> FoundText | None:
    """Return the text that states that there is nothing to report, if any; it may name the body."""
    for found in texts(rows):
        words = _words(found.text, body)
        if len(words) <= _LONGEST and (stated := _STATEMENT.match(words)) and _is_whole(words, stated):
            return found
    return None


def _words(text: str, body: Body | None) -> str:
    """Return the words of a text in the usual spelling, without the name of the body."""
    name = ascii_key(body.name) if body else ""
    words = _ARISES.sub("phat sinh", _NOT.sub("khong", ascii_key(text)))
    return " ".join(words.replace(name, "", 1).split()) if name and name in words else words


def _is_whole(words: str, stated: re.Match[str]) -> bool:
    """Whether nothing in a statement takes back that there is nothing to report."""
    behind = words[stated.start("nothing") :]
    figure = _FIGURE.search(_PERIOD.sub(" ", behind))
    return figure is None and _NO_STATEMENT.search(words) is None


def _holds_no_figure(rows: Grid) -> bool:
    """Whether no cell of a sheet holds a number, so that a statement in it is about all of it."""
    return not any(
        isinstance(v, int | float) or (isinstance(v, str) and v.strip().isdigit()) for r in rows for v in r
    )


def is_nil_without_table(
    reading: SheetReading, rows: Grid, form: Form, body: Body | None, plan: Plan
) -> bool:
    """Make a sheet without a table or any figure that states that there is nothing to report a nil report."""
    statement = nil_statement(rows, body)
    if statement is None or not _allows_nil(form) or not _holds_no_figure(rows):
        return False
    _fill_nil(reading, form, body, plan, statement)
    return True


def check_nil(reading: SheetReading, table: Table, body: Body | None, plan: Plan) -> None:
    """Make a report without figures that states that there is nothing to report a nil report."""
    width = len(table.form.dimensions)
    figures = [value for values in reading.values for value in values[width:] if value is not None]
    if figures:
        _check_contradiction(reading, table, figures, body)
        return
    found = nil_statement(table.rows, body)
    faulty = any(f.severity is Severity.ERROR and f.code != "VALUE-MISSING" for f in reading.findings)
    one_by_one = len(reading.rows) == 1 or table.form.rows_expected is not None
    if reading.rows and (faulty or (found is None and one_by_one)):
        return  # its own findings are more precise
    reading.rows, reading.values = [], []
    reading.findings = [f for f in reading.findings if f.code != "VALUE-MISSING"]
    if found is not None and _allows_nil(table.form):
        _fill_nil(reading, table.form, body, plan, found)
    elif found is not None:
        reading.findings.append(_nil_refused(reading.sheet_name, found))


def _check_contradiction(
    reading: SheetReading, table: Table, figures: Sequence[Value], body: Body | None
) -> None:
    """Note a line that states that there is nothing to report where the table has figures."""
    if not any(isinstance(value, int | float) and value for value in figures):
        return
    outside: Grid = [
        row if table.kinds.get(index) is not RowKind.DATA and _is_one_text(row) else ()
        for index, row in enumerate(table.rows)
    ]
    found = nil_statement(outside, body)
    if found is not None and _is_of_the_whole(found.text, body):
        cell = cell_name(found.row + 1, found.column)
        finding = Finding(
            "CELL-UNACCOUNTED", reading.sheet_name, cell, "", shown(found.text), {}, Severity.WARNING
        )
        reading.findings.append(replace(finding, text_key="nil-with-figures"))


def _is_of_the_whole(text: str, body: Body | None) -> bool:
    """Whether a statement has no object of its own, as in "Không phát sinh vụ mua bán người"."""
    stated = _STATEMENT.match(_words(text, body))
    behind = "" if stated is None else _PERIOD.sub(" ", stated["nothing"])
    return _OF_THE_WHOLE.fullmatch(" ".join(behind.split())) is not None


def _is_one_text(row: Sequence[object]) -> bool:
    return sum(value is not None for value in row) == 1


def _allows_nil(form: Form) -> bool:
    """Whether a form may report nothing: only flows, and no area that must give its state."""
    return all(measure.kind is MeasureType.FLOW for measure in form.measures)


def _fill_nil(reading: SheetReading, form: Form, body: Body | None, plan: Plan, found: FoundText) -> None:
    """Make the reading a nil report: a row of zeros for each key that the body reports, none for dates."""
    reading.is_nil = True
    keys = [_keys(dimension, body, plan) for dimension in form.dimensions]
    for combination in product(*keys):
        reading.rows.append(found.row + 1)
        zeros: list[Value] = [0] * len(form.measures)
        reading.values.append([*combination, *zeros])


def _nil_refused(sheet_name: str, found: FoundText) -> Finding:
    """The finding of a nil statement on a form whose levels or answers must be given all the same."""
    details = {
        "missing": Words("missing.no-figures"),
        "advice": Words("advice.must-be-given"),
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
