"""Letters that a web system wrote as numbers: "Bi&#234;n H&#242;a" for "Biên Hòa"."""

import re

_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{2,5})|([0-9]{3,6}));")


def decode_references(text: str) -> str:
    """Return the text with each numeric character reference of a letter as that letter."""
    return _REFERENCE.sub(_letter, text) if "&#" in text else text


def _letter(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    letter = chr(code)
    return letter if letter.isalpha() or 0x300 <= code <= 0x36F else reference[0]
