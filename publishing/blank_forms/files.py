"""Blank forms for bodies to fill in, generated from the declarations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from plans.model import Plan
from plans.reporting_calendar import Period
from publishing.blank_forms.cover import write_cover
from publishing.blank_forms.form_book import new_form_book
from publishing.blank_forms.inputs import Lists
from publishing.blank_forms.openings import NO_OPENINGS, Openings
from publishing.blank_forms.rows import forms_of
from publishing.blank_forms.sheet import write_form
from publishing.i18n import body_text
from publishing.workbook_files import sheet_title
from schemas.declaration import Form
from schemas.form_set import FormSet


def template_workbook(
    plan: Plan,
    body_code: str,
    period: Period,
    forms: Sequence[Form] | None = None,
    openings: Mapping[str, Openings] = MappingProxyType({}),
    *,
    form_set: FormSet,
) -> bytes:
    """Build the blank forms of a body for a period as .xlsx, one sheet each; `forms` restricts them.

    The first sheet explains how to fill them in. Known rows and the `openings` by form code are filled in,
    input is validated, other cells are locked, totals are formulas. Raises ValueError if the body is unknown
    or owes none of the forms for such a period.
    """
    body = plan.bodies_by_code.get(body_code)
    if body is None:
        raise ValueError(f"the plan has no body {body_code!r}")
    wanted = [form for form in forms_of(plan, form_set, body, period) if forms is None or form in forms]
    if not wanted:
        raise ValueError(f"{body_code} has no such form to fill in for {period.code}")
    book = new_form_book()
    say = partial(body_text, plan.language)
    cover_title, lists_title = say("cover.title"), say("lists.title")
    taken = {lists_title.casefold(), cover_title.casefold()}
    titled = [(form, sheet_title(say("sheet.title", form=form.code), taken)) for form in wanted]
    write_cover(book.add(cover_title), plan, body, period, titled)
    sheets = [book.add(title) for _, title in titled]
    lists = Lists(book.add(lists_title), plan.language)
    for sheet, (form, _) in zip(sheets, titled, strict=True):
        write_form(sheet, form, plan, body, period, lists, openings.get(form.code, NO_OPENINGS))
    lists.sheet.hide()
    return book.closed()


def template_files(
    plan: Plan, body_codes: Iterable[str], period: Period, *, form_set: FormSet
) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) for each body that owes a form: "UBND-731/2020-Q1.xlsx"."""
    for code in body_codes:
        body = plan.bodies_by_code.get(code)
        if body is None or forms_of(plan, form_set, body, period):  # an unknown body raises
            yield f"{code}/{period.code}.xlsx", template_workbook(plan, code, period, form_set=form_set)
