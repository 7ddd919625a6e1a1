"""The file that is returned to a body: its own, marked; correcting the marked cells is enough."""

import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula

from publishing.returns import return_files as files
from publishing.returns.sheet_results import SheetResult
from schemas.findings import TEXTS, Finding
from tests.support.faults import FORM_OF_RULE as RULES
from tests.support.faults import QUARTER, RULE_ROWS, STRUCTURE, findings_of, report, sound_rows
from tests.support.findings import findings_in
from tests.support.forms import BY_CODE, FORM_SET
from tests.support.paths import SAMPLE
from tests.support.processor_time import reference_seconds
from tests.support.reports import PLAN, default_rows, workbook
from transforms.extract.workbook import read_sheets
from transforms.file_parser import read_file
from transforms.layout.sheet_parser import reading_context

return_workbook = partial(files.return_workbook, form_set=FORM_SET)
CONTEXT = reading_context(PLAN, FORM_SET, date(2026, 1, 1))
TITLE = "Kết quả kiểm tra"
RED, YELLOW = "FFFFB3B3", "FFFFE699"


def rows_of(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as rows of audit.finding."""
    return [
        {
            "severity": f.severity.value,
            "code": f.code,
            "sheet_name": f.sheet_name,
            "cell": f.cell,
            "message_vi": f.message_vi,
        }
        for f in findings
    ]


def finding(
    cell: str = "C8", sheet: str = "Bieu", message: str = "Ô ghi sai.", severity: str = "error"
) -> Any:
    return {
        "severity": severity,
        "code": "VALUE-TYPE",
        "sheet_name": sheet,
        "cell": cell,
        "message_vi": message,
    }


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def said_of(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return [(f.code, f.sheet_name, f.cell) for f in findings]


def colour(cell: Any) -> str | None:
    return cell.fill.fgColor.rgb if cell.fill.patternType else None


# --- the sample's refused files ----------------------------------------------------------------------------


def mend(book: Any, fault: Finding) -> None:
    """Do in the marked cell what its note asks for."""
    sheet = book[fault.sheet_name]
    cell = sheet[fault.cell]
    message = cell.comment.text
    if fault.code == "AREA-UNKNOWN":
        cell.value = "Thành phố Biên Hòa"
    elif fault.code == "HOT-01":
        row = [float(sheet.cell(cell.row, cell.column - n).value) for n in (4, 3, 2, 1)]
        cell.value = row[0] + row[1] + row[2] - row[3]
    elif fault.code == "PERIOD-WINDOW":
        days = re.search(r"phải từ (\S+) đến (\S+)\.", message)
        assert days
        cell.value = f"Số liệu từ ngày {days[1]} đến ngày {days[2]}"
    elif fault.code == "TOTAL-MISMATCH":
        cell.value = int(message.rpartition(" là ")[2].rpartition("= ")[2].rstrip("."))
    else:
        assert fault.code == "VALUE-RANGE"
        cell.value = 1_000


REFUSED = [
    "CAT/so lieu 03-2020 02.xlsx",
    "UBND-731/BC 01-2020 02_03.xls",
    "UBND-731/thang 3/BC 03-2020 02_03_05_06_08.xls",
    "UBND-732/Báo cáo PCMD 01-2020 02_03.xls",
    "UBND-732/thang 3/Báo cáo PCMD 03-2020 08.xlsx",
    "UBND-732/thang 3/so lieu 03-2020 03.ods",
]


@pytest.mark.parametrize("path", REFUSED)
def test_correcting_the_marked_cells_makes_the_file_pass(path: str) -> None:
    body = path.partition("/")[0]
    content = (SAMPLE / "drive" / path).read_bytes()
    faults = findings_of_sheets(content, path, body)
    book = opened(return_workbook(content, path, rows_of(faults)))
    truth = [e for e in json.loads((SAMPLE / "truth.json").read_text("utf-8")) if e["path"] == path]
    refused = [e for e in truth if e["expect"] == "rejected"]
    assert {(e["sheet"], e["code"]) for e in refused} == {(f.sheet_name, f.code) for f in faults}
    for fault in faults:
        cell = book[fault.sheet_name][fault.cell]
        assert colour(cell) == RED
        assert fault.message_vi in cell.comment.text
        mend(book, fault)
    mended = saved(book)
    assert findings_of_sheets(mended, "sửa.xlsx", body) == []
    forms = [sheet.form_code for sheet in read_file(mended, "sửa.xlsx", body, CONTEXT).sheets]
    assert forms == [entry["form"] for entry in truth]


def findings_of_sheets(content: bytes, name: str, body: str) -> list[Finding]:
    """What is found in all sheets of a file."""
    return findings_in(read_file(content, name, body, CONTEXT), body)


def test_every_file_of_the_sample_comes_back_complete() -> None:
    paths = {e["path"] for e in json.loads((SAMPLE / "truth.json").read_text("utf-8"))}
    for path in sorted(paths):
        content, body = (SAMPLE / "drive" / path).read_bytes(), path.partition("/")[0]
        first = read_file(content, path, body, CONTEXT)
        if first.must_not_be_kept:
            continue
        rows = rows_of([f for sheet in first.sheets for f in sheet.findings])
        again = read_file(return_workbook(content, path, rows), "a.xlsx", body, CONTEXT)
        assert [s.values for s in again.sheets] == [s.values for s in first.sheets], path
        assert [s.rows for s in again.sheets] == [s.rows for s in first.sheets], path
        assert [s.totals for s in again.sheets] == [s.totals for s in first.sheets], path


# --- every finding -----------------------------------------------------------------------------------------

SPOILT = [file for _, _, file in STRUCTURE] + [
    report(
        RULES[rule][0].code, [sound_rows(RULES[rule][0].code)[0] | row, *sound_rows(RULES[rule][0].code)[1:]]
    )
    for rule, row in RULE_ROWS.items()
]


@pytest.mark.long
def test_sent_back_as_it_came_it_has_the_same_findings_and_no_other() -> None:
    codes = set()
    for content, body in SPOILT:
        faults = findings_of(content, body)
        codes |= {f.code for f in faults}
        returned = return_workbook(content, "báo cáo.xlsx", rows_of(faults))
        assert said_of(findings_of(returned, body)) == said_of(faults)
        book = opened(returned)
        assert book.sheetnames[0] == TITLE
        listed = [[cell.value for cell in row] for row in book[TITLE].iter_rows(min_row=6)]
        assert sorted(row[3] for row in listed) == sorted(f.code for f in faults)
        for fault in faults:
            if fault.cell:
                marked = book["Bieu"][fault.cell]
                expected = marked.comment.text.replace(".", "")  # long figures stand there in groups
                assert fault.message_vi.replace(".", "") in expected
                assert colour(marked) in (RED, YELLOW)
    assert codes > set(RULE_ROWS)


def test_each_finding_leads_to_its_cell() -> None:
    content, body = report("06-PCMD", spoil=lambda s: s.__setitem__("C8", "mười hai"))
    faults = rows_of(findings_of(content, body))
    sheet = opened(return_workbook(content, "a.xlsx", faults))[TITLE]
    assert [sheet.cell(6, column).value for column in range(1, 5)] == [1, "Bieu!C8", "Lỗi", "VALUE-TYPE"]
    assert sheet["E6"].value == faults[0]["message_vi"]
    assert sheet["B6"].hyperlink.location == "'Bieu'!C8"
    assert sheet["A3"].value == "1 lỗi, 0 cảnh báo"


def test_errors_come_before_warnings_and_share_a_cell_with_them() -> None:
    content, _ = report("06-PCMD")
    faults = [
        finding("C8", message="Xem lại.", severity="warning"),
        finding("D8", severity="warning"),
        finding("C8"),
    ]
    book = opened(return_workbook(content, "a.xlsx", faults))
    assert [book[TITLE].cell(row, 3).value for row in (6, 7, 8)] == ["Lỗi", "Cảnh báo", "Cảnh báo"]
    assert book["Bieu"]["C8"].comment.text == "Lỗi VALUE-TYPE: Ô ghi sai.\n\nCảnh báo VALUE-TYPE: Xem lại."
    assert (colour(book["Bieu"]["C8"]), colour(book["Bieu"]["D8"])) == (RED, YELLOW)


# --- what the file had stays -------------------------------------------------------------------------------


def rich_workbook() -> bytes:
    book = opened(report("06-PCMD")[0])
    sheet = book["Bieu"]
    sheet["D8"] = "=B8+C8"
    sheet["F20"] = ArrayFormula("F20:F21", "=B8:B9*2")
    sheet["G1"] = "=1+1"
    sheet["G1"].data_type = "s"
    sheet["B8"].number_format, sheet["B8"].font = "0.00", Font(bold=True)
    sheet["C8"].comment = Comment("hỏi lại xã", "phòng")
    sheet.merge_cells("A20:B21")
    sheet.column_dimensions["C"].width = 33
    sheet.row_dimensions[8].height = 44
    sheet.freeze_panes = "B8"
    sheet.protection.sheet = True
    other = book.create_sheet("Ghi chú")
    other["A1"] = "='Bieu'!B8"
    other.sheet_state = "hidden"
    return saved(book)


def test_an_xlsx_keeps_what_it_has() -> None:
    book = opened(return_workbook(rich_workbook(), "a.xlsx", [finding("C8"), finding("B21")]))
    sheet = book["Bieu"]
    assert (sheet["D8"].value, sheet["D8"].data_type) == ("=B8+C8", "f")
    assert (sheet["F20"].value.text, sheet["F20"].value.ref) == ("=B8:B9*2", "F20:F21")
    assert (sheet["G1"].value, sheet["G1"].data_type) == ("=1+1", "s")
    assert (sheet["B8"].number_format, sheet["B8"].font.bold) == ("0.00", True)
    assert sheet["C8"].comment.text.endswith("Ghi chú có sẵn:\nhỏi lại xã")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A20:B21"]
    assert colour(sheet["A20"]) == RED  # a cell inside merged ones cannot be marked: the first stands for it
    assert (sheet.column_dimensions["C"].width, sheet.row_dimensions[8].height) == (33, 44)
    assert (sheet.freeze_panes, sheet.protection.sheet) == ("B8", True)
    assert not sheet["C8"].protection.locked
    assert sheet["D8"].protection.locked
    assert (book["Ghi chú"]["A1"].value, book["Ghi chú"].sheet_state) == ("='Bieu'!B8", "hidden")
    assert book.active.title == TITLE
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == [TITLE]


def test_refused_twice_it_bears_only_the_latest_marks() -> None:
    first = opened(return_workbook(rich_workbook(), "a.xlsx", [finding("C8"), finding("B8")]))
    for cell in ("B8", "C8"):
        first["Bieu"][cell].comment.author = ""  # as LibreOffice leaves it
    book = opened(return_workbook(saved(first), "a.xlsx", [finding("B8", message="Vẫn sai.")]))
    assert book.sheetnames == [TITLE, "Bieu", "Ghi chú"]
    assert colour(book["Bieu"]["C8"]) is None
    assert book["Bieu"]["C8"].comment.text == "hỏi lại xã"
    assert book["Bieu"]["B8"].comment.text == "Lỗi VALUE-TYPE: Vẫn sai."


def test_a_sheet_of_the_same_name_is_no_earlier_list() -> None:
    book = opened(report("06-PCMD")[0])
    book["Bieu"].title = "kết quả kiểm TRA"
    returned = opened(return_workbook(saved(book), "a.xlsx", [finding("C8", "kết quả kiểm TRA")]))
    assert returned.sheetnames == [f"{TITLE} 2", "kết quả kiểm TRA"]
    assert colour(returned["kết quả kiểm TRA"]["C8"]) == RED


def test_the_same_file_comes_back_as_the_same_bytes() -> None:
    for content in (report("06-PCMD")[0], b"a;b\n1;2\n"):
        assert return_workbook(content, "a.csv", [finding()]) == return_workbook(
            content, "a.csv", [finding()]
        )


def test_it_opens_with_what_became_of_each_sheet() -> None:
    content, body = report("06-PCMD", spoil=lambda s: s.__setitem__("C8", "mười hai"))
    faults = rows_of(findings_of(content, body))
    results = [
        SheetResult("Bieu 02", "02-PCMD", "Tháng 3 năm 2020", "accepted", 0, 0, None),
        SheetResult("Bieu", "06-PCMD", QUARTER, "rejected", 1, 0, date(2020, 4, 6)),
    ]
    returned = return_workbook(content, "a.xlsx", faults, results)
    sheet = opened(returned)[TITLE]
    shown = [[sheet.cell(row, column).value for column in range(1, 6)] for row in range(5, 11)]
    assert shown[1][1:4] == ["Bieu", "06-PCMD", QUARTER]
    assert "nộp lại; hạn nộp 06/04/2020" in shown[1][4]
    assert shown[2][1:] == ["Bieu 02", "02-PCMD", "Tháng 3 năm 2020", "Đã nhận: không phải nộp lại"]
    assert (shown[4][1], shown[5][1]) == ("Vị trí", "Bieu!C8")
    assert said_of(findings_of(returned, body)) == said_of(findings_of(content, body))


def test_a_copy_of_values_has_borders_and_is_printed_on_one_width() -> None:
    zeros = ";0" * 11
    content = text_table(f"Đội tỉnh;Karaoke{zeros}", f"Đội tỉnh;Nhà hàng{';x' * 11}", "Người lập biểu")
    book = opened(return_workbook(content, "a.csv", rows_of(findings_of_sheets(content, "a.csv", "SLDTBXH"))))
    sheet = book["Bảng"]
    assert [sheet.cell(row, 2).border.left.style for row in (3, 4, 6, 7)] == [None, "thin", "thin", None]
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.print_area == "'Bảng'!$A$1:$M$7"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.orientation) == (1, "landscape")


# --- text tables -------------------------------------------------------------------------------------------


def text_table(*rows: str) -> bytes:
    head = ["Sở Lao động - Thương binh và Xã hội", "Biểu số: 03-PCMD", "Kỳ báo cáo: Tháng 3 năm 2020"]
    labels = [c.label_vi for c in BY_CODE["03-PCMD"].columns.values()]
    lines = [*head, ";".join(f'"{label}"' for label in labels), *rows]
    return "\n".join([*lines, ""]).encode()


def test_a_text_table_comes_back_as_an_equal_workbook() -> None:
    zeros = ";0" * 11
    content = text_table(
        f"Đội tỉnh;Karaoke{zeros}", f";Nhà hàng{zeros}", f";Bar{';x' * 11}", f"Đội 814;Bar{zeros}", "=1+1"
    )
    faults = findings_of_sheets(content, "a.csv", "SLDTBXH")
    assert {f.code for f in faults} == {"VALUE-TYPE"}
    returned = return_workbook(content, "a.csv", rows_of(faults))
    book = opened(returned)
    sheet = book["Bảng"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A5:A7"]
    assert (sheet["A9"].value, sheet["A9"].data_type, sheet["A9"].quotePrefix) == ("=1+1", "s", True)
    assert book[TITLE]["B6"].hyperlink.location == "'Bảng'!C7"
    sheet["A9"].value = None
    for fault in faults:
        assert colour(sheet[fault.cell]) == RED
        sheet[fault.cell].value = 0
    assert findings_of_sheets(saved(book), "a.xlsx", "SLDTBXH") == []


def test_a_blank_key_that_is_a_fault_stays_a_cell_of_its_own() -> None:
    zeros = ";0" * 11
    content = text_table(f"Đội tỉnh;Karaoke{zeros}", f"Đội huyện;Bar{zeros}", f";Nhà hàng{zeros}")
    faults = findings_of_sheets(content, "a.csv", "SLDTBXH")
    assert [(f.code, f.cell) for f in faults] == [("VALUE-MISSING", "A7")]
    book = opened(return_workbook(content, "a.csv", rows_of(faults)))
    assert not book["Bảng"].merged_cells.ranges
    book["Bảng"]["A7"].value = "Đội xã"
    assert findings_of_sheets(saved(book), "a.xlsx", "SLDTBXH") == []


# --- no copy -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [None, b"%PDF-1.4", b"PK\x03\x04 broken"], ids=["withheld", "pdf", "broken"]
)
def test_without_a_readable_file_there_is_the_list_alone(content: bytes | None) -> None:
    book = opened(
        return_workbook(content, "BC 0913456789.xlsx", [finding("I10", "Bieu 02"), finding("", "")])
    )
    assert book.sheetnames == [TITLE]
    sheet = book[TITLE]
    assert [sheet.cell(row, 2).value for row in (6, 7)] == ["Bieu 02!I10", "Cả tệp"]
    assert sheet["B6"].hyperlink is None
    assert "0913456789" not in str([[cell.value for cell in row] for row in sheet.iter_rows()])


def test_personal_data_never_comes_back() -> None:
    content, body = report("06-PCMD", spoil=lambda s: s.__setitem__("F9", "Nguyễn Thị Hồng Nhung"))
    faults = rows_of(read_file(content, "a.xlsx", body, CONTEXT).sheets[0].findings)
    assert [f["code"] for f in faults] == ["PII-SUSPECTED"]
    book = opened(return_workbook(content, "a.xlsx", faults))
    assert book.sheetnames == [TITLE]
    assert book[TITLE]["B6"].value == "Bieu!F9"


# --- hostile files -----------------------------------------------------------------------------------------


def with_part(content: bytes, part: str, old: str, new: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as spoilt:
        for name in source.namelist():
            data = source.read(name)
            spoilt.writestr(name, data.replace(old.encode(), new.encode()) if name == part else data)
    return target.getvalue()


SHEET, END = "xl/worksheets/sheet1.xml", "</sheetData>"
VAST = {
    "merged": f'{END}<mergeCells count="1"><mergeCell ref="A20:XFD1048576"/></mergeCells>',
    "columns": f'{END}<hyperlinks><hyperlink ref="T:XFD" location="Bieu!A1"/></hyperlinks>',
    "link": f'{END}<hyperlinks><hyperlink ref="A20:XFD1048576" location="Bieu!A1"/></hyperlinks>',
    "nonsense": f'{END}<hyperlinks><hyperlink ref="?" location="Bieu!A1"/></hyperlinks>',
}


@pytest.mark.parametrize("spoilt", VAST.values(), ids=VAST)
def test_vast_ranges_cost_nothing_and_the_values_come_back(spoilt: str) -> None:
    content = with_part(report("06-PCMD")[0], SHEET, END, spoilt)
    assert reference_seconds(lambda: return_workbook(content, "a.xlsx", [finding("C8")]), 5) < 5
    book = opened(return_workbook(content, "a.xlsx", [finding("C8")]))
    assert book["Bieu"]["A4"].value == f"Kỳ báo cáo: {QUARTER}"
    assert colour(book["Bieu"]["C8"]) == RED


def test_shared_formulas_are_not_spelled_out_without_end() -> None:
    long = "+".join(["A1"] * 5_000)
    cells = f'<row r="30"><c r="A30"><f t="shared" si="0" ref="A30:A900">{long}</f></c></row>'
    cells += "".join(f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/></c></row>' for n in range(31, 900))
    content = with_part(report("06-PCMD")[0], SHEET, END, cells + END)
    assert reference_seconds(lambda: return_workbook(content, "a.xlsx", [finding("C8")]), 5) < 5
    book = opened(return_workbook(content, "a.xlsx", [finding("C8")]))
    assert colour(book["Bieu"]["C8"]) == RED


@pytest.mark.parametrize(
    "name", ["Q'1 'x", 'Biểu "02" & <b>', "=1+1", "MÔ HÌNH THÍ ĐIỂM HỖ TRỢ", "Kỳ báo cáo"]
)
def test_sheets_may_have_any_name(name: str) -> None:
    book = opened(report("06-PCMD", spoil=lambda s: s.__setitem__("C8", "x"))[0])
    book["Bieu"].title = name
    content = saved(book)
    faults = findings_of_sheets(content, "a.xlsx", "SYT")
    returned = return_workbook(content, "a.xlsx", rows_of(faults))
    sheet = opened(returned)[TITLE]
    assert sheet["B6"].hyperlink.location == "'{}'!C8".format(name.replace("'", "''"))
    assert sheet["B6"].data_type == "s"
    assert said_of(findings_of_sheets(returned, "a.xlsx", "SYT")) == said_of(faults)


def test_a_large_table_is_returned_in_bounded_time_or_as_a_list() -> None:
    rows = ";".join(["1"] * 20)

    def returned(count: int) -> bytes:
        return return_workbook(("\n".join([rows] * count)).encode(), "a.csv", [finding("C8", "")])

    assert reference_seconds(lambda: (returned(3_000), returned(6_000)), 15) < 15
    assert len(read_sheets(returned(3_000), "a.xlsx")) == 2
    assert [sheet.name for sheet in read_sheets(returned(6_000), "a.xlsx")] == [TITLE]


def test_findings_without_end_are_counted() -> None:
    faults = [finding(f"C{n}") for n in range(1, 3_000)] + [finding("ZZZ9999999"), finding("B2:C3")]
    book = opened(return_workbook(report("06-PCMD")[0], "a.xlsx", faults))
    assert book[TITLE].max_row == 6 + 2_000 - 1
    assert book[TITLE]["A3"].value == "2000 lỗi, 0 cảnh báo, 1001 mục khác"
    assert book["Bieu"].max_row <= 1_010


def test_a_long_figure_in_a_message_does_not_refuse_the_file_when_it_is_sent_again() -> None:
    def spoil(sheet: Any) -> None:
        sheet["A19"] = "Tổng cộng"
        sheet["M19"] = 123_456_789  # a fine of as many đồng as an identity card has digits

    content, body = report("01-PCMD", spoil=spoil)
    faults = findings_of(content, body)
    assert said_of(faults) == [("TOTAL-MISMATCH", "Bieu", "M19")]
    returned = return_workbook(content, "a.xlsx", rows_of(faults))
    assert said_of(findings_of(returned, body)) == said_of(faults)
    assert "ghi 123.456.789 ở cột" in opened(returned)["Bieu"]["M19"].comment.text


def test_what_would_pass_for_a_persons_number_is_not_quoted() -> None:
    book = opened(return_workbook(report("06-PCMD")[0], "a.xlsx", [finding(message="Ô ghi 0913456789.")]))
    assert book[TITLE]["E6"].value == "Ô ghi •••."
    assert book["Bieu"]["C8"].comment.text == "Lỗi VALUE-TYPE: Ô ghi •••."


def test_every_text_of_a_finding_can_stand_in_the_list() -> None:
    quoted = (
        "Kỳ báo cáo: Quý V",
        "KỲ  BÁO CÁO",
        "ky bao-cao",
        "Biểu số: 66-PCMD",
        "Biểu 02-PCMD",
        "=HYPERLINK(1)",
    )
    content = workbook("06-PCMD", "SYT", QUARTER, default_rows("06-PCMD"))
    faults = [
        {**finding("C8", message=text.label_vi.replace("{value}", value)), "code": code}
        for code, text in TEXTS.items()
        if code != "PII-SUSPECTED"
        for value in quoted
    ]
    returned = return_workbook(content, "Kỳ báo cáo Biểu 66-PCMD.xlsx", faults)
    reading = read_file(returned, "a.xlsx", "SYT", CONTEXT)
    assert [(s.sheet_name, s.findings) for s in reading.sheets] == [("Bieu", [])]
