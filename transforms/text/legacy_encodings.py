"""Vietnamese typed with the one-byte fonts TCVN3 (ABC, .VnTime) and VNI-Windows, stored as wrong letters.

Such a cell holds Latin-1 characters that only those fonts draw as Vietnamese: "Tæng céng" (TCVN3) and
"Toång coäng" (VNI) are both "Tổng cộng". No file names its font encoding: it is recognised by the text.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from transforms.text.mojibake import undo_mojibake
from transforms.text.syllables import rate_syllable

Encoding = Literal["tcvn3", "vni"]

_TONES = (
    "\u0300",
    "\u0301",
    "\u0309",
    "\u0303",
    "\u0323",
)  # grave, acute, hook, tilde, dot: huyền sắc hỏi ngã nặng


def _toned(vowel: str) -> str:
    """Return the five toned forms of one vowel, in the order of `_TONES`."""
    return "".join(unicodedata.normalize("NFC", vowel + tone) for tone in _TONES)


# TCVN3: one character each; plain letters with their capitals, then the toned ones in the order of _TONES.
_TCVN3_LETTERS = dict(zip("ăâêôơưđĂÂÊÔƠƯĐ", "¨©ª«¬\xad®¡¢£¤¥¦§", strict=True))
_TCVN3_TONED = {
    "a": "µ¸¶·¹",
    "ă": "»¾¼½Æ",
    "â": "ÇÊÈÉË",
    "e": "ÌÐÎÏÑ",
    "ê": "ÒÕÓÔÖ",
    "i": "×ÝØÜÞ",
    "o": "ßãáâä",
    "ô": "åèæçé",
    "ơ": "êíëìî",
    "u": "ïóñòô",
    "ư": "õøö÷ù",
    "y": "úýûüþ",
}
# VNI: the base letter, then a mark that has both cases; the letters below have no mark.
_VNI_LETTERS = dict(zip("ơưđìíỉĩịỵ", "ôöñìíæóòî", strict=True))
_VNI_TONES = "øùûõï"
_VNI_SHAPED = {"â": "âàáåãä", "ă": "êèéúüë", "ê": "âàáåãä", "ô": "âàáåãä"}  # the shape alone, then its tones
_VNI_BARE = {"â": "a", "ă": "a", "ê": "e", "ô": "o"}


def _tcvn3_table() -> dict[str, str]:
    """Return Unicode letter -> TCVN3 code; a toned capital has none and takes the small letter's."""
    table = dict(_TCVN3_LETTERS)
    for vowel, codes in _TCVN3_TONED.items():
        for letter, code in zip(_toned(vowel), codes, strict=True):
            table[letter] = table[letter.upper()] = code
    return table


def _vni_table() -> dict[str, str]:
    """Return Unicode letter -> VNI characters (one or two)."""
    table = dict(_VNI_LETTERS)
    for vowel in "aeouy":
        table.update(
            {t: vowel + mark for t, mark in zip(_toned(vowel), _VNI_TONES, strict=True) if t not in table}
        )
    for vowel in "ơư":
        marked = [_VNI_LETTERS[vowel] + mark for mark in _VNI_TONES]
        table.update(zip(_toned(vowel), marked, strict=True))
    for vowel, marks in _VNI_SHAPED.items():
        for letter, mark in zip(vowel + _toned(vowel), marks, strict=True):
            table[letter] = _VNI_BARE[vowel] + mark
    return table | {letter.upper(): code.upper() for letter, code in table.items()}


_TO_TCVN3 = str.maketrans(_tcvn3_table())
_TO_VNI = str.maketrans(_vni_table())

_FROM_TCVN3 = {code: letter for letter, code in _tcvn3_table().items() if letter.islower()}
_FROM_TCVN3 |= {_TCVN3_LETTERS[letter]: letter for letter in "ĂÂÊÔƠƯĐ"}
# Some converters write the plain capital before the small toned code: "Aµ" for "À", "¤æ" for "Ổ".
_FROM_TCVN3 |= {
    _TCVN3_LETTERS.get(vowel.upper(), vowel.upper()) + code: letter.upper()
    for vowel, codes in _TCVN3_TONED.items()
    for letter, code in zip(_toned(vowel), codes, strict=True)
}
# The letter's case is the base's: people type a capital and leave the mark small, and the reverse.
_FROM_VNI = {code: letter for letter, code in _vni_table().items()}
_FROM_VNI |= {
    code[0] + code[1].swapcase(): letter for code, letter in list(_FROM_VNI.items()) if len(code) == 2
}


def _pattern(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(code) for code in sorted(table, key=len, reverse=True)))


