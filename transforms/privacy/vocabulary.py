"""The word lists as one vocabulary, with diacritics and without."""

from dataclasses import dataclass, fields
from typing import Any

from transforms.privacy.names import context_words, foreign, kinh, not_names, peoples
from transforms.privacy.names.word_lists import Phrase, phrases, without_marks, words

Words = frozenset[str]
Phrases = frozenset[Phrase]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names and words around names as match keys."""

    common_families: Words
    clear_families: Words
    rare_families: Words
    weak_families: Words
    double_families: Phrases
    decisive_middles: Words
    people_middles: Words
    middles: Words
    given: Words
    people_given: Words
    birth_order: Words
    ordinary: Words
    not_names: Phrases
    famous: Phrases
    not_before_family: Words
    not_before_middle: Words
    titles: Words
    labels: Phrases
    person_labels: Phrases
    role_labels: Phrases
    colon_labels: Phrases
    actions_before: Phrases
    after: Phrases
    after_offices: Phrases
    not_facts: Phrases
    kinds_after: Phrases
    firm_words: Words
    provinces: Phrases
    places: Phrases
    institutions: Phrases
    resets: Words


_AMBIGUOUS = kinh.WEAK_FAMILIES | words(
    "cà má cứ mùa vàng bạc hạng ma vì bàn lộc sơn kim tài phú thành thông đạt thiên qua mang sa ka não "
    "tang tải phủ tao pán thượng cồ sừng thị chang cháng vũ then hảng ly mua lộ lữ mào nại tráng chị xa "
    "chế bá ôn quảng chau điêu điều dụng lả cút vi ngọ lầu hán lự mông kiên công la lềm hờ du hiên nay "
    "thổ cháo hù vầy kon cil krông dì"
)
_PEOPLES = peoples.NORTHERN_FAMILIES | peoples.SOUTHERN_FAMILIES | peoples.HIGHLAND_FAMILIES
# Their names have no diacritics to lose; the ordinary words among them count as before.
SPELT_WITHOUT_MARKS = frozenset(
    filter(str.isascii, peoples.SOUTHERN_FAMILIES | peoples.HIGHLAND_FAMILIES)
) - words("kim sa ka kon bon du")
_KINDS = frozenset(
    phrase[0] for phrase in context_words.STREETS | context_words.PLACES if len(phrase) == 1
)  # "đường", "quan": the head of a street or place rather than a family name
_RARE = kinh.RARE_FAMILIES - kinh.WEAK_FAMILIES - _KINDS

ACCENTED = Vocabulary(
    common_families=kinh.COMMON_FAMILIES,
    clear_families=_PEOPLES - _AMBIGUOUS - kinh.COMMON_FAMILIES - kinh.RARE_FAMILIES,
    rare_families=_RARE,
    weak_families=(_AMBIGUOUS - kinh.COMMON_FAMILIES - _RARE - _KINDS) & (_PEOPLES | kinh.RARE_FAMILIES),
    double_families=kinh.DOUBLE_FAMILIES | peoples.HIGHLAND_DOUBLE,
    decisive_middles=kinh.DECISIVE_MIDDLES,
    people_middles=peoples.MIDDLES,
    middles=kinh.MIDDLES,
    given=kinh.GIVEN,
    people_given=peoples.GIVEN,
    birth_order=kinh.BIRTH_ORDER,
    ordinary=not_names.ORDINARY - kinh.GIVEN - kinh.MIDDLES,
    not_names=not_names.NOT_NAMES,
    famous=not_names.FAMOUS,
    not_before_family=not_names.NOT_BEFORE_FAMILY,
    not_before_middle=not_names.NOT_BEFORE_MIDDLE,
    titles=context_words.TITLES,
    labels=context_words.LABELS | context_words.PERSON_LABELS | context_words.ROLE_LABELS,
    person_labels=context_words.PERSON_LABELS,
    role_labels=context_words.ROLE_LABELS,
    colon_labels=context_words.ROLE_LABELS_WITH_COLON,
    actions_before=context_words.ACTIONS_BEFORE,
    after=context_words.AFTER,
    after_offices=context_words.AFTER_OFFICES,
    not_facts=context_words.NOT_FACTS,
    kinds_after=context_words.KINDS_AFTER,
    firm_words=context_words.FIRM_WORDS,
    provinces=not_names.PROVINCES,
    places=context_words.STREETS | context_words.PLACES,
    institutions=context_words.INSTITUTIONS,
    resets=context_words.RESETS,
)


def _without_diacritics(vocabulary: Vocabulary) -> Vocabulary:
    plain: dict[str, Any] = {
        field.name: _ascii(getattr(vocabulary, field.name)) for field in fields(vocabulary)
    }
    names = plain["given"] | plain["middles"] | plain["people_given"]
    common = plain["common_families"]
    plain["ordinary"] -= names | common
    kinds = {phrase[0] for phrase in plain["places"] if len(phrase) == 1}  # "quan", "huyen", "xa"
    plain["rare_families"] -= common | kinds
    plain["weak_families"] -= common | plain["rare_families"] | kinds
    plain["titles"] -= words("con di ten")  # "còn", "đi" and headings as well
    # "Lê Văn Tâm", "Nguyễn Văn Cư", "Nguyễn Văn Tô" are written alike.
    plain["famous"] -= phrases("le van tam,nguyen van cu,nguyen van to")
    return Vocabulary(**plain)


def _ascii(keys: frozenset[Any]) -> frozenset[Any]:
    return frozenset(
        without_marks(key) if isinstance(key, str) else tuple(map(without_marks, key)) for key in keys
    )


ASCII = _without_diacritics(ACCENTED)


def families(vocabulary: Vocabulary) -> Words:
    """Return all family names of one syllable."""
    return (
        vocabulary.common_families
        | vocabulary.clear_families
        | vocabulary.rare_families
        | vocabulary.weak_families
    )


FAMILIES = {False: families(ACCENTED), True: families(ASCII)}
# "Nguyen", "Pham": family names that lack their diacritics wherever they are.
PLAIN_FAMILIES: Words = ASCII.common_families - families(ACCENTED)

_FOREIGN = (
    foreign.WESTERN_GIVEN | foreign.CHINESE_FAMILIES | foreign.KOREAN_FAMILIES | foreign.SOUTHEAST_ASIAN
)


def _last_words(vocabulary: Vocabulary) -> Words:
    every = (
        vocabulary.person_labels
        | vocabulary.colon_labels
        | vocabulary.labels
        | vocabulary.actions_before
        | vocabulary.institutions
        | vocabulary.places
    )
    return frozenset(phrase[-1] for phrase in every) | vocabulary.resets


# The last words of the phrases around names: most words end none.
LAST_WORDS = {False: _last_words(ACCENTED), True: _last_words(ASCII)}


def _signs(vocabulary: Vocabulary) -> Words:
    """Return words one of which every name has: a family name, or the first word of a double one."""
    known = families(vocabulary) | _FOREIGN
    heads = {phrase[0] for phrase in vocabulary.double_families if known.isdisjoint(phrase)}
    return known | heads | vocabulary.decisive_middles | words("y")


# A text that has none of these with a capital letter and none of CONTEXT_SIGNS names nobody; by whether the
# text is without diacritics.
NAME_SIGNS = {False: _signs(ACCENTED) | PLAIN_FAMILIES, True: _signs(ASCII)}
CONTEXT_SIGNS: Words = (
    ACCENTED.titles
    | ASCII.titles
    | words(
        "tịch tich sinh sn c bị bi nghi lập lap ký chủ chu đối doi tú má viên vien con họ ho bí "
        "danh trai gái "
        "zalo facebook fb gọi biệt thợ lễ"
    )
)
