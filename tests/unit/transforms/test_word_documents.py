"""Reports in Word documents, web pages, XML Spreadsheet 2003 and .xlsb, each written in the test."""

import io
import struct
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.sheet import CellFlag, MergedRange, Sheet
from transforms.extract.workbook import UnreadableFile, read_contents, read_sheets

TABLE = [["STT", "Địa bàn", "Số vụ"], ["1", "Biên Hòa", "12"], ["2", "Long Khánh", "3"]]


def docx_of(*tables: list[list[str]], head: tuple[str, ...] = (), tail: tuple[str, ...] = ()) -> DocumentType:
    document = Document()
    for line in head:
        document.add_paragraph(line)
    for table in tables:
        made = document.add_table(len(table), len(table[0]))
        for row, cells in enumerate(table):
            for column, text in enumerate(cells):
                made.cell(row, column).text = text
    for line in tail:
        document.add_paragraph(line)
    return document


def saved(document: DocumentType) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def texts(sheet: Sheet) -> list[list[object]]:
    return [[value for value in row if value is not None] for row in sheet.rows if any(row)]


def test_a_word_report_is_read_with_its_paragraphs_as_head_and_foot() -> None:
    content = saved(docx_of(TABLE, head=("SỞ Y TẾ\tBiểu số: 02", "Tháng 3/2020"), tail=("Người lập biểu",)))
    [sheet] = read_sheets(content, "bao cao.docx")
    assert texts(sheet) == [["SỞ Y TẾ", "Biểu số: 02"], ["Tháng 3/2020"], *TABLE, ["Người lập biểu"]]
    assert sheet.name == "Bảng 1"


