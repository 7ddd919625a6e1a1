"""The rules about a name itself: which words can be one, by the lists of names."""

import re

from transforms.privacy.evidence import WEIGHTS
from transforms.privacy.name_words import Word
from transforms.privacy.names import foreign
from transforms.privacy.names.peoples import PREFIXES
from transforms.privacy.names.word_lists import words
from transforms.privacy.vocabulary import ASCII, SPELT_WITHOUT_MARKS, Vocabulary

_HIGHLAND_WORD = re.compile(r"[hk]['’`] ?\w{2,}")
_FOREIGN_ONSET = re.compile("p(?!h)")  # "Pớt": no Vietnamese word begins so
_LAST_FAMILIES = ("nguyễn", "nguyen")
_CLEAR_FAMILIES = words("nguyễn nguyen trần tran phạm pham huỳnh huynh")
_THAI_OR_LAO_END = re.compile(
    r"\w{2,}(?:wong|vong|chai|sak|porn|pong|savath|savang|singh|kul|rak|kit|sone|phone)"
)
_LOWER_ASCII = re.compile("[a-z][a-z'’-]+")


def name_rules(found: list[Word], vocabulary: Vocabulary) -> list[str]:
    """Return the rules that words meet as the name of one person; empty if they are none."""
    keys = tuple(word.key for word in found)
    readings = [
        _vietnamese_rules(keys, vocabulary),
        _highland_rules(keys, vocabulary),
        _family_last(keys, vocabulary),
        _western(keys),
    ]
    if all(_LOWER_ASCII.fullmatch(key) for key in keys):
        readings.append(foreign_rules(keys))
    met = [rules for rules in readings if rules]
    if len(met) < 2:
        return met[0] if met else []
    return max(met, key=total)


def total(rules: list[str]) -> float:
    """Return the sum of the weights of rules."""
    return sum(WEIGHTS[rule] for rule in rules)


def _head(keys: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, int]:
    """Return the rule of the family name at the head and how many words it has; ("", 0) if there is none."""
    for length in (4, 3, 2):
        if len(keys) > length and keys[:length] in vocabulary.double_families:
            return "family name of two syllables", length
    family = keys[0]
    if family in vocabulary.common_families:
        return "common family name", 1
    if family in vocabulary.clear_families:
        return "family name of one people only", 1
    if family in vocabulary.rare_families:
        return "rare family name", 1
    if family in vocabulary.weak_families:
        return "family name that is an ordinary word", 1
    return "", 0


def _vietnamese_rules(keys: tuple[str, ...], vocabulary: Vocabulary) -> list[str]:
    if len(keys) < 2:
        return []
    if keys[0] == "thị" and keys[1:] and all(key in vocabulary.given for key in keys[1:]):
        return ["Thị before a given name", "known given name"]
    rule, length = _head(keys, vocabulary)
    rest = keys[length:]
    if not rule:
        return _unknown_family_rules(keys, vocabulary)
    rules = [rule]
    if len(rest) > 1 and rest[0] in vocabulary.decisive_middles:
        rules.append("Văn or Thị in the middle")
    elif len(rest) > 1 and rest[0] in vocabulary.people_middles and rule != "common family name":
        rules.append("middle name of a people")
    elif len(rest) > 1 and any(word in vocabulary.given or word in vocabulary.middles for word in rest[:-1]):
        rules.append("known middle name")
    last = rest[-1]
    is_plain = vocabulary is ASCII and not _is_spelt_alike(keys, vocabulary)
    if last in vocabulary.given or len(last) == 1:
        rules.append("known given name")
    elif rule != "common family name":
        is_foreign = not is_plain and not foreign.IS_VIETNAMESE.fullmatch(last)
        if is_foreign:
            rules.append("given name not spelt as in Vietnamese")
        elif last in vocabulary.people_given or not foreign.IS_VIETNAMESE.fullmatch(last):
            rules.append("given name of a people")
    if 3 <= len(keys) <= 4:
        rules.append("three or four syllables")
    is_sure = "Văn or Thị in the middle" in rules or (rule == "common family name" and len(keys) > 2)
    if is_plain and not is_sure:
        rules.append("short or rare name without diacritics")
    return rules


