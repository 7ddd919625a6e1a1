"""Texts of a sheet with their cells."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.text.normalise import normalise

Grid = Sequence[Sequence[object]]


class FoundText(NamedTuple):
    """A text found in a cell (row and column counted from 0)."""

    text: str
    row: int
    column: int


class _Found(NamedTuple):
    """The texts of a grid, and for each row the number of those above it."""

    rows: Grid
    texts: list[FoundText]
    starts: list[int]
    cells: int


# A sheet is searched for texts some fifteen times while it is read, and all sheets of a file are looked at
# before the first is read: the last grids are kept, which saves a twentieth of the time of reading.
_recent: list[_Found] = []
_MOST_RECENT = 8
_MOST_CELLS = 200_000  # of all grids kept but the last one


def texts(rows: Grid, first: int = 0, last: int | None = None) -> Sequence[FoundText]:
    """Return every text of the rows in reading order; a cell of several lines gives each line.

    The rows must not be changed afterwards: another grid has to be another object.
    """
    found = next((known for known in _recent if known.rows is rows), None) or _search(rows)
    end = len(rows) if last is None else min(last, len(rows))
    return found.texts[found.starts[min(first, len(rows))] : found.starts[end]]


def forget_grids() -> None:
    """Release the grids kept, at the end of a file."""
    _recent.clear()


def _search(rows: Grid) -> _Found:
    found: list[FoundText] = []
    starts = [0]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                for words in _lines(value):
                    found.append(FoundText(words, r, c))
        starts.append(len(found))
    searched = _Found(rows, found, starts, sum(map(len, rows)))
    _recent.insert(0, searched)
    del _recent[_MOST_RECENT:]
    while len(_recent) > 1 and sum(known.cells for known in _recent[1:]) > _MOST_CELLS:
        _recent.pop()
    return searched


# The same texts occur in sheet after sheet, so their lines are cached.
@lru_cache(maxsize=16384)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(words for line in text.splitlines() if (words := normalise(line)))
