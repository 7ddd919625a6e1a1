"""The names of settings as they are written in the environment and in `.env`: faults before they are read."""

import os
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from plans.errors import SettingsError

ENV_FILE = Path(".env")
_NAME = re.compile(r"^\s*(?:export\s+)?(CHITIEU_\w+)\s*=", re.MULTILINE)
# Above the likeness of what Kubernetes sets for a Service named chitieu-database (its _PORT).
_ALIKE = 0.85


def env_text() -> str:
    """Return the text of the file `.env`; empty where there is none. Raises SettingsError."""
    try:
        if ENV_FILE.is_dir():  # what Docker makes of a file that is not there
            raise SettingsError("The file .env is a folder.", "Remove it, or put the file in its place.")
        return ENV_FILE.read_text(encoding="utf-8-sig") if ENV_FILE.is_file() else ""
    except UnicodeDecodeError:
        raise SettingsError("The file .env is no UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        hint = "Let this account read it, or run the command in another folder."
        raise SettingsError(f"The file .env cannot be read: {error.strerror}.", hint) from None


def unknown_names(known: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each CHITIEU_ name that is no setting: the name, where it is, the setting meant ("" if none)."""
    names = list(known)
    places = dict.fromkeys(_NAME.findall(env_text()), ".env")
    places |= {name: "the environment" for name in os.environ if name.startswith("CHITIEU_")}
    for name, place in sorted(places.items()):
        if name.upper() not in names:  # settings are read in either case
            close = get_close_matches(name.upper().removeprefix("CHITIEU_"), _unprefixed(names), 1, _ALIKE)
            yield name, place, f"CHITIEU_{close[0]}" if close else ""


def _unprefixed(names: Iterable[str]) -> list[str]:
    return [name.removeprefix("CHITIEU_") for name in names if name.startswith("CHITIEU_")]


def reject_misspelt(known: Iterable[str]) -> None:
    """Raise SettingsError for a name that is nearly one of a setting: its value would be ignored."""
    for name, place, meant in unknown_names(known):
        if meant:
            raise SettingsError(f"There is no setting {name} ({place}). Did you mean {meant}?")


def unreadable_lines() -> list[int]:
    """Return the numbers of the lines of `.env` that are no setting."""
    bindings = parse_stream(StringIO(env_text()))
    return [binding.original.line for binding in bindings if binding.error]
