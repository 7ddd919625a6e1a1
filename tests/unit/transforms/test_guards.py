"""Hostile files: each is refused for its own reason, soon, and never ends the process."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.paths import ROOT
from transforms.extract.file_safety import MAX_FILE_BYTES
from transforms.extract.workbook import UnreadableFile, read_sheets

MAIN_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN_NAMESPACE}"><sheetData>%s</sheetData></worksheet>'

FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="S">%s</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
ODS_VALUE = '<table:table-cell office:value-type="string" %s><text:p>a</text:p></table:table-cell>'
MAIN = "[Content_Types].xml"
ODS_MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">%s</m:manifest>'


def xlsx(changed: dict[str, str | bytes] | None = None) -> bytes:
    plain, made = io.BytesIO(), io.BytesIO()
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = "x"
    book.save(plain)
    with zipfile.ZipFile(plain) as source:
        parts: dict[str, str | bytes] = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, data in (parts | (changed or {})).items():
            target.writestr(name, data)
    return made.getvalue()


def sheet_xlsx(rows: str) -> bytes:
    return xlsx({"xl/worksheets/sheet1.xml": SHEET % rows})


def ods(rows: str, **changed: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("META-INF/manifest.xml", changed.pop("manifest", ODS_MANIFEST % ""))
        target.writestr("content.xml", ODS % rows)
        for name, data in changed.items():
            target.writestr(name, data)
    return made.getvalue()


def xls(*cells: tuple[int, int, object]) -> bytes:
    made, book = io.BytesIO(), xlwt.Workbook()
    sheet = book.add_sheet("S")
    for row, column, value in cells:
        sheet.write(row, column, value)
    book.save(made)
    return made.getvalue()


def zeros_xlsx(lie: bool) -> bytes:
    """A part of 1 GiB of zeros (300 MiB where the header lies), compressed while it streams."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr(MAIN, "spreadsheetml")
        with target.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300 if lie else 1024):
                part.write(bytes(2**20))
    content = made.getvalue()
    if lie:
        true_size = struct.pack("<I", 300 * 2**20)
        content = content.replace(true_size, struct.pack("<I", 1000))
    return content


def encrypted_xlsx() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")


def entity_bomb() -> str:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{lines}]><sst><si><t>&e9;</t></si></sst>'


def shared_text_bomb() -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5001))
    strings = f'<sst xmlns="{MAIN_NAMESPACE}"><si><t>{"x" * 10**6}</t></si></sst>'
    return xlsx({"xl/worksheets/sheet1.xml": SHEET % cells, "xl/sharedStrings.xml": strings})


def many_sheets_of_one_part() -> bytes:
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 202))
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    start = f'<workbook xmlns="{MAIN_NAMESPACE}" xmlns:r="{relation}">'
    return xlsx({"xl/workbook.xml": f"{start}<sheets>{sheets}</sheets></workbook>"})


def many_entries() -> bytes:
    return xlsx({f"xl/media/{n}.png": "" for n in range(2001)})


def far_cell(reference: str) -> bytes:
    return sheet_xlsx(f'{FIRST}<row><c r="{reference}"><v>1</v></c></row>')


def formatted_rows(tag: str) -> bytes:
    return sheet_xlsx(
        FIRST + "".join(f'<row r="{n}">{tag.replace("?", str(n))}</row>' for n in range(2, 1_000_001))
    )


