"""One cell of a form's table: its typed value, or the finding that names what it should be."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from schemas.declaration import CodeList, Dimension, Measure
from schemas.findings import Finding, Text, Words
from transforms.layout.cells.stated_units import StatedUnit, read_unit
from transforms.layout.parsed_sheet import Value
from transforms.privacy.personal_data import is_personal_number, mask_numbers
from transforms.text.codes import read_code
from transforms.text.folding import folded
from transforms.text.normalise import match_key, normalise
from transforms.text.numbers import read_date, read_flag, read_number
from transforms.text.places import Gazetteer, areas_of_level, resolve
from transforms.text.reading_words import OF_READER, CellWords

_UNIT_BEHIND = re.compile(r" ?\(([^()]+)\)$")
_MOST_AREAS = 12  # that a finding lists
LONGEST_SHOWN = 80  # characters of a cell that a finding repeats
_ERROR_TEXT = re.compile(r"#(?:REF|DIV/0|VALUE|NUM|NULL|N/A|SPILL|CALC|NAME)[!?]?|Err:\d{3}", re.IGNORECASE)
_FULL_WIDTH = re.compile("[０-９]")
_RAISED = re.compile(r"\d ?[\u00b9\u00b2\u00b3\u2070-\u209c]")
_FLAGS = {word: Words(f"sample.{word}", as_in_sheets=True) for word in ("yes", "no")}


class TypedValue(NamedTuple):
    """The value of a cell by the column's type (None: blank or faulty) and its fault, not yet located."""

    value: Value
    fault: Finding | None = None


@dataclass(frozen=True, slots=True)
class PlaceLookup:
    """What reading cells needs of a plan: its places, the area of the body that reports, words."""

    gazetteer: Gazetteer
    within: str
    words: CellWords = OF_READER


def shown(value: object) -> str:
    """Return a cell's value as a finding shows it: short, in one line, numbers of persons as dots."""
    if isinstance(value, int | float) and not isinstance(value, bool) and is_personal_number(value):
        return "•••"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, date):
        value = f"{value:%d/%m/%Y}"
    words = normalise(str(value))
    if isinstance(value, str):
        words = mask_numbers(words)
    return words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…"


def read_cell(value: object, column: Dimension | Measure, lookup: PlaceLookup) -> TypedValue:
    """Read one cell of the column; a blank one gives TypedValue(None, None)."""
    if isinstance(column, Dimension) and column.level is not None:
        return _read_place(value, column.level, lookup)
    if column.code_list is not None:
        return _read_code(value, column.code_list, column.label_vi)
    kind = expected_kind(column)
    try:
        if kind == "number":
            return TypedValue(read_number(value))
        return TypedValue(read_date(value) if kind == "date" else _read_flag(value, lookup.words))
    except ValueError:
        return TypedValue(None, type_fault(value, kind))


def _read_flag(value: object, words: CellWords) -> bool | None:
    if isinstance(value, str) and (words.yes or words.no):
        word = folded(value)
        if word in words.yes or word in words.no:
            return word in words.yes
    return read_flag(value)


@lru_cache
def expected_kind(column: Dimension | Measure) -> str:
    """Return what a cell of the column holds: a number, a flag (yes or no), a date, a place or a code."""
    if column.code_list is not None:
        return "code"
    if isinstance(column, Dimension):
        return "place" if column.level else "date"
    return "number" if column.is_number else "flag"


def type_fault(value: object, kind: str) -> Finding:
    """Return the VALUE-TYPE finding of a cell that is no `kind` (number, flag, date)."""
    details: dict[str, Text] = {"expected": Words(f"expected.{kind}", _FLAGS)}
    if kind == "number" and isinstance(value, date):
        details["advice"] = Words("advice.date-for-number")
    if isinstance(value, str) and len(value.strip()) > 1 and not value.strip().strip("#"):
        details["advice"] = Words("advice.too-narrow")
    if isinstance(value, str) and _ERROR_TEXT.fullmatch(value.strip()):
        details["advice"] = Words("advice.formula")
    if kind == "number" and isinstance(value, str) and _RAISED.search(value):
        details["advice"] = (" ", Words("todo.raised"), ".")
    if kind == "number" and isinstance(value, str) and _FULL_WIDTH.search(value):
        details["advice"] = Words("advice.full-width")
    return Finding("VALUE-TYPE", value_shown=shown(value), details=details)


def _expected_areas(level: str, lookup: PlaceLookup) -> Words:
    """What to write for a place that is not known: one of the areas, where these are few."""
    names = areas_of_level(lookup.gazetteer, level, lookup.within)
    if 0 < len(names) <= _MOST_AREAS:
        return Words("hint.one-of", {"names": "; ".join(names)})
    return Words("hint.list")


def _read_code(value: object, code_list: CodeList, label_vi: str) -> TypedValue:
    try:
        return TypedValue(read_code(value, code_list))
    except ValueError:
        label = match_key(label_vi)  # "Vắc xin Sởi" in the column “Vắc xin”
        words = match_key(str(value))
        if words.startswith(label) and words != label:
            with suppress(ValueError):
                return TypedValue(read_code(words.removeprefix(label).lstrip(" :-"), code_list))
        if (counted := _UNIT_BEHIND.search(words)) and (unit := read_unit(counted[1])) and _is_counted(unit):
            with suppress(ValueError):  # "Hội nghị (cuộc)"
                return TypedValue(read_code(words[: counted.start()], code_list))
        choices = "; ".join(code.label_vi for code in code_list.codes)
        return TypedValue(None, Finding("VALUE-CODE", value_shown=shown(value), details={"choices": choices}))


def _is_counted(unit: StatedUnit) -> bool:
    """Whether a unit is what single things are counted in."""
    return unit.base == "count" and unit.factor == 1


def _read_place(value: object, level: str, lookup: PlaceLookup) -> TypedValue:
    if value is None or not normalise(str(value)):
        return TypedValue(None)
    found = resolve(lookup.gazetteer, value, level, lookup.within)
    if found.fault is None:
        return TypedValue(found.area_code)
    names = "; ".join(lookup.gazetteer.names[code] for code in found.candidates)
    hint = Words("hint.candidates", {"names": names}) if names else _expected_areas(level, lookup)
    details = {"choices": names, "hint": hint, "within": lookup.gazetteer.names.get(lookup.within, "")}
    return TypedValue(None, Finding(found.fault, value_shown=shown(value), details=details))
