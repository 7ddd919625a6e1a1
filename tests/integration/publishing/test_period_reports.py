"""The documents on a closed period: every figure as it was frozen, whatever is known since."""

import io
import json
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import text

from plans.model import Plan
from plans.reporting_calendar import period_from_code
from publishing.documents.period_report import period_report
from publishing.documents.period_workbook import RESTRICTED, period_workbook
from publishing.documents.report_prose import figure_with_unit
from publishing.documents.workbook_contents import CONTENTS_TITLE
from schemas.declaration import Form, MeasureType
from services.ingest import IngestContext, ingest
from tests.support.forms import BY_CODE, FORM_SET
from tests.support.paths import SAMPLE
from tests.support.pipeline import NOW, ingested_sample
from tests.support.postgres import shared_database
from tests.support.reports import PLAN, default_rows, district_rows, workbook
from transforms.text.sentences import in_sentence
from warehouse import queries
from warehouse.history import snapshots

Q1 = period_from_code("2020-Q1", PLAN.calendar)
TRUTH = [
    entry
    for entry in json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    if entry["expect"] == "accepted"
]
NAMES = {body.code: body.name for body in PLAN.all_bodies} | {a.code: a.name for a in PLAN.areas}
PDF_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
SOFFICE = shutil.which("soffice")


def closed_sample(url: str, folder: Path) -> IngestContext:
    app = ingested_sample(url, folder)
    with app.engine.begin() as connection:
        snapshots.close(connection, PLAN, Q1, NOW)
    return app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IngestContext]:
    """The sample with its first quarter closed; only read."""
    with shared_database() as url:
        yield closed_sample(url, tmp_path_factory.mktemp("sample"))


def made(app: IngestContext, days: int = 0, plan: Plan = PLAN) -> tuple[bytes, bytes]:
    now = NOW + timedelta(days=days)
    with app.engine.begin() as connection:
        return period_workbook(connection, plan, Q1, now), period_report(connection, plan, Q1, now)


@pytest.fixture(scope="module")
def book(app: IngestContext) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made(app)[0]))


@pytest.fixture(scope="module")
def document(app: IngestContext) -> Any:
    return docx.Document(io.BytesIO(made(app)[1]))


def blocks(sheet: Worksheet) -> dict[str, dict[str, list[Any]]]:
    """The cells of each line below the header, by the block's title and the line's label; totals as written."""
    found: dict[str, dict[str, list[Any]]] = {}
    title = ""
    for row in sheet.iter_rows(min_row=8, values_only=True):
        if isinstance(row[0], str):
            title = row[0]
        elif row[1]:
            found.setdefault("" if row[1] == "Tổng cộng" else title, {})[str(row[1])] = list(row[4:])
    return found


def computed(sheet: Worksheet, cell: Any) -> Any:
    """The value of a total: the sum of the cells that its formula names, formulas among them."""
    if not str(cell).startswith("=SUM("):
        return cell
    total = 0
    for part in str(cell)[5:-1].split(","):
        first, _, last = part.partition(":")
        for row in sheet[f"{first}:{last or first}"]:
            total += sum(computed(sheet, c.value) or 0 for c in row)
    return total


def test_every_target_figure_is_the_frozen_one(app: IngestContext, book: Any) -> None:
    listed = {}
    for title in ("Chỉ tiêu I.2", "Chỉ tiêu III.17"):
        for row in book[title].iter_rows(min_row=7, values_only=True):
            listed[row[0], row[2]] = [*row[4:7], *row[8:11], *row[12:14], row[15]]
    keys = "numerator denominator value target_value expected_value achievement_pct value_min value_max"
    with app.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM mart.target_snapshot")).mappings().all()
    assert len(listed) == len(rows) > 200
    for row in rows:
        frozen = [row[key] for key in (*keys.split(), "completeness_pct")]
        for shown, meant in zip(listed[row["target_code"], row["area_code"]], frozen, strict=True):
            assert shown == meant if meant is None else shown == pytest.approx(float(meant), rel=1e-12)


