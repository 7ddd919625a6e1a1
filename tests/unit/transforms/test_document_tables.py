"""Tables of a document that are one: parts behind a page break, and what nobody sees in it."""

import io

import docx
import pytest
from docx.document import Document

from tests.support.grids import BODIES, CONTEXT, TOP, Grid, communications, read_grid
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import FileReading

ROWS = communications()
MEANT = read_grid(ROWS).values


def _add_table(document: Document, rows: Grid) -> None:
    table = document.add_table(rows=0, cols=5)
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = "" if value is None else str(value)


def _with_head(rows: Grid) -> Document:
    document = docx.Document()
    for row in ROWS[: TOP - 1]:
        document.add_paragraph(" ".join(map(str, row)))
    _add_table(document, rows)
    return document


def _read(document: Document) -> FileReading:
    content = io.BytesIO()
    document.save(content)
    return read_file(content.getvalue(), "bao cao.docx", BODIES["06"], CONTEXT)


@pytest.mark.parametrize("between", [(), ("(tiếp theo)",), ("Phần II",)])
@pytest.mark.parametrize("header", [[], [ROWS[TOP - 1]]], ids=["without header", "header repeated"])
def test_a_table_that_goes_on_behind_a_page_break_is_one_table(
    between: tuple[str, ...], header: Grid
) -> None:
    document = _with_head(ROWS[TOP - 1 : TOP + 4])
    for line in between:
        document.add_paragraph(line)
    document.add_page_break()
    _add_table(document, [*header, *ROWS[TOP + 4 :]])
    [sheet] = _read(document).sheets
    assert sheet.values == MEANT


@pytest.mark.parametrize("line", ["Kỳ báo cáo: Quý II năm 2020", "Biểu số: 07-PCMD", "Tháng 4/2020"])
def test_a_table_with_a_head_of_its_own_is_another_one(line: str) -> None:
    document = _with_head(ROWS[TOP - 1 : TOP + 4])
    document.add_paragraph(line)
    _add_table(document, [ROWS[TOP - 1], *ROWS[TOP + 4 :]])
    first, *others = _read(document).sheets
    assert first.values == MEANT[:4]
    assert others or "REPORT-UNRECOGNISED" in {finding.code for finding in first.findings}


def test_a_code_at_the_top_of_the_pages_is_read() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Biểu số: 06-PCMD"
    document.add_paragraph("Kỳ báo cáo: Quý I năm 2020")
    _add_table(document, ROWS[TOP - 1 :])
    [sheet] = _read(document).sheets
    assert (sheet.values, sheet.findings) == (MEANT, [])


def test_hidden_text_is_no_part_of_a_figure() -> None:
    document = _with_head(ROWS[TOP - 1 :])
    run = document.tables[0].cell(1, 2).paragraphs[0].add_run("5")
    run.font.hidden = True
    [sheet] = _read(document).sheets
    assert sheet.values == MEANT
