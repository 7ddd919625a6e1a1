"""What nobody sees in a web page or a Word document: hidden, crossed out, or in the colour of its cell."""

import io

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from docx.table import _Cell

from transforms.extract.sheet import CellFlag, Sheet
from transforms.extract.workbook import read_contents, read_sheets
from transforms.layout.form_search import holds_a_figure

# As a spreadsheet program saves a sheet: the styles are classes in a style sheet that is commented out.
PAGE = """<html><head><style>
<!--table {{mso-displayed-decimal-separator:"\\."}}
.plain {{color:black; font-size:11.0pt; mso-number-format:General}}
td.struck {{text-decoration:line-through}}
.white, .pale {{color:#FFFFFF}}
.dark {{background:#1F4E78; color:white}}
.tiny {{font-size:1.0pt}}
.gone {{display:none}}
.same {{color:rgb(255, 0, 0); background-color:red}}
.font5 {{color:window; text-decoration:none}}
-->
</style></head><body><table><col width=64><col width=64 style='display:none'><col span=2>
<tr><td>STT</td><td>Địa bàn</td><td>Số vụ</td></tr>
<tr><td>1</td><td>Biên Hòa</td>{cell}</tr>
<tr><td>2</td><td>Long Khánh</td><td>3</td></tr></table></body></html>"""


def page(cell: str) -> Sheet:
    [sheet] = read_sheets(PAGE.format(cell=cell).encode(), "a.xls")
    return sheet


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        ("<td class=plain>12</td>", None),
        ("<td class=struck>12</td>", CellFlag.STRUCK_OUT),
        ("<td style='text-decoration: line-through'>12</td>", CellFlag.STRUCK_OUT),
        ("<td><font class='struck'>1</font>2</td>", CellFlag.STRUCK_OUT),
        ("<td><s>1</s>2</td>", CellFlag.STRUCK_OUT),
        ("<td class=pale>12</td>", CellFlag.INVISIBLE),
        ("<td class='plain white'>12</td>", CellFlag.INVISIBLE),
        ("<td class=dark>12</td>", None),
        ("<td class=white bgcolor='#1F4E78'>12</td>", None),
        ("<td class=white style='background: url(a.png)'>12</td>", None),
        ("<td class=tiny>12</td>", CellFlag.INVISIBLE),
        ("<td style='font-size:2px'>12</td>", CellFlag.INVISIBLE),
        ("<td style='visibility:hidden'>12</td>", CellFlag.INVISIBLE),
        ("<td><span style='opacity:0'>1</span>2</td>", CellFlag.INVISIBLE),
        ("<td x:num='1234.5'>1.235</td>", None),
        ("<td x:num='1234.5'>1,234.50</td>", None),
        ("<td x:num='-3'>(3)</td>", None),
        ("<td x:num='2074'>1074</td>", CellFlag.AMBIGUOUS),
        ("<td x:num='1074000'>1.074</td>", CellFlag.AMBIGUOUS),
        ("<td class=font5>12</td>", CellFlag.INVISIBLE),
        ("<td>1<font class=font5>2</font></td>", CellFlag.INVISIBLE),
        ("<td><font color=white>12</font></td>", CellFlag.INVISIBLE),
        ("<td>12<sup>(1)</sup></td>", CellFlag.SUPERSCRIPT),
        ("<td>12<span style='vertical-align: super'>1</span></td>", CellFlag.SUPERSCRIPT),
    ],
)
def test_a_style_of_a_page_marks_its_cell(cell: str, flag: CellFlag | None) -> None:
    assert dict(page(cell).flags) == ({} if flag is None else {(1, 2): flag})
    assert page(cell).rows[2] == ["2", "Long Khánh", "3"]


def test_a_look_ends_with_its_element_even_where_no_tag_closes_it() -> None:
    sheet = page("<td><s>12<td><font color=white>4</table><table><tr><td>a<td>b<td>1<tr><td>a<td>b<td>2")
    assert set(sheet.flags) <= {(1, 2), (1, 3)}


