"""The cover sheet of blank forms: what to send until when, and how to fill it in."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from plans.languages.catalog import DEFAULT
from plans.model import Body, Plan
from plans.reporting_calendar import Period, due_day
from publishing.blank_forms.form_book import KNOWN, LINE, FormSheet
from publishing.i18n import body_text, body_texts
from publishing.workbook_files import link_to
from schemas.declaration import Form
from transforms.text.sentences import in_sentence

COVER_TITLE = body_text(DEFAULT, "cover.title")
_WIDTHS = (6, 16, 82)
_ONE_LINE = replace(LINE, wraps=False)


def write_cover(
    sheet: FormSheet, plan: Plan, body: Body, period: Period, forms: Sequence[tuple[Form, str]]
) -> None:
    """Write the cover; `forms` with the titles of their sheets."""
    for column, width in enumerate(_WIDTHS, 1):
        sheet.set_width(column, width)
    say = partial(body_text, plan.language)
    due = due_day(period, body.level, plan.calendar)
    lines = (
        (say("cover.heading", body=in_sentence(body.name)), True),
        (say("cover.due", period=period.name_vi, due=due), True),
        (say("cover.forms"), False),
    )
    for row, (line, bold) in enumerate(lines, 1):
        sheet.write(row, 1, line, replace(_ONE_LINE, bold=bold))
    row = len(lines)
    for form, title in forms:
        row += 1
        sheet.link(row, 2, title, link_to(title, "A1"), KNOWN)
        sheet.write(row, 3, form.title.capitalize(), KNOWN)
        sheet.set_height(row, 20 if len(form.title) < _WIDTHS[2] * 0.8 else 36)
    row += 2
    sheet.write(row, 1, say("cover.how"), replace(_ONE_LINE, bold=True))
    for number, step in enumerate(body_texts(plan.language, "cover.steps"), 1):
        sheet.write(row + number, 1, f"{number}.", LINE)
        sheet.span((row + number, 2, row + number, 3), step, LINE)
        sheet.set_height(row + number, 22 if len(step) < sum(_WIDTHS[1:]) * 0.9 else 38)
    sheet.set_up_print()
    sheet.protect()
