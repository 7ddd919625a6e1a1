"""The rules about what is around a name: titles, labels, facts of a person; streets, schools, firms."""

import re
from typing import NamedTuple

from transforms.privacy.name_words import Word
from transforms.privacy.names import foreign
from transforms.privacy.vocabulary import ASCII, FAMILIES, LAST_WORDS, Phrases, Vocabulary

_LOOK_BACK = 9  # words before a name in which a firm's or a school's kind is looked for
_CLEAR_TITLES = frozenset(("mr", "mrs", "ms", "miss", "ong"))
_LONGEST_PHRASE = 4
_LONGEST_ALONE = 100  # characters of a line that holds a name and nothing else
_LOOK_AHEAD = 30  # characters
_LONGEST_HOUSE_NUMBER = 16
_YEAR_AFTER = re.compile(r"\W{0,3}(?:(?:sn|sinh|ns)\W{0,2})?(?:19[3-9]|20[01])\d(?!\d|[./-]\d)\W?")
_AGE_AFTER = re.compile(r"\W{0,3}\(?\d{2} ?(?:tuổi|t\b|tuoi)")
_DECORATION = re.compile(r"[\W\d_]*")
_HOUSE_NUMBER = re.compile(r"(?<![\d-])(?!(?:19|20)\d\d )(?:\d+[a-zA-Z]?/)*\d+[a-zA-Z]? $")


class Line(NamedTuple):
    """A cleaned line, its words, and for each word which kinds of phrases end with it."""

    text: str
    words: list[Word]
    leads: list[str]  # "label of a person before", "label before", "action before" or ""
    things: list[str]  # "institution", "place", "reset" or "": what has names of its own


class Place(NamedTuple):
    """A run of words in a line that may be a name: words `first` to `last` (exclusive)."""

    whole: Line
    first: int
    last: int
    vocabulary: Vocabulary
    words: list[Word]  # of the whole line

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the match keys of the words."""
        return tuple(word.key for word in self.words[self.first : self.last])


def read_line(text: str, words: list[Word], vocabulary: Vocabulary) -> Line:
    """Look up which phrases end with each word of a line."""
    keys = tuple(word.key for word in words)
    leads, things = [""] * len(keys), [""] * len(keys)
    last_words = LAST_WORDS[vocabulary is ASCII]
    for i, key in enumerate(keys):
        if key not in last_words:
            continue
        ends = [keys[start : i + 1] for start in range(max(0, i + 1 - _LONGEST_PHRASE), i + 1)]
        leads[i] = _kind(ends, _leads(vocabulary))
        thing = _kind(ends, (("institution", vocabulary.institutions), ("place", vocabulary.places)))
        things[i] = thing or ("reset" if key in vocabulary.resets else "")
    return Line(text, words, leads, things)


def _leads(vocabulary: Vocabulary) -> tuple[tuple[str, Phrases], ...]:
    return (
        ("label of a person before", vocabulary.person_labels),
        ("label before", vocabulary.labels),
        ("action before", vocabulary.actions_before),
    )


def _kind(ends: list[tuple[str, ...]], kinds: tuple[tuple[str, Phrases], ...]) -> str:
    """Return the first kind one of whose phrases is among the ends."""
    for kind, phrases in kinds:
        if any(end in phrases for end in ends):
            return kind
    return ""


def title_before(place: Place) -> bool:
    """Whether "ông", "bà", "chị" or the like is directly before."""
    i = place.first
    if not i or place.words[i].is_new_part or place.words[i - 1].key not in place.vocabulary.titles:
        return False
    title = place.words[i - 1]
    if place.vocabulary is ASCII and title.style != "other" and title.key not in _CLEAR_TITLES:
        return False  # "Chu Nhat"
    if i > 1 and title.joined and "other" not in (title.style, place.words[i - 2].style):
        return False  # "Mì Cô Năm"
    return (title.key, place.words[i].key) not in place.vocabulary.not_names


def support(place: Place) -> list[str]:
    """Return the rules in favour of a person that the surroundings meet."""
    rules = []
    if title_before(place):
        rules.append("title before")
    elif place.first and place.whole.leads[place.first - 1]:
        rules.append(place.whole.leads[place.first - 1])
    if is_followed_by_fact(place):
        rules.append("fact of a person after")
    if _is_alone(place):
        rules.append("nothing else in the text")
    return rules


def _is_alone(place: Place) -> bool:
    """Whether the line holds the name, a title, digits and signs, and nothing else."""
    if len(place.whole.text) > _LONGEST_ALONE:
        return False
    if place.first == 1 and place.last == len(place.words) and title_before(place):
        return True
    start, end = place.words[place.first].start, place.words[place.last - 1].end
    return bool(_DECORATION.fullmatch(place.whole.text[:start] + place.whole.text[end:]))


def is_followed_by_fact(place: Place) -> bool:
    """Whether a year of birth, an age, a residence, an act of a person is after the name."""
    end = place.words[place.last - 1].end
    rest = place.whole.text[end : end + _LOOK_AHEAD]
    if _YEAR_AFTER.match(rest) and not rest.startswith((" 20", " 19")):
        return True
    if _AGE_AFTER.match(rest.lower()):
        return True
    keys = tuple(word.key for word in place.words[place.last : place.last + 3])
    return any(keys[:length] in place.vocabulary.after for length in range(1, len(keys) + 1))


def doubts(place: Place) -> list[str]:
    """Return the rules against a person that the words and their surroundings meet."""
    keys, vocabulary = place.keys, place.vocabulary
    rules = ["ordinary word inside"] * min(
        3, sum(key in vocabulary.ordinary for key in _may_be_ordinary(keys, vocabulary))
    )
    if any(keys[i : i + n] in vocabulary.not_names for i in range(len(keys)) for n in (2, 3, 4) if i == 0):
        rules.append("phrase that is no name")
    if keys in vocabulary.famous:
        rules.append("name of streets and schools")
    if place.first and _is_other_word(place):
        rules.append("phrase that is no name")
    rules.extend(_what_is_named(place))
    return rules + _neighbours(place)


def _may_be_ordinary(keys: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the words that speak against a name where they are ordinary: not its family name."""
    if len(keys) < 2 or keys[0] not in FAMILIES[vocabulary is ASCII]:
        return keys
    is_clear = len(keys) > 2 and keys[1] in vocabulary.decisive_middles
    return () if is_clear and keys[1:3] not in vocabulary.not_names else keys[1:]


