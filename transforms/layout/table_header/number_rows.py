"""Rows below a header that hold no figures: numbers of the columns, and units."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from transforms.layout.cells.stated_units import NO_NOUNS, StatedUnit, is_unit_label, read_unit, states_unit
from transforms.text.normalise import match_key

# "(5)", "[5]", "<5>", "5.", "Cột 5", "C5", and with the way it is calculated "(5)=(3)+(4)", "4=2/1".
_NUMBER = re.compile(
    r"[(\[<{]?(?:c[oộ]t ?|col ?|c)?(\d{1,2})[./]?[)\]>}]?(?: ?= ?[\d()\[\]+\-:/x*%., ]+)?[)\]]?"
)
_CALCULATION = re.compile(r"=?[\d()\[\]+\-:/x*%., ]*[=+\-:/x*][\d()\[\]+\-:/x*%., ]*")
_LETTER = re.compile(r"[(\[]?(?:c[oộ]t ?)?([a-zđ])[)\]]?")
_ROMAN = (
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
)
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "abcdđeghiklmnopqrstuvxy")
_LONGEST_ABBREVIATION = 3  # letters of a unit
_ORDINAL = frozenset({"tt", "stt", "mã số", "mã", "mã cột", "cột", "cột số", "số cột", "số thứ tự"})
_CODE = re.compile(r"([a-zđ])\.?(\d{1,2})")
_BRACKETED = re.compile(r"-([1-9]\d?)-?")  # "-1-", and what Excel makes of a typed "(1)"


def is_number_row(row: Sequence[object]) -> bool:
    """Whether a row numbers the columns: "(1) (2) (3)", "A B 1 2", "[1] [2]", "Cột 1", "4=2/1", "I II III".

    The numbers are in brackets, or consecutive from 0 or 1 on; letters may come before them, and a column
    may have its calculation instead ("(4)/(3)x100").
    """
    values = [text for value in row if value is not None and (text := _text(value))]
    values = values[1:] if values and values[0] in _ORDINAL else values
    if len(values) < 2:
        return False
    return _counts(values) or _counts_otherwise(values)


def _counts(values: Sequence[str]) -> bool:
    numbers: list[int] = []
    marked = 0
    for text in values:
        found = _NUMBER.fullmatch(text)
        if found is not None:
            numbers.append(int(found[1]))
            marked += text[0] in "([<{c"
        elif _is_calculation(text):
            marked += text[0] in "(["
        elif _LETTER.fullmatch(text) is None:
            return False
    consecutive = all(b - a == 1 for a, b in pairwise(numbers))
    return marked >= 2 or (len(numbers) > 2 and consecutive and numbers[0] <= 1)


def _is_calculation(text: str) -> bool:
    """Whether a text is like "(4)/(3)x100"; "(x1.000)" is a unit."""
    is_like_one = _CALCULATION.fullmatch(text) is not None and len(text) > 2 and not _is_signed(text)
    return is_like_one and read_unit(text) is None


def _counts_otherwise(values: Sequence[str]) -> bool:
    """Whether a row counts its columns by Roman numbers, by letters, or by "(1)" that Excel made -1."""
    if len(values) <= 2:
        return False
    roman = tuple(values) == _ROMAN[: len(values)]
    letters = "".join(m[1] if (m := _LETTER.fullmatch(text)) else "?" for text in values)
    bracketed = [int(found[1]) for text in values if (found := _BRACKETED.fullmatch(text))]
    before = values[: len(values) - len(bracketed)]
    return (
        roman
        or any(alphabet.startswith(letters) for alphabet in _ALPHABETS)
        or _counts_codes(values)
        or (
            len(bracketed) > 2
            and bracketed == list(range(1, len(bracketed) + 1))
            and all(_LETTER.fullmatch(text) for text in before)
        )
    )


def _counts_codes(values: Sequence[str]) -> bool:
    """Whether the texts are codes of columns that count: "A1", "A2", "A3"; letters may come before them."""
    codes = [found for text in values if (found := _CODE.fullmatch(text))]
    before = values[: len(values) - len(codes)]
    return (
        len(codes) > 2
        and len({found[1] for found in codes}) == 1
        and [int(found[2]) for found in codes] == list(range(1, len(codes) + 1))
        and all(_LETTER.fullmatch(text) for text in before)
    )


def _text(value: object) -> str:
    return _key_of_number(str(value))


# The labels and the numbers of columns occur in sheet after sheet.
@lru_cache(maxsize=4096)
def _key_of_number(text: str) -> str:
    return match_key(unicodedata.normalize("NFKC", text)).removesuffix(".0")


def _is_signed(text: str) -> bool:
    return re.fullmatch(r"[+\-]?[\d., ]+", text) is not None


def _unit_of_several(text: str, nouns: frozenset[str]) -> StatedUnit | None:
    """The first of several units of one cell ("cuộc, lượt"), none of them a multiple."""
    units = [read_unit(part, nouns) for part in re.split(r"[,;/]| - ", text)]
    counts = [unit for unit in units if unit is not None and unit.base == "count" and unit.factor == 1]
    return counts[0] if len(counts) == len(units) > 1 else None


def unit_row(
    row: Sequence[object],
    columns: Sequence[int],
    merged: Iterable[tuple[int, int]] = (),
    nouns: frozenset[str] = NO_NOUNS,
) -> dict[int, StatedUnit]:
    """The units of a row that names the columns' units and nothing else, by column; empty for any other.

    `merged` are the columns, first and last, over which cells of the row are merged; `nouns` are those of
    the form, as `stated_units.nouns_of` has them.
    """
    units: dict[int, StatedUnit] = {}
    unread = 0
    for column, value in enumerate(row):
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if not isinstance(value, str):
            return {}
        stated = read_unit(value, nouns) or _unit_of_several(value, nouns)
        if stated is not None:
            units[column] = stated
        elif column in columns and len(value.strip()) <= _LONGEST_ABBREVIATION:
            unread += 1  # "SP" for "sản phẩm", where other columns have units
        elif not (states_unit(value) or is_unit_label(value) or _LETTER.fullmatch(match_key(value))):
            return {}
    if unread >= len(units):
        return {}
    for first, last in merged:
        if first in units:
            units |= dict.fromkeys(range(first, last + 1), units[first])
    return units if any(column in units for column in columns) else {}
