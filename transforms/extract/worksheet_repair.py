"""Repairs of worksheet parts that some writers make and calamine rejects."""

import re

_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="([^"]*)"[^<>]*/>')
_VALID_RANGE = re.compile(rb"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")
_SPACED_VALUE = re.compile(rb"(<(?:\w+:)?v>)\s*([^<\s]+)\s*(</(?:\w+:)?v>)")
_SPACES_AT_VALUE = (b"v> ", b"v>\n", b"v>\r", b" </v", b"\n</v")
_HEAD = 10_000


def repaired(data: bytes) -> bytes | None:
    """Return a worksheet without an impossible dimension and without spaces around figures, or None.

    None: there was nothing to repair.
    """
    made = data
    dimension = _DIMENSION.search(data, 0, _HEAD)
    if dimension and not _VALID_RANGE.fullmatch(dimension[1]):
        made = data[: dimension.start()] + data[dimension.end() :]
    if any(mark in made for mark in _SPACES_AT_VALUE):
        made = _SPACED_VALUE.sub(rb"\1\2\3", made)
    return None if made == data else made
