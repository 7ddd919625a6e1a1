"""Real workbooks of each format become the same grids; what is no cell is found for the search for persons."""

import datetime as dt
import io
import pickle
import zipfile
from typing import Any

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import table
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.text import P
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.paths import ROOT
from transforms.extract.workbook import Sheet, UnreadableFile, read_other_text, read_sheets

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=8)
CELL = st.none() | st.integers(-(10**9), 10**9) | st.booleans() | TEXT.map(lambda text: "x" + text + "x")
GRID = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5)


def _active(book: Workbook) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return sheet


def saved(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def as_xlsx(grid: list[list[object]]) -> bytes:
    book = Workbook()
    for row in grid:
        _active(book).append(row)
    return saved(book)


def as_xls(grid: list[list[object]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet")
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    return saved(book)


def ods_cell(value: object, **more: object) -> table.TableCell:
    if value is None:
        return table.TableCell(**more)
    if isinstance(value, bool):
        return table.TableCell(valuetype="boolean", booleanvalue=str(value).lower(), **more)
    if isinstance(value, int | float):
        return table.TableCell(valuetype="float", value=value, **more)
    cell = table.TableCell(valuetype="string", **more)
    cell.addElement(P(text=value))
    return cell


def as_ods(grid: list[list[object]], **first: object) -> bytes:
    document, sheet = OpenDocumentSpreadsheet(), table.Table(name="Sheet")
    for r, row in enumerate(grid):
        line = table.TableRow()
        for c, value in enumerate(row):
            line.addElement(ods_cell(value, **(first if r == c == 0 else {})))
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    return saved(document)


def filled(rows: list[list[object]]) -> dict[tuple[int, int], object]:
    return {(r, c): v for r, row in enumerate(rows) for c, v in enumerate(row) if v is not None}


@settings(max_examples=60, deadline=None)
@given(GRID)
@pytest.mark.parametrize("write", [as_xlsx, as_xls])
def test_every_value_is_read_from_its_cell(write: Any, grid: list[list[object]]) -> None:
    (sheet,) = read_sheets(write(grid), "a")
    assert filled(sheet.rows) == filled(grid)
    assert len({len(row) for row in sheet.rows}) <= 1


def test_ods_values_stand_where_they_were_written() -> None:
    grid: list[list[object]] = [[None, None, None], [None, "Trảng Bom", 2.5], [True, None, -7]]
    (sheet,) = read_sheets(as_ods(grid), "a.xlsx")
    assert sheet.rows == grid


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a", "Báo cáo.ODS"])
def test_the_content_decides_the_file_format_not_the_name(name: str) -> None:
    for write in (as_xlsx, as_xls, as_ods):
        assert read_sheets(write([["a", 1]]), name)[0].rows == [["a", 1]]
    assert read_sheets(b"a,b\n1,2\n", name)[0].rows == [["a", "b"], ["1", "2"]]


def test_blank_cells_are_none_and_spaces_stay() -> None:
    grid: list[list[object]] = [[" a ", None], [None, "x"]]
    assert read_sheets(as_xlsx(grid), "a.xlsx")[0].rows == grid
    assert read_sheets(as_xls([["   ", "", "x"]]), "a.xls")[0].rows == [["   ", None, "x"]]


def test_dates_and_times_keep_their_type() -> None:
    row: list[object] = [dt.date(2020, 3, 5), dt.datetime(2020, 3, 5, 7, 30), dt.time(7, 30)]
    assert read_sheets(as_xlsx([row]), "a.xlsx")[0].rows == [row]


def test_sheets_come_in_order_with_name_and_visibility() -> None:
    book = Workbook()
    _active(book).title = "Biểu 03"
    book.create_sheet("Ẩn").sheet_state = "hidden"
    book.create_sheet("Rất ẩn").sheet_state = "veryHidden"
    sheets = read_sheets(saved(book), "a.xlsx")
    assert [(s.name, s.visible, s.rows) for s in sheets] == [
        ("Biểu 03", True, []),
        ("Ẩn", False, []),
        ("Rất ẩn", False, []),
    ]


def test_merged_ranges_of_every_format() -> None:
    book = Workbook()
    _active(book)["C5"] = "end"
    _active(book).merge_cells("B2:C3")
    _active(book).merge_cells("A5:B6")
    content = changed(saved(book), "xl/worksheets/sheet1.xml", b"A5:B6", b"A5:XFD1048576")
    assert read_sheets(content, "a.xlsx")[0].merged == [(1, 1, 2, 2), (4, 0, 4, 2)]  # clipped to the grid
    old = xlwt.Workbook()
    old.add_sheet("S").write_merge(1, 1, 0, 2, "m")
    old.get_sheet(0).write(2, 3, "end")
    assert read_sheets(saved(old), "a.xls")[0].merged == [(1, 0, 1, 2)]
    content = as_ods([["m", "x"], ["y", "z"]], numbercolumnsspanned=2, numberrowsspanned=2)
    assert read_sheets(content, "a.ods")[0].merged == [(0, 0, 1, 1)]


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            assert name != part or old in data
            target.writestr(name, data.replace(old, new) if name == part else data)
    return made.getvalue()


def marks(sheet: Sheet) -> tuple[frozenset[tuple[int, int]], frozenset[tuple[int, int]]]:
    return sheet.error_cells, sheet.formula_without_value


def test_errors_and_formulas_without_a_value_in_xlsx() -> None:
    book = Workbook()
    _active(book).append(["a"])
    second = book.create_sheet("2")
    second["B2"] = "#DIV/0!"
    second["C3"] = "=1+1"
    second["D4"] = 5
    first, sheet = read_sheets(saved(book), "a.xlsx")
    assert marks(first) == (set(), set())
    assert marks(sheet) == ({(1, 1)}, {(2, 2)})
    assert filled(sheet.rows) == {(3, 3): 5}
    part = "xl/worksheets/sheet2.xml"
    calculated = changed(saved(book), part, b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    assert marks(read_sheets(calculated, "a.xlsx")[1]) == ({(1, 1)}, set())
    # The same in the shape that only the slow way reads.
    odd = changed(saved(book), part, b'<c r="B2"', b'<c x=">" r="B2"')
    assert marks(read_sheets(odd, "a.xlsx")[1]) == ({(1, 1)}, {(2, 2)})


def test_cells_without_references_are_counted_on() -> None:
    rows = b"<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r='4'><c r='B4' t='e'><v>#N/A</v></c><c><f>1</f></c></row>"
    content = as_xlsx([["a"]])
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        xml = source.read("xl/worksheets/sheet1.xml")
    old = xml[xml.index(b"<row") : xml.index(b"</sheetData>")]
    (sheet,) = read_sheets(changed(content, "xl/worksheets/sheet1.xml", old, rows), "a.xlsx")
    assert filled(sheet.rows) == {(0, 0): 1, (0, 2): 3}
    assert marks(sheet) == ({(3, 1)}, {(3, 2)})


def test_errors_in_xls_and_ods() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    sheet.row(1).set_cell_error(2, 0x07)
    sheet.write(0, 0, "a")
    (read,) = read_sheets(saved(book), "a.xls")
    assert read.error_cells == {(1, 2)}
    content = as_ods([["#DIV/0!", "b"]], formula="of:=1/0")
    old, new = b' table:formula="of:=1/0"', b' table:formula="of:=1/0" calcext:value-type="error"'
    namespace = b' xmlns:calcext="urn:x" office:version='
    with_error = changed(content, "content.xml", old, new)
    (read,) = read_sheets(changed(with_error, "content.xml", b" office:version=", namespace), "a.ods")
    assert (read.rows, read.error_cells) == ([[None, "b"]], {(0, 0)})
    (read,) = read_sheets(as_ods([[None, "b"]], formula="of:=1"), "a.ods")
    assert read.formula_without_value == {(0, 0)}


def test_a_sheet_goes_through_pickle_and_so_does_a_refusal() -> None:
    (sheet,) = read_sheets(as_xlsx([["a", 1]]), "a.xlsx")
    assert pickle.loads(pickle.dumps(sheet)) == sheet
    refused = pickle.loads(pickle.dumps(UnreadableFile("FILE-MACRO", "macro")))
    assert (refused.code, refused.detail) == ("FILE-MACRO", "macro")


def test_one_byte_text_is_a_table_only_under_the_name_of_one() -> None:
    content = "Biên Hòa;1\n".encode("cp1252")
    assert read_sheets(content, "a.CSV")[0].rows == [["Biên Hòa", "1"]]
    with pytest.raises(UnreadableFile, match="not_a_table"):
        read_sheets(content, "ghi chu.ini")


def test_text_outside_the_cells_of_xlsx() -> None:
    book = Workbook()
    _active(book)["A1"] = "in a cell"
    _active(book)["A1"].comment = Comment("Gọi 0912 345 678", "Người soạn")
    footer = _active(book).oddFooter
    assert footer is not None
    footer.left.text = "Lập biểu: Bà Tư"
    texts = dict(read_other_text(saved(book)))
    assert texts.keys() == {"xl/comments/comment1.xml", "xl/worksheets/sheet1.xml"}
    assert texts["xl/comments/comment1.xml"] == "Gọi 0912 345 678"  # without its author
    assert "Lập biểu: Bà Tư" in texts["xl/worksheets/sheet1.xml"]


def with_part(name: str, data: str) -> bytes:
    made = io.BytesIO(as_xlsx([["a"]]))
    with zipfile.ZipFile(made, "a") as target:
        target.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("part", "data", "text"),
    [
        (
            "xl/drawings/drawing1.xml",
            "<a:p><a:r><a:t>Nguyễn </a:t></a:r><a:r><a:t>Văn A</a:t></a:r></a:p>",
            "Nguyễn Văn A",
        ),
        (
            "xl/drawings/drawing1.xml",
            "<a:p><a:t>một</a:t></a:p><a:p><a:t><![CDATA[hai]]></a:t></a:p>",
            "một\nhai",
        ),
        (
            "xl/threadedComments/threadedComment1.xml",
            "<threadedComment><text>ba</text></threadedComment>",
            "ba",
        ),
        (
            "xl/drawings/vmlDrawing1.vml",
            "<div>b&#7889;n<br>năm</div><x:ClientData><x:Row>3</x:Row></x:ClientData>",
            "bốn\nnăm",
        ),
        ("xl/pivotCache/pivotCacheDefinition1.xml", '<s v="năm"/><s v="sáu"/>', "năm\nsáu"),
        ("xl/externalLinks/externalLink1.xml", "<cell><v>bảy</v></cell><cell><v>8</v></cell>", "bảy\n8"),
    ],
)
def test_text_of_a_part_paragraph_by_paragraph(part: str, data: str, text: str) -> None:
    assert read_other_text(with_part(part, f'<x xmlns:a="urn:a">{data}</x>')) == [(part, text)]


def test_text_outside_the_cells_of_ods() -> None:
    document, sheet, row = OpenDocumentSpreadsheet(), table.Table(name="S"), table.TableRow()
    cell, note = ods_cell("in a cell"), Annotation()
    note.addElement(P(text="ghi chú"))
    cell.addElement(note)
    row.addElement(cell)
    sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    assert read_other_text(saved(document)) == [("content.xml", "ghi chú")]


def test_no_other_text() -> None:
    assert read_other_text(as_xlsx([["a"]])) == []
    assert read_other_text(as_ods([["a"]])) == []
    assert read_other_text(as_xls([["a"]])) == []
    assert read_other_text(b"a,b\n") == []


def test_entities_in_other_text_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="entity"):
        read_other_text(with_part("xl/comments1.xml", '<!DOCTYPE x [<!ENTITY e "ha">]><x>&e;</x>'))


def test_the_readers_are_pure() -> None:
    folder = ROOT / "transforms" / "extract"
    for module in sorted(folder.glob("*.py")):
        source = module.read_text()
        assert not any(f"import {name}" in source for name in ("os", "pathlib", "time", "tempfile"))
