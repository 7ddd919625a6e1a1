"""Blank forms: what is known stands there, what may be typed is limited, and filled in they pass."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from plans.model import Plan
from plans.reading import read_plan
from plans.reporting_calendar import Period, period_from_code
from publishing.blank_forms import files
from publishing.blank_forms.cover import COVER_TITLE
from publishing.blank_forms.openings import carried_measures
from publishing.blank_forms.rows import choices_of, known_rows
from publishing.i18n import MOTTO
from schemas.declaration import Measure
from schemas.findings import Finding
from schemas.form_set import read_form_set, shipped_form_set
from tests.support.findings import findings_in
from tests.support.forms import BY_CODE, FORM_SET
from tests.support.paths import DATA, ROOT
from tests.support.reports import PLAN
from tests.support.two_levels import PLAN as TWO_LEVELS
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading
from transforms.layout.sheet_parser import reading_context
from transforms.layout.table_header.header import find_header
from transforms.text.places import gazetteer, resolve

template_files = partial(files.template_files, form_set=FORM_SET)
template_workbook = partial(files.template_workbook, form_set=FORM_SET)
OTHER_PLAN = read_plan(DATA / "plan_second.yaml")
CONTEXTS = {p.code: reading_context(p, FORM_SET, date(p.year, 12, 31)) for p in (PLAN, OTHER_PLAN)}
SOFFICE = shutil.which("soffice")
Choose = Callable[[Any, int], Any]


def period(code: str, plan: Plan = PLAN) -> Period:
    return period_from_code(code, plan.calendar)


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def forms_in(book: Any) -> list[Worksheet]:
    return [s for s in book.worksheets if s.sheet_state == "visible" and s.title != COVER_TITLE]


def table(sheet: Worksheet, plan: Plan = PLAN) -> tuple[dict[str, int], int]:
    """The sheet's columns by form column (from 1), and the header's last row."""
    code = str(sheet["A3"].value).removeprefix("Biểu số: ")
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    merged = [(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in sheet.merged_cells.ranges]
    header = find_header(rows, merged, BY_CODE[code], plan.area_headings)
    assert header is not None
    return {key: column + 1 for key, column in header.columns.items()}, header.last_row + 1


def plain(column: Any, row: int) -> Any:
    """What breaks no rule: nought, yes, the first code of the list."""
    if isinstance(column, Measure):
        if column.code_list is not None:
            return column.code_list.codes[0].label_vi
        return 0 if column.is_number else "Có"
    return column.code_list.codes[0].label_vi if column.code_list else None


def fill(sheet: Worksheet, when: Period, place: str, choose: Choose = plain, totals: bool = True) -> None:
    """Fill in all open cells; of rows without keys only the first. Totals get the value of their formula."""
    columns, _ = table(sheet)
    form = BY_CODE[str(sheet["A3"].value).removeprefix("Biểu số: ")]
    dates = [
        key for key, c in form.columns.items() if not isinstance(c, Measure) and not (c.level or c.code_list)
    ]
    filled = 0
    for row in range(1, sheet.max_row + 1):
        keys = [sheet.cell(row, columns[d.key]) for d in form.dimensions]
        if keys[0].protection.locked and sheet.cell(row, max(columns.values())).protection.locked:
            continue
        if all(cell.value is None for cell in keys):
            if filled:
                continue
            for dimension, cell in zip(form.dimensions, keys, strict=True):
                cell.value = place if dimension.level else plain(dimension, row)
                if dimension.key in dates:
                    cell.value = when.window_start
        filled += 1
        for measure in form.measures:
            sheet.cell(row, columns[measure.key]).value = choose(measure, row)
    assert filled
    if totals:
        write_totals(sheet)


def write_totals(sheet: Worksheet) -> None:
    """What a spreadsheet program stores beside a formula, openpyxl does not: the sum in its place."""
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "f":
                area = str(cell.value).removeprefix("=SUM(").removesuffix(")")
                cell.value = sum(c.value or 0 for (c,) in sheet[area])


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def checked(
    content: bytes, body: str, plan: Plan = PLAN, name: str = "a.xlsx"
) -> tuple[FileReading, list[Finding]]:
    reading = read_file(content, name, body, CONTEXTS[plan.code])
    return reading, findings_in(reading, body, plan)


PERIODS = {"M": "M03", "Q": "Q1", "H": "H1", "Y": "Y", "A": "A-0305"}
COMMUNES = ("UBND-26143", "UBND-26209", "UBND-26275")  # two Xã Thanh Sơn, and one with the newer tone mark
DISTRICTS = ("UBND-731", "UBND-736")


def owed() -> list[Any]:
    cases = []
    for plan in (PLAN, OTHER_PLAN):
        for body in plan.all_bodies:
            if plan is PLAN and body.level != "province" and body.code not in (*COMMUNES, *DISTRICTS):
                continue
            kinds = {o.frequency for (code, _), o in plan.cadences.items() if code == body.code}
            cases += [
                pytest.param(plan, body.code, f"{plan.year}-{PERIODS[kind]}", id=f"{body.code} {kind}")
                for kind in sorted(kinds)
            ]
    return cases


@pytest.mark.parametrize(("plan", "body", "code"), owed())
def test_filled_in_it_passes(plan: Plan, body: str, code: str) -> None:
    when = period(code, plan)
    book = opened(template_workbook(plan, body, when))
    district = next(a for a in plan.areas if a.level == "district")
    own = plan.areas_by_code[plan.bodies_by_code[body].area]
    for sheet in forms_in(book):
        fill(sheet, when, own.name if own.level == "district" else district.name)
    reading, findings = checked(saved(book), body, plan)
    assert findings == []
    due = {form for (b, form), o in plan.cadences.items() if b == body and o.frequency == when.kind}
    assert {sheet.form_code for sheet in reading.sheets} == due
    assert all(sheet.rows and sheet.period == when for sheet in reading.sheets)
    additive = [s for s in reading.sheets if any(m.is_additive for m in BY_CODE[s.form_code or ""].measures)]
    assert all(len(s.totals) == (len(s.rows) > 1 or when.kind == "A") for s in additive)


def test_totals_that_no_program_has_computed_yet_are_no_fault() -> None:
    when = period("2020-Q1")
    book = opened(template_workbook(PLAN, "SYT", when))
    for sheet in forms_in(book):
        fill(sheet, when, "", totals=False)
    reading, findings = checked(saved(book), "SYT")
    assert findings == []
    assert len(reading.sheets) == 2
    assert not [total for sheet in reading.sheets for total in sheet.totals]


def rule_at(sheet: Worksheet, cell: str) -> Any:
    (rule,) = [v for v in sheet.data_validations.dataValidation if cell in v.sqref]
    return rule


def listed(book: Any, rule: Any) -> list[str]:
    """The choices of a drop-down list: those it names, or those that stand where it points."""
    if rule.formula1.startswith('"'):
        return str(rule.formula1).strip('"').split(",")
    title, _, area = rule.formula1.rpartition("!")
    return [cell.value for (cell,) in book[title.strip("'")][area]]


def test_rows_are_there_for_all_that_must_report() -> None:
    def keys(body: str, code: str, form: str) -> list[tuple[Any, ...]]:
        sheet = opened(template_workbook(PLAN, body, period(code)))[f"Biểu {form}"]
        columns, header = table(sheet)
        places = [columns[d.key] for d in BY_CODE[form].dimensions]
        rows = [tuple(sheet.cell(r, c).value for c in places) for r in range(header + 2, sheet.max_row)]
        return [row for row in rows if all(row)]

    districts = [a.name for a in PLAN.areas if a.level == "district"]
    kinds = [c.label_vi for c in BY_CODE["02-PCMD"].dimensions[1].code_list.codes]  # type: ignore[union-attr]
    assert keys("CAT", "2020-M03", "01-PCMD") == [(name,) for name in districts]
    assert keys("CAT", "2020-M03", "02-PCMD") == [(name, kind) for name in districts for kind in kinds]
    assert keys("UBND-736", "2020-M03", "02-PCMD") == [("Huyện Định Quán", kind) for kind in kinds]
    communes = [a.name for a in PLAN.areas if a.parent == "736"]
    assert keys("UBND-736", "2020-Q1", "05-PCMD") == [(name,) for name in communes]
    assert keys("UBND-26209", "2020-Q1", "05-PCMD") == [("Xã Thanh Sơn",)]
    assert len(keys("SLDTBXH", "2020-M03", "03-PCMD")) == 4 * 9
    assert keys("CAT", "2020-A-0305", "12-PCMD") == []


def test_only_what_is_to_be_filled_in_can_be_changed() -> None:
    for body, code in [("UBND-731", "2020-Q1"), ("CAT", "2020-M03"), ("CAT", "2020-A-0305")]:
        for sheet in forms_in(opened(template_workbook(PLAN, body, period(code)))):
            form = BY_CODE[sheet.title.removeprefix("Biểu ")]
            columns, header = table(sheet)
            fixed = form.rows_expected is not None
            may_change = {columns[k] for k, c in form.columns.items() if isinstance(c, Measure) or not fixed}
            assert sheet.protection.sheet
            opened_cells = [c for row in sheet.iter_rows() for c in row if not c.protection.locked]
            assert {cell.column for cell in opened_cells} == may_change
            assert min(int(cell.row or 0) for cell in opened_cells) == header + 2  # below the column numbers
            assert not [cell for cell in opened_cells if cell.data_type == "f"]


def test_what_may_be_typed_is_limited_and_stated_in_vietnamese() -> None:
    book = opened(template_workbook(PLAN, "UBND-731", period("2020-Q1")))
    sheet = book["Biểu 05-PCMD"]
    columns, header = table(sheet)

    def rule(key: str) -> Any:
        return rule_at(sheet, sheet.cell(header + 2, columns[key]).coordinate)

    assert listed(book, rule("free_of_prostitution")) == ["Có", "Không"]
    assert listed(book, rule("classification")) == ["Tốt", "Khá", "Trung bình", "Yếu"]
    assert rule("hotspots").type == "whole"
    assert rule("hotspots").operator in (None, "between")  # "between" is the default
    assert (rule("hotspots").formula1, rule("hotspots").formula2) == ("0", "10000")
    assert (rule("score").type, rule("score").formula2) == ("decimal", "100")
    assert rule("hotspots").error == "Hãy nhập số nguyên từ 0 đến 10.000; không có thì ghi 0."
    assert "không được lớn hơn số cơ sở đang quản lý" in rule("inspected").prompt
    for each in sheet.data_validations.dataValidation:
        assert each.showErrorMessage
        assert each.errorStyle in (None, "stop")
        assert max(len(each.prompt), len(each.error)) <= 255
        assert max(len(each.promptTitle), len(each.errorTitle)) <= 32

    flash = opened(template_workbook(PLAN, "UBND-731", period("2020-A-0305")))
    sheet = flash["Biểu 12-PCMD"]
    columns, header = table(sheet)
    day, place = (sheet.cell(header + 2, columns[k]).coordinate for k in ("incident_date", "district"))
    assert (rule_at(sheet, day).type, rule_at(sheet, day).formula1) == ("date", "DATE(2020,3,5)")
    assert listed(flash, rule_at(sheet, place)) == ["Thành phố Biên Hòa"]
    assert flash["Danh mục"].sheet_state == "hidden"


def test_it_prints_on_one_width_and_looks_like_the_form() -> None:
    sheet = opened(template_workbook(PLAN, "CAT", period("2020-M03")))["Biểu 01-PCMD"]
    assert (sheet["A1"].value, sheet["A2"].value) == ("UBND tỉnh Đồng Nai", "Công an tỉnh")
    assert "Nộp chậm nhất ngày 19/03/2020" in {cell.value for cell in sheet[3]}
    assert sheet["A5"].value == "Kỳ báo cáo: Tháng 3 năm 2020"
    assert sheet["A6"].value == "Số liệu từ ngày 15/02/2020 đến ngày 14/03/2020"
    assert "F8:I8" in sheet.merged_cells  # "Đối tượng xử lý hình sự" over its four columns
    assert [cell.value for cell in sheet[10]][:4] == ["A", "B", "(1)", "(2)"]
    assert sheet["C22"].value == "=SUM(C11:C21)"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is the default
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$8:$10"


def test_who_owes_nothing_gets_nothing() -> None:
    files = dict(template_files(PLAN, ["UBND-731", "TAND", "CAT"], period("2020-Q1")))
    assert list(files) == ["UBND-731/2020-Q1.xlsx", "TAND/2020-Q1.xlsx", "CAT/2020-Q1.xlsx"]
    assert list(dict(template_files(PLAN, ["UBND-731", "TAND"], period("2020-M03")))) == [
        "UBND-731/2020-M03.xlsx"
    ]
    only = template_workbook(PLAN, "UBND-731", period("2020-Q1"), [BY_CODE["08-PCMD"]])
    assert [sheet.title for sheet in forms_in(opened(only))] == ["Biểu 08-PCMD"]
    for body, forms in [("TAND", [BY_CODE["01-PCMD"]]), ("KHONG-CO", None)]:
        with pytest.raises(ValueError, match=body):
            template_workbook(PLAN, body, period("2020-Q1"), forms)


def test_a_district_has_no_rows_of_the_provincial_team() -> None:
    sheet = opened(template_workbook(PLAN, "UBND-731", period("2020-M03")))["Biểu 03-PCMD"]
    columns, header = table(sheet)
    teams = {sheet.cell(row, columns["team_level"]).value for row in range(header + 2, sheet.max_row - 3)}
    assert "Đội kiểm tra liên ngành cấp huyện" in teams
    assert "Đội kiểm tra liên ngành tỉnh" not in teams


def test_known_opening_values_are_filled_in() -> None:
    form = BY_CODE["02-PCMD"]
    assert carried_measures(form) == {"opening": "closing"}
    first = known_rows(form, PLAN, PLAN.bodies_by_code["UBND-731"], period("2020-M03"))[0]
    book = opened(
        template_workbook(
            PLAN, "UBND-731", period("2020-M03"), [form], {form.code: {first: {"opening": 7.0}}}
        )
    )
    sheet = book["Biểu 02-PCMD"]
    columns, header = table(sheet)
    assert [sheet.cell(header + n, columns["opening"]).value for n in (2, 3)] == [7, None]


def test_the_cover_names_each_form_and_its_due_day() -> None:
    book = opened(template_workbook(PLAN, "UBND-731", period("2020-Q1")))
    cover = book.worksheets[0]
    assert cover.title == COVER_TITLE
    assert cover["A1"].value == "Mẫu báo cáo của UBND thành phố Biên Hòa"
    links = [cell.hyperlink.location for (cell,) in cover["B1:B20"] if cell.hyperlink]
    assert links == [f"'{sheet.title}'!A1" for sheet in forms_in(book)]


PDF_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.mark.long
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_an_office_program_prints_each_form_on_one_width(tmp_path: Path) -> None:
    pages = {"UBND-731": ("2020-M03", 4), "CAT": ("2020-M03", 4), "UBND-736": ("2020-Q1", 6)}
    for body, (code, _) in pages.items():
        (tmp_path / f"{body}.xlsx").write_bytes(template_workbook(PLAN, body, period(code)))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    files = [str(tmp_path / f"{body}.xlsx") for body in pages]
    command = [str(SOFFICE), home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    for body, (_, most) in pages.items():
        count = len(PDF_PAGE.findall((tmp_path / f"{body}.pdf").read_bytes()))
        assert 2 <= count <= most, (body, count)


def test_the_same_form_is_the_same_bytes() -> None:
    first = template_workbook(PLAN, "TAND", period("2020-Q1"))
    assert first == template_workbook(PLAN, "TAND", period("2020-Q1"))


def test_names_of_a_plan_never_become_formulas() -> None:
    bodies = [b.model_copy(update={"name": "=1+1"}) if b.code == "TAND" else b for b in PLAN.bodies]
    plan = Plan.model_validate({**PLAN.model_dump(), "bodies": bodies})
    sheet = opened(template_workbook(plan, "TAND", period("2020-Q1")))["Biểu 04-PCMD"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("=1+1", "s", True)


@pytest.mark.long
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_saved_by_an_office_program_it_passes_with_its_totals(suffix: str, tmp_path: Path) -> None:
    when = period("2020-Q1")
    book = opened(template_workbook(PLAN, "UBND-736", when))

    def choose(measure: Any, row: int) -> object:
        return 2 if measure.key in ("events", "participants", "managed") else plain(measure, row)

    for sheet in forms_in(book):
        fill(sheet, when, "", choose, totals=False)
    (tmp_path / "a.xlsx").write_bytes(saved(book))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [str(SOFFICE), home, "--headless", "--convert-to", suffix, "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, str(tmp_path / "a.xlsx")], check=True, capture_output=True, timeout=120)
    content = (tmp_path / "out" / f"a.{suffix}").read_bytes()
    reading, findings = checked(content, "UBND-736", name=f"a.{suffix}")
    assert findings == []
    sums = {sheet.form_code: [total.sums for total in sheet.totals] for sheet in reading.sheets}
    assert sums["06-PCMD"] == [{"events": 14, "participants": 14, "products": 0}]
    assert sums["05-PCMD"][0]["managed"] == 2 * len([a for a in PLAN.areas if a.parent == "736"])
    assert set(sums) == {"05-PCMD", "06-PCMD", "08-PCMD"}


def test_communes_of_one_name_stand_with_their_district_and_are_understood() -> None:
    district = next(a for a in PLAN.areas if a.level == "district")
    other = [a for a in PLAN.areas if a.level == "district"][1]
    twins = [next(a for a in PLAN.areas if a.parent == d.code) for d in (district, other)]
    areas = [a.model_copy(update={"name": "Xã Song Sinh"}) if a in twins else a for a in PLAN.areas]
    renamed = Plan.model_validate(PLAN.model_dump() | {"areas": [a.model_dump() for a in areas]})
    asked = next(d for d in BY_CODE["05-PCMD"].dimensions if d.level == "commune")
    province = next(b for b in renamed.bodies if renamed.areas_by_code[b.area].level == "province")
    names = choices_of(asked, renamed, province, period("2020-M03"))
    labels = [n for n in names if n.startswith("Xã Song Sinh")]
    places = gazetteer(renamed)
    found = {resolve(places, n, "commune", province.area).area_code for n in labels}
    assert found == {a.code for a in twins}


def test_without_districts_no_column_asks_for_one() -> None:
    when = period("2026-M03", TWO_LEVELS)
    (sheet,) = forms_in(opened(template_workbook(TWO_LEVELS, "CAT", when)))
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "Xã, phường, thị trấn" in texts
    assert not [words for words in texts if "huyện" in words.casefold()]
    columns, _ = table(sheet, TWO_LEVELS)
    assert "district" in columns  # the reader takes it for the form's place


def test_the_sheet_of_a_quick_report_lists_the_choices_where_there_are_no_districts() -> None:
    when = period("2026-A-0305", TWO_LEVELS)
    (sheet,) = forms_in(opened(template_workbook(TWO_LEVELS, "CAT", when)))
    columns, header = table(sheet, TWO_LEVELS)
    rule = rule_at(sheet, sheet.cell(header + 2, columns["district"]).coordinate)
    assert "huyện" not in f"{rule.promptTitle} {rule.prompt} {rule.error}".casefold()


@pytest.mark.parametrize(
    ("plan_path", "forms", "body", "period", "head"),
    [
        (
            ROOT / "plans" / "health_2024.yaml",
            "health",
            "TYT-25993",
            "2024-M01",
            ["Trung tâm Y tế thành phố Biên Hòa", "Trạm Y tế phường Trảng Dài", *MOTTO],
        ),
        (
            DATA / "registry" / "plan_2024.yaml",
            DATA / "registry" / "set",
            "CIVIL",
            "2024-M01-D1",
            ["Vientiane", "Civil Registry"],
        ),
    ],
)
def test_the_head_of_a_form_is_that_of_its_plan_and_country(
    plan_path: Path, forms: str | Path, body: str, period: str, head: list[str]
) -> None:
    plan = read_plan(plan_path)
    form_set = shipped_form_set(forms) if isinstance(forms, str) else read_form_set(forms)
    found = period_from_code(period, plan.calendar)
    ((_, content),) = files.template_files(plan, [body], found, form_set=form_set)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    lines = [cell.value for column in sheet.iter_cols(max_row=2) for cell in column if cell.value]
    assert lines == head
