"""The cover sheet of blank forms: what to send until when, and how to fill it in."""

from collections.abc import Sequence

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from plans.model import Body, Plan
from plans.reporting_calendar import Period, due_day
from publishing.blank_forms import styles as looks
from publishing.i18n import in_sentence
from publishing.workbook_files import link_to, merge, put
from schemas.declaration import Form

COVER_TITLE = "Hướng dẫn"
_STEPS = (
    "Mở từng biểu bên dưới, chỉ nhập vào các ô nền vàng. Mỗi ô một con số; không có thì ghi 0.",
    "Ô cần chọn có mũi tên: bấm vào để chọn trong danh sách. Ngày ghi theo dạng ngày/tháng/năm.",
    "Số đầu kỳ đã điền sẵn là số cuối kỳ trước; nếu số kỳ trước sai, hãy nộp lại báo cáo kỳ trước.",
    "Dòng tổng cộng tự tính. Không thêm, bớt cột; không đổi tên biểu, kỳ báo cáo và tiêu đề cột.",
    "Chỉ ghi số liệu: không ghi họ tên, số giấy tờ hoặc số điện thoại của người nào vào tệp.",
    "Lưu tệp dạng .xlsx rồi chép vào thư mục của đơn vị. Nếu tệp bị trả lại, sửa các ô tô màu rồi gửi lại.",
)
_WIDTHS = (6, 16, 82)


def write_cover(
    sheet: Worksheet, plan: Plan, body: Body, period: Period, forms: Sequence[tuple[Form, str]]
) -> None:
    """Write the cover; `forms` with the titles of their sheets."""
    for column, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    due = due_day(period, body.level, plan.calendar)
    lines = (
        (f"Mẫu báo cáo của {in_sentence(body.name)}", True),
        (f"{period.name_vi}, nộp chậm nhất ngày {due:%d/%m/%Y}", True),
        ("Các biểu phải nộp:", False),
    )
    for row, (line, bold) in enumerate(lines, 1):
        looks.as_line(put(sheet, row, 1, line), bold=bold)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    row = len(lines)
    for form, title in forms:
        row += 1
        looks.as_known(put(sheet, row, 2, title))
        sheet.cell(row, 2).hyperlink = Hyperlink(ref=f"B{row}", location=link_to(title, "A1"))
        looks.as_known(put(sheet, row, 3, form.title.capitalize()))
        sheet.row_dimensions[row].height = 20 if len(form.title) < _WIDTHS[2] * 0.8 else 36
    row += 2
    looks.as_line(put(sheet, row, 1, "Cách điền:"), bold=True)
    sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    for number, step in enumerate(_STEPS, 1):
        looks.as_line(put(sheet, row + number, 1, f"{number}."))
        looks.as_line(put(sheet, row + number, 2, step))
        merge(sheet, row + number, 2, row + number, 3)
        sheet.row_dimensions[row + number].height = 22 if len(step) < sum(_WIDTHS[1:]) * 0.9 else 38
    looks.set_up_print(sheet, "")
    looks.protect(sheet)
