"""Compare the codes of report forms by what their writings have in common.

A code is printed with or without spaces, hyphens, dots and leading zeros, in capitals or small letters:
`05A-TKYT`, `5a tkyt`, `05A.TKYT`. Two numbers that follow one another stay apart: `1.2-BTP` is not `12-BTP`.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

_PART = re.compile(r"\d+|[^\W\d_]+")


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
