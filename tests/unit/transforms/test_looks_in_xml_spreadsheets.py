"""What the styles of an XML Spreadsheet 2003 make of its texts and figures."""

import pytest

from transforms.extract.sheet import CellFlag, Sheet
from transforms.extract.workbook import read_sheets

WORKBOOK = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40"><Styles>
 <Style ss:ID="base"><Font ss:Color="#FFFFFF"/></Style>
 <Style ss:ID="white" ss:Parent="base"><NumberFormat ss:Format="0"/></Style>
 <Style ss:ID="dark" ss:Parent="base"><Interior ss:Color="#1F4E78" ss:Pattern="Solid"/></Style>
 <Style ss:ID="black"><Interior ss:Color="#000000" ss:Pattern="Solid"/></Style>
 <Style ss:ID="dotted"><Interior ss:Color="#000000" ss:Pattern="Gray125"/></Style>
 <Style ss:ID="tiny"><Font ss:Size="1"/></Style>
 <Style ss:ID="plain"><Font ss:Size="11" ss:Color="#FF0000"/></Style>
 </Styles><Worksheet ss:Name="A"><Table>{column}<Row{row}><Cell ss:StyleID="{style}">{data}</Cell></Row></Table>
 </Worksheet></Workbook>"""
FIGURE = '<Data ss:Type="Number">12</Data>'


def sheet_of(style: str = "plain", data: str = FIGURE, row: str = "", column: str = "") -> Sheet:
    content = WORKBOOK.format(style=style, data=data, row=row, column=column)
    [sheet] = read_sheets(content.encode(), "a.xml")
    return sheet


@pytest.mark.parametrize(
    ("style", "is_unseen"),
    [("white", True), ("dark", False), ("black", True), ("dotted", False), ("tiny", True), ("plain", False)],
)
def test_a_style_that_nobody_can_see(style: str, is_unseen: bool) -> None:
    sheet = sheet_of(style)
    assert sheet.rows == [[12.0]]
    assert sheet.flags == ({(0, 0): CellFlag.INVISIBLE} if is_unseen else {})


@pytest.mark.parametrize(
    ("inside", "flag", "displayed"),
    [
        ("<html:S>12</html:S>150", CellFlag.STRUCK_OUT, "150"),
        ("12<html:B><html:Sup>150</html:Sup></html:B>", CellFlag.SUPERSCRIPT, "12¹⁵⁰"),
        ('12<html:Font html:Color="#FFFFFF">150</html:Font>', CellFlag.INVISIBLE, "12150"),
        ('12<html:Font html:Size="1">150</html:Font>', CellFlag.INVISIBLE, "12150"),
        ('12<html:Font html:Color="#FF0000">150</html:Font>', None, None),
    ],
)
def test_a_font_of_a_part_of_a_text(inside: str, flag: CellFlag | None, displayed: str | None) -> None:
    sheet = sheet_of(data=f'<ss:Data ss:Type="String">{inside}</ss:Data>')
    assert sheet.rows == [["12150"]]
    assert (sheet.flags.get((0, 0)), sheet.displayed.get((0, 0))) == (flag, displayed)


def test_rows_and_columns_of_no_size() -> None:
    sheet = sheet_of(row=' ss:Height="0.75"', column='<Column ss:Width="0"/>')
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({0}, {0})
    sheet = sheet_of(row=' ss:Height="15"', column='<Column ss:Width="10"/>')
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset(), frozenset())
