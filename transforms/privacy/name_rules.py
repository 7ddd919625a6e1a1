"""The rules about a name itself: which words can be one, by the lists of names."""

import re

from transforms.privacy.evidence import WEIGHTS
from transforms.privacy.name_words import Word
from transforms.privacy.names import foreign
from transforms.privacy.vocabulary import ASCII, Vocabulary

_HIGHLAND_WORD = re.compile(r"[hk]['’`]\w{2,}")
_THAI_OR_LAO_END = re.compile(
    r"\w{2,}(?:wong|vong|chai|sak|porn|pong|savath|savang|singh|kul|rak|kit|sone|phone)"
)
_LOWER_ASCII = re.compile("[a-z][a-z'’-]+")


def name_rules(found: list[Word], vocabulary: Vocabulary) -> list[str]:
    """Return the rules that words meet as the name of one person; empty if they are none."""
    keys = tuple(word.key for word in found)
    readings = [_vietnamese_rules(keys, vocabulary), _highland_rules(keys, vocabulary), _western(keys)]
    if all(_LOWER_ASCII.fullmatch(key) for key in keys):
        readings.append(foreign_rules(keys))
    return max(readings, key=total)


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
    if last in vocabulary.given or len(last) == 1:
        rules.append("known given name")
    elif rule != "common family name":
        is_foreign = vocabulary is not ASCII and not foreign.IS_VIETNAMESE.fullmatch(last)
        if is_foreign:
            rules.append("given name not spelt as in Vietnamese")
        elif last in vocabulary.people_given or not foreign.IS_VIETNAMESE.fullmatch(last):
            rules.append("given name of a people")
    if 3 <= len(keys) <= 4:
        rules.append("three or four syllables")
    is_sure = "Văn or Thị in the middle" in rules or (rule == "common family name" and len(keys) > 2)
    if vocabulary is ASCII and not is_sure:
        rules.append("short or rare name without diacritics")
    return rules


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
    elif keys[0] in ("y", "h", "k", "ka", "ha") and len(keys) > 1 and keys[:2] not in vocabulary.not_names:
        rules.append("highland prefix")
        if not foreign.IS_VIETNAMESE.fullmatch(keys[1]):
            rules.append("capitalised after a title")
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
