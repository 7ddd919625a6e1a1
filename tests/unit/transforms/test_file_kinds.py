"""Files of other kinds: each gets advice that fits it."""

import io
import json
import zipfile

import openpyxl
import pytest

from schemas.declaration import Severity
from transforms.extract.workbook import UnreadableFile, read_sheets
from transforms.file_advice import ADVICE
from transforms.file_parser import add_conflict_copies, file_problem
from transforms.layout.parsed_sheet import FileReading, SheetReading


def kind_of(content: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(content, name)
    assert caught.value.code == "FILE-UNREADABLE"
    assert caught.value.detail in ADVICE
    return caught.value.detail


def zipped(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_x_", "."), text)
    return made.getvalue()


MAIL = b"From: a@b.vn\r\nTo: c@d.vn\r\nSubject: bao cao\r\n\r\nKinh gui\r\n"


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.4\n", "bao cao.pdf", "pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4\n", "bao cao.xlsx", "pdf"),
        (b"%PDF-1.4\n", "bao cao.xlsx", "pdf"),
        (MAIL, "bao cao.eml", "mail"),
        (b"Received: from x\r\n by y\r\n" + MAIL, "bao cao.xls", "mail"),
        (b"Rar!\x1a\x07\x00", "bao cao.rar", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "bao cao.7z", "archive"),
        (zipped(a_x_xlsx="x", b_x_xlsx="y"), "bao cao.zip", "archive"),
        (b"\x89PNG\r\n\x1a\n", "bao cao.xlsx", "picture"),
        (b"BM\x00\x00\x00\x00", "bao cao.xls", "picture"),
        (b"\0\0\0\x18ftypheic", "bao cao.xls", "picture"),
        (
            json.dumps({"url": "https://docs.google.com/open?id=1", "doc_id": "1"}).encode(),
            "a.gsheet",
            "link",
        ),
        (json.dumps({"doc_id": "1", "email": "x@y.vn"}).encode(), "a.txt", "link"),
        (b"{}", "a.gsheet", "link"),
        (b"{\\rtf1\\ansi", "bao cao.doc", "word"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "bao cao.odt", "word"),
        (zipped(ppt__presentation_x_xml="<x/>"), "bao cao.pptx", "slides"),
        (zipped(Index__Document_x_iwa="x"), "bao cao.numbers", "numbers"),
        (b"\0\1\0\0Standard ACE DB\0", "bao cao.accdb", "database"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "bao cao.xls", "old_excel"),
        (b"ID;PWXL;N;E\r\n", "bao cao.slk", "other_table"),
        (b"<?xml version='1.0'?><a/>", "bao cao.xml", "other_xml"),
        (b"[InternetShortcut]\r\nURL=https://a.vn/b", "bao cao.url", "shortcut"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(60), "bao cao.xlsx.lnk", "shortcut"),
        (bytes(5000), "bao cao.xlsx", "damaged"),
        ("Há»™i ngh?; táºp huáº¥n; tá» Ä‘Ãm; KỲ BÃO CÃO\n1;2".encode(), "bao cao.csv", "encoding"),
        (b"<html><body><p>x</p></body></html>", "bao cao.xls", "web_page"),
        (b"\x01\x02\x03\xff\xfe", "bao cao.mdb", "database"),
        ("B? Y t?; Huy?n Đ?nh Qu?n; t?ng c?ng; Bi?u s?\n1;2".encode(), "bao cao.csv", "encoding"),
    ],
)
def test_the_kind_is_recognised_by_the_content(content: bytes, name: str, kind: str) -> None:
    assert kind_of(content, name) == kind


@pytest.mark.parametrize("kind", [*ADVICE, "unheard of"])
def test_every_kind_has_whole_advice_in_both_languages(kind: str) -> None:
    finding = file_problem("FILE-UNREADABLE", kind)
    for message in (finding.message_vi, finding.message_en):
        assert "…" not in message.replace(".7z …", "")
        assert "{" not in message


def test_text_that_starts_like_a_picture_or_a_mail_is_still_a_table() -> None:
    assert read_sheets(b"BM;01\n1;2\n", "a.csv")[0].rows[0] == ["BM", "01"]
    assert read_sheets(b"Date: x;1\n1;2\n", "a.csv")[0].rows[1] == ["1", "2"]


def test_a_workbook_that_declares_binary_parts_is_still_an_xlsx() -> None:
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", 1])
    book.save(target)
    old, made = zipfile.ZipFile(target), io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                kind = b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"
                data = data.replace(
                    b"<Default ", b'<Default Extension="bin" ContentType="' + kind + b'"/><Default ', 1
                )
            archive.writestr(name, data)
    assert read_sheets(made.getvalue(), "a.xlsx")[0].rows == [["a", 1.0]]


def test_one_bad_byte_does_not_change_how_the_rest_is_read() -> None:
    text = "Huyện;Số vụ\nĐịnh Quán;1\nVĩnh Cửu;2\nThống Nhất;3\n"
    content = text.encode().replace("Thống".encode(), b"Th\xe1ng")
    rows = read_sheets(content, "a.csv")[0].rows
    assert rows[:3] == [["Huyện", "Số vụ"], ["Định Quán", "1"], ["Vĩnh Cửu", "2"]]
    assert "\ufffd" in str(rows[3][0])


def test_a_form_warns_of_the_conflict_copies_beside_its_file() -> None:
    reading = FileReading([SheetReading("Biểu 02", "hotspots")])
    add_conflict_copies(reading, ["bao cao (conflicted copy 2020-04-15).xlsx"])
    [finding] = reading.sheets[0].findings
    assert (finding.code, finding.severity) == ("FORM-SECOND", Severity.WARNING)
    assert "conflicted copy 2020-04-15" in finding.message_vi
    assert "…" not in finding.message_vi + finding.message_en
