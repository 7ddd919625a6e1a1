"""Texts of a sheet with their cells."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.text.normalise import normalise

Grid = Sequence[Sequence[object]]


class FoundText(NamedTuple):
    """A text found in a cell (row and column counted from 0)."""

    text: str
    row: int
    column: int


def texts(rows: Grid, first: int = 0, last: int | None = None) -> Iterator[FoundText]:
    """Yield every text of the rows in reading order; a cell of several lines gives each line."""
    for r, row in enumerate(rows[first:last], first):
        for c, value in enumerate(row):
            if isinstance(value, str):
                for words in _lines(value):
                    yield FoundText(words, r, c)


# The same texts occur in sheet after sheet, so their lines are cached.
@lru_cache(maxsize=16384)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(words for line in text.splitlines() if (words := normalise(line)))
