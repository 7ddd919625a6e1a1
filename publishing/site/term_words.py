"""The formula of a target in words, for its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.model import Plan
from plans.target_expressions import Term
from publishing.i18n import LANGUAGES, Pair, labels
from publishing.level_words import body_words, level_label
from schemas.form_set import FormSet


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term of a target's formula in words; `weight` is empty where it is 1."""

    sign: int
    weight: Pair
    words: Pair
    form_code: str
    bodies: Pair


def term_line(plan: Plan, forms: FormSet, term: Term) -> TermLine:
    """Return a term in words: its function, what it is about, which reports count, and the bodies."""
    form = forms.by_key.get(term.form)
    names = [body_words(plan, body) for body in term.bodies]
    is_number = term.function == "constant"
    weight = format(term.weight.normalize(), "f")
    return TermLine(
        term.sign,
        (weight.replace(".", ","), weight) if term.weight != 1 or is_number else ("", ""),
        ("", "") if is_number else _words(plan, forms, term),
        form.code if form else "",
        (", ".join(name[0] for name in names), ", ".join(name[1] for name in names)),
    )


def _words(plan: Plan, forms: FormSet, term: Term) -> Pair:
    function = AGGREGATION_FUNCTIONS[term.function]
    argument = _argument(plan, forms, term)
    when = _when(term)
    templates = (function.label_vi, function.label_en)
    texts = [
        f"{template.replace('{}', about).strip()}{f', {day}' if day else ''}"
        for template, about, day in zip(templates, argument, when, strict=True)
    ]
    return texts[0][:1].upper() + texts[0][1:], texts[1][:1].upper() + texts[1][1:]


def _argument(plan: Plan, forms: FormSet, term: Term) -> Pair:
    """Return what a term is about: a measure, a level, given figures, records or another target."""
    if term.measure:
        found = next((m for m in forms.by_key[term.form].measures if m.key == term.measure), None)
        labels = (found.label_vi, found.label_en.lower()) if found else (term.measure, term.measure)
        return f"“{labels[0]}”", f"“{labels[1]}”"
    if term.target:
        code = f"{term.target} ({{}})" if term.level else term.target
        levels = level_label(plan, term.level) if term.level else ("", "")
        return code.replace("{}", levels[0]), code.replace("{}", levels[1])
    if term.level:
        return level_label(plan, term.level)
    if term.name in plan.area_figures:
        given = plan.area_figures[term.name]
        return f"“{given.label_vi}”", f"“{given.label_en or given.label_vi}”"
    name = term.name.replace("_", " ")
    return name, name


def _when(term: Term) -> Pair:
    """Return which reports a term counts, where that is not the function's own meaning."""
    texts: Sequence[Mapping[str, str]] = [labels(language) for language in LANGUAGES]
    keys = []
    if term.over != "year":
        keys.append(f"over_{term.over}")
    elif AGGREGATION_FUNCTIONS[term.function].reports == "year_to_date":
        keys.append("over_year")
    if term.year == "previous":
        keys.append("year_previous")
    return ", ".join(texts[0][key] for key in keys), ", ".join(texts[1][key] for key in keys)
