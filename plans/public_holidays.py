"""Public holidays by country, from the package holidays, which is slow to import."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Return the public holidays of a country in a year; none without a country."""
    if not country:
        return frozenset()
    import holidays

    return frozenset(holidays.country_holidays(country, years=year))


@lru_cache(maxsize=16)
def is_known_country(country: str) -> bool:
    """Return whether the public holidays of a country are known; without a country none are needed."""
    if not country:
        return True
    import holidays

    return country in holidays.list_supported_countries(include_aliases=False)
