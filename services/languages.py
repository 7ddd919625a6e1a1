"""The languages of the command line: each is a file of the folder `texts`.

The code has its texts in English. The file of another language has them by their English, with its formats of
numbers and dates. A text without a translation stays English.
"""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "texts"
SOURCE_LANGUAGE = "en"


class Texts(BaseModel):
    """The file of a language: separators of numbers, formats of dates, texts by their English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decimal: str
    thousands: str
    day: str
    moment: str
    texts: dict[str, str]


def languages() -> list[str]:
    """Return the codes of the languages that have a file."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


@cache
def read_texts(file: Path) -> Texts:
    """Return the texts of a file of the folder."""
    return Texts.model_validate(yaml.safe_load(file.read_text("utf-8")))
