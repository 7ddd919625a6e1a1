"""Elements of an XML part, found in one pass without parsing the part."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

_ATTRIBUTE = re.compile(rb'(?<![A-Za-z:])([A-Za-z:]++)="([^"]*)"')


def elements(data: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield the attributes and the content of each element of a name, in any namespace.

    Each search starts where the last one ended, and the first element that is never closed ends them all: a
    pattern with `.*?` would search to the end of the part for each of many such elements.
    """
    opening = _opening(name)
    position = 0
    while match := opening.search(data, position):
        position = match.end()
        if match[2].endswith(b"/"):
            yield match[2][:-1], b""
            continue
        closing = _closing(match[1]).search(data, position)
        if closing is None:
            return
        yield match[2], data[position : closing.start()]
        position = closing.start()


@lru_cache(maxsize=64)
def _opening(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<((?:\w+:)?%b)(?=[\s/>])([^<>]*+)>" % name.encode())


@lru_cache(maxsize=64)
def _closing(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"</%b\s*+>" % re.escape(name))


def attributes_of(data: bytes) -> dict[str, str]:
    """Return the attributes that a tag is written with."""
    return {
        name.decode(): unescape(value.decode("utf-8", "replace")) for name, value in _ATTRIBUTE.findall(data)
    }
