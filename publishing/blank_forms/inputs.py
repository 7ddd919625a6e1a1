"""Input rules of blank forms: drop-down lists, numbers and dates, each with a hint."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from plans.reporting_calendar import Period
from publishing.blank_forms.form_book import LINE, FormSheet
from publishing.i18n import body_text
from publishing.workbook_files import link_to
from schemas.declaration import Form, Measure
from schemas.printed_form import declared_key

Rule = dict[str, Any]
"""What may be typed, as XlsxWriter's `data_validation` takes it."""

_LONGEST_HINT, _LONGEST_HEADING = 255, 32  # characters that spreadsheet programs accept


@dataclass(slots=True)
class Lists:
    """The hidden sheet with the drop-down lists, each written once; `language` is that of the hints."""

    sheet: FormSheet
    language: str
    places: dict[tuple[str, ...], str] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the form in its language."""
        return body_text(self.language, key, **values)

    def place_of(self, choices: Sequence[str]) -> str:
        """Return the range of the list for a formula, writing the list if it is new."""
        key = tuple(choices)
        if key not in self.places:
            column = len(self.places) + 1
            for row, choice in enumerate(key, 1):
                self.sheet.write(row, column, choice, LINE)
            letter = xl_col_to_name(column - 1)
            self.places[key] = link_to(self.sheet.title, f"${letter}$1:${letter}${len(key)}")
        return self.places[key]


def choose(lists: Lists, label: str, choices: Sequence[str]) -> Rule:
    """Accept one of the choices."""
    return _rule(
        {"validate": "list", "source": f"={lists.place_of(choices)}"},
        label,
        lists.say("choose.hint"),
        lists.say("choose.error"),
        lists,
    )


def day_rule(lists: Lists, label: str, period: Period) -> Rule:
    """Accept a day of the period's window."""
    first, last = period.window_start, period.window_end
    rule = _between("date", _day_formula(first), _day_formula(last))
    days = lists.say("day.range", first=first, last=last)
    return _rule(rule, label, lists.say("day.hint", days=days), lists.say("day.error", days=days), lists)


def _day_formula(day: date) -> str:
    return f"=DATE({day.year},{day.month},{day.day})"


def enter(lists: Lists, measure: Measure, form: Form) -> Rule:
    """Accept a value of the measure: a number from 0 to the unit's maximum, yes or no, or a code."""
    if measure.code_list is not None:
        return choose(lists, measure.label_vi, [code.label_vi for code in measure.code_list.codes])
    if not measure.is_number:
        return choose(lists, measure.label_vi, (lists.say("flag.yes"), lists.say("flag.no")))
    unit = measure.unit
    kind = lists.say("number.whole" if unit.whole else "number.any")
    largest = f"{unit.max_value:,}".replace(",", lists.say("number.thousands"))
    limits = lists.say("number.limits", kind=kind, largest=largest)
    rule = _between("whole" if unit.whole else "decimal", "0", str(unit.max_value))
    rules = "".join(f" {r.label_vi}." for r in form.rules if r.column == declared_key(measure.key))
    hint = lists.say("number.hint", limits=limits, unit=unit.label_vi, rules=rules)
    return _rule(rule, measure.label_vi, hint, lists.say("number.error", limits=limits), lists)


def _between(kind: str, least: str, largest: str) -> Rule:
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": largest}


def _rule(rule: Rule, label: str, hint: str, error: str, lists: Lists) -> Rule:
    return rule | {
        "input_title": _bounded(label, _LONGEST_HEADING),
        "input_message": _bounded(hint, _LONGEST_HINT),
        "error_title": lists.say("invalid"),
        "error_message": _bounded(error, _LONGEST_HINT),
        "error_type": "stop",
    }


def _bounded(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
