"""Text in several fonts: which part is crossed out, raised or lowered, and what a person reads."""

import re
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple

from transforms.extract.sheet import CellFlag

_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_RUN = re.compile(rb"<(?:\w+:)?r>(.*?)</(?:\w+:)?r>", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t(?: [^<>]*)?>([^<]*)</")
IS_STRUCK = re.compile(rb'<(?:\w+:)?d?strike(?: val="(?:1|true|on)")? ?/>', re.IGNORECASE)
_POSITION = re.compile(rb'<(?:\w+:)?vertAlign val="(super|sub)script"')


class Run(NamedTuple):
    """A part of a text in one font; position is "super", "sub" or ""."""

    text: str
    is_struck: bool = False
    position: str = ""


class ShownText(NamedTuple):
    """What a person reads of a text, and why it differs from the stored one."""

    text: str
    flag: CellFlag


def shown_text(runs: Iterable[Run]) -> ShownText | None:
    """Return the text without its struck-out parts, raised digits as such; None where nothing differs."""
    parts: list[str] = []
    flags: set[CellFlag] = set()
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
    if not flags:
        return None
    return ShownText("".join(parts).strip(), max(flags, key=lambda flag: flag is CellFlag.STRUCK_OUT))


def has_marked_font(data: bytes) -> bool:
    """Whether a part of a workbook uses a font that crosses out, raises or lowers."""
    return b"strike" in data or b"vertAlign" in data


def shown_xml_text(item: bytes) -> ShownText | None:
    """`shown_text` of the runs in a `si` or `is` element of an .xlsx file."""
    return shown_text(_runs(item))


def _runs(item: bytes) -> Iterable[Run]:
    for run in _RUN.finditer(item):
        properties, _, _ = run[1].partition(b"<t")
        position = _POSITION.search(properties)
        text = b"".join(_TEXT.findall(run[1])).decode("utf-8", "replace")
        yield Run(
            unescape(text),
            IS_STRUCK.search(properties) is not None,
            position[1].decode() if position else "",
        )
