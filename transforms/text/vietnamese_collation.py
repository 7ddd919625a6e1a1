"""The order of the Vietnamese alphabet."""

import unicodedata

# A letter with a hook or a breve comes after the plain one, a tone decides last.
_ALPHABET = {letter: i for i, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = "\u0300\u0309\u0303\u0301\u0323"


def sort_key(name: str) -> str:
    """A key that sorts Vietnamese names by code point: letters first, tones where letters are the same."""
    letters: list[str] = []
    tones: list[str] = []
    for part in unicodedata.normalize("NFD", name.casefold()):
        if part in _TONES:
            tones[-1:] = [str(_TONES.index(part) + 1)]
        elif unicodedata.combining(part) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + part)
        else:
            letters.append(part)
            tones.append("0")
    return "".join(chr(65 + _ALPHABET[x]) if x in _ALPHABET else x for x in letters) + " " + "".join(tones)
