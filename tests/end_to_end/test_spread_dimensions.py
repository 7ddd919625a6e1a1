"""A programme whose forms spread ages and sexes over columns, driven from its files through every step."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from sqlalchemy import text

from benchmarks.truth import Entry, faults
from plans.reading import read_plan
from plans.reporting_calendar import period_from_code
from publishing.blank_forms.files import template_files
from schemas.form_set import read_form_set
from services.form_workbook import read_workbook, write_workbook
from services.ingest import IngestContext
from tests.support.generated_year import generated_year
from tests.support.office import Office
from tests.support.pages import broken_links
from tests.support.paths import DATA
from warehouse.indicators.lineage import figures_of_cell, recompute, trace

PLAN_FILE = DATA / "screening" / "plan.yaml"
PLAN = read_plan(PLAN_FILE)
FORMS = read_form_set(DATA / "screening" / "screening")
NOW = datetime(2022, 2, 1, tzinfo=UTC)
Year = tuple[IngestContext, list[Entry]]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """A generated year of the programme, ingested, with what is true of its sheets."""
    yield from generated_year(tmp_path_factory.mktemp("screening"), PLAN, FORMS, NOW, seed=3)


def test_every_generated_sheet_gives_its_expected_result(year: Year) -> None:
    context, truth = year
    assert len(truth) > 50
    with context.engine.connect() as connection:
        assert faults(connection, truth) == []


def test_every_figure_comes_from_its_cells(year: Year) -> None:
    with year[0].engine.connect() as connection:
        query = (
            "SELECT target_code, area_code, numerator, denominator FROM mart.target_indicator"
            " WHERE period_code = '2021-Y' AND numerator IS NOT NULL"
        )
        rows = connection.execute(text(query)).all()
        assert {row[0] for row in rows} == {"S1", "S2", "S3"}
        for code, area, numerator, denominator in rows:
            cells = trace(connection, PLAN, code, "2021-Y", area)
            assert recompute(cells, PLAN.targets_by_code[code]) == (numerator, denominator)
        cells = [cell for cell in trace(connection, PLAN, "S1", "2021-Y", "731") if cell["value"]]
        assert len({str(cell["cell"]).rstrip("0123456789") for cell in cells}) > 1  # men and women
        cell = {key: str(value) for key, value in cells[0].items()}
        figures = figures_of_cell(
            connection, PLAN, cell["body_code"], cell["file_name"], cell["sheet_name"], cell["cell"]
        )
        assert ("S1", "731", "2021-Y") in [
            (f["target_code"], f["area_code"], f["period_code"]) for f in figures
        ]


def filled(content: bytes) -> bytes:
    """A blank form with a figure in each open cell, smaller from column to column."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        for row in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
            for cell in row:
                if isinstance(cell, Cell) and not cell.protection.locked and cell.value is None:
                    cell.value = 30 - cell.column
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put_form(office: Office, body: str, period: str) -> None:
    found = period_from_code(period, PLAN.calendar)
    for name, content in template_files(PLAN, [body], found, form_set=FORMS):
        office.put(f"drive/{name}", filled(content))


@pytest.fixture
def clinic(office: Office) -> Office:
    office.use(PLAN_FILE, now="2021-05-10")
    assert office.run("init").status == 0
    return office


def test_blank_forms_have_the_printed_columns_and_are_accepted(clinic: Office) -> None:
    put_form(clinic, "SYT", "2021-M04")
    put_form(clinic, "UBND-731", "2021-M04")
    done = clinic.run(f"ingest {clinic.folder / 'drive'} --json")
    assert {k: n for k, n in done.json["submissions"].items() if n} == {"accepted": 2, "rejected": 1}
    assert clinic.rows(
        "SELECT code, cell, column_key FROM audit.finding WHERE code = 'BED-01' ORDER BY 2"
    ) == [
        ("BED-01", "G11", "closing"),
        ("BED-01", "H11", "closing"),
    ]
    query = "SELECT age_band, sex, done, positive FROM dw.current_screening_tests WHERE district = '731' ORDER BY done"
    assert clinic.rows(query) == [
        ("ELDERLY", "FEMALE", 22, 16),
        ("ELDERLY", "MALE", 23, 17),
        ("ADULT", "FEMALE", 24, 18),
        ("ADULT", "MALE", 25, 19),
        ("CHILD", "FEMALE", 26, 20),
        ("CHILD", "MALE", 27, 21),
    ]


def test_a_set_with_spread_dimensions_survives_a_workbook(tmp_path: Path) -> None:
    write_workbook(FORMS, tmp_path / "set.xlsx")
    for name, content in read_workbook(tmp_path / "set.xlsx").items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    assert read_form_set(tmp_path).declarations == FORMS.declarations


@pytest.mark.long
def test_pages_show_the_printed_columns(clinic: Office) -> None:
    put_form(clinic, "SYT", "2021-M04")
    assert clinic.run(f"ingest {clinic.folder / 'drive'}").status == 0
    assert clinic.run(f"publish --out {clinic.folder / 'site'}").status == 0
    assert broken_links(clinic.folder / "site") == []
    page = (clinic.folder / "site" / "form-02-SL.html").read_text("utf-8")
    assert "16 - 59 tuổi" in page
    english = (clinic.folder / "site" / "en" / "form-02-SL.html").read_text("utf-8")
    assert "Form 02-SL. Results of tests" in english
    columns = english.partition('id="columns"')[2].partition("</section>")[0]
    assert "Tests done - Below 16 years" in columns
    assert "Positive - Adult" in columns
    assert not re.search("[À-ỹ]", columns)
    assert clinic.run("audit verify").status == 0
