"""The rules about what is around a name: titles, labels, facts of a person; streets, schools, firms."""

import re
from typing import NamedTuple

from transforms.privacy.name_words import UPPER, Word
from transforms.privacy.names import foreign
from transforms.privacy.names.word_lists import word_key
from transforms.privacy.vocabulary import ASCII, FAMILIES, LAST_WORDS, Phrases, Vocabulary

_LOOK_BACK = 9  # words before a name in which a firm's or a school's kind is looked for
_CLEAR_TITLES = frozenset(("mr", "mrs", "ms", "miss", "ong"))
_CHATS = ("zalo", "facebook", "fb")
_LONGEST_PHRASE = 4
_LONGEST_ALONE = 100  # characters of a line that holds a name and nothing else
_LOOK_AHEAD = 30  # characters
_LONGEST_HOUSE_NUMBER = 16
_IN_BRACKETS = re.compile(r" ?\(([^\W\d_]+(?: [^\W\d_]+){0,3})\)")
_FROM_BEFORE = re.compile(r"(?<!\w)(?i:từ|tu) $")
_TO_AFTER = re.compile(r" (?:đến|tới|den|toi) [^\W\d_]")
_FROM_AND_TO_BEFORE = re.compile(
    rf"(?<!\w)(?i:từ|tu) [{UPPER}]\w*(?: [{UPPER}]\w*){{0,4}} (?:đến|tới|den|toi) $"
)
_YEAR_AFTER = re.compile(r"\W{0,3}(?:(?:sn|sinh|ns)\W{0,2})?(?:19[3-9]|20[01])\d(?!\d|[./-]\d)\W?")
_AGE_AFTER = re.compile(r"\W{0,3}\(?\d{2} ?(?:tuổi|t\b|tuoi)")
_YEAR_OF_THE_1900S = re.compile(r" \w+ (?:năm |nam )?19\d\d(?!\d)")
_ROLE_OR_NATIONALITY = re.compile(
    r" ?[-(] ?(?:(?:đối tượng|bị can|bị cáo|nạn nhân|nhân viên|tiếp viên|gái bán dâm|người bán dâm|chủ chứa|"
    r"chủ mưu|doi tuong)(?!\w)|chủ (?:quán|cơ sở)(?= ?[),;.]|$)"
    r"|(?:TQ|HQ|ĐL|Trung Quốc|Hàn Quốc|Đài Loan|Nhật Bản|Campuchia|Philippines|Nga|Lào|Thái Lan|Mỹ)(?!\w))"
)
_DECORATION = re.compile(r"[\W\d_]*")
_HOUSE_NUMBER = re.compile(r"(?<![\d-])(?!(?:19|20)\d\d )(?:\d+[a-zA-Z]?/)*\d+[a-zA-Z]? $")


class Line(NamedTuple):
    """A cleaned line, its words, and for each word which kinds of phrases end with it."""

    text: str
    words: list[Word]
    leads: list[str]  # "label of a person before" or another kind of words that lead to a name, or ""
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
        if leads[i] != "label of a person before" and _leads_to_a_role(text, words, i, ends, vocabulary):
            leads[i] = "label of a role before"
        thing = _kind(ends, (("institution", vocabulary.institutions), ("place", vocabulary.places)))
        things[i] = thing or ("reset" if key in vocabulary.resets else "")
    return Line(text, words, leads, things)


def _leads_to_a_role(
    text: str, words: list[Word], i: int, ends: list[tuple[str, ...]], vocabulary: Vocabulary
) -> bool:
    """Whether word `i` ends the name of a role, after which a given name alone is a person's.

    In a heading ("NHÂN VIÊN AN NINH"), and behind a word that may be a firm's owner, only before a colon.
    """
    after = text[words[i].end : words[i + 1].start] if i + 1 < len(words) else ""
    if ":" in after:
        return any(end in vocabulary.role_labels or end in vocabulary.colon_labels for end in ends)
    is_small = words[i].style == "other" or words[i].key in _CHATS
    return is_small and any(end in vocabulary.role_labels for end in ends)


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
    elif _ROLE_OR_NATIONALITY.match(place.whole.text, place.words[place.last - 1].end):
        rules.append("role or nationality after")
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
    if not any(keys[:length] in place.vocabulary.after for length in range(1, len(keys) + 1)):
        return False
    return place.last - place.first > 1 or not _is_everyday_word(place, keys[0])


def _is_everyday_word(place: Place, after: str) -> bool:
    """Whether a syllable and the one after it are a word: "Lưu trú", "An sinh", not "An sinh năm 1990"."""
    last = place.words[place.last - 1]
    if title_before(place) or (place.first and place.whole.leads[place.first - 1].startswith("label")):
        return False
    is_word = (last.key, after) in place.vocabulary.not_facts
    is_end = place.last + 1 == len(place.words) and after in ("sinh", "trú", "quê", "khai", "tru", "que")
    return (is_word or is_end) and not _YEAR_OF_THE_1900S.match(place.whole.text, last.end)


