"""Generate the page for clerks on what is read and how, from the declarations; mkdocs calls `on_files`."""

from collections.abc import Iterable, Sequence

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from schemas.declaration import Form, Measure
from schemas.findings import TEXTS
from schemas.form_set import shipped_form_set

_FORM_SET = shipped_form_set("pcmd")

# Wordings with the period that each names in a plan of 2020; a test reads them.
PERIODS = {
    "Tháng 3 năm 2020": "2020-M03",
    "T3/2020": "2020-M03",
    "tháng ba năm 2020": "2020-M03",
    "03/2020": "2020-M03",
    "Quý I/2020": "2020-Q1",
    "Quý 1 năm 2020": "2020-Q1",
    "3 tháng đầu năm 2020": "2020-Q1",
    "6 tháng đầu năm 2020": "2020-H1",
    "Năm 2020": "2020-Y",
}
# Units of money with the number of dong of each; a test reads them.
UNITS = {
    "đồng": 1,
    "nghìn đồng": 1_000,
    "1.000 đồng": 1_000,
    "triệu đồng": 1_000_000,
    "tr.đ": 1_000_000,
    "tỷ đồng": 1_000_000_000,
}
_READ = ".xlsx, .xls, .xlsb, .ods, .fods, .docx, .csv, .txt, HTML, XML Spreadsheet 2003"
_CODES = """\
Mã biểu ghi đủ số và chữ. Chỉ ghi số (“Biểu số: 06”) cũng được nếu chỉ có một biểu mang số đó và bảng có đủ
các cột. Tên cột, tên mục viết sai một chữ cái vẫn được nhận ra, có cảnh báo đối với tên cột.

The form code has a number and letters. The number alone (“Biểu số: 06”) is read where one form has it and the
table has all columns. One wrong letter in a label is read, with a warning for labels of columns.

"""
_OUTSIDE_CELLS = """\
Đơn vị tính và số liệu phải ghi trong ô. Hộp chữ, ghi chú (comment), đầu trang ghi đơn vị tính khác hoặc số
liệu thì có cảnh báo; biểu có cột tiền bị trả lại.

Units and figures belong into cells. A text box, a note or a page header that states another unit or a figure
gives a warning; a unit other than that of a form with amounts rejects the sheet.

"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page to the pages of the folder."""
    files.append(File.generated(config, "reference/reading.md", content=reading_page()))
    return files


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; vertical bars in cells are escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(c.replace("|", "\\|") for c in line) + " |\n" for line in lines) + "\n"


def reading_page() -> str:
    """Return the page, each part in Vietnamese and English."""
    forms = _forms()
    periods = table(("Cách ghi / Wording", "Kỳ / Period"), PERIODS.items())
    units = table(("Cách ghi / Wording", "Số đồng / Dong"), [(text, f"{n:,}") for text, n in UNITS.items()])
    findings = table(
        ("Mã / Code", "Mức / Severity", "Nội dung", "Message"),
        [
            (code, text.severity.value, text.label_vi, text.label_en)
            for code, text in (TEXTS | _FORM_SET.rule_texts).items()
        ],
    )
    head = (
        "<!-- Generated from the code when the documentation is built. -->\n\n"
        "# What is read, and how / Báo cáo được đọc như thế nào\n\n"
        f"**Tệp được đọc:** {_READ}. Tệp PDF, ảnh, thư và tệp nén bị trả lại kèm hướng dẫn.\n\n"
        f"**Files that are read:** {_READ}. PDF, pictures, mail and archives are returned with advice.\n\n"
        "Mỗi ô của trang tính có một vai trò: tên đơn vị, mã biểu, kỳ, tiêu đề, mục, số liệu, dòng "
        "tổng, ghi chú. "
        "Ô có số mà không rõ vai trò thì báo cáo bị trả lại.\n\n"
        "Each cell has a role: letterhead, form code, period, header, key, figure, total or note. A "
        "number without a "
        "role rejects the sheet.\n\n"
        f"## Biểu mẫu / Forms\n\n{forms}"
        f"{_CODES}"
        f"## Kỳ báo cáo / Periods\n\n{periods}"
        "Kỳ được tìm trước hết ở dòng “Kỳ báo cáo:”, sau đó ở các dòng khác phía trên bảng. Các kỳ "
        "khác (kỳ trước, "
        "cùng kỳ) không được lấy.\n\n"
        "The period is looked for in the line “Kỳ báo cáo:” first, then in the other lines above the "
        "table. Other "
        "periods (the former one, last year's) are not taken.\n\n"
    )
    return head + _rules_of_figures(units, findings)


def _forms() -> str:
    def units(form: Form) -> str:
        labels = [m.unit.label_vi for m in form.columns.values() if isinstance(m, Measure)]
        return ", ".join(dict.fromkeys(labels))

    return table(
        ("Biểu / Form", "Tên / Title", "Đơn vị tính / Units"),
        [(form.code, form.title, units(form)) for form in _FORM_SET.forms],
    )


def _rules_of_figures(units: str, findings: str) -> str:
    return (
        f"## Đơn vị tính / Units\n\n{units}"
        "Đơn vị ghi trên biểu được quy đổi sang đơn vị của mẫu biểu nếu chắc chắn; nếu không, báo cáo "
        "bị trả lại.\n\n"
        "A stated unit is converted to the form's where that is certain; otherwise the sheet is rejected.\n\n"
        f"{_OUTSIDE_CELLS}"
        "## Không phát sinh / Nothing to report\n\n"
        "Ghi “Không phát sinh” vào bảng, hoặc ghi 0 ở từng dòng. Biểu có số đầu kỳ, cuối kỳ vẫn phải "
        "ghi đủ các dòng.\n\n"
        "Write “Không phát sinh” into the table, or 0 in every row. Forms with levels need all rows.\n\n"
        f"## Các lỗi / Findings\n\n{findings}"
    )
