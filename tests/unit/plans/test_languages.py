"""The texts of the languages: each shipped one is complete, and fills in the same values."""

from pathlib import Path

import pytest

from plans.languages import catalog
from tests.support.languages import FRENCH, VIETNAMESE_LETTERS, fields, strings, texts_of

LANGUAGES = [catalog.SHIPPED / "vi", catalog.SHIPPED / "en", FRENCH / "languages" / "fr"]
PARTS = sorted(file.stem for file in (catalog.SHIPPED / "en").glob("*.yaml"))
OPTIONAL = {"sample"}  # an example that not every language gives


@pytest.mark.parametrize("folder", LANGUAGES, ids=lambda folder: folder.name)
@pytest.mark.parametrize("part", [part for part in PARTS if part != "reading"])
def test_a_language_has_every_text_and_fills_in_the_same(folder: Path, part: str) -> None:
    english, own = texts_of(catalog.SHIPPED / "en", part), texts_of(folder, part)
    lacking = {"months"} if part == "periods" else set()  # CLDR has them
    assert set(own) | lacking == set(english)
    if part != "periods":  # "Tháng {number}" is "{month}" elsewhere
        differing = {key: fields(own[key]) ^ fields(english[key]) for key in own}
        assert {key for key, names in differing.items() if names - OPTIONAL} == set()


@pytest.mark.parametrize("part", PARTS)
def test_english_texts_have_no_vietnamese_word(part: str) -> None:
    found = [
        text
        for text in strings(texts_of(catalog.SHIPPED / "en", part))
        if VIETNAMESE_LETTERS & set(text.lower())
    ]
    assert found == []
