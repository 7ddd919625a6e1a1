"""Search everything that a file says for what identifies a person: cells, names of sheets, notes, headers."""

from collections.abc import Iterable
from dataclasses import dataclass

from plans.model import Plan
from schemas.findings import Finding
from schemas.forms import FORMS
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.privacy.personal_data import (
    is_personal_data,
    is_personal_number,
    mask,
    may_hold_personal_data,
)
from transforms.text.normalise import ascii_key, normalise
from transforms.text.numbers import read_number

_KINDS = {
    "identity_number": ("số giấy tờ tùy thân", "an identity number"),
    "phone": ("số điện thoại", "a phone number"),
    "email": ("địa chỉ thư điện tử", "an e-mail address"),
    "name": ("họ tên người", "a person's name"),
}


_LEAST_PERSONAL = 100_000_000  # no number of fewer than nine digits is one of a person


@dataclass(frozen=True, slots=True)
class Trace:
    """Where something personal stands and of which kind; never what it says."""

    kind: str
    sheet_name: str
    cell: str

    def finding(self) -> Finding:
        """The finding that refuses the file."""
        vi, en = _KINDS[self.kind]
        details = {"kind_vi": vi, "kind_en": en}
        return Finding("PII-SUSPECTED", self.sheet_name, self.cell, details=details)


def known_phrases(plan: Plan) -> frozenset[str]:
    """What forms and plans say themselves (labels, titles, areas, bodies), as bare text: no person's name."""
    said: set[str] = {ascii_key(form.title) for form in FORMS}
    for form in FORMS:
        for column in form.columns.values():
            said.update(ascii_key(label) for label in (column.label_vi, *column.aliases))
            if column.code_list is not None:
                said.update(
                    ascii_key(c) for code in column.code_list.codes for c in (code.label_vi, *code.aliases)
                )
    for area in plan.areas:
        words = ascii_key(area.name)
        said.update({words, words.removeprefix(ascii_key(area.kind)).strip()})
    said.update(ascii_key(name) for body in plan.all_bodies for name in (body.name, body.short_name))
    return frozenset(said - {""})


def find_in_sheet(sheet: Sheet, figures: frozenset[int], phrases: frozenset[str]) -> Trace | None:
    """The first personal data of a sheet's texts and numbers, or None.

    `figures` are the columns that a form has for figures: a number there is a count, whatever its length.
    """
    if kind := is_personal_data(sheet.name, phrases):
        return Trace(kind, mask(sheet.name), "")
    for r, row in enumerate(sheet.rows, 1):
        for c, value in enumerate(row):
            if isinstance(value, str):
                kind = is_personal_data(value, phrases)
                if kind and not (c in figures and _is_figure(value)):
                    return Trace(kind, sheet.name, cell_name(r, c))
            elif (
                value is not None
                and isinstance(value, float | int)
                and not -_LEAST_PERSONAL < value < _LEAST_PERSONAL
                and c not in figures
                and is_personal_number(value)
            ):
                return Trace("identity_number", sheet.name, cell_name(r, c))
    return None


def clean_lines(text: str) -> str:
    """A text of many lines, each cleaned."""
    return "\n".join(normalise(line) for line in text.split("\n"))


def find_in_text(texts: Iterable[tuple[str, str]], phrases: frozenset[str]) -> Trace | None:
    """The first personal data in texts outside the cells: pairs of where and what."""
    for _, text in texts:
        if may_hold_personal_data(clean_lines(text)) and (kind := is_personal_data(text, phrases)):
            return Trace(kind, "", "")
    return None


def _is_figure(text: str) -> bool:
    """Whether a text is a plain number: in a column of figures a count, unless it begins with a nought."""
    try:
        return not text.strip().startswith(("0", "+")) and read_number(text) is not None
    except ValueError:
        return False
