"""The texts that commands print, in the language of CHITIEU_LANG. JSON, help and failures are English."""

from datetime import date, datetime, tzinfo
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # loaded when something is printed: --help needs none of it
    from services.languages import Texts


@cache
def language() -> str:
    """Return the language of the settings; English while they are faulty, which the command reports.

    It is read once by each command.
    """
    from services.languages import SOURCE_LANGUAGE
    from services.settings import SettingsError, read_settings

    try:
        return read_settings().lang
    except SettingsError:
        return SOURCE_LANGUAGE


def _texts() -> "Texts":
    from services import languages

    return languages.read_texts(languages.FOLDER / f"{language()}.yaml")


def translated(text: str) -> str:
    """Return a text in the chosen language as it is written, nothing filled in."""
    return _texts().texts.get(text, text)


def say(text: str, **values: Any) -> str:
    """Return a text in the chosen language, with its names in braces filled in."""
    return translated(text).format(**values)


def in_language(declared: Any, name: str) -> str:
    """Return `name` of a declaration or row in the chosen language, else in English, else in any there is.

    `label` is read from `label_vi`, `label_en` and so on.
    """
    from services import languages

    for code in (language(), languages.SOURCE_LANGUAGE, *languages.languages()):
        key = f"{name}_{code}"
        text = declared.get(key) if isinstance(declared, dict) else getattr(declared, key, None)
        if text:
            return str(text)
    return ""


def number(value: float) -> str:
    """Return a number with one decimal, or none if it is zero."""
    texts = _texts()
    plain = f"{round(value, 1):,.1f}".removesuffix(".0")
    return plain.translate({ord(","): texts.thousands, ord("."): texts.decimal})


def day(value: date) -> str:
    """Return a day."""
    return value.strftime(_texts().day)


def moment(value: datetime, zone: tzinfo | None) -> str:
    """Return a moment in a time zone."""
    return value.astimezone(zone).strftime(_texts().moment)
