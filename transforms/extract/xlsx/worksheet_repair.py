"""Repairs of worksheet parts that some writers make and calamine rejects."""

import re

_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="([^"]*)"[^<>]*/>')
_VALID_RANGE = re.compile(rb"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")
_SPACED_VALUE = re.compile(rb"(<(?:\w+:)?v>)\s*([^<\s]+)\s*(</(?:\w+:)?v>)")
_SPACES_AT_VALUE = (b"v> ", b"v>\n", b"v>\r", b" </v", b"\n</v")
_FIGURE = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)(?: t="n")?(>\s*<v>)([^<]*)(</v>)')
_HEAD = 10_000


def repaired(data: bytes) -> bytes | None:
    """Return a worksheet as calamine can read it, or None where there is nothing to repair.

    An impossible dimension and spaces around figures are left out; a figure that is no number ("1,5")
    becomes a text.
    """
    made = data
    dimension = _DIMENSION.search(data, 0, _HEAD)
    if dimension and not _VALID_RANGE.fullmatch(dimension[1]):
        made = data[: dimension.start()] + data[dimension.end() :]
    if any(mark in made for mark in _SPACES_AT_VALUE):
        made = _SPACED_VALUE.sub(rb"\1\2\3", made)
    made = _FIGURE.sub(_as_text_if_no_number, made)
    return None if made == data else made


def _as_text_if_no_number(match: re.Match[bytes]) -> bytes:
    try:
        float(match[3])
    except ValueError:
        return match[1] + b' t="str"' + match[2] + match[3] + match[4] if match[3].strip() else match[0]
    return match[0]
