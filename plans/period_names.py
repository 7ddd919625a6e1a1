"""The names of periods in the language of a plan and in English, from the texts of the languages."""

from functools import lru_cache
from typing import Any

from plans.languages.catalog import FALLBACK, own_texts, texts
from plans.languages.cldr import months

_PART = "periods"
_ROMAN = ("", "I", "II", "III", "IV")
Names = tuple[str, str]  # in the plan's language, in English


@lru_cache(maxsize=32)
def month_names(language: str) -> tuple[str, ...]:
    """Return the names of the twelve months in a language: of its own texts, else of CLDR."""
    own = own_texts(language, _PART).get("months")
    return tuple(own) if own else months(language)


def period_names(
    language: str, text: str, year: int, number: int = 0, month: int = 0, **values: object
) -> Names:
    """Return the names of a period by its text ("month"); `number` chooses from a text that is a list.

    `month` is that whose name may be in the text; `values` are filled in as they are.
    """
    own, english = (_name(code, text, year, number, month, values) for code in (language, FALLBACK))
    return own, english


def names_in_year(
    language: str, text: str, year: int, number: int, kind_of_year: str, **values: object
) -> Names:
    """Return the names of a quarter, half or year; `kind_of_year`: calendar, school or fiscal."""
    names = []
    for code in (language, FALLBACK):
        in_year = texts(code, _PART)["years"][kind_of_year].format(**values)
        filled = {**values, "in_year": in_year, "In_year": in_year[:1].upper() + in_year[1:]}
        names.append(_name(code, text, year, number, 0, filled))
    return names[0], names[1]


def _name(language: str, text: str, year: int, number: int, month: int, values: dict[str, Any]) -> str:
    pattern: str | list[str] = texts(language, _PART)[text]
    chosen = pattern if isinstance(pattern, str) else pattern[number - 1]
    name = month_names(language)[month - 1] if month else ""
    roman = _ROMAN[number] if number < len(_ROMAN) else ""
    shown = chosen.format(**{"number": month or number, "roman": roman, "month": name, "year": year} | values)
    return shown[:1].upper() + shown[1:]
