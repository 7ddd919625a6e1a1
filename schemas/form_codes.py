"""Find the codes of report forms in text, as the forms of a set declare them.

A code is printed with or without spaces, hyphens, dots and leading zeros, in capitals or small letters:
`05A-TKYT`, `5a tkyt`, `05A.TKYT`. Two numbers that follow one another stay apart: `1.2-BTP` is not `12-BTP`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_SEPARATOR = r"[\s.\-\u2010-\u2015_/]"
_PART = re.compile(r"\d+|[^\W\d_]+")
# A code within a longer one is not that code: "2-BTP" in "1.2-BTP", "HMIS 105" in "HMIS 105.1".
_NO_PART_BEFORE = r"(?<!\w)(?<!\d[.\-/])"
_NO_PART_AFTER = r"(?!\w)(?![.\-/]\d)"


def find_codes(text: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes that a text names, as declared, each once, in the order of the text."""
    found = code_pattern(codes).finditer(_folded(text))
    return tuple(dict.fromkeys(codes[int(str(match.lastgroup)[1:])] for match in found))


@lru_cache(maxsize=64)
def code_pattern(codes: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression that finds the codes in folded text; the group `c<n>` is that of codes[n].

    Raises ValueError for a code without letters and digits, and where two codes cannot be distinguished.
    """
    for first, second in clashing_codes(codes):
        raise ValueError(f"the form codes {first} and {second} cannot be distinguished")
    # Longer codes first: "HMIS 105.1" before "HMIS 105".
    order = sorted(range(len(codes)), key=lambda n: -len(code_key(codes[n])))
    choices = "|".join(f"(?P<c{n}>{_writings(codes[n])})" for n in order)
    return re.compile(f"{_NO_PART_BEFORE}(?:{choices}){_NO_PART_AFTER}" if codes else r"(?!)")


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


def _parts(code: str) -> list[str]:
    """Return the numbers, without leading zeros, and the words of a code."""
    return [str(int(part)) if part.isdigit() else part for part in _PART.findall(_folded(code))]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("đ", "d")
