"""Search everything that a file holds for personal data: cells, names of sheets, notes, headers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from plans.model import Plan
from schemas.declaration import Measure
from schemas.findings import Finding, Words
from schemas.form_set import FormSet
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.privacy.evidence import PersonalKind
from transforms.privacy.identity_numbers import is_identifying_figure
from transforms.privacy.named_columns import names_by_heading
from transforms.privacy.number_cells import LEAST_PERSONAL, is_person_among
from transforms.privacy.personal_data import is_personal_data, mask, may_hold_personal_data
from transforms.text.normalise import ascii_key, normalise
from transforms.text.numbers import read_number

_NUMBERS = (None, "identity_number", "phone")  # kinds that depend on where a plain number is
_SHORT_NUMBER = 7  # digits; no number of a person has fewer than eight
_MOST_TRACES = 20  # of one sheet; a list of persons is recognised as such by then
_NO_KEYS: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Trace:
    """Where personal data is and of which kind; never its value."""

    kind: str
    sheet_name: str
    cell: str

    def finding(self) -> Finding:
        """Return the finding that rejects the file."""
        details = {"kind": Words(f"personal.{self.kind}")}
        return Finding("PII-SUSPECTED", self.sheet_name, self.cell, details=details)


def known_phrases(plan: Plan, forms: FormSet) -> frozenset[str]:
    """Return the words of forms and plans (labels, titles, areas, bodies) as ASCII keys: no person's name."""
    known: set[str] = {ascii_key(form.title) for form in forms.forms}
    for form in forms.forms:
        for column in form.columns.values():
            labels = (column.label_vi, *column.aliases)
            known.update(map(ascii_key, labels))
            if isinstance(column, Measure):
                groups = (column.group, *column.group_aliases)
                known.update(ascii_key(f"{group} {label}") for group in groups for label in ("", *labels))
            if column.code_list is not None:
                known.update(
                    ascii_key(c) for code in column.code_list.codes for c in (code.label_vi, *code.aliases)
                )
    known.update(map(ascii_key, plan.area_headings))
    for area in plan.areas:
        words = ascii_key(area.name)
        known.update({words, words.removeprefix(ascii_key(area.kind)).strip()})
    known.update(ascii_key(name) for body in plan.all_bodies for name in (body.name, body.short_name))
    return frozenset(known - {""})


def find_in_sheet(
    sheet: Sheet,
    figures: Collection[int],
    phrases: frozenset[str],
    key_columns: frozenset[int] = _NO_KEYS,
) -> tuple[Trace, ...]:
    """Return where a sheet's name, texts and numbers identify persons: up to twenty places.

    `figures`: the columns that a form has for figures, as a mapping with the highest plausible figure of
    each (`max_value`), or without. A number there is a count or an amount, unless it is above the highest
    figure and has the structure of an identity number. `key_columns`: the columns of places and code lists.
    """
    if kind := is_personal_data(sheet.name, phrases, "sheet name"):
        return (Trace(kind, mask(sheet.name), ""),)
    by_heading = (
        Trace("name", sheet.name, cell_name(row + 1, column))
        for row, column in names_by_heading(sheet.rows, phrases, key_columns)
    )
    found = _traces(sheet, figures, phrases, key_columns) if _has_suspects(sheet, phrases) else iter(())
    return tuple(dict.fromkeys(islice(chain(found, by_heading), _MOST_TRACES)))


def _traces(
    sheet: Sheet, figures: Collection[int], phrases: frozenset[str], key_columns: frozenset[int]
) -> Iterator[Trace]:
    last = _last_row_of_figures(sheet, figures) if key_columns else -1
    for r, row in enumerate(sheet.rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                kind = is_personal_data(value, phrases)
                if kind is None and not value.isdecimal():
                    continue
                if kind == "name" and c in key_columns and r <= last:
                    kind = is_personal_data(value, phrases, "key column")
                if kind in _NUMBERS:
                    kind = _kind_of_number(sheet, (r, c), value, kind, figures)
                if kind is not None:
                    yield Trace(kind, sheet.name, cell_name(r + 1, c))
            elif (
                value is not None
                and isinstance(value, (float, int))
                and not -LEAST_PERSONAL < value < LEAST_PERSONAL
                and _is_person(sheet, (r, c), value, figures)
            ):
                yield Trace("identity_number", sheet.name, cell_name(r + 1, c))


def _last_row_of_figures(sheet: Sheet, figures: Collection[int]) -> int:
    """Return the table's last row with a figure: below it, notes and signatures are free text."""
    for r in range(len(sheet.rows) - 1, -1, -1):
        row = sheet.rows[r]
        if any(isinstance(row[c], int | float) for c in figures if c < len(row)):
            return r
    return len(sheet.rows)  # figures written as texts


def _has_suspects(sheet: Sheet, phrases: frozenset[str]) -> bool:
    """Whether any value of a sheet is worth a look at its place; each different value is read once."""
    for value in set(chain.from_iterable(sheet.rows)):
        if isinstance(value, str):
            if is_personal_data(value, phrases) or (len(value) > _SHORT_NUMBER and value.isdecimal()):
                return True
        elif isinstance(value, (float, int)) and not -LEAST_PERSONAL < value < LEAST_PERSONAL:
            return True
    return False


def _is_person(sheet: Sheet, place: tuple[int, int], value: int | float, figures: Collection[int]) -> bool:
    """Whether a number of eight digits and more identifies a person; `place` counts rows from 0."""
    row, column = place
    if column not in figures:
        return is_person_among(sheet.rows, row, column, value)
    is_plausible = not isinstance(figures, Mapping) or abs(value) <= figures[column]
    return not is_plausible and float(value).is_integer() and is_identifying_figure(str(abs(int(value))))


def _kind_of_number(
    sheet: Sheet,
    place: tuple[int, int],
    text: str,
    kind: PersonalKind | None,
    figures: Collection[int],
) -> PersonalKind | None:
    """Return what a text that may be a plain number is where it is: an ordinary figure gives None."""
    figure = _figure(text)
    if figure is None:
        return kind
    return (kind or "identity_number") if _is_person(sheet, place, figure, figures) else None


def clean_lines(text: str) -> str:
    """Return a text of many lines, each normalised."""
    return "\n".join(normalise(line) for line in text.split("\n"))


def find_in_text(texts: Iterable[str], phrases: frozenset[str]) -> Trace | None:
    """Return the first personal data in texts outside the cells."""
    for text in texts:
        if may_hold_personal_data(clean_lines(text.replace("_", " "))) and (
            kind := is_personal_data(text, phrases)
        ):
            return Trace(kind, "", "")
    return None


def _figure(text: str) -> int | float | None:
    """Return the number that a text is; None if it is none, or begins with 0 or + as no figure does."""
    if text.strip().startswith(("0", "+")):
        return None
    try:
        return read_number(text)
    except ValueError:
        return None