REPEATED = '<table:table-row table:number-rows-repeated="%d">%s</table:table-row>'
NOT_DATA = '<table:table-cell table:number-columns-repeated="16384"/>'
HOSTILE = {
    "zeros": (lambda: zeros_xlsx(lie=False), "expands_too_far"),
    "zeros, header lies": (lambda: zeros_xlsx(lie=True), "expands_too_far"),
    "last cell": (lambda: far_cell("XFD1048576"), "too_many_rows"),
    "far row": (lambda: far_cell("A20001"), "too_many_rows"),
    "far column": (lambda: far_cell("KO1"), "too_many_columns"),
    "last cell, small letters": (lambda: far_cell("xfd1048576"), "too_many_rows"),
    "last cell, odd tag": (
        lambda: sheet_xlsx(f'{FIRST}<row><c x=">" r="XFD1048576"><v>1</v></c></row>'),
        "too_many_rows",
    ),
    "far row without references": (
        lambda: sheet_xlsx(FIRST + '<row r="30000"><c><v>1</v></c></row>'),
        "too_many_rows",
    ),
    "far cell with a prefix": (
        lambda: xlsx(
            {
                "xl/worksheets/sheet1.xml": '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/'
                'spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c>'
                "</x:row></x:sheetData></x:worksheet>"
            }
        ),
        "too_many_rows",
    ),
    "large area": (lambda: far_cell("KN20000"), "too_many_cells"),
    "entities": (lambda: xlsx({"xl/sharedStrings.xml": entity_bomb()}), "entity"),
    "shared text": (shared_text_bomb, "expands_too_far"),
    "sheets of one part": (many_sheets_of_one_part, "too_many_sheets"),
    "entries": (many_entries, "too_many_entries"),
    "million formatted rows": (lambda: formatted_rows(""), None),
    "million formatted cells": (lambda: formatted_rows('<c r="A?" s="1"/>'), None),
    "empty cells": (
        lambda: sheet_xlsx(FIRST + "<row>" + '<c r="A2"/>' * 5_000_000 + "</row>"),
        "too_many_tags",
    ),
    "ods empty rows": (lambda: ods("<table:table-row/>" * 2_000_000), "too_many_cells"),
    "merged": (lambda: sheet_xlsx(FIRST + '<mergeCell ref="A1:B2"/>' * 10**6), "too_many_merged"),
    "encrypted xlsx": (encrypted_xlsx, "encrypted"),
    "encrypted ods": (lambda: ods("", manifest=ODS_MANIFEST % "<m:encryption-data/>"), "encrypted"),
    "xlsx macro": (lambda: xlsx({"xl/vbaProject.bin": b"x"}), "macro"),
    "xlsx macro sheet": (lambda: xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), "macro"),
    "ods macro": (lambda: ods("", **{"Basic/Standard/Module1.xml": "<x/>"}), "macro"),
    "ods script": (lambda: ods("", **{"Scripts/python/a.py": "x"}), "macro"),
    "xls macro": (lambda: xls((0, 0, "a")) + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macro"),
    "xls far cell": (lambda: xls((0, 0, "a"), (65535, 255, "b")), "too_many_rows"),
    "xls far column": (lambda: xls((0, 0, "a"), (16_000, 200, 1)), "too_many_cells"),
    "ods repeated rows": (lambda: ods(REPEATED % (10**6, ODS_VALUE % "")), "too_many_rows"),
    "ods repeated columns": (
        lambda: ods(REPEATED % (1, ODS_VALUE % 'table:number-columns-repeated="16384"')),
        "too_many_columns",
    ),
    "ods far row": (
        lambda: ods(REPEATED % (10**6, NOT_DATA) + REPEATED % (1, ODS_VALUE % "")),
        "too_many_rows",
    ),
    "ods repeated text": (
        lambda: ods(REPEATED % (5000, ODS_VALUE.replace("a<", "a" * 10**6 + "<") % "")),
        "expands_too_far",
    ),
    "ods formatted to the end": (
        lambda: ods(REPEATED % (1, ODS_VALUE % "") + REPEATED % (1_048_575, NOT_DATA)),
        None,
    ),
    "too large": (lambda: b"x" * (MAX_FILE_BYTES + 1), "too_large"),
    "blank lines": (lambda: b"a\n" + b"\n" * (MAX_FILE_BYTES - 9), "too_many_rows"),
    "separators": (lambda: b"," * MAX_FILE_BYTES, "too_many_cells"),
    "wide text": (lambda: b"a," * 301, "too_many_columns"),
    "long text": (lambda: b"a\n" * 20_001, "too_many_rows"),
}
CHILD = """
import json, sys
from pathlib import Path
from tests.support.processor_time import reference_seconds
from transforms.extract.workbook import UnreadableFile, read_sheets

def refusal(content):
    try:
        read_sheets(content, "a.csv")
    except UnreadableFile as refused:
        return refused.detail

for name in sys.argv[1:]:
    content = Path(name).read_bytes()
    seconds = reference_seconds(lambda: refusal(content), 2)
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
    print(json.dumps([refusal(content), seconds, peak]), flush=True)
"""


@pytest.mark.long
def test_hostile_files_are_refused_soon_and_in_little_memory(tmp_path: Path) -> None:
    files = []
    for number, (make, _) in enumerate(HOSTILE.values()):
        files.append(tmp_path / str(number))
        files[-1].write_bytes(make())
    child = subprocess.run([sys.executable, "-c", CHILD, *files], cwd=ROOT, capture_output=True, text=True)
    results = dict(zip(HOSTILE, map(json.loads, child.stdout.splitlines()), strict=True))
    assert {name: result[0] for name, result in results.items()} == {
        name: detail for name, (_, detail) in HOSTILE.items()
    }
    assert {name: result for name, result in results.items() if result[1] > 2 or result[2] > 300} == {}


