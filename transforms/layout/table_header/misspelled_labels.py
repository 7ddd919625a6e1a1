"""Header cells that are a label of the form but for one letter."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from transforms.text.misspellings import is_one_letter_off
from transforms.text.normalise import ascii_key

_LEAST_LIKENESS = 0.6  # of a header cell, for it to be suggested as a label that is missing


def misspelled(
    unknown: Sequence[tuple[str, int]], missing: Mapping[str, Sequence[str]]
) -> dict[int, tuple[str, str]]:
    """Return the key and the text of the unknown header cells that are a missing label but for one letter.

    `unknown` are the cells with their columns, `missing` the labels by key. Digits must agree, and only one
    cell may be so like a label.
    """
    found: dict[int, tuple[str, str]] = {}
    for key, labels in missing.items():
        words = [ascii_key(label) for label in labels]
        close = [
            (text, column)
            for text, column in unknown
            if any(is_one_letter_off(ascii_key(text), label) for label in words)
        ]
        if len(close) == 1:
            text, column = close[0]
            found[column] = ("", "") if column in found else (key, text)
    return {column: named for column, named in found.items() if named[0]}


def likeliest(label: str, unknown: Sequence[tuple[str, int]]) -> tuple[str, int] | None:
    """Return the unknown header cell, with its column, that is most like a missing label; None for none."""
    own = ascii_key(label)
    rated = [(SequenceMatcher(None, own, ascii_key(text)).ratio(), text, column) for text, column in unknown]
    best = max(rated, default=None)
    return (best[1], best[2]) if best and best[0] >= _LEAST_LIKENESS else None
