"""Sheets in other languages: their words as those that the reader looks for.

The reader of sheets knows the words of one language. The words of another one are data: each text of a sheet
is put into the reader's words before it is read, and findings show it as it was typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from plans.languages.catalog import DEFAULT, FALLBACK, own_texts, texts
from plans.languages.cldr import separators
from transforms.text.folding import folded
from transforms.text.period_patterns import Rewrite, fiscal_year_alone, is_latin, months_by_name, rewrites

_PART = "reading"
_LONGEST = 200  # characters; a longer text is prose
_END_OF_LABEL = re.compile(r"\s*[:：.\-–]?\s*")
_DIGIT = re.compile(r"\d")
_SHORT = 3  # characters: "Form A"
_INTRODUCE = ("form", "period")  # what follows these labels is read


@dataclass(frozen=True)
class CellWords:
    """How cells are written in a language: the folded words for yes and no, and the sign before decimals.

    `decimal` is empty where a number such as "1,125" has no certain meaning in the language.
    """

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    decimal: str = ""


OF_READER = CellWords()  # the reader knows the words of its own language


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
    if (year := fiscal_year_alone(words, vocabulary.year_words, after_label=False)) is not None:
        return year
    periods = _with_periods(words, vocabulary)
    for label, key in vocabulary.begins:
        if (found := label.match(periods)) and (rest := _rest(periods, found)) is not None:
            year = (
                fiscal_year_alone(rest, vocabulary.year_words, after_label=True) if key == "period" else None
            )
            rest = year or _as_typed(text, vocabulary.whole.get(rest, rest))
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
    """The words of a language: whole texts, labels that begin a text with their keys, periods and years."""

    whole: Mapping[str, str]
    begins: tuple[tuple[re.Pattern[str], str], ...]
    rewrites: tuple[Rewrite, ...]
    year_words: tuple[str, ...]


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
    months = months_by_name(FALLBACK) | months_by_name(language)
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
    year_words = tuple(map(str, declared["year_words"]))
    return _Vocabulary(whole, labels, rewrites(language, declared, months), year_words)


def _label(word: str, key: str) -> str:
    """The expression of a label; a Latin one is no part of a longer word."""
    after = "(?![^\\W\\d_])" if is_latin(word[-1:]) else ""
    group = "introduces" if key in _INTRODUCE else "sums"
    words = r"\s+".join(re.escape(part) for part in word.split())
    return f"(?P<{group}>{words}){after}"