def refusal(content: bytes, name: str = "a.xlsx") -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(content, name)
    return caught.value.code, caught.value.detail


def test_the_code_names_the_kind_of_rejection() -> None:
    assert refusal(far_cell("A20001")) == ("FILE-TOO-LARGE", "too_many_rows")
    assert read_sheets(far_cell("A20000"), "a.xlsx")[0].rows[-1] == [1]
    assert refusal(xlsx({"xl/vbaProject.bin": b""})) == ("FILE-MACRO", "macro")
    assert refusal(encrypted_xlsx()) == ("FILE-UNREADABLE", "encrypted")


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\nabc", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0abc", "picture"),
        (b"<html><p>1</p></html>", "web_page"),
        ("<?xml version='1.0'?><Workbook/>".encode("utf-16"), "other_xml"),
        (b"a,b\x00\x01,c", "not_a_table"),
        (b"PK\x05\x06" + bytes(18), "archive"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "damaged"),
        (xls((0, 0, 1)).replace(b"W\0o\0r\0k\0b", b"W\0o\0r\0d\0D"), "not_a_table"),
        (xlsx({MAIN: "wordprocessingml"}), "not_a_table"),
        (xlsx({MAIN: "application/vnd.ms-excel.sheet.binary.macroEnabled.main"}), "not_a_table"),
        (xlsx({"xl/workbook.xml": "<workbook><sheets><sheet"}), "damaged"),
        (sheet_xlsx('<row><c r="A1"><v>1</v></row>'), "damaged"),
    ],
)
def test_what_is_no_table_is_unreadable(content: bytes, detail: str) -> None:
    assert refusal(content, "a.xls") == ("FILE-UNREADABLE", detail)


def verdict(content: bytes, name: str) -> str:
    """The code of the refusal, "" when the file was read."""
    try:
        return "" if isinstance(read_sheets(content, name), list) else "no list"
    except UnreadableFile as refused:
        return refused.code


XLSX, ODS_FILE, XLS = xlsx(), ods(REPEATED % (1, ODS_VALUE % "")), xls((0, 0, "a"), (3, 2, 4.5))


@pytest.mark.parametrize("content", [XLSX, ODS_FILE, XLS], ids=["xlsx", "ods", "xls"])
def test_a_truncated_file_is_refused_or_read_but_never_breaks(content: bytes) -> None:
    verdicts = {verdict(content[:length], "a.xlsx") for length in range(1, len(content) - 99, 100)}
    assert "FILE-UNREADABLE" in verdicts
    assert verdicts <= {"", "FILE-UNREADABLE"}


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]),
    st.binary(max_size=1500),
    st.sampled_from(["a.csv", "a.xls", "Thumbs.db"]),
)
def test_random_bytes_never_break_the_reader(magic: bytes, tail: bytes, name: str) -> None:
    assert verdict(magic + tail, name) in ("", "FILE-UNREADABLE", "FILE-TOO-LARGE")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([XLSX, ODS_FILE, XLS]), st.data())
def test_flipped_bytes_never_break_the_reader(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for _ in range(3):
        broken[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert verdict(bytes(broken), "a.xlsx") in ("", "FILE-UNREADABLE", "FILE-TOO-LARGE", "FILE-MACRO")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<c r="A1" t="n"><v>\n   18\n  </v></c>', 18.0),
        ('<c r="A1" t="n"><v>1,5</v></c>', "1,5"),
        ('<c r="A1"><v>abc</v></c>', "abc"),
    ],
)
def test_a_figure_that_calamine_rejects_is_repaired(written: str, read: object) -> None:
    assert read_sheets(sheet_xlsx(f'<row r="1">{written}</row>'), "a.xlsx")[0].rows == [[read]]


@pytest.mark.parametrize("reference", ["A0:B2", "", "A1:XFD1048577000", "x"])
def test_an_impossible_dimension_does_not_make_a_file_damaged(reference: str) -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    part = (SHEET % row).replace("<sheetData>", f'<dimension ref="{reference}"/><sheetData>', 1)
    assert read_sheets(xlsx({"xl/worksheets/sheet1.xml": part}), "a.xlsx")[0].rows == [[1.0]]