def _is_spelt_alike(keys: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether a name of the highlands or the Khmer is written without diacritics anyway: "Siu Black"."""
    if keys[0] not in SPELT_WITHOUT_MARKS:
        return False
    return keys[-1] in vocabulary.people_given or not foreign.IS_VIETNAMESE.fullmatch(keys[-1])


def _family_last(keys: tuple[str, ...], vocabulary: Vocabulary) -> list[str]:
    """Return the rules of "Lan Nguyễn", "Lan Nguyen Thi", "Van An Nguyen"."""
    if len(keys) == 2 and keys[1] in _LAST_FAMILIES and keys[0] in vocabulary.given:
        return ["family name at the end", "known given name"]
    if len(keys) != 3:
        return []
    is_turned = keys[0] in vocabulary.given and keys[2] in vocabulary.decisive_middles
    if is_turned and keys[1] in _CLEAR_FAMILIES:
        return ["family name at the end", "Văn or Thị in the middle"]
    is_swapped = keys[0] in vocabulary.decisive_middles and keys[1] in vocabulary.given
    if is_swapped and keys[2] in _LAST_FAMILIES:
        return ["family name at the end", "Văn or Thị in the middle"]
    return []


def _unknown_family_rules(keys: tuple[str, ...], vocabulary: Vocabulary) -> list[str]:
    """Return the rules of "Giáp Văn Hào" where the family name is in no list."""
    if not 3 <= len(keys) <= 4 or keys[1] not in vocabulary.decisive_middles:
        return []
    if keys[0] in vocabulary.ordinary or keys[0] in vocabulary.not_before_middle:
        return []
    if keys[1:3] in vocabulary.not_names or vocabulary is ASCII:
        return []
    return ["Văn or Thị after an unknown family name"] + ["known given name"] * (keys[-1] in vocabulary.given)


def _highland_rules(keys: tuple[str, ...], vocabulary: Vocabulary) -> list[str]:
    """Return the rules of "H'Hen Niê", "Y Bham Enuol", "K'Brếu"."""
    rules = []
    is_second = len(keys) > 1 and keys[0] in vocabulary.clear_families
    if _HIGHLAND_WORD.fullmatch(keys[0]) or (is_second and _HIGHLAND_WORD.fullmatch(keys[1])):
        rules.append("highland name with H' or K'")
    elif keys[0] in PREFIXES and len(keys) > 1 and keys[:2] not in vocabulary.not_names:
        is_foreign = not foreign.IS_VIETNAMESE.fullmatch(keys[1]) or _FOREIGN_ONSET.match(keys[1])
        is_given = keys[1] in vocabulary.people_given or (keys[0] == "y" and keys[1] in vocabulary.given)
        if is_foreign or is_given or keys[0] != "a":  # "A Lềnh", not "A Cấp tỉnh"
            rules.append("highland prefix")
        if is_foreign:
            rules.append("given name not spelt as in Vietnamese")
        elif is_given and len(keys) == 2 and keys[0] in ("a", "y"):
            rules.append("given name alone")
    if len(keys) > 1 and keys[0] in vocabulary.clear_families:
        rules.append("family name of one people only")
    is_clan = len(keys) > 1 and keys[-1] in vocabulary.clear_families
    is_clear = keys[-1] in ("niê", "nie") or not foreign.IS_VIETNAMESE.fullmatch(keys[-1])
    if is_clan and (rules or is_clear):
        rules.append("highland clan name")
    return rules


def foreign_rules(keys: tuple[str, ...]) -> list[str]:
    """Return the rules of a name in Latin letters without diacritics that is not Vietnamese."""
    if not 2 <= len(keys) <= 4:
        return []
    rules = max(_western(keys), _korean(keys), _chinese(keys), _southeast_asian(keys), key=total)
    if len(rules) > 1:
        return rules
    if all(not foreign.IS_VIETNAMESE.fullmatch(key) for key in keys):
        return ["foreign spelling"]
    return []


def _western(keys: tuple[str, ...]) -> list[str]:
    if not 2 <= len(keys) <= 4 or keys[0] not in foreign.WESTERN_GIVEN:
        return []
    is_family = keys[-1] in foreign.WESTERN_FAMILIES or keys[-1] in foreign.WESTERN_GIVEN
    return ["Western given name"] + ["Western family name"] * is_family


def _korean(keys: tuple[str, ...]) -> list[str]:
    if keys[-1] in foreign.KOREAN_FAMILIES and "-" in keys[0]:
        keys = (keys[-1], *keys[:-1])
    if keys[0] not in foreign.KOREAN_FAMILIES:
        return []
    if not all(foreign.IS_KOREAN_NAME.fullmatch(key) for key in keys[1:]):
        return []
    rules = ["Korean family name"]
    if len(keys) == 2 and "-" in keys[1]:
        rules.append("Korean given name with a hyphen")
    if len(keys) == 3:
        rules.append("Korean given name of two syllables")
    return rules


def _chinese(keys: tuple[str, ...]) -> list[str]:
    if keys[0] not in foreign.CHINESE_FAMILIES or len(keys) > 3:
        return []
    is_plain = foreign.IS_VIETNAMESE.fullmatch(keys[0])
    rules = ["Chinese family name that is a Vietnamese syllable" if is_plain else "Chinese family name"]
    if all(foreign.IS_PINYIN_NAME.fullmatch(key) for key in keys[1:]):
        is_long = any(not foreign.IS_VIETNAMESE.fullmatch(key) and len(key) > 4 for key in keys[1:])
        if is_long:
            rules.append("two syllables of pinyin")
        elif any(not foreign.IS_VIETNAMESE.fullmatch(key) for key in keys):
            rules.append("one syllable of pinyin")
    return rules


def _southeast_asian(keys: tuple[str, ...]) -> list[str]:
    if all(foreign.IS_VIETNAMESE.fullmatch(key) for key in keys):
        return []
    known = [key for key in keys if key in foreign.SOUTHEAST_ASIAN or _THAI_OR_LAO_END.fullmatch(key)]
    return ["name of South-East Asia"] * min(len(known), 2)