@pytest.mark.parametrize("form", BY_CODE.values(), ids=list(BY_CODE))
def test_what_happened_adds_up_to_the_sum_of_the_reports(form: Form, book: Any) -> None:
    shown = [measure for measure in form.measures if measure.code_list is None]
    meant: dict[tuple[str, str], float] = defaultdict(float)
    added: dict[tuple[str, str], float] = defaultdict(float)
    for entry in (entry for entry in TRUTH if entry["form"] == form.code):
        for row in entry["rows"]:
            commune = PLAN.areas_by_code.get(row.get("commune"))
            place = row.get("district") or (commune and commune.parent) or entry["body"].removeprefix("UBND-")
            for measure in shown:
                meant[NAMES[place], measure.key] += (
                    row[measure.key] if measure.kind is MeasureType.FLOW else 0
                )
    for lines in blocks(book[f"Biểu {form.code}"]).values():
        for label, cells in lines.items():
            for measure, cell in zip(shown, cells, strict=True):
                if cell is not None and label not in ("Cộng", "Tổng cộng"):
                    name = label.partition(" – ")[0]
                    added[name, measure.key] += cell if measure.kind is MeasureType.FLOW else 0
    assert added == pytest.approx(meant)


def reports(form: str, body: str) -> list[list[dict[str, Any]]]:
    """The rows of a body's accepted reports, in the order of time."""
    listed = [e for e in TRUTH if e["form"] == form and e["body"] == body]
    return [entry["rows"] for entry in sorted(listed, key=lambda entry: entry["period"])]


def test_openings_count_first_and_stocks_last(book: Any) -> None:
    local, police = blocks(book["Biểu 02-PCMD"]).values()
    for code in ("731", "732", "737"):
        listed = reports("02-PCMD", f"UBND-{code}")
        opening, closing = (
            sum(row[key] for row in rows) for key, rows in (("opening", listed[0]), ("closing", listed[-1]))
        )
        assert (local[NAMES[code]][0], local[NAMES[code]][4]) == (opening, closing)
    assert local[NAMES["734"]] == [None] * 5  # silent, which is not nought
    assert police[NAMES["734"]][4] is not None


def test_teams_that_manage_the_same_places_are_not_added_up(book: Any) -> None:
    sheet = book["Biểu 03-PCMD"]
    found = blocks(sheet)
    for team, title in (("DISTRICT", "cấp huyện"), ("COMMUNE", "cấp xã")):
        lines = next(lines for name, lines in found.items() if name.endswith(title))
        latest = [reports("03-PCMD", f"UBND-{code}")[-1] for code in ("731", "732", "737")]
        managed = sum(row["managed"] for rows in latest for row in rows if row["team_level"] == team)
        assert computed(sheet, lines["Cộng"][0]) == managed
    assert found["Cơ quan cấp tỉnh"]["Cộng"][0] is found[""]["Tổng cộng"][0] is None
    inspected = sum(row["inspected"] for e in TRUTH if e["form"] == "03-PCMD" for row in e["rows"])
    assert computed(sheet, found[""]["Tổng cộng"][1]) == inspected


def test_flags_are_counted_and_scores_averaged(book: Any) -> None:
    (lines,) = blocks(book["Biểu 05-PCMD"]).values()
    rows = reports("05-PCMD", "UBND-732")[-1]
    free = sum(row["free_of_prostitution"] for row in rows)
    mean = sum(row["score"] for row in rows) / len(rows)
    assert (lines[NAMES["732"]][0], lines[NAMES["732"]][-1]) == (free, pytest.approx(mean))
    assert lines["Cộng"][-1] == pytest.approx(mean)  # no sum
    assert "Xếp loại" in book["Biểu 05-PCMD"]["A4"].value


