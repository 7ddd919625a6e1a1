"""A page per form: who owes it and when, its columns and its rules."""

from dataclasses import dataclass

from publishing.i18n import Pair, file_part, labels
from publishing.level_words import body_words
from publishing.site.page_writer import Pages
from publishing.site.site_data import SiteData
from schemas.declaration import Dimension, Measure
from schemas.printed_form import printed_form

_FORMS: tuple[tuple[str, Pair], ...] = (("index.html#forms", (labels("vi")["forms"], labels("en")["forms"])),)


@dataclass(frozen=True, slots=True)
class ObligationLine:
    """Who owes a form and how often."""

    bodies: list[Pair]
    frequency: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of a form; the unit is empty for keys, yes or no and codes."""

    group: Pair
    label: Pair
    unit: Pair


def write_forms(pages: Pages, data: SiteData) -> None:
    """Write a page for each form that the plan asks for."""
    obligations = data.plan.obligations
    for key, form in data.forms.by_key.items():
        own = [obligation for obligation in obligations if obligation.form == form.code]
        if not own:
            continue
        values = {
            "obligations": [
                ObligationLine([body_words(data.plan, b) for b in o.bodies], o.frequency, o.optional)
                for o in own
            ],
            "columns": [_column(column) for column in printed_form(form).columns.values()],
            "rules": [(rule.severity.value, (rule.label_vi, rule.label_en)) for rule in form.rules],
            "targets": [
                (t.code, (t.label_vi, t.label_en or t.label_vi))
                for t in data.plan.targets
                if f"{key}." in f"{t.numerator} {t.denominator}"
            ],
        }
        titles = data.form_title(form.code)
        pages.write(
            f"form-{file_part(form.code)}.html",
            "form.html",
            (f"Biểu {form.code}. {titles[0]}", f"Form {form.code}. {titles[1]}"),
            values,
            _FORMS,
        )


def _column(column: Dimension | Measure) -> ColumnLine:
    labels = (column.label_vi, column.label_en)
    if isinstance(column, Dimension):
        return ColumnLine(("", ""), labels, ("", ""))
    unit = (column.unit.label_vi, column.unit.label_en) if column.is_number else ("", "")
    return ColumnLine((column.group, column.group_en), labels, unit)
