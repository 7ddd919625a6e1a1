"""Periods and days in the words of a language, put into the reader's words.

The patterns are those of `reading.yaml` and of the names that `periods.yaml` gives to periods, so that each
name reads back.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from plans.languages.catalog import DEFAULT, FALLBACK, texts
from plans.languages.cldr import month_words
from plans.period_names import month_names
from transforms.text.folding import folded

_YEAR = r"(?:19|20|21)\d\d"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_ROMAN |= {"xi": 11, "xii": 12}
_SLOT = re.compile(r"\{(\w+)\}")
_APART = r"[\s,.\-–—/()]*"  # between the parts of a period: "mars-2020", "T1/2020", "Week 9 (March 2024)"
_DAY = r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}"
_BEGINS_WORD = "(?<![^\\W\\d_])"
# The second year of a fiscal year ("2023/24"), no part of a day that follows ("2023 - 15/04/2024").
_SECOND_YEAR = rf"(?:\s*[\-–—/]\s*(?P<next>{_YEAR}|\d\d)(?![\d/.\-]))?"
_OF_FISCAL_YEARS = ("quarter", "first_half", "second_half", "years", "whole_year")
# The key of `reading.yaml` for each text of `periods.yaml`; a text that is a list has a key for each entry.
_NAMES = {
    "thirds": ("first_third", "second_third", "last_third"),
    "week": ("week",),
    "month": ("month",),
    "quarter": ("quarter",),
    "halves": ("first_half", "second_half"),
    "year": ("years",),
}
_FILLED_IN = re.compile(r"\{.*\}")

Rewrite = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def months_by_name(language: str) -> dict[str, int]:
    """Return the number of each month by its names; a short name of several months names none."""
    named = [{*short, long} for short, long in zip(month_words(language), month_names(language), strict=True)]
    found: dict[str, set[int]] = {}
    for number, names in enumerate(named, 1):
        for name in names:
            found.setdefault(folded(name).rstrip("."), set()).add(number)
    return {
        name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1 and not name.isdigit()
    }


def rewrites(language: str, declared: Mapping[str, Any], months: Mapping[str, int]) -> tuple[Rewrite, ...]:
    """Return what puts days and then periods of a language into the reader's words.

    `declared` are the words of the language and of English, as `reading.yaml` has them.
    """
    return (*_day_rewrites(declared, months), *_period_rewrites(language, declared, months))


def is_latin(letter: str) -> bool:
    """Return whether a letter is a Latin one."""
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")


def fiscal_year_alone(words: str, year_words: Iterable[str], after_label: bool) -> str | None:
    """Return the reader's words for a text that is a fiscal year and nothing else ("FY2023-24"), or None.

    After the label of a period, a year by its code alone or by both its numbers is one as well.
    """
    prefix = _prefix_of_year(year_words)
    found = re.fullmatch(rf"(?P<prefix>{prefix})?(?P<year>{_YEAR}){_SECOND_YEAR}", words)
    if found is None:
        return None
    years = _years(found)
    stated = (bool(found["prefix"]), years is not None and years != found["year"])
    if years is None or not (any(stated) if after_label else all(stated)):
        return None
    return str(texts(DEFAULT, "reading")["whole_year"].format(year=years))


def _day_rewrites(declared: Mapping[str, Any], months: Mapping[str, int]) -> list[Rewrite]:
    """Days in words as 5/3/2020, then windows of two days."""
    typed = re.compile(
        rf"(?<!\d)(\d{{1,2}})[^\W\d]{{0,3}}\.?\s+(?:\w{{1,3}}\s+)?({_one_of(months)})\.?,?\s+({_YEAR})"
    )
    made: list[Rewrite] = [(typed, lambda found: f"{found[1]}/{months[found[2]]}/{found[3]}")]
    window = texts(DEFAULT, "reading")["window"]
    for pattern in declared["window"]:
        expression = _expression(folded(pattern), {"first": _DAY, "last": _DAY})
        made.append((expression, lambda found: window.format(**found.groupdict())))
    return made


def _period_rewrites(language: str, declared: Mapping[str, Any], months: Mapping[str, int]) -> list[Rewrite]:
    ordinals = {folded(word): int(n) for n, words in declared["ordinals"].items() for word in words}
    numbers = {**_ROMAN, **months, **ordinals}
    slots = {
        "month": f"{_one_of(months)}",
        "number": r"\d{1,2}|[ivx]{1,4}",
        "ordinal": _one_of(ordinals),
        "year": _YEAR,
        "next": rf"{_YEAR}|\d\d",
        "day": _DAY,
        "to": f"(?:{_one_of(map(folded, declared['joined']))})?",
    }
    slots |= {f"first_{name}": slots[name] for name in ("month", "number", "ordinal")}
    fiscal = {"year": rf"(?:{_prefix_of_year(declared['year_words'])})?(?P<first_year>{_YEAR}){_SECOND_YEAR}"}
    of_month = {"year": rf"(?P<first_year>{_YEAR}){_SECOND_YEAR}"}
    readers = texts(DEFAULT, "reading")
    made: list[Rewrite] = []
    for key, patterns in declared["named"].items():
        of_key = slots | (fiscal if key in _OF_FISCAL_YEARS else of_month if key == "month" else {})
        known = dict.fromkeys(map(folded, (*_patterns_of_names(language, key), *patterns)))
        for pattern in sorted(known, key=len, reverse=True):  # "fiscal year 2020" before "year 2020"
            own = slots if "{next}" in pattern else of_key
            made.append((_expression(pattern, own), _filled(readers[key], numbers)))
    return made


def _filled(text: str, numbers: Mapping[str, int]) -> Callable[[re.Match[str]], str]:
    """What replaces a period that was found: a text of the reader with its numbers filled in."""

    def fill(found: re.Match[str]) -> str:
        parts = found.groupdict()
        if (years := _years(found)) is None:
            return found[0]
        last, first = (_first_given(parts, before) for before in ("", "first_"))
        filled = {"number": numbers.get(last, last), "first": numbers.get(first, first)}
        return text.format(**filled, year=years, day=parts.get("day") or "")

    return fill


def _first_given(parts: Mapping[str, str | None], before: str) -> str:
    """What fills one of the slots for a number; `before` begins their names."""
    return next((word for slot in ("month", "ordinal", "number") if (word := parts.get(before + slot))), "")


def _years(found: re.Match[str]) -> str | None:
    """The year that was found, or both years of a fiscal year; None where the second is not the next one."""
    parts = found.groupdict()
    year, following = parts.get("first_year") or parts.get("year") or "", parts.get("next") or ""
    if not following:
        return year
    next_year = str(int(year) + 1)
    return f"{year} {next_year}" if following in (next_year, next_year[2:]) else None


def _patterns_of_names(language: str, key: str) -> Iterator[str]:
    """The names that plans of a language, or in English, give to the periods of a key, as patterns."""
    for code in (language, FALLBACK):
        named = texts(code, "periods")
        if key == "ad_hoc":
            yield _FILLED_IN.sub("{day}", named["ad_hoc"])
        for text, keys in _NAMES.items():
            if key not in keys:
                continue
            name = named[text] if isinstance(named[text], str) else named[text][keys.index(key)]
            name = name.replace("{roman}", "{number}").replace("{In_year}", "{in_year}")
            for years in named["years"].values() if "{in_year}" in name else ("",):
                pattern = name.replace(
                    "{in_year}", years.replace("{prefix}", "").replace("{years}", "{year}")
                )
                if pattern != "{year}":  # a year is in many texts
                    yield pattern


def _prefix_of_year(words: Iterable[str]) -> str:
    """The expression for what begins the name of a fiscal year: words, or letters joined to its numbers."""
    return rf"(?:{_one_of(map(folded, words))}){_APART}|[a-z]{{1,4}}(?=\d)"


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _expression(pattern: str, slots: Mapping[str, str]) -> re.Pattern[str]:
    """The expression of a pattern with slots in braces; a space matches any that separate its parts."""
    parts = _SLOT.split(pattern)
    made = ""
    for number, part in enumerate(parts):
        if number % 2:
            made += rf"(?P<{part}>{slots[part]})"
            made += r"\.?" if part.endswith("month") else ""
        else:
            made += _APART.join(re.escape(word) for word in part.split(" "))
    before = _BEGINS_WORD if is_latin(pattern[:1]) or pattern[:1] == "{" else ""
    return re.compile(f"{before}{made}(?!\\d)")
