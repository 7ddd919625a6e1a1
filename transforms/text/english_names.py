"""English names of Vietnamese areas and people's committees: without diacritics, the kind of area last."""

import unicodedata

# The word before a name, and the word that English puts after it.
_KINDS = {
    "Tỉnh": "Province",
    "Thành phố": "City",
    "Thị xã": "Town",
    "Thị trấn": "Township",
    "Quận": "District",
    "Huyện": "District",
    "Phường": "Ward",
    "Đặc khu": "Special Zone",
    "Xã": "Commune",
}
_COMMITTEES = ("UBND ", "Ủy ban nhân dân ")


def without_diacritics(text: str) -> str:
    """Return the text in ASCII letters where it is Vietnamese: "Biên Hòa" -> "Bien Hoa"."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(c for c in letters if not unicodedata.combining(c)))


def english_area_name(name: str) -> str:
    """Return the English name of an area: "Huyện Tân Phú" -> "Tan Phu District", "Phường 1" -> "Ward 1"."""
    for kind, word in _KINDS.items():
        if name.casefold().startswith(f"{kind} ".casefold()):
            bare = without_diacritics(name[len(kind) :].strip())
            return f"{word} {bare}" if bare.isdigit() else f"{bare} {word}"
    return without_diacritics(name)


def english_body_name(name: str) -> str:
    """Return the English name of a body for which the plan gives none.

    A people's committee is named after its area; others keep their name without diacritics.
    """
    for committee in _COMMITTEES:
        if name.startswith(committee):
            return f"People's Committee of {english_area_name(name.removeprefix(committee))}"
    return without_diacritics(name)
