"""Text in several fonts: which part is crossed out, raised, lowered or unseen, and what a person reads."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from transforms.extract.cell_colours import WHITE, colour_of, is_invisible, is_tiny
from transforms.extract.sheet import CellFlag
from transforms.extract.xml_elements import elements

_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_TEXT = re.compile(rb"<(?:\w+:)?t(?: [^<>]*)?>([^<]*)</")
IS_STRUCK = re.compile(rb'<(?:\w+:)?d?strike(?: val="(?:1|true|on)")? ?/>', re.IGNORECASE)
_COLOUR = re.compile(rb"<(?:\w+:)?color ([^<>]*?)/?>")
_SIZE = re.compile(rb'<(?:\w+:)?sz val="([^"]*)"')
_HIDING_FONT = re.compile(
    rb'<(?:\w+:)?(?:color (?:rgb="[Ff]|theme="0|indexed="(?:1|9|65)")|sz val="[0-2](?:\.|"))'
)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_POSITION = re.compile(rb'<(?:\w+:)?vertAlign val="(super|sub)script"')


class Run(NamedTuple):
    """A part of a text in one font; position is "super", "sub" or ""; unseen: white or tiny."""

    text: str
    is_struck: bool = False
    position: str = ""
    is_unseen: bool = False


class TextFont(NamedTuple):
    """The font of a part of a text, in the words of `Run`."""

    is_struck: bool = False
    position: str = ""
    is_unseen: bool = False


class ShownText(NamedTuple):
    """What a person reads of a text, and why it differs from the stored one."""

    text: str
    flag: CellFlag


def shown_text(runs: Sequence[Run]) -> ShownText | None:
    """Return the text without its struck-out parts, raised digits as such; None where nothing differs.

    A text of which only a part is white or tiny is kept as stored and flagged: a white text as a whole may
    stand on a dark cell, which the style of the cell decides.
    """
    parts: list[str] = []
    flags: set[CellFlag] = set()
    seen = {run.is_unseen for run in runs if run.text.strip()}
    if seen == {True, False}:
        flags.add(CellFlag.INVISIBLE)
    for run in runs:
        if not run.text.strip():
            parts.append(run.text)
        elif run.is_struck:
            flags.add(CellFlag.STRUCK_OUT)
        elif run.position:
            flags.add(CellFlag.SUPERSCRIPT)
            parts.append(run.text.translate(_RAISED if run.position == "super" else _LOWERED))
        else:
            parts.append(run.text)
    for flag in (CellFlag.INVISIBLE, CellFlag.STRUCK_OUT, CellFlag.SUPERSCRIPT):
        if flag in flags:
            return ShownText("".join(parts).strip(), flag)
    return None


def has_marked_font(data: bytes) -> bool:
    """Whether a part of a workbook has texts in a font that crosses out, raises, lowers or hides a part."""
    return b"strike" in data or b"vertAlign" in data or _HIDING_FONT.search(data) is not None


def shown_xml_text(item: bytes) -> ShownText | None:
    """`shown_text` of the runs in a `si` or `is` element of an .xlsx file."""
    return shown_text(list(_runs(item)))


def _runs(item: bytes) -> Iterator[Run]:
    for _, run in elements(item, "r"):
        properties, _, _ = run.partition(b"<t")
        position = _POSITION.search(properties)
        text = b"".join(_TEXT.findall(run)).decode("utf-8", "replace")
        yield Run(
            unescape(text),
            IS_STRUCK.search(properties) is not None,
            position[1].decode() if position else "",
            _is_unseen(properties),
        )


def _is_unseen(properties: bytes) -> bool:
    """Whether the font of a run is white or too small to be read."""
    colour, size = _COLOUR.search(properties), _SIZE.search(properties)
    if size and is_tiny(size[1].decode("utf-8", "replace")):
        return True
    attributes = dict(_ATTRIBUTE.findall(colour[1].decode("utf-8", "replace"))) if colour else {}
    return is_invisible(colour_of(attributes), WHITE)
