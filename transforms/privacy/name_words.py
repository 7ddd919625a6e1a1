"""Cut a line into words, and the words into runs that are capitalised alike."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.privacy.names.word_lists import word_key

UPPER = "A-ZÀ-ÖØ-ÝĂĐĨŨƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA, 2))
LONGEST_NAME = 6

# "H'Hen", "K' Tiếng", "O'Brien" and "Jae-hyun" are one word; "Rịa-Vũng" is two.
_WORD = re.compile(
    r"(?<![^\W_])[HK]['’`] (?=[A-ZĐ])[^\W_]+"
    r"|[^\W_]+(?:['’`][^\W_]+|(?<=[a-z])-[A-Z]?[a-z]+(?!\w)|(?<=[A-Z])-[A-Z]+(?!\w))*"
)
_BREAK = re.compile(r" - |[^\s'’`.-]")


_LIST_BREAK = frozenset(",;")


class Word(NamedTuple):
    """A word of a line: as typed, its key, where it is, how it is capitalised and what is before it."""

    text: str
    key: str
    start: int
    end: int
    style: str  # "title", "upper", "single" (one capital letter) or "other"
    joined: bool  # only a space is between it and the word before
    is_new_part: bool  # a comma, a bracket, a colon or the like is before it
    is_new_item: bool  # a comma or semicolon is before it


def split_words(line: str) -> list[Word]:
    """Return the words of a cleaned line."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(line):
        gap = line[end : match.start()]
        is_new_part = not found or bool(_BREAK.search(gap))
        found.append(
            Word(
                text=match[0],
                key=word_key(match[0]),
                start=match.start(),
                end=match.end(),
                style=_style(match[0]),
                joined=gap == " ",
                is_new_part=is_new_part,
                is_new_item=not _LIST_BREAK.isdisjoint(gap),
            )
        )
        end = match.end()
    return found


def _style(word: str) -> str:
    if not word[0].isupper():
        return "other"
    if len(word) == 1:
        return "single"
    if word.isupper():
        return "upper"
    pieces = re.split("['’`-] ?", word)
    return "title" if all(piece[1:].islower() or len(piece) < 2 for piece in pieces) else "other"


def runs(found: list[Word]) -> Iterator[tuple[int, int]]:
    """Yield from where to where words are capitalised alike, with nothing but spaces between them."""
    i = 0
    while i < len(found):
        style, j = found[i].style, i + 1
        if style == "other":
            i = j
            continue
        while j < len(found) and found[j].joined and found[j].style != "other":
            if "single" not in (found[j].style, style) and found[j].style != style:
                break
            style = found[j].style if style == "single" else style
            j += 1
        yield i, j
        i = j
