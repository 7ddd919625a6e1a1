"""Conditional formats and fonts of a part of a text: what they hide is an error or a warning."""

import io
from typing import Any

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TextProperties
from odf.table import Table, TableCell, TableRow
from odf.text import P, Span
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.grids import communications, errors, read_grid, xlsx
from transforms.extract.file_safety import UnreadableFile
from transforms.extract.sheet import CellFlag
from transforms.extract.workbook import read_sheets

WHITE = "FFFFFFFF"
UNSEEN = DifferentialStyle(font=Font(color=WHITE))
SCALED = DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode="0,"))
STRUCK = DifferentialStyle(font=Font(strike=True))


def findings(style: DifferentialStyle, **rule: Any) -> set[str]:
    """The findings of a sheet whose D7 is 1037 and which has one conditional format."""

    def spoil(sheet: Worksheet) -> None:
        sheet.conditional_formatting.add("D7", Rule(dxf=style, **rule))

    return {
        f"{f.severity.value} {f.code} {f.cell}" for f in read_grid(communications(), spoil=spoil).findings
    }


@pytest.mark.parametrize(
    ("style", "expected"),
    [(UNSEEN, "CELL-HIDDEN"), (SCALED, "NUMBER-AMBIGUOUS"), (STRUCK, "NUMBER-AMBIGUOUS")],
    ids=["white", "thousands", "struck out"],
)
@pytest.mark.parametrize(
    ("kind", "operator", "formula"),
    [
        ("cellIs", "greaterThan", "1000"),
        ("cellIs", "equal", "1037"),
        ("expression", None, "TRUE"),
        ("expression", None, "D7>=1037"),
        ("notContainsBlanks", None, "LEN(TRIM(D7))>0"),
    ],
)
def test_a_rule_that_a_cell_meets(
    style: DifferentialStyle, expected: str, kind: str, operator: str | None, formula: str
) -> None:
    found = findings(style, type=kind, operator=operator, formula=[formula])
    assert found == {f"error {expected} D7"}


@pytest.mark.parametrize("style", [UNSEEN, SCALED, STRUCK], ids=["white", "thousands", "struck out"])
@pytest.mark.parametrize(
    ("kind", "operator", "formula"),
    [
        ("cellIs", "equal", "0"),
        ("cellIs", "lessThan", "1037"),
        ("expression", None, "ISERROR(D7)"),
        ("expression", None, "D7=0"),
        ("containsErrors", None, "ISERROR(D7)"),
        ("containsBlanks", None, "LEN(TRIM(D7))=0"),
    ],
)
def test_a_rule_that_no_cell_meets(
    style: DifferentialStyle, kind: str, operator: str | None, formula: str
) -> None:
    assert findings(style, type=kind, operator=operator, formula=[formula]) == set()


@pytest.mark.parametrize(
    ("kind", "formula"), [("expression", "$B7=$B$1"), ("expression", "D8>0"), ("duplicateValues", "")]
)
def test_a_rule_that_cannot_be_decided_is_a_warning(kind: str, formula: str) -> None:
    found = findings(UNSEEN, type=kind, formula=[formula] if formula else [])
    assert found == {"warning NUMBER-AMBIGUOUS D7"}


def test_a_white_text_on_the_fill_of_the_rule_is_seen() -> None:
    style = DifferentialStyle(font=Font(color=WHITE), fill=PatternFill(bgColor="FFC00000"))
    assert findings(style, type="expression", formula=["TRUE"]) == set()
    assert (
        findings(DifferentialStyle(font=Font(color="FFC00000")), type="expression", formula=["TRUE"]) == set()
    )


def test_rules_for_whole_columns_are_bounded() -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet["A90000"] = "Ghi chú"
        for _ in range(20):
            sheet.conditional_formatting.add(
                "A1:E1048576", Rule(dxf=UNSEEN, type="expression", formula=["A1=A2"])
            )

    with pytest.raises(UnreadableFile) as refused:
        read_sheets(xlsx(communications(), spoil=spoil), "a.xlsx")
    assert refused.value.code == "FILE-TOO-LARGE"


@pytest.mark.parametrize(
    "font", [InlineFont(color=Color(WHITE)), InlineFont(sz=1)], ids=["white", "one point"]
)
def test_a_part_of_a_text_that_nobody_sees(font: InlineFont) -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet["D7"] = CellRichText("10", TextBlock(font, "37"))
        sheet["A3"] = CellRichText("Kết quả ", TextBlock(font, "x"))  # in the head: no figure

    assert errors(read_grid(communications(), spoil=spoil)) == {"CELL-HIDDEN D7"}


def test_a_tiny_figure_is_not_seen() -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet["D7"].font = Font(sz=1)
        sheet["D8"].font = Font(sz=6)

    assert errors(read_grid(communications(), spoil=spoil)) == {"CELL-HIDDEN D7"}


def test_unseen_parts_of_xls_texts() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    white, tiny = xlwt.easyfont("color_index white"), xlwt.easyfont("height 20")
    for column, font in enumerate((white, tiny, xlwt.easyfont("color_index red"))):
        sheet.write_rich_text(0, column, ("10", ("37", font)))
    sheet.write(0, 3, 5, xlwt.easyxf("font: height 20"))
    content = io.BytesIO()
    book.save(content)
    flags = read_sheets(content.getvalue(), "a.xls")[0].flags
    assert flags == dict.fromkeys([(0, 0), (0, 1), (0, 3)], CellFlag.INVISIBLE)


def test_unseen_parts_of_ods_texts() -> None:
    book = OpenDocumentSpreadsheet()
    row, table = TableRow(), Table(name="A")
    for number, look in enumerate(({"color": "#ffffff"}, {"fontsize": "1pt"}, {"color": "#ff0000"})):
        style = Style(name=f"T{number}", family="text")
        style.addElement(TextProperties(**look))
        book.automaticstyles.addElement(style)
        cell, text = TableCell(valuetype="string"), P(text="10")
        text.addElement(Span(stylename=style, text="37"))
        cell.addElement(text)
        row.addElement(cell)
    table.addElement(row)
    book.spreadsheet.addElement(table)
    content = io.BytesIO()
    book.save(content)
    flags = read_sheets(content.getvalue(), "a.ods")[0].flags
    assert flags == dict.fromkeys([(0, 0), (0, 1)], CellFlag.INVISIBLE)
