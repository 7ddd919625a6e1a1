"""What can be wrong with a submission: the finding codes with their texts in the files of the languages.

A finding is a value, not an exception. Every text names the fault and what would be right. It is worded when it is
shown: in the language of the plan, and in English.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from plans.languages.catalog import DEFAULT, FALLBACK, texts
from schemas.declaration import Form, Rule, Severity

_PART = "findings"
_WORD_BEFORE_VALUE = re.compile(r"(?<!\w)([^\W\d_]+) \{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a message by its key in the texts of the languages, with what is filled in.

    `as_in_sheets`: it quotes what a sheet must have, in the language of the plan whatever the message is in.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    as_in_sheets: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the language of the plan and in English, such as that of a period."""

    own: str
    english: str


@dataclass(frozen=True, slots=True)
class Lower:
    """A text inside a sentence: it begins with a small letter."""

    part: "Words | Named | Lower"


Text = str | Words | Named | Lower | tuple[Any, ...]  # a tuple: texts that follow one another


def joined(sign: str, parts: Sequence[Text]) -> Text:
    """Return texts as one, with a sign between them."""
    return tuple(text for part in parts for text in (sign, part))[1:]


@dataclass(frozen=True, slots=True)
class Wording:
    """How a message is worded: its language, that of the plan, and whether it is the plan's own message."""

    language: str
    plan_language: str
    is_own: bool

    def text(self, part: Any) -> str:
        """Return a part of a message in words."""
        if isinstance(part, Words):
            language = self.plan_language if part.as_in_sheets else self.language
            return self.filled(texts(language, _PART)[part.key], part.values)
        if isinstance(part, Named):
            return part.own if self.is_own else part.english
        if isinstance(part, Lower):
            words = self.text(part.part)
            return words[:1].lower() + words[1:]
        return "".join(map(self.text, part)) if isinstance(part, tuple) else str(part)

    def filled(self, template: str, values: Mapping[str, Any]) -> str:
        """Return a template with its values in words; what is missing is an ellipsis.

        A value that begins with the word before it does not repeat it: "form {form}" is "form 3" for "Form 3".
        """
        shown = {key: self.text(value) for key, value in values.items()}

        def without_repeated_word(found: re.Match[str]) -> str:
            word, text = found[1], shown.get(found[2], "")
            if not text.casefold().startswith(f"{word} ".casefold()):
                return found[0]
            return word + text[len(word) :].replace("{", "{{").replace("}", "}}")

        return _WORD_BEFORE_VALUE.sub(without_repeated_word, template).format_map(_Values(shown))


class _Values(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


OWN, ENGLISH = Wording(DEFAULT, DEFAULT, True), Wording(FALLBACK, DEFAULT, False)


@dataclass(frozen=True, slots=True)
class FindingText:
    """The severity and the message templates of a code; templates use the finding's details by name."""

    severity: Severity
    label_vi: str
    label_en: str


class FindingRow(TypedDict):
    """A finding with the columns of `audit.finding`."""

    severity: str
    code: str
    sheet_name: str
    cell: str
    column_key: str
    value_shown: str
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its code, its place (A1 cell, column key) and the value seen there.

    `severity_override` replaces the severity of the code, for codes that are an error only where a figure
    could change. The detail `related_cells` names the other cells that take part, in A1 notation, `advice` what
    else to do, `shown` another text for the value. `text_key` names another text than that of the code. A
    finding of a form's rule has the texts of `rule_of` as `wording`.
    """

    code: str
    sheet_name: str = ""
    cell: str = ""
    column_key: str = ""
    value_shown: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    severity_override: Severity | None = None
    wording: FindingText | None = None
    text_key: str = ""

    @property
    def severity(self) -> Severity:
        """Error or warning: that of the code unless the finding has its own."""
        return self.severity_override or (self.wording.severity if self.wording else SEVERITIES[self.code])

    @property
    def message_vi(self) -> str:
        """The finding in the default language."""
        return self.message(OWN)

    @property
    def message_en(self) -> str:
        """The finding in English."""
        return self.message(ENGLISH)

    def message(self, wording: Wording) -> str:
        """Return the finding in words, with its advice."""
        if self.wording is not None:
            template = self.wording.label_vi if wording.is_own else self.wording.label_en
        else:
            template = texts(wording.language, _PART)[self.text_key or self.code]
        seen = {"value": self.details.get("shown", self.value_shown), "cell": self.cell}
        values = {**_GENERAL_DETAILS, **self.details, **seen}
        values |= {
            key: Words(f"sample.{kind}", self.details, True)
            for key, kind in _SAMPLES
            if key not in self.details
        }
        values.setdefault("arithmetic", Words("cell-holds", {"value": self.value_shown}))
        values.setdefault("seen", Words("seen", {"value": self.value_shown}) if self.value_shown else "")
        return wording.filled(template, values) + wording.text(self.details.get("advice", ""))

    def as_row(self, language: str = DEFAULT) -> FindingRow:
        """Return the finding with the columns of `audit.finding`, for a plan in a language."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "sheet_name": self.sheet_name,
            "cell": self.cell,
            "column_key": self.column_key,
            "value_shown": self.value_shown,
            "message_vi": self.message(Wording(language, language, True)),
            "message_en": self.message(Wording(FALLBACK, language, False)),
        }


