"""Sheets in other languages: their words as those that the reader looks for.

The reader of sheets knows the words of one language. The words of another one are data: each text of a sheet
is put into the reader's words before it is read, and findings show it as it was typed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from plans.languages.catalog import DEFAULT, FALLBACK, own_texts, texts
from plans.languages.cldr import month_words, separators
from plans.period_names import month_names

_PART = "reading"
_LONGEST = 200  # characters; a longer text is prose
_YEAR = r"(?:19|20|21)\d\d"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_ROMAN |= {"xi": 11, "xii": 12}
_SLOT = re.compile(r"\{(\w+)\}")
_APART = r"[\s,.\-/]*"  # between the parts of a period: "mars-2020", "T1/2020"
_DAY = r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}"
_END_OF_LABEL = re.compile(r"\s*[:：.\-–]?\s*")
_DIGIT = re.compile(r"\d")
_SHORT = 3  # characters: "Form A"
_INTRODUCE = ("form", "period")  # what follows these labels is read
_BEGINS_LABEL = "(?<![^\\W\\d_])"

Rewrite = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


@dataclass(frozen=True)
class CellWords:
    """How cells are written in a language: the folded words for yes and no, and the sign before decimals.

    `decimal` is empty where a number such as "1,125" has no certain meaning in the language.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    decimal: str = ""


OF_READER = CellWords()  # the reader knows the words of its own language


def folded(text: str) -> str:
    """Return a text in small letters without accents; marks of scripts other than Latin stay."""
    letters = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(c for c in letters if not "\u0300" <= c <= "\u036f").replace("’", "'")
    return " ".join(unicodedata.normalize("NFC", plain).split())


@lru_cache(maxsize=16)
def cell_words(language: str) -> CellWords:
    """Return how cells are written in a language."""
    if language == DEFAULT:
        return OF_READER
    words = _declared(language)
    yes, no = (frozenset(folded(str(word)) for word in words[key]) for key in ("yes", "no"))
    signs = separators(language)
    return CellWords(yes, no, signs.decimal if {*signs} == {",", "."} else "")


@lru_cache(maxsize=65536)
def in_readers_words(text: str, language: str) -> str:
    """Return a text with its labels, periods and days in the words of the reader; others stay as they are."""
    words = folded(text)
    if language == DEFAULT or not words or len(words) > _LONGEST:
        return text
    vocabulary = _vocabulary(language)
    word = words.rstrip(" :")
    if (whole := vocabulary.whole.get(word) or vocabulary.whole.get(word.rstrip("."))) is not None:
        return whole
    periods = _with_periods(words, vocabulary)
    for label, key in vocabulary.begins:
        if (found := label.match(periods)) and (rest := _rest(periods, found)) is not None:
            rest = _as_typed(text, vocabulary.whole.get(rest, rest))
            return str(_readers_words()[key].format(rest=rest)).strip()
    return text if periods == words else periods


def _rest(words: str, label: re.Match[str]) -> str | None:
    """What follows a label; None where the label is a word of a sentence ("Form of assistance")."""
    sign = _END_OF_LABEL.match(words, label.end())
    assert sign is not None  # noqa: S101 - each part of the pattern may be empty
    rest = words[sign.end() :]
    is_set_apart = sign[0].strip() or not rest or _DIGIT.search(rest) or len(rest) <= _SHORT
    return rest if is_set_apart or label.lastgroup != "introduces" else None


def _as_typed(text: str, rest: str) -> str:
    """Return what follows a label as it was typed, where it holds no period."""
    tail = " ".join(text.split())[-len(rest) :] if rest else ""
    return tail if folded(tail) == rest else rest


def _with_periods(words: str, vocabulary: "_Vocabulary") -> str:
    for pattern, replacement in vocabulary.rewrites:
        words = pattern.sub(replacement, words)
    return words


@dataclass(frozen=True)
class _Vocabulary:
    """The words of a language: whole texts, labels that begin a text with their keys, and periods."""

    whole: Mapping[str, str]
    begins: tuple[tuple[re.Pattern[str], str], ...]
    rewrites: tuple[Rewrite, ...]


def _readers_words() -> Mapping[str, Any]:
    return texts(DEFAULT, _PART)


def _declared(language: str) -> dict[str, Any]:
    """The words of a language, followed by those of English: what has no text in a language is English."""
    own, english = own_texts(language, _PART) if language != FALLBACK else {}, texts(FALLBACK, _PART)
    merged: dict[str, Any] = {}
    for key, words in english.items():
        if isinstance(words, dict):
            mine = own.get(key, {})
            merged[key] = {name: [*mine.get(name, ()), *words[name]] for name in words}
        else:
            merged[key] = [*own.get(key, ()), *words]
    merged["no"] = [word for word in merged["no"] if word not in own.get("yes", ())]
    merged["yes"] = [word for word in merged["yes"] if word not in own.get("no", ())]
    return merged


