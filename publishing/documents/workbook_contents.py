"""First sheet of the period's workbook: links to all sheets, and a chart of the targets."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from plans.model import Plan
from publishing import workbook_styles as looks
from publishing.documents.period_figures import Frozen, FrozenFigure
from publishing.i18n import labels
from publishing.workbook_files import link_to, put

CONTENTS_TITLE = "Mục lục"
_LABELS = labels("vi")
_WIDTHS = (10, 92, 18, 24)
_LABEL_LETTERS = 80  # per line of the second column
_LINE = 16  # points


def add_contents(book: Workbook, plan: Plan, known: Frozen, sheets: Sequence[tuple[str, str]]) -> None:
    """Insert the sheet of contents; `sheets` are the titles of sheets with what they hold."""
    sheet: Worksheet = book.create_sheet(CONTENTS_TITLE, 0)
    for column, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    for row, line in enumerate((plan.title, f"Số liệu {known.period.name_vi}", "Các trang của tệp"), 1):
        looks.as_line(put(sheet, row, 1, line), bold=True)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    for row, (title, content) in enumerate(sheets, 4):
        looks.as_known(put(sheet, row, 1, row - 3), centred=True)
        looks.as_known(put(sheet, row, 2, f"{title}: {content}"))
        sheet.cell(row, 2).hyperlink = Hyperlink(ref=f"B{row}", location=link_to(title, "A1"))
        sheet.row_dimensions[row].height = _LINE * (1 + (len(title) + len(content)) // _LABEL_LETTERS) + 3
    figures = [row for row in known.figures if row["area_code"] == plan.area]
    _add_chart(sheet, plan, figures, len(sheets) + 6)
    looks.set_up_print(sheet, "")
    sheet.page_setup.fitToHeight = 1  # a page break would cut the chart
    book.active = 0


def _add_chart(sheet: Worksheet, plan: Plan, figures: Sequence[FrozenFigure], top: int) -> None:
    """Write the targets with their share of the year's target, and a bar chart of these shares below."""
    named = {target.code: target.label_vi for target in plan.targets}
    for column, label in enumerate(("Mã", "Chỉ tiêu", "% so với chỉ tiêu năm", "Đánh giá"), 1):
        looks.as_header(put(sheet, top, column, label))
    sheet.row_dimensions[top].height = 2 * _LINE + 3
    for number, row in enumerate(figures, top + 1):
        values = (row["target_code"], named.get(row["target_code"], ""), row["achievement_pct"])
        for column, value in enumerate((*values, _LABELS[row["status"]]), 1):
            looks.as_known(put(sheet, number, column, value), number_format="#,##0.0")
        sheet.row_dimensions[number].height = _LINE * (1 + len(values[1]) // _LABEL_LETTERS) + 3
    chart = BarChart()
    chart.type, chart.style, chart.legend = "bar", 10, None
    chart.title = "Tỷ lệ thực hiện so với chỉ tiêu năm (%)"
    last = top + len(figures)
    chart.add_data(Reference(sheet, min_col=3, min_row=top, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=last))
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"  # the first target on top
    chart.y_axis.scaling.min = 0
    chart.width, chart.height = 24, 2 + len(figures)
    sheet.add_chart(chart, f"A{last + 2}")
