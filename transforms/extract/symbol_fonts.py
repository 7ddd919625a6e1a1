"""Fonts of symbols: a person sees a tick, a cross or a box where the file holds a letter."""

_SIGNS = {
    "wingdings": {"ü": "✓", "þ": "☑", "û": "✗", "o": "☐", "¨": "☐"},
    "wingdings 2": {"P": "✓", "R": "☑", "O": "✗", "£": "☐"},
    "webdings": {"a": "✓", "r": "✗", "c": "☐"},
    "marlett": {"a": "✓", "b": "✓", "r": "✗"},
    "symbol": {"Ö": "√"},
}
_PRIVATE = 0xF000  # what is added to the codes of such letters


def symbol_font(name: str) -> str:
    """Return the name of a font whose letters are symbols, in small letters; "" for any other font."""
    lower = name.strip().lower()
    return lower if lower in _SIGNS else ""


def shown_symbol(font: str, text: str) -> str | None:
    """Return the sign that is seen of a text of one letter in a symbol font, None where it is not known."""
    letter = text.strip()
    if len(letter) != 1:
        return None
    code = ord(letter) - _PRIVATE
    return _SIGNS.get(font, {}).get(chr(code) if 0 < code < 0x100 else letter)
