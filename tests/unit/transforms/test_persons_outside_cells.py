"""Persons where no cell shows them: validations, formulas, formats, names, links, tips, alt texts, headers."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
import xlwt
from docx import Document
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.support.grids import BODIES, CONTEXT, Grid, budget
from transforms.extract.unseen_text import (
    plain_text,
    text_of_format,
    text_of_link,
    texts_of_formula,
    unseen_texts_of_page,
)
from transforms.file_parser import read_file

NAME, MAIL = "Nguyễn Văn Hùng", "nguyenvanhung@gmail.com"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
Add = Callable[[Any, Any], object]


def is_rejected_for_a_person(content: bytes, name: str) -> bool:
    reading = read_file(content, name, BODIES["09"], CONTEXT)
    found = [finding for sheet in reading.sheets for finding in sheet.findings]
    return any(finding.code == "PII-SUSPECTED" for finding in (*found, *filter(None, [reading.problem])))


def xlsx(add: Add) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Bieu")
        for number, row in enumerate(budget()):
            sheet.write_row(number, 0, ["" if value is None else value for value in row])
        add(book, sheet)
    return content.getvalue()


def described(text: str) -> dict[str, Any]:
    return {"image_data": io.BytesIO(PICTURE), "description": text}


def formatted(code: str) -> Add:
    return lambda book, sheet: sheet.write_number("K5", 1, book.add_format({"num_format": code}))


def linked(target: str, **more: str) -> Add:
    return lambda _, sheet: sheet.write_url("K5", target, string="Liên hệ", **more)


def computed(formula: str) -> Add:
    return lambda _, sheet: sheet.write_formula("K5", formula, None, 1)


def validated(**rule: Any) -> Add:
    return lambda _, sheet: sheet.data_validation("K5", {"validate": "any", **rule})


IN_XLSX: dict[str, Add] = {
    "list of a validation": validated(validate="list", source=[NAME, "Trần Thị Lan"]),
    "prompt": validated(input_title="Chọn", input_message=NAME),
    "error message": validated(validate="integer", criteria=">", value=0, error_message=f"Hỏi ông {NAME}"),
    "joined by a formula": computed('=IF(A1=0,1,"Nguyễn Văn "&"Hùng")'),
    "joined by a function": computed('=LEN(CONCATENATE("Nguyễn ","Văn ","Hùng"))'),
    "compared by a formula": computed(f'=IF(A1="{NAME}",1,0)'),
    "number of a person in a formula": computed('=IF(A1="075188001234",1,0)'),
    "number format": formatted(f'"{NAME}"'),
    "number format with a figure": formatted(f'#,##0" (ông {NAME})"'),
    "defined text": lambda book, _: book.define_name("ten", f'="{NAME}"'),
    "defined name": lambda book, _: book.define_name("Nguyễn_Văn_Hùng", "=Bieu!$A$1"),
    "link to a mailbox": linked(f"mailto:{MAIL}"),
    "tip of a link": linked("https://dongnai.gov.vn", tip=f"Ông {NAME}"),
    "link to a file": linked(rf"external:C:\ho so\{NAME}.docx"),
    "link to a telephone": linked("https://zalo.me/0912345678"),
    "link to a sheet": linked(f"internal:'{NAME}'!A1"),
    "header in two fonts": lambda _, sheet: sheet.set_header('&C&"Arial"Nguyễn &"Arial,Bold"Văn Hùng'),
    "alt text of a picture": lambda _, sheet: sheet.insert_image("K5", "a.png", described(f"Ảnh {NAME}")),
    "alt text of a box": lambda _, sheet: sheet.insert_textbox("K5", "x", {"description": NAME}),
    "property of one's own": lambda book, _: book.set_custom_property("Đối tượng", NAME),
    "filter": lambda _, sheet: (sheet.autofilter("A6:D9"), sheet.filter_column_list("A", [NAME])),
    "conditional format": lambda book, sheet: sheet.conditional_format(
        "A1:B9",
        {"type": "text", "criteria": "containing", "value": NAME, "format": book.add_format({"bold": 1})},
    ),
}
NO_PERSON: dict[str, Add] = {
    "list of kinds": validated(validate="list", source=["Karaoke", "Nhà nghỉ", "Cơ sở massage"]),
    "list of districts": validated(validate="list", source=["Biên Hòa", "Long Khánh", "Tân Phú", "Vĩnh Cửu"]),
    "advice": validated(input_title="Chú ý", input_message="Nhập số nguyên, không âm"),
    "formula of a check": computed('=IF(SUM(C8:C9)=D10,"Đúng","Sai tổng cộng")'),
    "formula with an amount": computed("=ROUND(912345678/1000000,0)"),
    "formula to another file": computed("=VLOOKUP(A1,'[So lieu 2020.xlsx]Bieu 01'!$A$1:$B$99,2,0)"),
    "format of money": formatted('_-* #,##0.00\\ [$₫-vi-VN]_-;-* #,##0 "triệu đồng"_-'),
    "format of a date": formatted('"Ngày "dd" tháng "mm" năm "yyyy'),
    "name of a list": lambda book, _: book.define_name("Danh_muc_huyen", "=Bieu!$A$1:$A$9"),
    "office's mailbox": linked("mailto:sldtbxh@dongnai.gov.vn"),
    "page with a number": linked(
        "https://docs.google.com/spreadsheets/d/1aBcD0912345678xyz/edit#gid=912345678"
    ),
    "file in the folder of an account": linked(r"external:C:\Users\Nguyen Van Hung\bao cao.xlsx"),
    "alt text": lambda _, sheet: sheet.insert_image("K5", "a.png", described("Quốc huy Việt Nam")),
    "author": lambda book, _: book.set_properties({"author": NAME, "title": "Báo cáo 6 tháng"}),
    "product": lambda book, _: book.set_custom_property("ICV", "A1B2C3D4E5F60912345678ABCDEF"),
}


@pytest.mark.parametrize("place", IN_XLSX)
def test_a_person_outside_the_cells_of_a_workbook_is_found(place: str) -> None:
    assert is_rejected_for_a_person(xlsx(IN_XLSX[place]), "bao cao.xlsx")


@pytest.mark.parametrize("place", NO_PERSON)
def test_what_offices_write_there_raises_no_alarm(place: str) -> None:
    assert not is_rejected_for_a_person(xlsx(NO_PERSON[place]), "bao cao.xlsx")


def xls(add: Add) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bieu")
    for number, row in enumerate(budget()):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    add(book, sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("add", "is_person"),
    [
        (lambda _, sheet: sheet.write(20, 9, xlwt.Formula(f'IF(A1="{NAME}",1,0)')), True),
        (lambda _, sheet: sheet.write(20, 9, xlwt.Formula('LEN("Nguyễn Văn "&"Hùng")')), True),
        (lambda _, sheet: sheet.write(20, 9, xlwt.Formula(f'HYPERLINK("mailto:{MAIL}";"Liên hệ")')), True),
        (lambda _, sheet: sheet.write(20, 9, 1, xlwt.easyxf(num_format_str=f'"{NAME}"')), True),
        (lambda _, sheet: sheet.write(20, 9, xlwt.Formula('IF(A1=1,"Đúng","Sai tổng cộng")')), False),
        (lambda _, sheet: sheet.write(20, 9, 1, xlwt.easyxf(num_format_str='#,##0 "triệu đồng"')), False),
    ],
)
def test_old_workbooks(add: Add, is_person: bool) -> None:
    assert is_rejected_for_a_person(xls(add), "bao cao.xls") is is_person


def ods(before: str, inserted: str) -> bytes:
    document, table = OpenDocumentSpreadsheet(), Table(name="Bieu")
    for row in budget():
        line = TableRow()
        for value in row:
            is_text = isinstance(value, str)
            cell = TableCell(valuetype="string") if is_text else TableCell(valuetype="float", value=value)
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    content, changed = io.BytesIO(), io.BytesIO()
    document.save(content)
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "content.xml":
                data = data.replace(before.encode(), (inserted + before).encode(), 1)
            target.writestr(name, data)
    return changed.getvalue()


def odf_cell(attributes: str, inside: str) -> str:
    return f"<table:table-row><table:table-cell {attributes}>{inside}</table:table-cell></table:table-row>"


VALIDATION = (
    '<table:content-validations><table:content-validation table:name="v" table:condition="of:cell-content-is'
    '-in-list(&quot;{}&quot;)"><table:help-message table:display="true"><text:p>{}</text:p></table:help-message>'
    "</table:content-validation></table:content-validations>"
)
ODF_FORMULA = 'table:formula="of:=IF([.A1]=&quot;{}&quot;;1;0)" office:value-type="float" office:value="1"'
ODF_LINK = (
    '<text:p><text:a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{}">Liên hệ</text:a></text:p>'
)
ODF_NAME = '<table:named-expressions><table:named-range table:name="{}"/></table:named-expressions>'


@pytest.mark.parametrize(
    ("before", "inserted", "is_person"),
    [
        ("<table:table ", VALIDATION.format(NAME, "chọn"), True),
        ("<table:table ", VALIDATION.format("Karaoke", f"Hỏi ông {NAME}"), True),
        ("</table:table>", odf_cell(ODF_FORMULA.format(NAME), "<text:p>1</text:p>"), True),
        ("</table:table>", odf_cell("", ODF_LINK.format(f"mailto:{MAIL}")), True),
        ("</office:spreadsheet>", ODF_NAME.format("Nguyễn_Văn_Hùng"), True),
        ("<table:table ", VALIDATION.format("Karaoke", "Chọn một loại cơ sở"), False),
        ("</table:table>", odf_cell("", ODF_LINK.format("https://dongnai.gov.vn")), False),
        ("</office:spreadsheet>", ODF_NAME.format("Danh_muc_huyen"), False),
    ],
)
def test_open_documents(before: str, inserted: str, is_person: bool) -> None:
    assert is_rejected_for_a_person(ods(before, inserted), "bao cao.ods") is is_person


@pytest.mark.parametrize(("text", "is_person"), [(f"Ảnh {NAME}", True), ("Con dấu của Sở", False)])
def test_alt_texts_of_word_documents(text: str, is_person: bool) -> None:
    document = Document()
    document.add_picture(io.BytesIO(PICTURE))
    document.element.body.xpath(".//wp:docPr")[0].set("descr", text)
    table = document.add_table(0, 4)
    for row in budget():
        cells = table.add_row().cells
        for cell, value in zip(cells, row, strict=False):
            cell.text = str(value)
    content = io.BytesIO()
    document.save(content)
    assert is_rejected_for_a_person(content.getvalue(), "bao cao.docx") is is_person


@pytest.mark.parametrize(
    "cell",
    [
        f'<td><a href="mailto:{MAIL}">Liên hệ</a>',
        f'<td><img alt="{NAME}">',
        f'<td title="{NAME}">a',
        f"<td>a<!-- {NAME} -->",
        f'<td x:fmla="=&quot;{NAME}&quot;">a',
    ],
)
def test_web_pages(cell: str) -> None:
    page = f"<html><body><table><tr><td>Biểu số: 09-PCMD<tr>{cell}</table></body></html>"
    assert is_rejected_for_a_person(page.encode(), "bao cao.xls")


def test_what_office_writes_into_a_page_is_left_out() -> None:
    page = f"<!--[if gte mso 9]><xml><o:Author>{NAME}</o:Author></xml><![endif]--><!-- td {{font: Arial}} -->"
    assert unseen_texts_of_page(page) == set()


@pytest.mark.parametrize(
    "part",
    [
        f'<Cell ss:HRef="mailto:{MAIL}"><Data ss:Type="String">x</Data></Cell>',
        f'<Cell x:HRefScreenTip="{NAME}"><Data ss:Type="String">x</Data></Cell>',
        f'<Cell ss:Formula="=&quot;{NAME}&quot;"><Data ss:Type="String">x</Data></Cell>',
    ],
)
def test_workbooks_of_2003_in_xml(part: str) -> None:
    office = "urn:schemas-microsoft-com:office"
    book = (
        f'<?xml version="1.0"?><Workbook xmlns="{office}:spreadsheet" xmlns:ss="{office}:spreadsheet"'
        f' xmlns:x="{office}:excel"><Worksheet ss:Name="Bieu"><Table><Row>{part}</Row></Table></Worksheet></Workbook>'
    )
    assert is_rejected_for_a_person(book.encode(), "bao cao.xls")


def test_texts_of_formulas_formats_and_links() -> None:
    assert list(texts_of_formula('=IF(A1="a""b","Hòa "&"Bình"&" 1",2)')) == ['a"b', "Hòa Bình 1"]
    assert list(texts_of_formula("=SUM(A1:A9)")) == []
    assert list(texts_of_formula(r'=HYPERLINK("C:\Users\Nguyen Van Hung\bc.xlsx","Xem")')) == [
        "bc.xlsx",
        "Xem",
    ]
    assert list(plain_text(r"..\..\Users\Nguyen Van Hung\bc.xlsx")) == ["bc.xlsx"]
    assert list(text_of_format('[Red]_-* #,##0\\ "đồng"')) == ["#,##0 đồng"]
    assert list(text_of_link("file:///D:/lan/b%C3%A1o%20c%C3%A1o.xlsx")) == ["báo cáo.xlsx"]


def test_a_page_of_remarks_without_ends_takes_no_time() -> None:
    assert unseen_texts_of_page("<!-- a <desc>" * 50_000) == {" a <desc>"}


def test_an_unchanged_sheet_is_no_alarm() -> None:
    rows: Grid = budget()
    assert rows
    assert not is_rejected_for_a_person(xlsx(lambda _, sheet: sheet), "bao cao.xlsx")
