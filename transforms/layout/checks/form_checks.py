"""Whose form a sheet is: its code, the body that owes it, the letterhead, and what they should be."""

import re
from dataclasses import replace

from plans.model import Body
from plans.similar_codes import similar_code
from schemas.declaration import Form
from schemas.findings import Finding, Words
from schemas.form_set import FormSet
from transforms.cell_names import cell_name
from transforms.layout.checks.period_checks import note_at
from transforms.layout.form_search import FoundForm, form_of_table
from transforms.layout.found_text import FoundText, texts
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.reading_context import ReadingContext
from transforms.layout.sheet_head.letterhead import find_code_line, find_title, other_body, other_province
from transforms.privacy.personal_data import mask
from transforms.text.normalise import ascii_key
from transforms.text.sentences import in_sentence

_MOST_FORMS = 12  # of a body that a finding lists
_NUMBERED = re.compile(r"^[\d.\-_ )]+(?=[^\W\d])")  # "01. SYT"


def note_unknown_form(reading: SheetReading, found: FoundForm, forms: FormSet) -> None:
    """Note a sheet without a known form code."""
    hint, title = find_title(found.seen, forms)
    meant = forms.by_code.get(hint or "") or form_of_table(found.sheet, forms) or forms.forms[0]
    text = found.code_text or find_code_line(found.seen)
    note_at(reading, "FORM-UNKNOWN", text or title, example=meant.code)
    if text is None and title is not None:  # the place for the code, but no wrong one
        reading.findings[-1] = replace(reading.findings[-1], value_shown="")


def check_sender(
    reading: SheetReading, found: FoundForm, body_code: str, form: Form | None, context: ReadingContext
) -> None:
    """Note a form that the body does not owe, a folder of no body, and a letterhead of another body."""
    plan = context.plan
    body = plan.bodies_by_code.get(body_code)
    top = found.header.first_row if found.header else len(found.sheet.rows)
    if form is not None and (body_code, form.code) not in plan.cadences:
        if body is None:
            _note_unknown_folder(reading, found, body_code, context)
        else:
            _note_not_owed(reading, found, body, form, context)
    if body is not None and (other := _other_body(found, top, body_code, context)):
        note_at(reading, "BODY-MISMATCH", other, body=in_sentence(body.name))


def _other_body(found: FoundForm, top: int, body_code: str, context: ReadingContext) -> FoundText | None:
    """The seen letterhead of another body or province; an unseen one of the body itself settles it too."""
    province = context.plan.areas_by_code[context.plan.area].name
    if elsewhere := other_province(found.seen, top, province, context.ways):
        return elsewhere
    other = other_body(found.seen, top, body_code, context.ways)
    if other is None or found.seen is found.written:
        return other
    return other if other_body(found.written, top, body_code, context.ways) else None


def _note_not_owed(
    reading: SheetReading, found: FoundForm, body: Body, form: Form, context: ReadingContext
) -> None:
    owed = sorted({code for sender, code in context.plan.cadences if sender == body.code})
    names = ", ".join(owed[:_MOST_FORMS]) + (" …" if len(owed) > _MOST_FORMS else "")
    advice = Words("advice.owed-forms", {"names": names}) if owed else ""
    note_at(
        reading, "FORM-NOT-OWED", found.code_text, body=in_sentence(body.name), form=form.code, advice=advice
    )


def _note_unknown_folder(
    reading: SheetReading, found: FoundForm, folder: str, context: ReadingContext
) -> None:
    """Note a folder that has the code of no body, and the body that its name means."""
    bodies = context.plan.bodies_by_code
    plain = _NUMBERED.sub("", folder).strip()
    named = context.ways.get(ascii_key(plain), frozenset())
    code = next(iter(named)) if len(named) == 1 else similar_code(plain or folder, list(bodies))
    code = code or _body_of_letterhead(found, context)
    if code:
        todo = Words("todo.rename-folder", {"code": code, "name": bodies[code].name})
    else:
        todo = Words("todo.move-to-folder")
    text = found.code_text
    details = {"body": mask(folder), "todo": todo}
    cell = cell_name(text.row + 1, text.column) if text else ""
    reading.findings.append(
        Finding("FORM-NOT-OWED", reading.sheet_name, cell, details=details, text_key="folder-unknown")
    )


def _body_of_letterhead(found: FoundForm, context: ReadingContext) -> str:
    """Return the code of the only body that texts above the table name; "" if none or several."""
    top = found.header.first_row if found.header else len(found.sheet.rows)
    heads = (ascii_key(text.text) for text in texts(found.seen, last=top))
    codes = frozenset().union(*(context.ways.get(words, frozenset()) for words in heads))
    return next(iter(codes)) if len(codes) == 1 else ""


def note_no_table(reading: SheetReading, found: FoundForm, form: Form, forms: FormSet) -> None:
    """Note a sheet whose table is not that of its form: of another form, or without the labels."""
    text = found.code_text
    other = form_of_table(found.sheet, forms)
    if text is not None and other is not None and other.code != form.code:
        line = Words("sample.form", {"example": other.code}, as_in_sheets=True)
        finding = Finding(
            "COLUMN-MISSING",
            reading.sheet_name,
            cell_name(text.row + 1, text.column),
            "",
            text.text,
            {"other": other.code, "other_line": line, "form": form.code},
            text_key="table-of-other-form",
        )
        reading.findings.append(finding)
        return
    labels = ", ".join(column.label_vi for column in form.columns.values())
    cell = cell_name(text.row + 1, text.column) if text else ""
    details = {"label": labels, "form": form.code, "cell_of_code": cell}
    reading.findings.append(
        Finding("COLUMN-MISSING", reading.sheet_name, details=details, text_key="no-table")
    )
