"""Print areas that leave out a part of a table: the printout that is signed lacks figures of the file."""

import io

import pytest
from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.table import Table

from schemas.declaration import Severity
from tests.support.grids import BODIES, CONTEXT, communications, xlsx
from tests.support.metamorphic import WRITERS
from transforms.extract.sheet import MergedRange
from transforms.extract.xlsx.print_areas import areas_of
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import SheetReading


def read(content: bytes, name: str = "a.xlsx") -> SheetReading:
    return read_file(content, name, BODIES["06"], CONTEXT).sheets[0]


def printed(area: str) -> SheetReading:
    return read(xlsx(communications(), spoil=lambda sheet: setattr(sheet, "print_area", area)))


def left_out(reading: SheetReading) -> list[str]:
    assert all(finding.severity is Severity.WARNING for finding in reading.findings)
    assert len(reading.values) == 7
    return [
        finding.message_vi.partition(", nên")[0].partition("ra ngoài ")[2] for finding in reading.findings
    ]


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("A1:D13", "cột E (“Số sản phẩm truyền thông”)"),
        ("A1:E10", "dòng 11, 12, 13"),
        ("A1:C12", "cột D (“Số người tham dự”), cột E (“Số sản phẩm truyền thông”), dòng 13"),
    ],
)
def test_a_print_area_that_cuts_the_table(area: str, expected: str) -> None:
    assert left_out(printed(area)) == [expected]


@pytest.mark.parametrize("area", ["A1:E13", "A6:E13", "B1:E40", "A1:C13,D1:J13"])
def test_a_print_area_that_holds_the_table(area: str) -> None:
    assert not printed(area).findings


def test_a_print_area_of_an_ods() -> None:
    book: OpenDocumentSpreadsheet = load(io.BytesIO(WRITERS["a.ods"](communications())))
    book.getElementsByType(Table)[0].setAttribute("printranges", "Bieu.A1:Bieu.D13")
    content = io.BytesIO()
    book.save(content)
    assert left_out(read(content.getvalue(), "a.ods")) == ["cột E (“Số sản phẩm truyền thông”)"]


def test_a_print_area_of_an_xml_spreadsheet() -> None:
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = [
        [f'<Data ss:Type="{"Number" if isinstance(v, int) else "String"}">{v}</Data>' for v in row]
        for row in communications()
    ]
    rows = "".join(
        f'<Row ss:Index="{number}">{"".join(f"<Cell>{cell}</Cell>" for cell in row)}</Row>'
        for number, row in enumerate(cells, 1)
    )
    area = '<Names><NamedRange ss:Name="Print_Area" ss:RefersTo="=B!R1C1:R12C5"/></Names>'
    page = (
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="B">{area}'
        f"<Table>{rows}</Table></Worksheet></Workbook>"
    )
    assert left_out(read(page.encode(), "a.xls")) == ["dòng 13"]


@pytest.mark.parametrize(
    ("reference", "areas"),
    [
        ("'Trang 1'!$A$1:$D$13", [MergedRange(0, 0, 12, 3)]),
        ("B!$A$1:$B$2,B!$D$4", [MergedRange(0, 0, 1, 1), MergedRange(3, 3, 3, 3)]),
        ("'B (2)'!$A$1:$B$2", [MergedRange(0, 0, 1, 1)]),
        ("B!$A:$D", [MergedRange(0, 0, 20_000, 3)]),
        ("OFFSET(B!$A$1,0,0,5,3)", []),
        ("#REF!", []),
        ("B!$A$1:INDEX(B!$A:$E,20)", []),
    ],
)
def test_the_areas_of_a_reference(reference: str, areas: list[MergedRange]) -> None:
    assert areas_of(reference) == areas
