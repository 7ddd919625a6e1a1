"""What counts for and against a text naming a person: declared rules whose weights add up."""

from dataclasses import dataclass
from typing import Literal

PersonalKind = Literal["identity_number", "phone", "email", "bank_account", "name"]
Span = tuple[int, int]

THRESHOLD = 5.0


# Where a text comes from. Key columns hold names of places and entries of lists.
TextContext = Literal["free text", "key column", "sheet name", "file name"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One rule that applies to a span of a line, from `start` to `end`; weights of a span add up."""

    kind: PersonalKind
    rule: str
    weight: float
    start: int
    end: int


# The weight of a rule is what it adds to the score; a span whose score reaches THRESHOLD is personal data.
WEIGHTS: dict[str, float] = {
    # The name itself: its head.
    "common family name": 3,
    "family name of one people only": 3,
    "rare family name": 2,
    "family name that is an ordinary word": 1.5,
    "family name of two syllables": 4,
    "highland name with H' or K'": 4,
    "highland prefix": 2,
    "highland clan name": 3,
    # Its middle and end.
    "Văn or Thị in the middle": 3,
    "Văn or Thị after an unknown family name": 4,
    "middle name of a people": 2,
    "known middle name": 1.5,
    "known given name": 1,
    "given name of a people": 1.5,
    "given name not spelt as in Vietnamese": 2.5,
    "three or four syllables": 1,
    # Foreign names.
    "Western given name": 3,
    "Western family name": 2.5,
    "Chinese family name": 3,
    "Chinese family name that is a Vietnamese syllable": 2,
    "two syllables of pinyin": 3,
    "one syllable of pinyin": 2,
    "Korean family name": 2,
    "Korean given name with a hyphen": 3,
    "Korean given name of two syllables": 3,
    "name of South-East Asia": 2.5,
    "foreign spelling": 2.5,
    # Short forms.
    "family name at the end": 3,
    "Thị before a given name": 3,
    "family name with initials": 5,
    "initials": 2.5,
    "given name alone": 2,
    "order of birth": 2,
    "capitalised after a title": 2,
    # Words around it.
    "nothing else in the text": 1,
    "title before": 3,
    "label before": 2,
    "label of a person before": 3,
    "label of a role before": 3,
    "action before": 1.5,
    "fact of a person after": 3,
    "role or nationality after": 2,
    "stated as a name": 6,
    # Against.
    "short or rare name without diacritics": -1.5,
    "ordinary word inside": -3,
    "phrase that is no name": -8,
    "place or street before": -6,
    "kind of street or school after": -6,
    "institution or firm before": -6,
    "word of a firm inside or after": -6,
    "institution or firm earlier in the list": -3,
    "house number before": -4,
    "name of streets and schools": -5,
    "part of a longer capitalised phrase": -2.5,
    "capitalised words follow": -1.5,
    "in a key column": -1,
}
