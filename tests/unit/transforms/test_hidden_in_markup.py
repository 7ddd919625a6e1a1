"""Cells that the markup of a file hides or doubles: below merges, by conditions of XML, in quotes of one kind."""

import io
import re
import zipfile

import pytest

from tests.support.grids import BODIES, CONTEXT, communications, errors, is_valid
from tests.support.metamorphic import WRITERS
from transforms.extract.file_safety import repacked, unpack, zip_entries
from transforms.extract.html.html_tables import read_html
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import SheetReading

SHEET = "xl/worksheets/sheet1.xml"
FIRST = ["CONFERENCE", 11, 1037, 211]


def changed(pattern: str, replacement: str, name: str = "a.xlsx", part: str = SHEET) -> bytes:
    content = WRITERS[name](communications())
    entries = zip_entries(content)
    before = unpack(content, entries[part])
    after = re.sub(pattern.encode(), replacement.encode(), before, flags=re.DOTALL)
    assert after != before
    return repacked(content, entries, {part: after})


def read(content: bytes, name: str = "a.xlsx") -> SheetReading:
    return read_file(content, name, BODIES["06"], CONTEXT).sheets[0]


def merged(area: str) -> SheetReading:
    return read(changed("</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{area}"/></mergeCells>'))


@pytest.mark.parametrize(
    ("area", "finding"),
    [("B7:B8", "CELL-HIDDEN B8"), ("A7:B7", "CELL-HIDDEN B7"), ("C7:C8", "CELL-MERGED C7")],
)
def test_a_value_below_a_merged_range_is_an_error(area: str, finding: str) -> None:
    assert finding in errors(merged(area))


@pytest.mark.parametrize("area", ["A2:A4", "C6:D6"], ids=["period", "label of a column"])
def test_a_head_below_a_merged_range_is_noted(area: str) -> None:
    assert "CELL-HIDDEN" in {finding.code for finding in merged(area).findings}


@pytest.mark.parametrize("area", ["A3:E3", "E7:F7", "A7:A8", "B14:E14"])
def test_a_merged_range_that_hides_nothing(area: str) -> None:
    assert not merged(area).findings


@pytest.mark.parametrize("attribute", ["hidden='1'", "hidden = '1'", "ht='0'", 'hidden="true"'])
def test_a_row_hidden_in_any_spelling(attribute: str) -> None:
    assert "CELL-HIDDEN" in " ".join(errors(read(changed('<row r="7"', f'<row r="7" {attribute}'))))


def test_a_cell_with_two_values() -> None:
    content = changed('(<c r="C7"[^>]*><v>11</v>)', r"\1<v>12</v>")
    problem = read_file(content, "a.xlsx", BODIES["06"], CONTEXT).problem
    assert problem is not None
    assert problem.details["reason"].key == "file.cell_twice.reason"


@pytest.mark.parametrize("tag", ["table:table-cell ", "table:table-row", "office:body", "text:p"])
def test_an_indented_ods(tag: str) -> None:
    reading = read(changed(f"(<{tag})", r"\n      \1", "a.ods", "content.xml"), "a.ods")
    assert is_valid(reading)
    assert list(reading.values[0]) == FIRST


def test_an_ods_that_is_damaged_stays_so() -> None:
    content = changed('office:value="11"', 'office:value="x"', "a.ods", "content.xml")
    assert read_file(content, "a.ods", BODIES["06"], CONTEXT).problem is not None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None


_RULE = (
    '<ConditionalFormatting xmlns="urn:schemas-microsoft-com:office:excel"><Range>R7C3:R13C5,R20C1</Range>'
    "<Condition>{condition}<Format Style='{style}'/></Condition></ConditionalFormatting>"
)
_EQUAL = "<Qualifier>Equal</Qualifier><Value1>{}</Value1>"


def with_rule(condition: str, style: str) -> SheetReading:
    rows = "".join(
        f'<Row ss:Index="{number}">'
        + "".join(
            f'<Cell><Data ss:Type="{"Number" if isinstance(v, int) else "String"}">{v}</Data></Cell>'
            for v in row
        )
        + "</Row>"
        for number, row in enumerate(communications(), 1)
    )
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    page = (
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="B">'
        f"<Table>{rows}</Table>{_RULE.format(condition=condition, style=style)}</Worksheet></Workbook>"
    )
    return read(page.encode(), "a.xls")


@pytest.mark.parametrize(
    ("condition", "style", "finding"),
    [
        (_EQUAL.format(11), "color:white", "CELL-HIDDEN C7"),
        (_EQUAL.format(11), "text-line-through:single", "NUMBER-AMBIGUOUS C7"),
        ("<Qualifier>Greater</Qualifier><Value1>1200</Value1>", "color:#FFFFFF", "CELL-HIDDEN D12"),
        ("<Value1>RC=11</Value1>", "color:white", "CELL-HIDDEN C7"),
        (
            "<Qualifier>Between</Qualifier><Value1>11</Value1><Value2>11</Value2>",
            "color:white",
            "CELL-HIDDEN C7",
        ),
    ],
)
def test_a_conditional_format_of_xml_that_hides(condition: str, style: str, finding: str) -> None:
    assert finding in errors(with_rule(condition, style))


@pytest.mark.parametrize(
    ("condition", "style"),
    [
        (_EQUAL.format(9), "color:white"),
        (_EQUAL.format(11), "background:yellow"),
        (_EQUAL.format(11), "color:white;background:red"),
        ("<Value1>RC=9</Value1>", "text-line-through:single"),
    ],
)
def test_a_conditional_format_of_xml_that_hides_nothing(condition: str, style: str) -> None:
    assert not with_rule(condition, style).findings


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ('<select><option>10<option value="x" selected>11</select>', "11"),
        ("<select><option>10</option><option selected>11</option></select> vụ", "11 vụ"),
        ("<select><option>11<option>12</select>", "11"),
        ("<select><option disabled>...<option>11<option>12</select>", "11"),
        ('<input value="11">', "11"),
        ('<input type="hidden" value="9">11', "11"),
        ("11<datalist><option>9</datalist>", "11"),
    ],
)
def test_fields_of_a_page_show_what_is_chosen(field: str, shown: str) -> None:
    assert read_html(f"<table><tr><td>{field}</td></tr></table>").sheets()[0].rows == [[shown]]


@pytest.mark.parametrize("end", ["</td><td>3</td></tr><tr><td>2", "<td>3<tr><td>2", "</td><td>3<tr><th>2"])
def test_a_list_that_is_left_open_ends_with_its_cell(end: str) -> None:
    page = f"<table><tr><td><select><option selected>11<option>12{end}<td>4</table>"
    assert read_html(page).sheets()[0].rows == [["11", "3"], ["2", "4"]]
