"""Vietnamese typed in VIQR, in plain ASCII: "Bie^?u so^'" for "Biểu số"."""

import re
import unicodedata
from collections.abc import Iterable

from transforms.text.syllables import rate_syllable

_MARKS = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_MARKS |= {"`": "\u0300", "'": "\u0301", "~": "\u0303", "?": "\u0309", ".": "\u0323"}
_WORD = re.compile(r"[A-Za-z][A-Za-z^(+*`'~?.]*")
_CODE = re.compile(r"([AEIOUYaeiouy])([\^(+*]?)([`'~?.]?)|(dd|DD|Dd)")
_FEWEST = 5  # words that are codes for Vietnamese ones, for a sheet to be typed so
_PER_OTHER = 4  # such words for one with these signs that is none


def is_viqr(texts: Iterable[str]) -> bool:
    """Return whether the texts of a sheet without any accented letter were typed in VIQR."""
    good = bad = 0
    for text in texts:
        for word in _WORD.findall(text):
            if _code_count(word):
                is_good = _decode_word(word) != word
                good, bad = good + is_good, bad + (not is_good)
    return good >= _FEWEST and good > _PER_OTHER * bad


def decode_viqr(text: str) -> str:
    """Return a text typed in VIQR as Unicode; words that are no Vietnamese ones then stay."""
    return _WORD.sub(lambda word: _decode_word(word[0]), text)


def _code_count(word: str) -> int:
    return sum(bool(vowel[2] or vowel[3] or vowel[4]) for vowel in _CODE.finditer(word))


def _decode_word(word: str) -> str:
    """Return a word decoded; a sign at its end may be punctuation instead."""
    for end in (len(word), len(word) - 1):
        decoded = _CODE.sub(_letter, word[:end])
        if decoded != word[:end] and rate_syllable(decoded):
            return decoded + word[end:]
    return word


def _letter(code: re.Match[str]) -> str:
    if code[4]:
        return "Đ" if code[4][0] == "D" else "đ"
    marks = "".join(_MARKS[sign] for sign in (code[2] or "") + (code[3] or ""))
    return unicodedata.normalize("NFC", code[1] + marks)