@lru_cache(maxsize=16)
def _vocabulary(language: str) -> _Vocabulary:
    declared = _declared(language)
    months = _months(FALLBACK) | _months(language)
    flags = {folded(str(word)) for word in (*declared["yes"], *declared["no"])}
    whole = {
        folded(str(word)): _readers_words()[key]
        for key, words in declared["whole"].items()
        for word in words
        if folded(str(word)) not in flags
    }
    whole |= {word: _readers_words()["month_alone"].format(number=n) for word, n in months.items()}
    begins = [(word, key) for key, words in declared["begins"].items() for word in words]
    begins.sort(key=lambda entry: -len(entry[0]))
    labels = tuple((re.compile(_label(folded(word), key)), key) for word, key in begins)
    return _Vocabulary(whole, labels, (*_day_rewrites(declared, months), *_period_rewrites(declared, months)))


def _months(language: str) -> dict[str, int]:
    """The number of each month by its names; a short name of several months names none."""
    named = [{*short, long} for short, long in zip(month_words(language), month_names(language), strict=True)]
    found: dict[str, set[int]] = {}
    for number, names in enumerate(named, 1):
        for name in names:
            found.setdefault(folded(name).rstrip("."), set()).add(number)
    return {
        name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and not name.isdigit()
    }


def _day_rewrites(declared: Mapping[str, Any], months: Mapping[str, int]) -> list[Rewrite]:
    """Days in words as 5/3/2020, then windows of two days."""
    typed = re.compile(
        rf"(?<!\d)(\d{{1,2}})[^\W\d]{{0,3}}\.?\s+(?:\w{{1,3}}\s+)?({_one_of(months)})\.?,?\s+({_YEAR})"
    )
    rewrites: list[Rewrite] = [(typed, lambda found: f"{found[1]}/{months[found[2]]}/{found[3]}")]
    window = _readers_words()["window"]
    for pattern in declared["window"]:
        expression = _expression(folded(pattern), {"first": _DAY, "last": _DAY})
        rewrites.append((expression, lambda found: window.format(**found.groupdict())))
    return rewrites


def _period_rewrites(declared: Mapping[str, Any], months: Mapping[str, int]) -> list[Rewrite]:
    ordinals = {folded(word): int(n) for n, words in declared["ordinals"].items() for word in words}
    slots = {
        "month": f"{_one_of(months)}",
        "number": r"\d{1,2}|[ivx]{1,4}",
        "ordinal": _one_of(ordinals),
        "year": _YEAR,
        "next": rf"{_YEAR}|\d\d",
    }
    numbers = {**_ROMAN, **months, **ordinals}

    def filled(pattern: str) -> Callable[[re.Match[str]], str]:
        def fill(found: re.Match[str]) -> str:
            parts = found.groupdict()
            word = parts.get("month") or parts.get("ordinal") or parts.get("number") or ""
            following = parts.get("next") or ""
            following = following if len(following) != 2 else (parts.get("year") or "")[:2] + following
            number = numbers.get(word, word)
            return pattern.format(number=number, year=parts.get("year") or "", next=following)

        return fill

    return [
        (_expression(folded(pattern), slots), filled(_readers_words()[key]))
        for key, patterns in declared["named"].items()
        for pattern in patterns
    ]


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _expression(pattern: str, slots: Mapping[str, str]) -> re.Pattern[str]:
    """The expression of a pattern with slots in braces; spaces stand for any that keep its parts apart."""
    parts = _SLOT.split(pattern)
    made = ""
    for number, part in enumerate(parts):
        if number % 2:
            made += rf"(?P<{part}>{slots[part]})"
            made += r"\.?" if part == "month" else ""
        else:
            made += _APART.join(re.escape(word) for word in part.split(" "))
    before = _BEGINS_LABEL if _is_latin(pattern[:1]) or pattern[:1] == "{" else ""
    return re.compile(f"{before}{made}(?!\\d)")


def _label(word: str, key: str) -> str:
    """The expression of a label; a Latin one is no part of a longer word."""
    after = "(?![^\\W\\d_])" if _is_latin(word[-1:]) else ""
    group = "introduces" if key in _INTRODUCE else "sums"
    words = r"\s+".join(re.escape(part) for part in word.split())
    return f"(?P<{group}>{words}){after}"


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")
