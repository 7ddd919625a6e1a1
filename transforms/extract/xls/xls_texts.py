"""Shared texts of an .xls file with parts in other fonts (the SST record and its continuations)."""

import struct
from collections.abc import Callable, Sequence

from transforms.extract.rich_text import Run, ShownText, TextFont, shown_text

_WIDE, _HAS_EXTENSION, _HAS_RUNS = 1, 4, 8


class _Reader:
    """Reads across the borders of records; a text that goes on in the next one repeats its width flag."""

    def __init__(self, blocks: Sequence[bytes]) -> None:
        self.blocks = blocks
        self.block = 0
        self.position = 8  # after the counts

    def take(self, count: int) -> bytes:
        made = b""
        while len(made) < count:
            if self.position >= len(self.blocks[self.block]):
                self.block, self.position = self.block + 1, 0
            part = self.blocks[self.block][self.position : self.position + count - len(made)]
            made += part
            self.position += len(part)
        return made

    def letters(self, count: int, is_wide: bool) -> str:
        made = ""
        while True:
            size = 2 if is_wide else 1
            part = self.blocks[self.block][self.position : self.position + (count - len(made)) * size]
            made += part.decode("utf-16-le" if is_wide else "latin-1", "replace")
            self.position += len(part)
            if len(made) >= count:
                return made
            self.block, self.position = self.block + 1, 1
            is_wide = bool(self.blocks[self.block][0] & _WIDE)


def marked_texts(blocks: Sequence[bytes], font: Callable[[int], TextFont]) -> dict[int, ShownText]:
    """Return what a person reads of the texts with struck-out, raised or unseen parts, by their index.

    font: the font of a number. Raises struct.error, IndexError if damaged.
    """
    if not blocks:
        return {}
    reader = _Reader(blocks)
    found: dict[int, ShownText] = {}
    for index in range(struct.unpack_from("<I", blocks[0], 4)[0]):
        length, flags = struct.unpack("<HB", reader.take(3))
        run_count = struct.unpack("<H", reader.take(2))[0] if flags & _HAS_RUNS else 0
        extension = struct.unpack("<I", reader.take(4))[0] if flags & _HAS_EXTENSION else 0
        text = reader.letters(length, bool(flags & _WIDE))
        runs = [struct.unpack("<HH", reader.take(4)) for _ in range(run_count)]
        reader.take(extension)
        shown = shown_text(_split(text, runs, font)) if runs else None
        if shown is not None:
            found[index] = shown
    return found


def _split(text: str, runs: list[tuple[int, int]], font: Callable[[int], TextFont]) -> list[Run]:
    """Return the parts of a text; each run gives the first letter from which its font holds."""
    starts = [0, *(start for start, _ in runs), len(text)]
    looks = [TextFont(), *(font(number) for _, number in runs)]
    return [
        Run(text[first:last], *look) for first, last, look in zip(starts, starts[1:], looks, strict=False)
    ]