def test_the_workbook_reads_and_prints_well(book: Any) -> None:
    contents = book[CONTENTS_TITLE]
    links = [cell.hyperlink.location for (cell,) in contents["B1:B40"] if cell.hyperlink]
    assert links == [f"'{title}'!A1" for title in book.sheetnames[1:]]
    assert len(contents._charts) == 1
    assert book["Chỉ tiêu I.2"].auto_filter.ref.startswith("A6:Q")
    assert all(row.height for row in list(book["Chỉ tiêu I.2"].row_dimensions.values())[5:])
    for sheet in book.worksheets[1:]:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.freeze_panes in ("E7", "C8")
        assert "Quý I năm 2020" in sheet["A3"].value
        form = BY_CODE.get(sheet.title.removeprefix("Biểu "))
        assert (RESTRICTED in sheet["A2"].value) == (form is not None and form.sensitive)
    total = book["Biểu 01-PCMD"]["E20"]
    assert (total.value, total.number_format) == ("=SUM(E9:E19)", "#,##0")


def test_the_report_has_the_form_of_an_official_document(document: Any) -> None:
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 20]
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert page.different_first_page_header_footer
    assert "PAGE" in page.header.paragraphs[0]._p.xml
    assert not page.first_page_header.paragraphs[0].text
    left, right = document.tables[0].rows[0].cells
    assert left.text.startswith("ỦY BAN NHÂN DÂN\nTỈNH ĐỒNG NAI\n")
    assert left.text.endswith("Số: …/BC-UBND")
    assert right.paragraphs[1].runs[0].underline
    assert right.text.endswith("Đồng Nai, ngày 01 tháng 3 năm 2026")
    words = [paragraph.text for paragraph in document.paragraphs]
    assert [word.split(".")[0] for word in words if word.isupper()] == [
        "BÁO CÁO",
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
    ]


def test_the_report_lists_what_is_frozen_and_missing(app: IngestContext, document: Any) -> None:
    with app.engine.connect() as connection:
        rows = queries.snapshot(connection, PLAN, "2020-Q1", None)
        owed = queries.reporting_status(connection, PLAN, None)
        head = connection.scalar(text("SELECT encode(hash, 'hex') FROM audit.event WHERE kind = 'close'"))
    shown = [[cell.text for cell in row.cells] for row in document.tables[1].rows[1:]]
    assert [row[0] for row in shown] == [row["target_code"] for row in rows]
    assert [shown[0][2], shown[1][2]] == ["16\u00a0vụ", "73,9%"]
    wanted = {"2020-M01", "2020-M02", "2020-M03", "2020-Q1"}
    meant: dict[Any, int] = defaultdict(int)
    for row in owed:
        if row["period_code"] in wanted and row["status"] in ("missing", "rejected", "late"):
            meant[in_sentence(row["body_name"]), row["form_code"]] += 1
    assert ("Sở Lao động - Thương binh và Xã hội", "03-PCMD") in meant
    listed = [[cell.text for cell in row.cells] for row in document.tables[-2].rows[1:]]
    assert {(row[1], row[2]): row[3].count("năm 2020") for row in listed} == meant
    assert any(head in paragraph.text for paragraph in document.paragraphs)


def test_what_comes_after_the_close_changes_neither_document(warehouse_url: str, tmp_path: Path) -> None:
    app = closed_sample(warehouse_url, tmp_path)
    before = made(app)
    rows = district_rows("01-PCMD")
    rows[0] |= {"cases_detected": 900, "cases_prosecuted": 900}
    (tmp_path / "drive" / "CAT" / "moi.xlsx").write_bytes(
        workbook("01-PCMD", "CAT", "Tháng 3 năm 2020", rows)
    )
    ingest(replace(app, now=NOW + timedelta(days=1)), [f"file://{tmp_path / 'drive'}"])
    (tmp_path / "drive" / "UBND-734").mkdir()
    (tmp_path / "drive" / "UBND-734" / "moi.xlsx").write_bytes(
        workbook("02-PCMD", "UBND-734", "Tháng 3 năm 2020", default_rows("02-PCMD", ["Huyện Tân Phú"]))
    )
    # The clock was set back since: what counts is the order, not the hour.
    late = ingest(replace(app, now=NOW - timedelta(days=1)), [f"file://{tmp_path / 'drive'}"])
    assert late.rows_loaded == 1
    with app.engine.begin() as connection:
        queries.waive(connection, PLAN, "UBND-735", "02-PCMD", "2020-M03", "lũ lụt", NOW - timedelta(days=1))
        assert queries.targets(connection, PLAN, "2020-Q1", None)[0]["value"] > 900
    assert made(app, days=300) == before


