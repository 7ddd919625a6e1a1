"""Find the texts of a language: a folder per language, here or beside a plan, with a file for each part.

The folder `languages/fr` beside a plan file holds the texts of its own language. A text that a language lacks
is that of English. The months of a language without a file are those of CLDR.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from plans.errors import ChitieuError

SHIPPED = Path(__file__).parent
FALLBACK = "en"
DEFAULT = "vi"  # of a plan that names none
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_own: list[Path] = []
_received: dict[tuple[str, str], dict[str, Any]] = {}  # by language and part, from another process


class LanguageError(ChitieuError):
    """A file of a language that cannot be used; the message is one sentence."""

    exit_code = 2


def add_folder(folder: Path) -> None:
    """Look for languages in a folder as well, if it exists, before the shipped ones."""
    if folder not in _own and folder.is_dir():
        _own.append(folder)
        texts.cache_clear()


def texts_to_send(language: str) -> dict[str, dict[str, Any]]:
    """Return the texts of a language that is not shipped, by part, for a process without its files."""
    if (SHIPPED / language).is_dir():
        return {}
    parts = {file.stem for place in _own for file in (place / language).glob("*.yaml")}
    return {part: own_texts(language, part) for part in sorted(parts)}


def receive_texts(language: str, sent: Mapping[str, dict[str, Any]]) -> None:
    """Take the texts that another process has of a language."""
    known = {(language, part): found for part, found in sent.items()}
    if any(_received.get(key) != found for key, found in known.items()):
        _received.update(known)
        texts.cache_clear()


def languages() -> list[str]:
    """Return the codes of the languages that have a folder."""
    folders = (entry for place in (*_own, SHIPPED) if place.is_dir() for entry in place.iterdir())
    return sorted({folder.name for folder in folders if any(folder.glob("*.yaml"))})


@lru_cache(maxsize=256)
def texts(language: str, part: str) -> Mapping[str, Any]:
    """Return the texts of a part ("periods") in a language by key, those that it lacks in English.

    Raises LanguageError for a file that is no mapping.
    """
    found = dict(texts(FALLBACK, part)) if language != FALLBACK else {}
    found |= own_texts(language, part)
    return MappingProxyType(found)


def own_texts(language: str, part: str) -> dict[str, Any]:
    """Return the texts of a part that a language has itself. Raises LanguageError as `texts` does."""
    found = dict(_received.get((language, part), {}))
    for place in (SHIPPED, *reversed(_own)):
        file = place / language / f"{part}.yaml"
        if file.is_file():
            found |= _read(file)
    return found


def _read(file: Path) -> dict[str, Any]:
    try:
        document = yaml.load(file.read_text("utf-8"), _LOADER)  # noqa: S506 (a safe loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LanguageError(f"The texts {file} cannot be read: {' '.join(str(error).split())}.") from error
    if not isinstance(document, dict):
        raise LanguageError(f"The texts {file} hold no mapping of keys.")
    return document
