"""What CLDR knows of a language: names of months, and how numbers are written. Babel is slow to import."""

from copy import deepcopy
from functools import lru_cache
from typing import NamedTuple


class Separators(NamedTuple):
    """The signs of a language for decimals and between groups of three digits."""

    decimal: str
    thousands: str


@lru_cache
def is_known(language: str) -> bool:
    """Return whether CLDR has a language."""
    from babel.core import Locale, UnknownLocaleError

    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return False
    return True


@lru_cache
def months(language: str) -> tuple[str, ...]:
    """Return the names of the months as they are written without a day; in English if none are known."""
    return _months(language, "stand-alone", "wide")


@lru_cache
def month_words(language: str) -> tuple[tuple[str, ...], ...]:
    """Return all names of each month: in full and short, by themselves and after a day."""
    styles = [(context, width) for context in ("stand-alone", "format") for width in ("wide", "abbreviated")]
    named = [_months(language, *style) for style in styles]
    return tuple(tuple(dict.fromkeys(names)) for names in zip(*named, strict=True))


@lru_cache
def separators(language: str) -> Separators:
    """Return the signs between digits."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    known = language if is_known(language) else "en"
    return Separators(get_decimal_symbol(known), get_group_symbol(known))


def _months(language: str, context: str, width: str) -> tuple[str, ...]:
    """Return the names of the months from a copy of the data of CLDR.

    Babel resolves aliases in data that languages share: after Lao, `get_month_names` returns German months
    that stand alone in Lao.
    """
    from babel import Locale, localedata

    data = localedata.load(str(Locale.parse(language if is_known(language) else "en")))
    own = localedata.LocaleDataDict({"months": deepcopy(data["months"])})
    names = own["months"][context][width]
    return tuple(names[number] for number in range(1, 13))