def test_a_letterhead_in_a_frame_belongs_to_the_table_below_it() -> None:
    frame = [["UBND TỈNH\nSỞ Y TẾ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"]]
    [sheet] = read_sheets(saved(docx_of(frame, TABLE)), "a.docx")
    assert texts(sheet)[:2] == [
        ["UBND TỈNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["SỞ Y TẾ", "Độc lập - Tự do - Hạnh phúc"],
    ]


def test_each_table_of_a_word_report_is_a_sheet() -> None:
    document = docx_of(TABLE, head=("Biểu số: 02",))
    document.add_paragraph("Biểu số: 03")
    second = document.add_table(3, 3)
    for row, cells in enumerate(TABLE):
        for column, text in enumerate(cells):
            second.cell(row, column).text = text + "."
    sheets = read_sheets(saved(document), "a.docx")
    assert [(sheet.name, texts(sheet)[0], len(texts(sheet))) for sheet in sheets] == [
        ("Bảng 1", ["Biểu số: 02"], 4),
        ("Bảng 2", ["Biểu số: 03"], 4),
    ]


def test_merged_cells_of_a_word_table_are_merged_ranges() -> None:
    document = docx_of([["a", "b", "c", "d"]] * 4)
    table = document.tables[0]
    table.cell(0, 1).merge(table.cell(0, 2)).text = "across"
    table.cell(1, 0).merge(table.cell(3, 0)).text = "down"
    table.cell(2, 1).merge(table.cell(3, 2)).text = "both"
    [sheet] = read_sheets(saved(document), "a.docx")
    assert sheet.rows == [
        ["a", "across", None, "d"],
        ["down", "b", "c", "d"],
        [None, "both", None, "d"],
        [None, None, None, "d"],
    ]
    assert sorted(sheet.merged) == [
        MergedRange(0, 1, 0, 2),
        MergedRange(1, 0, 3, 0),
        MergedRange(2, 1, 3, 2),
    ]


def test_struck_out_and_raised_text_of_a_word_table_is_not_a_figure() -> None:
    document = docx_of(TABLE)
    cell = document.tables[0].cell(1, 2)
    cell.text = ""
    cell.paragraphs[0].add_run("12").font.strike = True
    cell.paragraphs[0].add_run("15")
    cell.paragraphs[0].add_run("1").font.superscript = True
    [sheet] = read_sheets(saved(document), "a.docx")
    assert (sheet.rows[1][2], sheet.displayed[1, 2]) == ("12151", "15¹")
    assert sheet.flags[1, 2] is CellFlag.STRUCK_OUT


def test_all_text_of_a_word_report_is_there_for_the_search_for_persons() -> None:
    document = docx_of(TABLE, tail=("Ghi chú",))
    document.sections[0].header.paragraphs[0].text = "trong đầu trang"
    document.sections[0].footer.paragraphs[0].text = "trong chân trang"
    document.sections[0].orientation = WD_ORIENT.LANDSCAPE
    document.add_comment(document.paragraphs[0].runs, text="trong nhận xét", author="x")
    content = _with_deleted_text(saved(document))
    other = " ".join(text for _, text in read_contents(content, "a.docx").other_text)
    for words in ("trong đầu trang", "trong chân trang", "trong nhận xét", "đã xóa"):
        assert words in other


def _with_deleted_text(content: bytes) -> bytes:
    old, made = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                gone = "<w:p><w:del><w:r><w:delText>đã xóa</w:delText></w:r></w:del></w:p>"
                data = data.replace(b"<w:sectPr", gone.encode() + b"<w:sectPr", 1)
            archive.writestr(name, data)
    return made.getvalue()


def test_a_word_document_that_expands_too_far_or_has_macros_is_rejected() -> None:
    with pytest.raises(UnreadableFile, match="FILE-TOO-LARGE"):
        read_sheets(_docx_with("<w:p/>" * 5_000_000), "a.docx")
    with pytest.raises(UnreadableFile, match="FILE-TOO-LARGE"):
        read_sheets(_docx_with("<w:tbl><w:tr><w:tc>" * 60 + "</w:tc></w:tr></w:tbl>" * 60), "a.docx")
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr></w:tc></w:tr></w:tbl>'
    with pytest.raises(UnreadableFile, match="FILE-TOO-LARGE"):
        read_sheets(_docx_with(wide), "a.docx")


def _docx_with(body: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        text = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", text)
    return made.getvalue()


HTML = """<html><head><meta charset="utf-8"><style>td {mso-number-format: General}</style></head><body>
<p>SỞ Y TẾ</p><h1>Biểu số: 02</h1>
<table border=1><tr><th rowspan=2>STT<th colspan="2">Số&nbsp;liệu</tr>
<tr><td>Địa bàn</td><td>Số vụ</td></tr>
<tr><td>1</td><td>Biên&nbsp;Hòa<br>(mới)</td><td x:num="1234.5">1.234,5</td></tr>
<tr style='display:none'><td>2<td>Long Kh&aacute;nh<td><s>12</s>15</tr></table><script>if (a<b) {}</script>
<div>Người lập</div></body></html>"""


@pytest.mark.parametrize("name", ["bao cao.xls", "bao cao.html", "bao cao.xlsx"])
def test_a_web_page_is_read_whatever_its_name(name: str) -> None:
    [sheet] = read_sheets(HTML.encode(), name)
    assert sheet.rows == [
        ["SỞ Y TẾ", None, None],
        ["Biểu số: 02", None, None],
        ["STT", "Số liệu", None],
        [None, "Địa bàn", "Số vụ"],
        ["1", "Biên Hòa\n(mới)", 1234.5],
        ["2", "Long Khánh", "1215"],
        [None, None, None],
        ["Người lập", None, None],
    ]
    assert sheet.merged == [MergedRange(2, 0, 3, 0), MergedRange(2, 1, 2, 2)]
    assert (sheet.hidden_rows, sheet.displayed) == (frozenset({5}), {(5, 2): "15"})


def test_a_web_archive_is_read() -> None:
    content = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=xx\r\n\r\n--xx\r\n"
        'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        f"{HTML}\r\n--xx--\r\n"
    ).encode()
    assert read_sheets(content, "a.mht")[0].rows[4] == ["1", "Biên Hòa\n(mới)", 1234.5]


@given(st.text(alphabet="<>/!- \"'=tdrablescipthm&;1", max_size=200))
def test_no_malformed_page_raises_anything_else(page: str) -> None:
    try:
        read_sheets(b"<html><table>" + page.encode(), "a.html")
    except UnreadableFile as error:
        assert error.code in ("FILE-UNREADABLE", "FILE-TOO-LARGE")


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<head>", "<script>", "<td", "<table>", "<td>", "&#", "<sup>"]
)
def test_a_malformed_page_costs_linear_time(piece: str) -> None:
    content = b"<html><table><tr>" + piece.encode() * (200_000 // len(piece))
    try:
        read_sheets(content, "a.html")
    except UnreadableFile as error:
        assert error.code in ("FILE-UNREADABLE", "FILE-TOO-LARGE")


SPREADSHEET = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
<Styles><Style ss:ID="Default"/><Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style>
<Style ss:ID="d"><NumberFormat ss:Format="mmm\\-yy"/></Style>
<Style ss:ID="k"><Font ss:StrikeThrough="1"/></Style></Styles>
<Worksheet ss:Name="Biểu 02"><Table><Column ss:Index="3" ss:Hidden="1"/>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">Tên</Data></Cell><Cell><Data ss:Type="String">z</Data></Cell></Row>
<Row ss:Index="3" ss:Hidden="1"><Cell ss:StyleID="p"><Data ss:Type="Number">0.85</Data></Cell>
<Cell ss:StyleID="d"><Data ss:Type="DateTime">2020-03-01T00:00:00.000</Data></Cell>
<Cell ss:Formula="=A1"/><Cell ss:StyleID="k"><Data ss:Type="Number">7</Data></Cell>
<Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>
</Table></Worksheet><Worksheet ss:Name="b"><Table/><WorksheetOptions><Visible>SheetHidden</Visible>
</WorksheetOptions></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_spreadsheet_2003_under_the_name_xls_is_read(encoding: str) -> None:
    sheet, hidden = read_sheets(SPREADSHEET.encode(encoding), "bao cao.xls")
    assert (sheet.name, sheet.hidden, hidden.name, hidden.hidden) == ("Biểu 02", False, "b", True)
    assert sheet.rows == [
        ["Tên", None, "z", None, None],
        [None] * 5,
        [0.85, date(2020, 3, 1), None, 7.0, None],
    ]
    assert sheet.merged == [MergedRange(0, 0, 0, 1)]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {2})
    assert sheet.displayed == {(2, 0): "85%", (2, 1): "3/2020", (2, 3): ""}
    assert sheet.flags == {
        (2, 2): CellFlag.UNCALCULATED,
        (2, 3): CellFlag.STRUCK_OUT,
        (2, 4): CellFlag.ERROR,
    }


