"""The rows that a check found, in words: labels of columns, names of bodies, areas, periods and codes."""

from collections.abc import Mapping
from datetime import date, datetime

from plans.model import Plan
from plans.reporting_calendar import period_from_code
from publishing.i18n import LANGUAGES, Pair, format_number, labels
from publishing.site.site_data import period_names
from schemas.declaration import Form, Measure
from transforms.text.sentences import in_sentence
from warehouse.quality.expectations import RECOMPUTED

# Columns of the tables themselves, with the keys of their labels.
_KNOWN = {
    "body_code": "body",
    "period_code": "period",
    "area_code": "area",
    "form_code": "form",
    "submission_id": "submission",
    "target_code": "target",
    "error_count": "errors",
    "warning_count": "warnings",
}
_OF_OTHERS = {
    "other_": "of_other_body",
    "previous_": "of_previous_period",
}  # prefixes of the queries' columns


def column_label(name: str, form: Form | None) -> Pair:
    """Return what people call a column of a check's rows; `form` is that of the checked table."""
    for prefix, key in _OF_OTHERS.items():
        if name.startswith(prefix):
            vi, en = column_label(name.removeprefix(prefix), form)
            return f"{vi} ({labels('vi')[key]})", f"{en} ({labels('en')[key]})"
    if name in _KNOWN:
        return labels("vi")[_KNOWN[name]], labels("en")[_KNOWN[name]]
    column = form.columns.get(name) if form else None
    if column is not None:
        group = f"{column.group}: " if isinstance(column, Measure) and column.group else ""
        return f"{group}{column.label_vi}", column.label_en
    vi, en = RECOMPUTED.get(name, (name.replace("_", " "), name.replace("_", " ")))
    return vi[:1].upper() + vi[1:], en[:1].upper() + en[1:]


def value_text(name: str, value: object, form: Form | None, plan: Plan) -> Pair:
    """Return a value of a check's rows in words; codes that nothing declares stay as they are."""
    for prefix in _OF_OTHERS:
        name = name.removeprefix(prefix)
    text = str(value)
    column = form.columns.get(name) if form else None
    if value is None:
        return "–", "–"
    if name == "body_code" and text in plan.bodies_by_code:
        return (in_sentence(plan.bodies_by_code[text].name),) * 2
    if name == "area_code" and text in plan.areas_by_code:
        return (plan.areas_by_code[text].name,) * 2
    if name == "period_code":
        return period_names(period_from_code(text, plan.calendar))
    if column is not None and column.code_list is not None:
        codes: Mapping[str, Pair] = {c.code: (c.label_vi, c.label_en) for c in column.code_list.codes}
        return codes.get(text, (text, text))
    return _plain(value)


def _plain(value: object) -> Pair:
    if isinstance(value, bool):
        return ("có", "yes") if value else ("không", "no")
    if isinstance(value, int | float):
        return format_number(value, 1, LANGUAGES[0]), format_number(value, 1, LANGUAGES[1])
    if isinstance(value, date | datetime):
        return (f"{value:%d/%m/%Y}",) * 2
    return str(value), str(value)
