"""Places by any usual name: which area of the plan a cell means."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, NamedTuple

from plans.model import Area, Plan
from transforms.text import bare, clean, fold

Fault = Literal["AREA-UNKNOWN", "AREA-OUTSIDE", "AREA-AMBIGUOUS"]

_MOST_CANDIDATES = 3
# The word before a name in full, by how it is shortened; folded.
_SHORT = {
    **dict.fromkeys(("tp", "t.p"), "thành phố"),
    **dict.fromkeys(("tx", "t.x"), "thị xã"),
    **dict.fromkeys(("tt", "t.t", "ttr"), "thị trấn"),
    **dict.fromkeys(("h",), "huyện"),
    **dict.fromkeys(("q",), "quận"),
    **dict.fromkeys(("x",), "xã"),
    **dict.fromkeys(("p", "f"), "phường"),
}
_KINDS = ("thành phố", "thị xã", "thị trấn", "huyện", "quận", "xã", "phường", "tỉnh")
_BARE_KINDS = {bare(kind): kind for kind in _KINDS}
_FULL_KIND = re.compile(rf"({'|'.join((*_KINDS, *_BARE_KINDS))})\.? (.+)")
_SHORT_KIND = re.compile(
    rf"({'|'.join(sorted(map(re.escape, _SHORT), key=len, reverse=True))})(?:\.| |\. )(.+)"
)
_WITH_PARENT = re.compile(r"([^,(;]+?)(?:[,;]\s*|\s*\(|\s*-\s*)([^()]+)\)?")


class Place(NamedTuple):
    """The area found, or the fault with the codes of the areas that might be meant."""

    area_code: str | None
    fault: Fault | None
    candidates: tuple[str, ...]


@dataclass(slots=True)
class Gazetteer:
    """The areas of a plan by level and way of naming them; what was asked before is remembered."""

    by_name: dict[tuple[str, str], tuple[str, ...]]
    spelled: dict[str, dict[str, str]]
    within: dict[str, frozenset[str]]
    parents: dict[str, frozenset[str]]
    asked: dict[tuple[object, str, str], Place] = field(default_factory=dict)


def gazetteer(plan: Plan) -> Gazetteer:
    """The names of the plan's areas, ready to be looked up."""
    by_name: dict[tuple[str, str], list[str]] = {}
    spelled: dict[str, dict[str, str]] = {}
    parents: dict[str, set[str]] = {}
    for area in plan.areas:
        for key in (area.code, *_keys(area)):
            codes = by_name.setdefault((area.level, key), [])
            if area.code not in codes:
                codes.append(area.code)
        spelled.setdefault(area.level, {}).setdefault(bare(area.name), area.code)
        for key in _keys(area):
            parents.setdefault(key, set()).add(area.code)
    return Gazetteer(
        {key: tuple(codes) for key, codes in by_name.items()},
        spelled,
        plan.areas_within,
        {key: frozenset(codes) for key, codes in parents.items()},
    )


def _keys(area: Area) -> Iterator[str]:
    """The keys of an area, from the most telling on: with its kind and diacritics to neither."""
    kind, name = _split(fold(area.name))
    yield f"{kind} {name}".strip()
    yield name
    yield bare(f"{kind} {name}")
    yield bare(name)


def _split(words: str) -> tuple[str, str]:
    """The kind in full and the name: "tp. biên hòa" -> ("thành phố", "biên hòa"); no kind -> ("", words)."""
    if found := _FULL_KIND.fullmatch(words):
        return _BARE_KINDS.get(found[1], found[1]), found[2]
    if found := _SHORT_KIND.fullmatch(words):
        return _SHORT[found[1]], found[2].strip()
    return "", words


def resolve(places: Gazetteer, text: object, level: str, within: str) -> Place:
    """The area of a level that a cell means, seen from a body whose area is `within`.

    Areas inside it go first; one that lies outside is AREA-OUTSIDE, several inside AREA-AMBIGUOUS.
    """
    asked = (text, level, within)
    if asked not in places.asked:
        places.asked[asked] = _resolve(places, text, level, within)
    return places.asked[asked]


def _resolve(places: Gazetteer, value: object, level: str, within: str) -> Place:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    words = fold(clean(str(value)))
    codes = _named(places, words, level)
    if not codes and (found := _WITH_PARENT.fullmatch(words)):
        inside = _parents(places, found[2])
        codes = [
            c for c in _named(places, found[1].strip(), level) if any(c in places.within[p] for p in inside)
        ]
    if not codes:
        return Place(None, "AREA-UNKNOWN", _close(places, words, level, within))
    near = [code for code in codes if code in places.within[within]]
    if len(near) == 1:
        return Place(near[0], None, ())
    if near:
        return Place(None, "AREA-AMBIGUOUS", tuple(near[:_MOST_CANDIDATES]))
    return Place(None, "AREA-OUTSIDE", tuple(codes[:_MOST_CANDIDATES]))


def _named(places: Gazetteer, words: str, level: str) -> list[str]:
    """The areas of the level so named: by the most telling key that fits any."""
    kind, name = _split(words)
    keys = [f"{kind} {name}".strip(), words, bare(f"{kind} {name}"), bare(words)]
    # A name whose own beginning looks like a short kind, and one with another kind before it.
    keys += [name, bare(name)]
    for key in keys:
        if codes := places.by_name.get((level, key)):
            return list(codes)
    return []


def _parents(places: Gazetteer, words: str) -> frozenset[str]:
    kind, name = _split(words.strip())
    for key in (f"{kind} {name}".strip(), bare(f"{kind} {name}"), name, bare(name)):
        if codes := places.parents.get(key):
            return codes
    return frozenset()


def _close(places: Gazetteer, words: str, level: str, within: str) -> tuple[str, ...]:
    """Areas whose names look alike, those inside `within` only."""
    kind, name = _split(words)
    names = {n: code for n, code in places.spelled.get(level, {}).items() if code in places.within[within]}
    return tuple(names[n] for n in get_close_matches(bare(f"{kind} {name}"), names, _MOST_CANDIDATES, 0.7))
