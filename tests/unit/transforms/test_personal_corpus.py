"""Precision and recall of the search for persons on a corpus of invented persons and of ordinary texts."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from plans.reading import DEFAULT_PLAN, read_plan
from tests.support.forms import FORM_SET, FORMS
from tests.support.reports import default_rows, write_sheet
from transforms.extract.sheet import Sheet
from transforms.extract.workbook import UnreadableFile, read_contents
from transforms.file_parser import read_file
from transforms.layout.cells.cell_values import shown
from transforms.layout.sheet_parser import decode_sheet, reading_context
from transforms.privacy.evidence import THRESHOLD, WEIGHTS, TextContext
from transforms.privacy.personal_data import evidence, is_personal_data, mask
from transforms.privacy.personal_scan import find_in_sheet

DATA = Path(__file__).parents[2] / "data"
PLAN = read_plan(DEFAULT_PLAN)
PHRASES = reading_context(PLAN, FORM_SET, date(2020, 12, 31)).phrases
CONTEXTS: dict[str, TextContext] = {
    "text": "free text",
    "key": "key column",
    "sheet_name": "sheet name",
}


def lines(part: str, name: str) -> list[tuple[str, str, str]]:
    """Read a file of the corpus: kind, context, text."""
    rows = (DATA / "persons" / f"{part}_{name}.tsv").read_text(encoding="utf-8").splitlines()
    parts = [row.split("\t") for row in rows]
    return [(kind, context, text.replace("\\n", "\n")) for kind, context, text in parts]


def is_found(context: str, text: str) -> bool:
    """Whether the search finds a person in a line of the corpus."""
    if context == "file_name":
        return mask(text) != text
    if context == "number":
        heading, value = text.split(" | ")
        rows: list[list[object]] = [["TT", heading], ["1", float(value)]]
        return find_in_sheet(Sheet("Bieu", rows), frozenset(), PHRASES) != ()
    return is_personal_data(text, PHRASES, CONTEXTS[context]) is not None


def measured(part: str) -> tuple[float, list[str]]:
    """Return the recall on a part's persons, and the texts of the part that raise a false alarm."""
    persons = lines(part, "persons")
    found = sum(is_found(context, text) for _, context, text in persons)
    alarms = [text for _, context, text in lines(part, "negatives") if is_found(context, text)]
    return found / len(persons), alarms


def test_the_corpus_has_the_size_that_is_asked_for() -> None:
    parts = ("development", "frozen")
    assert sum(len(lines(part, "persons")) for part in parts) >= 500
    assert sum(len(lines(part, "negatives")) for part in parts) >= 2000


@pytest.mark.parametrize(
    ("part", "recall", "most_alarms"),
    [("development", 0.977, 0), ("frozen", 0.982, 6), ("reported", 0.947, 0)],
)
def test_recall_and_false_alarms_are_as_measured(part: str, recall: float, most_alarms: int) -> None:
    reached, alarms = measured(part)
    assert reached >= recall
    assert len(alarms) <= most_alarms, alarms


def test_the_sample_and_the_plan_raise_no_alarm() -> None:
    """No sheet of the sample but the one with a planted number; no name of an area, body, form or label."""
    alarms = []
    for path in sorted((DATA / "sample").rglob("*")):
        if path.suffix not in (".xlsx", ".xls", ".ods", ".csv"):
            continue
        try:
            contents = read_contents(path.read_bytes(), path.name)
        except UnreadableFile:
            continue
        sheets = [decode_sheet(sheet) for sheet in contents.sheets]
        texts = {cell for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str)}
        alarms += [(path.name, text) for text in texts if is_personal_data(text, PHRASES) == "name"]
    words = [area.name for area in PLAN.areas] + [body.name for body in PLAN.all_bodies]
    words += [column.label_vi for form in FORMS for column in form.columns.values()]
    words += [form.title for form in FORMS]
    alarms += [("plan", text) for text in words if is_personal_data(text, frozenset()) is not None]
    assert not alarms


HEADINGS_AND_NUMBERS = [
    ("Kinh phí thực hiện (đồng)", 271384633, False),
    ("Số CMND", 271384633, True),
    ("Ghi chú", 271384633, True),
    ("Ghi chú", 471384633, False),
    ("CCCD", 1190001234, True),
    ("Dân số", 75190001234, False),
]


@pytest.mark.parametrize(("heading", "number", "is_person"), HEADINGS_AND_NUMBERS)
def test_the_heading_decides_what_a_number_is(heading: str, number: int, is_person: bool) -> None:
    for value in (number, str(number)):
        sheet = Sheet("Bieu", [["TT", heading], ["1", value]])
        assert (find_in_sheet(sheet, frozenset(), PHRASES) != ()) == is_person


