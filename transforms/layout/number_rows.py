"""Rows below a header that hold no figures: numbers of the columns, and units."""

import re
from collections.abc import Sequence
from itertools import pairwise

from transforms.layout.stated_units import StatedUnit, read_unit, states_unit
from transforms.text.normalise import match_key

# "(5)", "[5]", "Cột 5", and with the way it is calculated "(5)=(3)+(4)", "4=2/1".
_NUMBER = re.compile(r"[(\[]?(?:c[oộ]t ?)?(\d{1,2})[)\]]?(?: ?= ?[\d()\[\]+\-:/x*%., ]+)?")
_CALCULATION = re.compile(r"=?[\d()\[\]+\-:/x*%., ]*[=+\-:/x*][\d()\[\]+\-:/x*%., ]*")
_LETTER = re.compile(r"[(\[]?(?:c[oộ]t ?)?[a-zđ][)\]]?")


def is_number_row(row: Sequence[object]) -> bool:
    """Whether a row numbers the columns: "(1) (2) (3)", "A B 1 2", "[1] [2]", "Cột 1", "4=2/1".

    The numbers are in brackets, or consecutive from 0 or 1 on; letters may come before them, and a column
    may have its calculation instead ("(4)/(3)x100").
    """
    values = [text for value in row if value is not None and (text := _text(value))]
    if len(values) < 2:
        return False
    numbers: list[int] = []
    marked = 0
    for text in values:
        found = _NUMBER.fullmatch(text)
        if found is not None:
            numbers.append(int(found[1]))
            marked += text[0] in "([c"
        elif _CALCULATION.fullmatch(text) and len(text) > 2 and not _is_signed(text):
            marked += text[0] in "(["
        elif _LETTER.fullmatch(text) is None:
            return False
    consecutive = all(b - a == 1 for a, b in pairwise(numbers))
    return marked >= 2 or (len(numbers) > 2 and consecutive and numbers[0] <= 1)


def _text(value: object) -> str:
    return match_key(str(value)).removesuffix(".0")


def _is_signed(text: str) -> bool:
    return re.fullmatch(r"[+\-]?[\d., ]+", text) is not None


def unit_row(row: Sequence[object], columns: Sequence[int]) -> dict[int, StatedUnit]:
    """The units of a row that names the columns' units and nothing else, by column; empty for any other."""
    units: dict[int, StatedUnit] = {}
    for column, value in enumerate(row):
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if not isinstance(value, str):
            return {}
        stated = read_unit(value)
        if stated is not None:
            units[column] = stated
        elif not (states_unit(value) or _LETTER.fullmatch(match_key(value))):
            return {}
    return units if any(column in units for column in columns) else {}
