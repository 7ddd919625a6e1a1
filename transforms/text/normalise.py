"""Vietnamese text as people type it, made comparable."""

import re
import unicodedata
from functools import lru_cache

from transforms.text.legacy_encodings import decode_legacy

# Characters without a shape: soft hyphen, zero-width, direction marks, byte order mark, variations, controls.
_SHAPELESS = dict.fromkeys(
    [
        0xAD,
        0x61C,
        0x180E,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
    ]
    + [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
)
# Letters of other alphabets that look like Vietnamese ones, and full-width forms; digits stay as typed.
_LOOKALIKES = str.maketrans("ÐðƉɖǍǎ", "ĐđĐđĂă") | {
    0xFF01 + i: 0x21 + i for i in range(94) if not chr(0x21 + i).isdigit()
}
_FOREIGN_LETTERS = re.compile("[\u0370-\u04ff]")
_FOREIGN_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіѕјΑΒΕΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXaeopcyxisjABEHIKMNOPTYXo",
)
_QUOTES_AND_DASHES = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"'))
_QUOTES_AND_DASHES |= str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
# The tone mark of a final oa, oe, uy is on the second vowel in new spelling, on the first in old spelling.
_NEW_STYLE = re.compile("(o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?![^\\W\\d_])")
_MISPLACED_QU = re.compile("q([ùúủũụ])y(?![^\\W\\d_])")
_WITH_Y = {"kì": "kỳ", "lí": "lý", "mĩ": "mỹ"}  # both are taught: "Đầu kì", "Cẩm Mĩ"
_I_FOR_Y = re.compile(rf"\b(?:{'|'.join(_WITH_Y)})\b")
_SPACED_PAUSE = re.compile(r"\s*([,;:])\s*")
_SPACED_SIGN = re.compile(r"""\s*([-–./\\()\[\]{}&+*!?"'%=<>|_])\s*""")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """Return text composed (NFC), decoded from legacy codes, without shapeless characters, in single spaces.

    Newlines and non-breaking spaces are spaces. Doing it twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    while (cleaner := _clean_once(text)) != text:  # a dropped character may bring to light a legacy code
        text = cleaner
    return text


def _clean_once(text: str) -> str:
    composed = unicodedata.normalize("NFC", decode_legacy(text)).translate(_LOOKALIKES)
    if _FOREIGN_LETTERS.search(composed):
        composed = " ".join(map(_without_foreign, composed.split(" ")))
    return " ".join(unicodedata.normalize("NFC", composed.translate(_SHAPELESS)).split())


def _without_foreign(word: str) -> str:
    """Return a word with its Cyrillic and Greek letters as Latin ones, where all of them look like such."""
    plain = word.translate(_FOREIGN_LOOKALIKES)
    return word if _FOREIGN_LETTERS.search(plain) else plain


@lru_cache(maxsize=65536)
def match_key(text: str) -> str:
    """Return a key to compare by that keeps the diacritics: "Hoà , Bình" and "HÒA, BÌNH" -> "hòa, bình".

    Small letters; tone marks in the older place (hòa, thúy, hòe; but quý); straight quotes and dashes;
    a comma, semicolon or colon followed by one space; no spaces around any other punctuation.
    """
    folded = normalise(text).casefold().translate(_QUOTES_AND_DASHES)
    folded = _NEW_STYLE.sub(lambda vowels: _move_tone(vowels[0]), folded)
    folded = _I_FOR_Y.sub(lambda word: _WITH_Y[word[0]], folded)
    folded = _MISPLACED_QU.sub(lambda vowels: "qu" + _with_tone_of("y", vowels[1]), folded)
    return _SPACED_SIGN.sub(r"\1", _SPACED_PAUSE.sub(r"\1 ", folded)).strip()


def _move_tone(vowels: str) -> str:
    """Move the tone of two vowels from the second to the first: "oà" -> "òa"."""
    plain = unicodedata.normalize("NFD", vowels[1])[0]
    return _with_tone_of(vowels[0], vowels[1]) + plain


def _with_tone_of(vowel: str, toned: str) -> str:
    return unicodedata.normalize("NFC", vowel + unicodedata.normalize("NFD", toned)[1:])


@lru_cache(maxsize=65536)
def ascii_key(text: str) -> str:
    """Return a key to compare by without diacritics and punctuation: "Hòa, Bình" -> "hoa binh"."""
    letters = unicodedata.normalize("NFD", match_key(text).replace("đ", "d"))
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return _NOT_ALPHANUMERIC.sub(" ", letters).strip()
