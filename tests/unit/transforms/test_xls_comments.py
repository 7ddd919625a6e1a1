"""Comments, text boxes and headers of an .xls file are there for the search for persons."""

import io
import struct

import pytest
import xlwt
from xlwt.CompoundDoc import XlsDoc

from tests.support.grids import BODIES, CONTEXT, Grid, communications
from transforms.extract.workbook import read_contents
from transforms.file_parser import read_file

TEXT_OBJECT, CONTINUE, HEADER, END = 0x01B6, 0x003C, 0x0014, struct.pack("<HH", 0x000A, 0)


def _record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def _comment(text: str, *, split: int = 0) -> bytes:
    """The records of a comment's text, continued in a second record from letter `split` on."""
    parts = [text[:split], text[split:]] if split else [text]
    letters = b"".join(_record(CONTINUE, b"\x01" + part.encode("utf-16-le")) for part in parts)
    looks = _record(CONTINUE, bytes(16))
    return _record(TEXT_OBJECT, struct.pack("<HH6xHHI", 0, 0, len(text), 16, 0)) + letters + looks


def _xls(rows: Grid, added: bytes) -> bytes:
    """The bytes of a workbook of one sheet, with records added at the end of the sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bieu")
    sheet.header_str = b""
    sheet.footer_str = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    stream = book.get_biff_data()
    assert stream.endswith(END)
    content = io.BytesIO()
    XlsDoc().save(content, stream[: -len(END)] + added + END)
    return content.getvalue()


@pytest.mark.parametrize("split", [0, 7])
def test_a_comment_is_other_text(split: int) -> None:
    content = _xls([["a", 1.0]], _comment("Số này gồm cả xã", split=split))
    contents = read_contents(content, "a.xls")
    assert contents.other_text == [("", "Số này gồm cả xã")]
    assert contents.sheets[0].rows == [["a", 1.0]]


def test_a_header_is_other_text() -> None:
    text = "Sở Y tế"
    header = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
    contents = read_contents(_xls([["a"]], _record(HEADER, header)), "a.xls")
    assert contents.other_text == [("", text)]


def test_a_person_in_a_comment_rejects_the_file() -> None:
    content = _xls(communications(), _comment("Nguyễn Văn An, ĐT 0912345678"))
    reading = read_file(content, "bao cao.xls", BODIES["06"], CONTEXT)
    assert reading.must_not_be_kept
    assert [finding.code for sheet in reading.sheets for finding in sheet.findings] == ["PII-SUSPECTED"]


def test_a_comment_without_persons_changes_nothing() -> None:
    content = _xls(communications(), _comment("Số liệu đã kiểm tra"))
    reading = read_file(content, "bao cao.xls", BODIES["06"], CONTEXT)
    assert [sheet.findings for sheet in reading.sheets] == [[]]