def _is_other_word(place: Place) -> bool:
    """Whether the family name is the end of another word, as in "vi phạm văn hóa"."""
    before, word = place.words[place.first - 1], place.words[place.first]
    return word.joined and before.key in place.vocabulary.not_before_family


def _what_is_named(place: Place) -> list[str]:
    """Return the rule for the street, school or firm whose name this is."""
    start = place.words[place.first].start
    before = place.whole.text[max(0, start - _LONGEST_HOUSE_NUMBER) : start]
    if _HOUSE_NUMBER.search(before) and not is_followed_by_fact(place):
        return ["house number before"]
    if _is_introduced(place):
        return []
    items = 0
    nearest = place.first - title_before(place)
    for end in range(nearest, max(0, place.first - _LOOK_BACK), -1):
        items += place.words[end].is_new_item
        kind = place.whole.things[end - 1]
        if kind == "institution":
            return ["institution or firm earlier in the list" if items else "institution or firm before"]
        if kind == "place" and _only_names_between(place, end):
            return ["place or street before"]
        if kind == "reset":
            return []
    return []


def _is_introduced(place: Place) -> bool:
    """Whether a title or a label is before: "quán chị Lan", "chủ cơ sở Trần Nga"; not "chùa Bà Hậu"."""
    i = place.first
    if not title_before(place):
        return i > 0 and place.whole.leads[i - 1].startswith("label")
    return place.words[i - 1].style == "other" or i < 2 or place.whole.things[i - 2] in ("", "reset")


def _only_names_between(place: Place, end: int) -> bool:
    """Whether only capitalised words, numbers and "và" are between word `end` and the name."""
    return all(
        word.style != "other" or word.key in ("và", "va") or word.text[0].isdigit()
        for word in place.words[end : place.first]
    )


def _neighbours(place: Place) -> list[str]:
    rules = []
    i, j, words = place.first, place.last, place.words
    if (
        i
        and words[i].joined
        and words[i - 1].style in ("title", "upper")
        and words[i].style == words[i - 1].style
    ):
        is_role = words[i - 1].key in place.vocabulary.titles or place.whole.leads[i - 1]
        if not is_role:
            rules.append("part of a longer capitalised phrase")
    if j < len(words) and words[j].joined and words[j].style == words[j - 1].style:
        rules.append("capitalised words follow")
    return rules


def single_name_rules(place: Place) -> list[str]:
    """Return the rules of one or two words after a title or a label of a person: "chị Tư Hường", "bà Hoa"."""
    keys, vocabulary = place.keys, place.vocabulary
    if len(keys) == 1 and keys[0] in vocabulary.birth_order:
        return ["order of birth"]
    is_one_name = len(keys) == 1 or keys[0] in vocabulary.middles or keys[0] in vocabulary.birth_order
    if keys[-1] in vocabulary.given and is_one_name:
        return ["given name alone"]
    if keys[0] in foreign.WESTERN_GIVEN:
        return ["given name alone"]
    before = place.words[place.first - 1] if place.first else None
    if before is not None and before.style == "other" and keys[0] not in vocabulary.ordinary:
        return ["capitalised after a title"]
    return []
