"""The texts of the languages: each shipped one is complete, and fills in the same values."""

import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from plans.languages import catalog

LANGUAGES = [catalog.SHIPPED / code for code in ("vi", "en")]
PARTS = sorted(file.stem for file in (catalog.SHIPPED / "en").glob("*.yaml"))
VIETNAMESE_LETTERS = set("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
OPTIONAL = {"sample"}  # an example that not every language gives


def texts_of(folder: Path, part: str) -> dict[str, Any]:
    return dict(yaml.safe_load((folder / f"{part}.yaml").read_text("utf-8")))


def fields(text: Any) -> set[str]:
    found: set[str] = set()
    for part in _strings(text):
        found |= {name for _, name, _, _ in string.Formatter().parse(part) if name}
    return found


def _strings(text: Any) -> Iterator[str]:
    if isinstance(text, str):
        yield text
    elif isinstance(text, dict | list):
        for part in text.values() if isinstance(text, dict) else text:
            yield from _strings(part)


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda folder: folder.name)
@pytest.mark.parametrize("part", [part for part in PARTS if part != "reading"])
def test_a_language_has_every_text_and_fills_in_the_same(folder: Path, part: str) -> None:
    english, own = texts_of(catalog.SHIPPED / "en", part), texts_of(folder, part)
    assert set(own) == set(english)
    if part != "periods":  # "Tháng {number}" is "{month}" elsewhere
        differing = {key: fields(own[key]) ^ fields(english[key]) for key in own}
        assert {key for key, names in differing.items() if names - OPTIONAL} == set()


@pytest.mark.parametrize("part", PARTS)
def test_english_texts_have_no_vietnamese_word(part: str) -> None:
    found = [
        text
        for text in _strings(texts_of(catalog.SHIPPED / "en", part))
        if VIETNAMESE_LETTERS & set(text.lower())
    ]
    assert found == []
