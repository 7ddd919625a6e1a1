"""Text of any language in one form to compare by."""

import unicodedata


def folded(text: str) -> str:
    """Return a text in small letters without accents; marks of scripts other than Latin stay."""
    letters = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(c for c in letters if not "\u0300" <= c <= "\u036f").replace("’", "'")
    return " ".join(unicodedata.normalize("NFC", plain).split())