def test_a_far_cell_in_xml_spreadsheet_2003_is_too_large() -> None:
    with pytest.raises(UnreadableFile, match="FILE-TOO-LARGE"):
        read_sheets(
            SPREADSHEET.replace('ss:Index="3" ss:Hidden', 'ss:Index="900000" ss:Hidden').encode(), "a.xls"
        )


def _record(number: int, body: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    length = len(body)
    groups = bytes([length & 0x7F | 0x80, length >> 7]) if length > 127 else bytes([length])
    return head + groups + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(cells: bytes) -> bytes:
    """A small .xlsb workbook: style 1 is the format 0%, style 2 is struck out."""
    formats = (
        _record(615, struct.pack("<I", 1)) + _record(44, struct.pack("<H", 164) + _text("0%")) + _record(616)
    )
    font = struct.pack("<HHHHBBBBI", 220, 0, 400, 0, 0, 0, 0, 0, 0) + b"\0\0" + _text("Arial")
    struck = struct.pack("<HHHHBBBBI", 220, 8, 400, 0, 0, 0, 0, 0, 0) + b"\0\0" + _text("Arial")
    fonts = _record(611, struct.pack("<I", 2)) + _record(43, font) + _record(43, struck) + _record(612)
    styles = b"".join(
        _record(47, struct.pack("<HHHHHBBH", 0, number, face, 0, 0, 0, 0, 0))
        for number, face in ((0, 0), (164, 0), (0, 1))
    )
    styles_part = (
        _record(278)
        + formats
        + fonts
        + _record(617, struct.pack("<I", 3))
        + styles
        + _record(618)
        + _record(279)
    )
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text("Biểu 02")
    book = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    sheet = _record(129) + _record(148, bytes(16)) + _record(145) + cells + _record(146) + _record(130)
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types><Default Extension="bin" ContentType="{kind}"/></Types>'
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships><Relationship Id="rId1" Type="{relation}" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/styles.bin", styles_part)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return made.getvalue()


def _row(number: int, *cells: bytes, hidden: bool = False) -> bytes:
    body = struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if hidden else 0, 0, 0)
    return _record(0, body) + b"".join(cells)


def _number(column: int, style: int, value: float) -> bytes:
    return _record(5, struct.pack("<IId", column, style, value))


def test_an_xlsb_workbook_is_read_with_its_formats() -> None:
    text = _record(6, struct.pack("<II", 0, 0) + _text("Tên"))
    cells = _row(0, text, _number(1, 1, 0.85)) + _row(1, _number(1, 2, 7.0), hidden=True)
    [sheet] = read_sheets(xlsb(cells), "a.xlsb")
    assert (sheet.name, sheet.rows) == ("Biểu 02", [["Tên", 0.85], [None, 7.0]])
    assert sheet.displayed == {(0, 1): "85%", (1, 1): ""}
    assert (sheet.flags, sheet.hidden_rows) == ({(1, 1): CellFlag.STRUCK_OUT}, {1})


def test_a_far_cell_of_an_xlsb_workbook_is_too_large() -> None:
    with pytest.raises(UnreadableFile, match="too_many_rows"):
        read_sheets(xlsb(_row(1_000_000, _number(0, 0, 1.0))), "a.xlsb")
    with pytest.raises(UnreadableFile, match="FILE-UNREADABLE"):
        read_sheets(xlsb(b"\x05\x01\0"), "a.xlsb")


def test_comments_of_an_xlsb_workbook_are_there_for_the_search_for_persons() -> None:
    old, made = zipfile.ZipFile(io.BytesIO(xlsb(_row(0, _number(0, 0, 1.0))))), io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in old.namelist():
            archive.writestr(name, old.read(name))
        archive.writestr("xl/comments1.bin", _record(637, b"\0" + _text("Nguyễn Văn Đạt, số 1")))
    [(name, text)] = read_contents(made.getvalue(), "a.xlsb").other_text
    assert (name, "Nguyễn Văn Đạt, số 1" in text) == ("xl/comments1.bin", True)


def test_a_comment_in_xml_spreadsheet_2003_is_not_the_value_of_its_cell() -> None:
    comment = "<Comment><ss:Data>lời nhắc</ss:Data></Comment></Cell>"
    page = SPREADSHEET.replace("</Cell>", comment, 1).replace(
        "<Visible>", '<Header x:Data="đầu trang"/><Visible>'
    )
    contents = read_contents(page.encode(), "a.xls")
    assert contents.sheets[0].rows[0][0] == "Tên"
    assert {text for _, text in contents.other_text} == {"lời nhắc", "đầu trang"}