def test_a_number_among_amounts_is_an_amount() -> None:
    rows: list[list[object]] = [["Xã A", 12500000, 271384633], ["Xã B", 890412, 75190001234]]
    assert find_in_sheet(Sheet("Bieu", rows), frozenset(), PHRASES) == ()


@pytest.mark.parametrize(
    ("value", "is_person"), [(75190001234, True), (271234567, True), (999_999, False), (471234567, False)]
)
def test_a_measure_column_holds_figures_up_to_its_highest(value: int, is_person: bool) -> None:
    sheet = Sheet("Bieu", [["Số người"], [value]])
    assert (find_in_sheet(sheet, {0: 1_000_000}, PHRASES) != ()) == is_person
    assert find_in_sheet(sheet, {0: 10**12}, PHRASES) == ()


def test_evidence_explains_the_score() -> None:
    rules = evidence("chị Tư Hường chủ quán")
    assert {rule.rule for rule in rules} >= {"title before", "given name alone"}
    assert sum(rule.weight for rule in rules) >= THRESHOLD
    street = evidence("đường Phạm Văn Thuận")
    assert any(rule.rule == "place or street before" and rule.weight < 0 for rule in street)
    assert {rule.rule for rule in rules + street} <= set(WEIGHTS)


def test_each_person_of_a_file_is_named_where_he_is() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Bieu 09")
    assert isinstance(first, Worksheet)
    write_sheet(first, "02-PCMD", "CAT", "Tháng 3 năm 2020", default_rows("02-PCMD"))
    write_sheet(second, "09-PCMD", "CAT", "6 tháng cuối năm 2020", default_rows("09-PCMD"))
    first["C30"], first["C31"], second["C30"] = "Trần Thị Bình", "Nguyễn Văn An", "0987654321"
    content = BytesIO()
    book.save(content)
    context = reading_context(PLAN, FORM_SET, date(2020, 12, 31))
    reading = read_file(content.getvalue(), "bao cao.xlsx", "CAT", context)
    found = [(finding.sheet_name, finding.cell) for sheet in reading.sheets for finding in sheet.findings]
    assert found == [(first.title, "C30"), (first.title, "C31"), ("Bieu 09", "C30")]


def test_names_below_the_table_are_no_keys() -> None:
    table: list[list[object]] = [["Xã", "Số vụ"], ["Phú Lý", 3], [None, None]]
    for name in ("Lý A Páo", "Thạch Sa Rang", "K'Brêu", "Liên hệ: chị Lan", 'đối tượng Tuấn "đen"'):
        sheet = Sheet("Bieu", [*table, [name, None]])
        assert [trace.cell for trace in find_in_sheet(sheet, {1: 100}, PHRASES, frozenset({0}))] == ["A4"]
    above = Sheet("Bieu", [table[0], ["Lê Hoàng", 3], table[1]])
    assert find_in_sheet(above, {1: 100}, PHRASES, frozenset({0})) == ()


HIDDEN_NUMBERS = [
    ("0912345678/0987654321", "•••/•••"),
    ("gọi 0084912345678", "gọi •••"),
    ("0750 9000 1234", "•••"),
    ("số phiếu 471234567", "số phiếu •••"),
    ("lan @ gmail.com", "•••"),
]


@pytest.mark.parametrize(("text", "expected"), HIDDEN_NUMBERS)
def test_a_finding_shows_no_number_of_a_person(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text", ["1.234.567.890", "1500000000 đồng", "15/02/2020 - 14/03/2020", "12.345.678đ"]
)
def test_a_finding_shows_amounts_and_dates(text: str) -> None:
    assert shown(text) == text


def test_a_list_of_persons_is_named_by_its_first_twenty() -> None:
    rows: list[list[object]] = [[f"Nguyễn Văn An {number}"] for number in range(50)]
    assert len(find_in_sheet(Sheet("Bieu", rows), frozenset(), PHRASES)) == 20


@pytest.mark.parametrize("name", ["title", "subject", "keywords", "description", "category"])
def test_a_person_in_a_property_rejects_the_file(name: str) -> None:
    book = openpyxl.Workbook()
    setattr(book.properties, name, "Danh sách của Nguyễn Văn An")
    content = BytesIO()
    book.save(content)
    context = reading_context(PLAN, FORM_SET, date(2020, 12, 31))
    assert read_file(content.getvalue(), "bao cao.xlsx", "CAT", context).must_not_be_kept


def test_the_author_of_a_file_is_no_reason_to_reject_it() -> None:
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "Nguyễn Văn An"
    content = BytesIO()
    book.save(content)
    context = reading_context(PLAN, FORM_SET, date(2020, 12, 31))
    assert not read_file(content.getvalue(), "bao cao.xlsx", "CAT", context).must_not_be_kept
