"""Find the codes of report forms in text, as the forms of a set declare them.

A code is printed with or without spaces, hyphens, dots and leading zeros, in capitals or small letters:
`05A-TKYT`, `5a tkyt`, `05A.TKYT`. Two numbers that follow one another stay apart: `1.2-BTP` is not `12-BTP`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_PART = re.compile(r"\d+|[^\W\d_]+")
_SEPARATOR = r"[\s.\-\u2010-\u2015_/]"
# A code within a longer one is not that code: "2-BTP" in "1.2-BTP", "HMIS 105" in "HMIS 105.1".
_NO_PART_BEFORE = r"(?<!\w)(?<!\d[.\-/])"
_NO_PART_AFTER = r"(?!\w)(?![.\-/]\d)"
# A code is that of a sheet after such a word ("Biểu số: 05A-TKYT"), or where the text begins with it.
_MARK = re.compile(r"\b(?:bieu|mau|form|phieu|bao cao)\b[^\d]{0,20}$")
# A code without a digit is a word that occurs elsewhere; it is a code right after such a word alone.
_CLOSE_MARK = re.compile(r"\b(?:bieu|mau|form|phieu)(?: mau| bieu)?(?: so| no| code)?\s*[:.]?\s*[\"'“(]?$")
# "Biểu số: 06", "Mẫu 6" for 06-PCMD: a text that holds nothing else.
_NUMBER_ALONE = re.compile(
    r"(?:bieu|mau|form|phieu)(?: (?:mau|bieu|bao cao))*(?: so| no)?\s*[:.]?\s*0*(\d{1,4})\s*\.?"
)
_MARK_OF_CODE = re.compile(rf"^(?:bieu|mau|form|phieu){_SEPARATOR}*(?=\d)")  # "Form 3"
_WITH_LETTERS = re.compile(r"0*(\d+)[\s.\-_/]+[^\W\d_]+")  # not "05A-TKYT", whose number is 05A
_DIGIT = re.compile(r"\d")
_LONGEST_REST = 12  # characters after a code that begins a text: "HMIS 105 (OPD)"


def named_code(text: str, codes: tuple[str, ...]) -> str | None:
    """Return the first of the codes that a text states as the code of a form; None where it states none."""
    folded = _folded(text).strip()
    for found in _code_pattern(codes).finditer(folded):
        code = codes[int(str(found.lastgroup)[1:])]
        before, rest = folded[: found.start()], folded[found.end() :].strip()
        if not _DIGIT.search(code):
            if _CLOSE_MARK.search(before):
                return code
            continue
        begins = not before and (len(rest) <= _LONGEST_REST or rest.startswith(":"))
        if begins or _MARK.search(before):
            return code
    shortened = _codes_without_mark(codes)
    for found in _code_pattern(tuple(shortened)).finditer(folded) if shortened else ():
        if _CLOSE_MARK.search(folded[: found.start()]):
            return list(shortened.values())[int(str(found.lastgroup)[1:])]
    return None


def numbered_code(text: str, codes: tuple[str, ...]) -> str | None:
    """Return the only one of the codes that begins with the number that a text states without its letters."""
    stated = _NUMBER_ALONE.fullmatch(_folded(text).strip())
    if stated is None:
        return None
    fitting = [code for code in codes if (own := _WITH_LETTERS.fullmatch(code)) and own[1] == stated[1]]
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=64)
def have_digits(codes: tuple[str, ...]) -> bool:
    """Return whether each of the codes has a digit, so that a text without one names none of them."""
    return all(_DIGIT.search(code) for code in codes)


@lru_cache(maxsize=64)
def _codes_without_mark(codes: tuple[str, ...]) -> dict[str, str]:
    """Return the codes that begin with a word for a form by what follows it: "3" for "Form 3".

    Sheets print "Form number: 3" for it, and the words of a sheet in another language are put into those of
    the reader ("Biểu số: 3").
    """
    keys = {code_key(code) for code in codes}
    shortened: dict[str, str] = {}
    for code in codes:
        rest = _MARK_OF_CODE.sub("", _folded(code))
        if rest != _folded(code) and code_key(rest) not in keys:
            shortened.setdefault(rest, code)
    return shortened


@lru_cache(maxsize=64)
def _code_pattern(codes: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression that finds the codes in folded text; the group `c<n>` is that of codes[n]."""
    # Longer codes first: "HMIS 105.1" before "HMIS 105".
    order = sorted(range(len(codes)), key=lambda n: -len(code_key(codes[n])))
    choices = "|".join(f"(?P<c{n}>{_writings(codes[n])})" for n in order)
    return re.compile(f"{_NO_PART_BEFORE}(?:{choices}){_NO_PART_AFTER}" if codes else r"(?!)")


def _writings(code: str) -> str:
    """Return the expression for the writings of one code."""
    parts = _parts(code)
    expression = _writings_of_part(parts[0])
    for before, part in pairwise(parts):
        needs_separator = before.isdigit() and part.isdigit()
        expression += f"{_SEPARATOR}{'+' if needs_separator else '*'}{_writings_of_part(part)}"
    return expression


def _writings_of_part(part: str) -> str:
    return f"0*{part}" if part.isdigit() else re.escape(part)


def code_key(code: str) -> str:
    """Return what all writings of a code have in common. Raises ValueError where there is nothing to read."""
    parts = _parts(code)
    if not parts:
        raise ValueError(f"the form code {code!r} has neither letters nor digits")
    key = parts[0]
    for before, part in pairwise(parts):
        key += f".{part}" if before.isdigit() and part.isdigit() else part
    return key


def clashing_codes(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of codes of which one reads like the other."""
    first: dict[str, str] = {}
    clashes = []
    for code in codes:
        other = first.setdefault(code_key(code), code)
        if other != code:
            clashes.append((other, code))
    return clashes


def _parts(code: str) -> list[str]:
    """Return the numbers, without leading zeros, and the words of a code."""
    return [str(int(part)) if part.isdigit() else part for part in _PART.findall(_folded(code))]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")