def doubts(place: Place) -> list[str]:
    """Return the rules against a person that the words and their surroundings meet."""
    keys, vocabulary = place.keys, place.vocabulary
    rules = ["ordinary word inside"] * min(
        3, sum(key in vocabulary.ordinary for key in _may_be_ordinary(keys, vocabulary))
    )
    lengths = (3, 4) if _is_clear_in_full(keys, vocabulary) else (2, 3, 4)
    if any(keys[:length] in vocabulary.not_names for length in lengths):
        rules.append("phrase that is no name")
    if len(keys) == 2 and keys[0] == keys[1] and vocabulary is not ASCII:  # "Song Song"
        rules.append("phrase that is no name")
    if keys in vocabulary.provinces and not title_before(place):
        rules.append("phrase that is no name")
    if keys in vocabulary.famous and not _is_followed_by_act(place):
        rules.append("name of streets and schools")
    if place.first and _is_other_word(place):
        rules.append("phrase that is no name")
    rules.extend(_what_is_named(place))
    return rules + _neighbours(place)


def _is_clear_in_full(keys: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether a name without diacritics is one though its head is a word: "Do Thi Nhan", "Dang Van Hung"."""
    if vocabulary is not ASCII or len(keys) != 3 or keys[0] not in vocabulary.common_families:
        return False
    return keys[1] in vocabulary.decisive_middles and keys[2] in vocabulary.given


def _is_followed_by_act(place: Place) -> bool:
    """Whether what a person alone is or does is after the name: "Trần Phú 35 tuổi", "Lê Lợi - đối tượng"."""
    if _ROLE_OR_NATIONALITY.match(place.whole.text, place.words[place.last - 1].end):
        return True
    keys = tuple(word.key for word in place.words[place.last : place.last + 2])
    return is_followed_by_fact(place) and keys not in place.vocabulary.after_offices


def _may_be_ordinary(keys: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the words that speak against a name where they are ordinary: not its family name."""
    if len(keys) < 2 or keys[0] not in FAMILIES[vocabulary is ASCII]:
        return keys
    is_clear = len(keys) > 2 and (keys[1] in vocabulary.decisive_middles or keys[1] == "a")
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
    if _has_word_of_a_firm(place):
        return ["word of a firm inside or after"]
    if _is_introduced(place):
        return []
    if _is_kind_after(place) or _is_stretch_of_road(place):
        return ["kind of street or school after"]
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


def _has_word_of_a_firm(place: Place) -> bool:
    """Whether "Spa", "Hotel" or the like is in the name or behind it."""
    after = [word.key for word in place.words[place.last : place.last + 1] if word.joined]
    return not place.vocabulary.firm_words.isdisjoint((*place.keys, *after))


def _is_kind_after(place: Place) -> bool:
    """Whether a street's or a school's kind is behind, alone in brackets: "Trần Đại Nghĩa (trường)"."""
    match = _IN_BRACKETS.match(place.whole.text, place.words[place.last - 1].end)
    return match is not None and tuple(map(word_key, match[1].split())) in place.vocabulary.kinds_after


def _is_stretch_of_road(place: Place) -> bool:
    """Whether the name is an end of "từ Nguyễn Ái Quốc đến Phạm Văn Thuận"."""
    start, end = place.words[place.first].start, place.words[place.last - 1].end
    return bool(
        (_FROM_BEFORE.search(place.whole.text[:start]) and _TO_AFTER.match(place.whole.text, end))
        or _FROM_AND_TO_BEFORE.search(place.whole.text[:start])
    )


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
    is_role = place.first > 0 and place.whole.leads[place.first - 1] == "label of a role before"
    if is_role and not title_before(place) and _goes_on(place):
        return []
    if len(keys) == 1 and keys[0] in vocabulary.birth_order:
        return ["order of birth"]
    is_one_name = len(keys) == 1 or keys[0] in vocabulary.middles or keys[0] in vocabulary.birth_order
    if keys[-1] in vocabulary.given and is_one_name:
        return ["given name alone"]
    if keys[0] in foreign.WESTERN_GIVEN:
        return ["given name alone"]
    before = place.words[place.first - 1] if place.first and not is_role else None
    if before is not None and before.style == "other" and keys[0] not in vocabulary.ordinary:
        return ["capitalised after a title"]
    return []


def _goes_on(place: Place) -> bool:
    """Whether a small word follows that does not name a person: "nhân viên Công tác xã hội"."""
    if place.last == len(place.words) or is_followed_by_fact(place):
        return False
    return place.words[place.last].joined and place.words[place.last].style == "other"