def rule_text(rule: Rule) -> FindingText:
    """Return the texts of the findings of a rule."""
    vi, en = (label.replace("{", "{{").replace("}", "}}") for label in (rule.label_vi, rule.label_en))
    return FindingText(rule.severity, vi + "{arithmetic}.", en + "{arithmetic}.")


def rule_of(form: Form, code: str) -> FindingText | None:
    """Return the texts of the form's rule that a finding code names; None for a general code."""
    return next((rule_text(rule) for rule in form.rules if rule.id == code), None)


_GENERAL_DETAILS = {"todo": Words("todo.number"), "remedy": Words("remedy.one-table")}
_SAMPLES = (("form_line", "form"), ("period_line", "period"))

E, W = Severity.ERROR, Severity.WARNING
SEVERITIES = {
    "FILE-UNREADABLE": E,
    "FILE-TOO-LARGE": E,
    "FILE-MACRO": E,
    "FORM-UNKNOWN": E,
    "FORM-NOT-OWED": E,
    "BODY-MISMATCH": E,
    "PERIOD-MISSING": E,
    "PERIOD-INVALID": E,
    "PERIOD-WINDOW": E,
    "COLUMN-MISSING": E,
    "COLUMN-DUPLICATE": E,
    "COLUMN-UNKNOWN": W,
    "VALUE-BLANK": W,
    "VALUE-MISSING": E,
    "VALUE-TYPE": E,
    "VALUE-NEGATIVE": E,
    "VALUE-RANGE": E,
    "VALUE-CODE": E,
    "AREA-UNKNOWN": E,
    "AREA-OUTSIDE": E,
    "AREA-AMBIGUOUS": E,
    "ROW-DUPLICATE": E,
    "ROW-MISSING": E,
    "COM-01": E,
    "TOTAL-MISMATCH": E,
    "PII-SUSPECTED": E,
    "OUTLIER": W,
    "SHARE-ABOVE-100": W,
    "REVISION-CLOSED": W,
    "REVISION-LOSES-ROWS": W,
    "UNIT-MISMATCH": E,
    "FORMULA-UNCALCULATED": E,
    "CELL-UNACCOUNTED": E,
    "CELL-HIDDEN": E,
    "CELL-MERGED": E,
    "NUMBER-AMBIGUOUS": E,
    "FORM-SECOND": E,
    "DATABASE-REJECTED": E,
    "REPORT-UNRECOGNISED": W,
}
TEXTS = {
    code: FindingText(severity, texts(DEFAULT, _PART)[code], texts(FALLBACK, _PART)[code])
    for code, severity in SEVERITIES.items()
}
