"""The code that a name typed in another case or spelling is meant to be."""

from collections.abc import Sequence
from difflib import get_close_matches

_ALIKE = 0.8


def similar_code(name: str, codes: Sequence[str]) -> str:
    """Return the code that the name of a folder is meant to be ("ubnd 731" for UBND-731); "" if none."""
    by_letters = {_letters(code): code for code in codes}
    letters = _letters(name)
    if letters in by_letters:
        return by_letters[letters]
    # Codes of bodies of one kind differ in their digits alone: those must agree.
    digits = [c for c in letters if c.isdigit()]
    alike = [key for key in by_letters if [c for c in key if c.isdigit()] == digits]
    if letters.isdigit():
        return by_letters[alike[0]] if len(alike) == 1 else ""
    close = get_close_matches(letters, alike, n=1, cutoff=_ALIKE)
    return by_letters[close[0]] if close else ""


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