_TCVN3_CODE = _pattern(_FROM_TCVN3)
_VNI_CODE = _pattern(_FROM_VNI)
# Letters that neither font has a use for: a text with one of them was not typed in that font.
_ACCENTED = {chr(c) for c in range(0xC0, 0x100)} - {"×", "÷"}
_NOT_TCVN3 = re.compile("[" + "".join(sorted(_ACCENTED - set("".join(_FROM_TCVN3)))) + "]")
_STRAY_IN_VNI = re.compile("[" + "".join(sorted(_ACCENTED)) + "]")
# Letters of Unicode Vietnamese that Latin-1 does not have: a text with one of them is Unicode already.
_UNICODE_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9\u0300-\u036f]")
_WORD_BREAK = re.compile("[\\s\x00-@\\[-`{-\x7f–—‘’“”…]+")


_ETH = str.maketrans("ÐðƉɖ", "ĐđĐđ")  # look like Đ and are often typed for it


def to_tcvn3(text: str) -> str:
    """Return Unicode Vietnamese as it is stored when typed in TCVN3 (toned capitals become small codes)."""
    return unicodedata.normalize("NFC", text).translate(_TO_TCVN3)


def to_vni(text: str) -> str:
    """Return Unicode Vietnamese as it is stored when typed in VNI-Windows."""
    return unicodedata.normalize("NFC", text).translate(_TO_VNI)


def decode_legacy(text: str) -> str:
    """Return text typed in TCVN3 or VNI, or UTF-8 read as Windows-1252, as Unicode; other text as it is.

    Must see the text before format characters are dropped: U+00AD is "ư" in TCVN3. Two short words can be
    good Vietnamese either way ("Phó An" is TCVN3 for "Phú An"): where many cells are known to be typed
    alike, `recognise` all of them joined and `decode_as` each.
    """
    text = undo_mojibake(text)
    encoding = recognise(text)
    return text if encoding is None else decode_as(text, encoding)


def recognise(text: str) -> Encoding | None:
    """Return the font encoding that a text was typed in; None for Unicode, foreign or doubtful text.

    Decided for the whole text: the reading with the most and commonest Vietnamese syllables wins, the text
    unchanged on a tie. A text with letters that only Unicode Vietnamese has is Unicode.
    """
    if text.isascii() or _UNICODE_VIETNAMESE.search(composed := unicodedata.normalize("NFC", text)):
        return None
    encoding, best = _best_reading(composed)
    # A reading that would itself be read as legacy text is no reading: decoding twice must change nothing.
    if not _UNICODE_VIETNAMESE.search(best) and _best_reading(best)[0] is not None:
        return None
    return encoding


def recognise_cells(texts: Sequence[str]) -> Encoding | None:
    """Return the font encoding of the cells of a sheet, decided for all of them together.

    In a sheet typed in such a font and corrected later, a few cells are Unicode: then it counts how the
    others were typed, most of which must be recognised by themselves.
    """
    if not texts:
        return None
    encoding = recognise("\n".join(texts))
    if encoding is not None:
        return encoding
    doubtful = [text for text in texts if not _UNICODE_VIETNAMESE.search(unicodedata.normalize("NFC", text))]
    if len(doubtful) == len(texts) or 2 * len(doubtful) < len(texts):
        return None
    encoding = recognise("\n".join(doubtful))
    alike = sum(recognise(text) == encoding for text in doubtful)
    return encoding if 2 * alike > len(doubtful) else None


@lru_cache(maxsize=16384)
def decode_as(text: str, encoding: Encoding) -> str:
    """Return text typed in the given font encoding as Unicode; Unicode Vietnamese as it is."""
    composed = unicodedata.normalize("NFC", text)
    if text.isascii() or _UNICODE_VIETNAMESE.search(composed):
        return text
    if encoding == "vni":
        return _VNI_CODE.sub(lambda code: _FROM_VNI[code[0]], composed)
    return _raise_capitals(_TCVN3_CODE.sub(lambda code: _FROM_TCVN3[code[0]], composed))


def _best_reading(text: str) -> tuple[Encoding | None, str]:
    readings: list[tuple[Encoding | None, str]] = [(None, text.translate(_ETH))]
    if not _NOT_TCVN3.search(text):
        readings.append(("tcvn3", decode_as(text, "tcvn3")))
    if not _STRAY_IN_VNI.search(_VNI_CODE.sub("", text)):
        readings.append(("vni", decode_as(text, "vni")))
    return max(readings, key=lambda reading: _rate(reading[1]))


def _rate(text: str) -> int:
    return sum(rate_syllable(word) for word in _WORD_BREAK.split(text) if not word.isascii())


def _raise_capitals(text: str) -> str:
    """Give capitals to what was typed in capitals: "TổNG CộNG" -> "TỔNG CỘNG".

    A toned capital has no code in TCVN3; it is typed as the small one in a capital font.
    """
    words = text.split(" ")
    shouted = [sum(c.isupper() for c in word) > 1 and not re.search("[a-z]", word) for word in words]
    if any(shouted) and not re.search("[a-z]", text):
        return text.upper()
    return " ".join(word.upper() if loud else word for word, loud in zip(words, shouted, strict=True))
