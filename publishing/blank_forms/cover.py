"""The cover sheet of blank forms: what to send until when, and how to fill it in."""

from collections.abc import Sequence
from functools import partial

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from plans.languages.catalog import DEFAULT
from plans.model import Body, Plan
from plans.reporting_calendar import Period, due_day
from publishing.blank_forms import styles as looks
from publishing.i18n import body_text, body_texts, in_sentence
from publishing.workbook_files import link_to, merge, put
from schemas.declaration import Form

COVER_TITLE = body_text(DEFAULT, "cover.title")
_WIDTHS = (6, 16, 82)


def write_cover(
    sheet: Worksheet, plan: Plan, body: Body, period: Period, forms: Sequence[tuple[Form, str]]
) -> None:
    """Write the cover; `forms` with the titles of their sheets."""
    for column, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    say = partial(body_text, plan.language)
    due = due_day(period, body.level, plan.calendar)
    lines = (
        (say("cover.heading", body=in_sentence(body.name)), True),
        (say("cover.due", period=period.name_vi, due=due), True),
        (say("cover.forms"), False),
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
    looks.as_line(put(sheet, row, 1, say("cover.how")), bold=True)
    sheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    for number, step in enumerate(body_texts(plan.language, "cover.steps"), 1):
        looks.as_line(put(sheet, row + number, 1, f"{number}."))
        looks.as_line(put(sheet, row + number, 2, step))
        merge(sheet, row + number, 2, row + number, 3)
        sheet.row_dimensions[row + number].height = 22 if len(step) < sum(_WIDTHS[1:]) * 0.9 else 38
    looks.set_up_print(sheet, "")
    looks.protect(sheet)