def test_an_open_period_is_refused(app: IngestContext) -> None:
    q2 = period_from_code("2020-Q2", PLAN.calendar)
    with app.engine.begin() as connection:
        for write in (period_workbook, period_report):
            with pytest.raises(ValueError, match="2020-Q2 is not closed: chitieu close"):
                write(connection, PLAN, q2, NOW)
            with pytest.raises(ValueError, match="2020-Q2 is not closed: its window runs until 2020-06-14"):
                write(connection, PLAN, q2, NOW.replace(year=2020, month=6, day=1))


def test_hostile_words_of_a_plan_stay_words(app: IngestContext) -> None:
    first = PLAN.targets[0].model_copy(update={"label_vi": "=1+1\x07\ufffe<b>&", "section": "a[:]*?/\\'.b"})
    title = '=HYPERLINK("x")\x0b\x1b</w:t>'
    plan = PLAN.model_copy(update={"title": title, "targets": (first, *PLAN.targets[1:])})
    book, report = made(app, plan=plan)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[1]
    assert [sheet["A1"].data_type, sheet["B7"].data_type] == ["s", "s"]
    assert sheet["B7"].value == "=1+1<b>&"
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(report)).paragraphs]
    assert 'Kết quả thực hiện =HYPERLINK("x")</w:t>' in words


@pytest.mark.long
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    ("number", "name", "library"), [(0, "ky.xlsx", "libsclo.so"), (1, "ky.docx", "libswlo.so")]
)
def test_office_programs_open_them(
    number: int, name: str, library: str, app: IngestContext, tmp_path: Path
) -> None:
    if not (Path(str(SOFFICE)).resolve().parent / library).exists():
        pytest.skip(f"LibreOffice is installed without {library}")
    (tmp_path / name).write_bytes(made(app)[number])
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", name]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120, capture_output=True)
    pages = len(PDF_PAGE.findall((tmp_path / "ky.pdf").read_bytes()))
    assert 5 <= pages <= (25, 12)[number]


def test_the_report_explains_in_sentences(document: Any) -> None:
    words = [paragraph.text for paragraph in document.paragraphs]
    assert any(line.startswith("Đến hết quý I năm 2020, trong 7 chỉ tiêu của kế hoạch có:") for line in words)
    for target in PLAN.targets[:3]:
        assert any(line.startswith(f"- {target.code}. {target.label_vi}:") for line in words)
    heads = [line for line in words if line[:3] in ("IV.", "V. ", "VI.")]
    assert heads == ["IV. TỒN TẠI, NGUYÊN NHÂN", "V. KIẾN NGHỊ", "VI. GHI CHÚ"]
    causes = words[words.index(heads[0]) + 1 : words.index(heads[1])]
    assert any("báo cáo bị trả lại chủ yếu là" in line for line in causes)
    assert not document.paragraphs[-1].text
    assert document.paragraphs[-1].runs[0].font.size.pt == 1  # or a table at the end fills one more page


def test_the_report_has_a_chart_and_a_map(document: Any) -> None:
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    chart = next(rows for rows in tables if rows[0][0] == "T1" and len(rows[0]) == 22)
    assert [row[0] for row in chart] == [f"T{n}" for n in range(1, 8)]
    tiles = next(
        rows for rows in tables if any("Xuân Lộc" in cell for row in rows for cell in row) and len(rows) == 3
    )
    assert sum(bool(cell) for row in tiles for cell in row) == 11


@pytest.mark.parametrize(("value", "unit", "text"), [(7.4, "case", "8\u00a0vụ"), (42.06, "percent", "42,1%")])
def test_counts_have_no_decimals(value: float, unit: str, text: str) -> None:
    assert figure_with_unit(value, unit, FORM_SET) == text
