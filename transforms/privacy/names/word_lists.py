"""Turn the word lists of this package into sets to compare with."""

import unicodedata
from functools import lru_cache

Phrase = tuple[str, ...]

# The tone mark of a final oa, oe, uy by the newer habit and by the older: "hoà", "hòa".
_TONE_PLACES = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)


@lru_cache(maxsize=65536)
def word_key(word: str) -> str:
    """Return a word of normalised text in small letters, its tone mark in the older place.

    Unlike `match_key` it does not look for legacy encodings: a single word such as "bá" looks like one.
    """
    key = word.lower()
    older = _TONE_PLACES.get(key[-2:])
    return key[:-2] + older if older and not key.endswith(("quý", "quỳ", "quỷ", "quỹ", "quỵ")) else key


def words(text: str) -> frozenset[str]:
    """Return the words of a text as keys."""
    return frozenset(word_key(word) for word in text.split())


def phrases(text: str) -> frozenset[Phrase]:
    """Return the phrases of a text, set off by commas, as tuples of keys."""
    return frozenset(tuple(word_key(word) for word in phrase.split()) for phrase in text.split(","))


def without_marks(key: str) -> str:
    """Return a key without diacritics and signs: "đình" gives "dinh", "h'hen" gives "hhen"."""
    letters = unicodedata.normalize("NFD", key.replace("đ", "d"))
    return "".join(c for c in letters if c.isalnum())
