"""Word tables in the cells of others, and tables that go on behind a page break without a header."""

import io

import docx
from docx.document import Document
from docx.table import _Cell

from tests.support.grids import BODIES, CONTEXT, Grid, communications, errors
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import SheetReading

FIRST = ["CONFERENCE", 11, 1037, 211]


def head_and_rows() -> tuple[Document, Grid]:
    """A document with the head of a report, and the rows of its table without ordinals."""
    document = docx.Document()
    rows = communications()
    for row in rows[:5]:
        document.add_paragraph(" ".join(str(value) for value in row))
    return document, [row[1:] for row in rows[5:]]


def add_table(place: "Document | _Cell", rows: Grid, width: int = 4, inner_rows: int = 0) -> None:
    table = place.add_table(0, width)
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=False):
            if inner_rows and value == FIRST[1]:
                inner = cell.add_table(inner_rows, 1)
                for line in inner.rows:
                    line.cells[0].text = str(value)
            else:
                cell.text = str(value)


def read(document: Document) -> SheetReading:
    target = io.BytesIO()
    document.save(target)
    reading = read_file(target.getvalue(), "a.docx", BODIES["06"], CONTEXT)
    assert len(reading.sheets) == 1
    return reading.sheets[0]


def test_a_figure_in_a_table_inside_a_cell() -> None:
    document, rows = head_and_rows()
    add_table(document, rows, inner_rows=1)
    assert (read(document).values[0], read(document).findings) == (FIRST, [])


def test_two_figures_in_a_table_inside_a_cell() -> None:
    document, rows = head_and_rows()
    add_table(document, rows, inner_rows=2)
    assert errors(read(document)) == {"VALUE-TYPE B6"}


def test_a_report_inside_a_frame() -> None:
    document, rows = head_and_rows()
    add_table(document.add_table(1, 1).rows[0].cells[0], rows)
    assert (read(document).values[0], read(document).findings) == (FIRST, [])


def test_a_table_that_goes_on_without_ordinals_and_header() -> None:
    for width in (4, 5):
        document, rows = head_and_rows()
        add_table(document, rows[:3])
        document.add_paragraph("Trang 2")
        add_table(document, rows[3:], width)
        assert (len(read(document).values), read(document).findings) == (7, [])


def test_rows_of_another_shape_behind_a_page_break() -> None:
    document, rows = head_and_rows()
    add_table(document, rows[:3])
    document.add_page_break()
    add_table(document, [["x", *row] for row in rows[3:]], 5)
    assert errors(read(document))
