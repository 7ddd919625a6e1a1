"""The many ways to write one number, date, place, code or yes in a cell.

`mess` is a share from 0 (as the form asks) to 1 (hardly a cell as it should be).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from plans.model import Area
from schemas.declaration import Code, Measure
from transforms.text.legacy_encodings import to_tcvn3, to_vni

Cell = str | int | float | date | None

_TONES = "\u0300\u0301\u0309\u0303\u0323"
_PAIRS = {
    unicodedata.normalize("NFC", f"{a}{tone}{b}"): unicodedata.normalize("NFC", f"{a}{b}{tone}")
    for a, b in ("oa", "oe", "uy", "Oa", "Oe", "Uy", "OA", "OE", "UY")
    for tone in _TONES
}
_OTHER_VOWEL = _PAIRS | {new: old for old, new in _PAIRS.items()}
_TONED_PAIR = re.compile(rf"(?<![qQ])({'|'.join(_OTHER_VOWEL)})(?!\w)")
_ABBREVIATED = {
    "Thành phố": ("TP. ", "TP.", "Tp ", "TP "),
    "Thị xã": ("TX. ", "TX "),
    "Huyện": ("H. ", "H.", "H "),
    "Quận": ("Q. ", "Q."),
    "Phường": ("P. ", "P.", "P "),
    "Xã": ("X. ", "X."),
    "Thị trấn": ("TT. ", "TT ", "TT."),
}


@dataclass(frozen=True)
class Typing:
    """How a whole workbook was typed; `encoding` is "tcvn3", "vni" or "" for Unicode."""

    encoding: str = ""
    decomposed: bool = False
    other_vowel: bool = False

    def __call__(self, text: str) -> str:
        """The text as this typist's program stores it."""
        text = unicodedata.normalize("NFC", text)
        if self.other_vowel:
            text = _TONED_PAIR.sub(lambda pair: _OTHER_VOWEL[pair[0]], text)
        if self.encoding:
            return to_tcvn3(text) if self.encoding == "tcvn3" else to_vni(text)
        return unicodedata.normalize("NFD", text) if self.decomposed else text


def draw_typing(rng: Random, mess: float) -> Typing:
    """A typist."""
    draw = rng.random()
    encoding = "tcvn3" if draw < 0.12 * mess else "vni" if draw < 0.2 * mess else ""
    return Typing(encoding, rng.random() < 0.2 * mess, rng.random() < 0.4 * mess)


def spaced(text: str, rng: Random, mess: float) -> str:
    """The text, now and then with doubled, trailing or non-breaking spaces."""
    if rng.random() >= 0.3 * mess:
        return text
    return rng.choice((f" {text} ", f"{text}  ", text.replace(" ", "\xa0"), text.replace(" ", "  ", 1)))


def label_words(vi: str, aliases: Sequence[str], rng: Random, mess: float) -> str:
    """A label as printed, or in another wording seen."""
    text = rng.choice(list(aliases)) if aliases and rng.random() < 0.3 * mess else vi
    if rng.random() < 0.1 * mess:
        text = text.upper()
    return spaced(text, rng, mess)


def code_words(code: Code, rng: Random, mess: float) -> str:
    """An entry of a code list, mostly as printed."""
    return label_words(code.label_vi, code.aliases, rng, mess)


def place_words(area: Area, others: Sequence[Area], rng: Random, mess: float) -> str:
    """A place by a usual name that fits none of the `others` that the body could mean at that level."""
    bare = area.name.removeprefix(f"{area.kind} ") if area.kind else area.name
    wordings = [area.name] * 3
    if area.kind in _ABBREVIATED:
        wordings += [short + bare for short in _ABBREVIATED[area.kind]]
    same = [o for o in others if o is not area and _key(o.name).endswith(_key(bare))]
    if not same and bare != area.name and not bare.isdigit():
        wordings += [bare, bare]
    text = rng.choice(wordings) if rng.random() < mess else area.name
    if rng.random() < 0.2 * mess:
        text = text.upper()
    return spaced(text, rng, mess)


def _key(name: str) -> str:
    """Return a name without tones and capitals, as careless typists write it."""
    return "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))


def number_words(value: float, measure: Measure, rng: Random, mess: float, as_text: bool) -> Cell:
    """A figure as a number or in one of its wordings; blank for a 0 now and then.

    `as_text`: the file knows no numbers. A comma is the decimal sign, a dot groups thousands.
    """
    if value == 0 and measure.is_additive and rng.random() < mess:
        return rng.choice(("-", "không", "0", 0, 0, " - ", None if rng.random() < 0.5 else "Không"))
    if not as_text and rng.random() >= 0.5 * mess:
        return value
    if value == int(value):
        plain, grouped = str(int(value)), f"{int(value):,}".replace(",", ".")
        # Where fractions are allowed, "2.500" without a decimal comma could be read as two and a half.
        grouped = grouped if measure.unit.whole else plain
    else:
        plain = str(value).replace(".", ",")
        grouped = f"{value:,}".translate(str.maketrans(",.", ".,"))
    if mess == 0:
        return plain
    return rng.choice((plain, plain, grouped, f" {plain} "))


def flag_words(value: bool, rng: Random, mess: float) -> Cell:
    """Yes or no."""
    if rng.random() >= mess:
        return "Có" if value else "Không"
    return rng.choice(("x", "X", "Có", "có", "1", 1) if value else ("Không", "không", "0", 0))


def date_words(day: date, rng: Random, mess: float) -> Cell:
    """A day as a spreadsheet date or as text in the usual shapes."""
    if rng.random() >= mess:
        return day
    d, m, y = day.day, day.month, day.year
    return rng.choice(
        (
            f"{d:02}/{m:02}/{y}",
            f"{d}/{m}/{y}",
            f"{d:02}-{m:02}-{y}",
            f"{d:02}.{m:02}.{y}",
            day.isoformat(),
            f"ngày {d} tháng {m} năm {y}",
        )
    )