def test_hidden_columns_rows_cells_and_parts_of_a_page() -> None:
    sheet = page("<td class=gone>7</td><td>1<span class=gone>2</span></td>")
    assert sheet.hidden_columns == {1}
    assert sheet.rows[1] == ["1", "Biên Hòa", "1"]
    [hidden] = read_sheets(
        PAGE.replace("<tr><td>1", "<tr class=gone><td>1").format(cell="").encode(), "a.xls"
    )
    assert hidden.hidden_rows == {1}
    for row in ("<tr hidden>", "<tr height=0 style='height:0'>"):
        [sheet] = read_sheets(PAGE.replace("<tr><td>1", f"{row}<td>1").format(cell="").encode(), "a.xls")
        assert sheet.hidden_rows == {1}
    [table] = read_sheets(PAGE.replace("<table>", "<table class=gone>").format(cell="").encode(), "a.xls")
    assert table.hidden_rows == {0, 1, 2}


def test_a_date_that_is_stored_as_a_number_is_read_as_it_is_shown() -> None:
    assert page("<td x:num='43921'>31/03/2020</td>").rows[1][2] == "31/03/2020"


def test_a_caption_and_text_between_cells_stand_above_the_table() -> None:
    text = PAGE.replace("<table>", "<table><caption>ĐVT: nghìn người</caption>").format(
        cell="<td>4</td>Tháng 3"
    )
    [sheet] = read_sheets(text.encode(), "a.xls")
    assert [row[0] for row in sheet.rows[:3]] == ["ĐVT: nghìn người", "Tháng 3", "STT"]


def test_what_a_page_hides_is_searched_for_persons() -> None:
    content = PAGE.format(cell="<td>1<span class=gone>0912 345 678</span></td>").encode()
    assert ("", "0912 345 678") in read_contents(content, "a.xls").other_text


def word(style: str = "Table Grid") -> tuple[io.BytesIO, list[_Cell], object]:
    document = Document()
    table = document.add_table(3, 3)
    table.style = document.styles[style]
    for row in table.rows:
        for cell, text in zip(row.cells, ("1", "Biên Hòa", "12"), strict=True):
            cell.text = text
    return io.BytesIO(), [row.cells[2] for row in table.rows], document


def flags_of_word(target: io.BytesIO, document: object) -> dict[tuple[int, int], CellFlag]:
    document.save(target)  # type: ignore[attr-defined]
    [sheet] = read_sheets(target.getvalue(), "a.docx")
    return dict(sheet.flags)


def test_text_in_the_colour_of_its_cell_in_a_word_document() -> None:
    target, cells, document = word()
    for cell in cells[:2]:
        cell.paragraphs[0].runs[0].font.color.rgb = RGBColor(255, 255, 255)
    shading = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="1F4E78"/>'
    cells[1]._tc.get_or_add_tcPr().append(parse_xml(shading))
    cells[2].paragraphs[0].runs[0].font.size = Pt(1)
    assert flags_of_word(target, document) == {(0, 2): CellFlag.INVISIBLE, (2, 2): CellFlag.INVISIBLE}


def test_white_text_in_a_table_whose_style_may_colour_its_cells_is_no_fault() -> None:
    target, cells, document = word("Medium Shading 1 Accent 1")
    cells[0].paragraphs[0].runs[0].font.color.rgb = RGBColor(255, 255, 255)
    assert flags_of_word(target, document) == {}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Long Khánh", 12, 3]], True),
        ([["Huyện", "Số vụ"], ["Long Khánh", "3"]], True),
        ([["Danh sách", None], [1, "Phòng A"], [2, "Phòng B"]], False),
        ([["Kính gửi"]], False),
        ([[12]], False),
    ],
)
def test_a_sheet_that_holds_a_figure_beside_words(rows: list[list[object]], expected: bool) -> None:
    assert holds_a_figure(Sheet("a", rows)) is expected
