"""Places by any usual name: which area of the plan a cell means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from typing import Literal, NamedTuple, TypeVar

from plans.model import LEVELS, Area, Plan
from transforms.text.codes import without_list_mark
from transforms.text.normalise import ascii_key, match_key

_Key = TypeVar("_Key")
Fault = Literal["AREA-UNKNOWN", "AREA-OUTSIDE", "AREA-AMBIGUOUS"]

_MOST_CANDIDATES = 3
_WITH_SPACES = 4  # keys of a name that are words
_LEAST_LIKENESS = 0.7  # of two names without their kinds, for one to be suggested for the other
_LESS_ALIKE = 0.1  # than the most alike name: a name is not suggested beside it
# The word before a name in full, by how it is shortened; folded.
SHORT_KINDS = {
    **dict.fromkeys(("tp", "t.p", "t.phố", "th.phố", "tphố"), "thành phố"),
    **dict.fromkeys(("tx", "t.x"), "thị xã"),
    **dict.fromkeys(("tt", "t.t", "ttr"), "thị trấn"),
    **dict.fromkeys(("h",), "huyện"),
    **dict.fromkeys(("q",), "quận"),
    **dict.fromkeys(("x",), "xã"),
    **dict.fromkeys(("p", "f"), "phường"),
}
_KINDS = ("thành phố", "thị xã", "thị trấn", "huyện", "quận", "xã", "phường", "tỉnh")
_BARE_KINDS = {ascii_key(kind): kind for kind in _KINDS}
_FULL_KIND = re.compile(rf"({'|'.join((*_KINDS, *_BARE_KINDS))})[.:]? ?\b(.+)")
_SHORT_KIND = re.compile(
    rf"({'|'.join(sorted(map(re.escape, SHORT_KINDS), key=len, reverse=True))})(?:[.:] ?| |(?=\d))(.+)"
)
# An office of the place that is meant: "UBND", "Công an", "CA"; "CAH Long Thành", "CATP Biên Hòa".
_OFFICE = re.compile(
    r"(?:ubnd|ủy ban nhân dân|uy ban nhan dan|công an|cong an|ca|tand|tòa án nhân dân|toa an nhan dan"
    r"|tòa án|toa an|vksnd|vks|viện kiểm sát nhân dân|vien kiem sat nhan dan|viện kiểm sát|vien kiem sat"
    r"|ban chỉ đạo|ban chi dao|bcđ|bcd|địa bàn)(?:[ .:\-]+|(?=(?:tp|tx|h)[. ]))"
)
# "Phòng LĐ-TB&XH TP. Biên Hòa": any office of a district, but for those of a commune in it.
_OFFICE_OF_DISTRICT = re.compile(
    r"(?:phòng|phong|trung tâm|trung tam|chi cục|chi cuc|ban|đội|doi)\b"
    r"(?:(?!\b(?:xã|xa)\b(?! h[ộo]i)|\b(?:phường|phuong|thị trấn|thi tran)\b)[^,;()]){0,60}?"
    r"[ .\-](?=(?:thành phố|thanh pho|thị xã|thi xa|huyện|huyen|quận|quan|tp|tx|h|q)[. :])"
)
_KIND_BEHIND = re.compile(
    rf"(.+?)(?:[,\-] ?| ?\()({'|'.join(map(re.escape, (*_KINDS, *_BARE_KINDS, *SHORT_KINDS)))})\.?\)?"
)
_BEFORE_PARENT = re.compile(r"[,;()\-]")


class ResolvedPlace(NamedTuple):
    """The area found, or the fault with the codes of the areas that might be meant."""

    area_code: str | None
    fault: Fault | None
    candidates: tuple[str, ...]


@dataclass(slots=True)
class Gazetteer:
    """The areas of a plan by level and way of naming them; answers are cached.

    `offices`: what the plan's bodies are called beside the name of their area ("trạm y tế", "tyt").
    `effective_levels`: for each level of a form the one whose areas take its place. `ended`: areas that no
    longer exist at the end of the window; others of their name go first.
    """

    by_name: dict[tuple[str, str], tuple[str, ...]]
    spelled: dict[str, dict[str, tuple[str, ...]]]
    within: dict[str, frozenset[str]]
    parents: dict[str, tuple[str, ...]]
    names: dict[str, str]
    offices: tuple[str, ...]
    effective_levels: dict[str, str]
    ended: frozenset[str]
    answers: dict[tuple[str, str, str], ResolvedPlace] = field(default_factory=dict)


def gazetteer(plan: Plan, day: date = date.max) -> Gazetteer:
    """The names of the plan's areas, ready to be looked up; `day` is the last one of the window."""
    by_name: dict[tuple[str, str], dict[str, None]] = {}
    spelled: dict[str, dict[str, dict[str, None]]] = {}
    parents: dict[str, dict[str, None]] = {}
    for area in plan.areas:
        keys = _keys(area)
        for key in (area.code, *keys):
            by_name.setdefault((area.level, key), {})[area.code] = None
        for key in keys:
            parents.setdefault(key, {})[area.code] = None
        for key in keys[:_WITH_SPACES]:
            spelled.setdefault(area.level, {}).setdefault(ascii_key(key), {})[area.code] = None
    return Gazetteer(
        _frozen(by_name),
        {level: _frozen(names) for level, names in spelled.items()},
        plan.areas_within,
        _frozen(parents),
        {area.code: area.name for area in plan.areas},
        _offices(plan),
        {level: plan.effective_level(level, day) for level in {*LEVELS, *plan.levels_by_key}},
        frozenset(area.code for area in plan.areas if area.ends_on < day),
    )


def _offices(plan: Plan) -> tuple[str, ...]:
    """What names of bodies have before that of their area, in full and by its first letters."""
    found: dict[str, None] = {}
    names = {area.code: match_key(area.name) for area in plan.areas}
    for body in plan.all_bodies:
        name, area = match_key(body.name), names.get(body.area, "")
        if area and name.endswith(f" {area}"):
            office = name.removesuffix(area).strip()
            found |= {office: None, "".join(word[0] for word in office.split()): None}
    return tuple(office for office in found if len(office) > 1)


def _without_office(places: Gazetteer, words: str) -> str:
    for office in places.offices:
        if words.startswith(office) and (rest := words[len(office) :])[:1] in (" ", ".", ":", "-"):
            return rest.lstrip(" .:-")
    found = _OFFICE.match(words) or _OFFICE_OF_DISTRICT.match(words)
    return words[found.end() :] if found else words


def _frozen(codes: Mapping[_Key, Mapping[str, None]]) -> dict[_Key, tuple[str, ...]]:
    return {key: tuple(found) for key, found in codes.items()}


def _keys(area: Area) -> tuple[str, ...]:
    """The keys by which an area is looked up."""
    words, own_kind = match_key(area.name), match_key(area.kind)
    kind, name = _split(words)
    if own_kind and words.startswith(f"{own_kind} "):  # a plan may have kinds of its own ("Đặc khu")
        kind, name = own_kind, words[len(own_kind) + 1 :]
    return _spellings(kind, name)


def _spellings(kind: str, name: str) -> tuple[str, ...]:
    """The keys of a name, the most telling first; by those without kind it may be one of another kind.

    The last ones are without spaces ("Huyện LongThành").
    """
    full = f"{kind} {name}".strip()
    keys = (full, ascii_key(full), name, ascii_key(name))
    return *keys, *(key.replace(" ", "") for key in keys)


def _split(words: str) -> tuple[str, str]:
    """The kind in full and the name: "tp. biên hòa" -> ("thành phố", "biên hòa"); no kind -> ("", words)."""
    if found := _FULL_KIND.fullmatch(words):
        return _BARE_KINDS.get(found[1], found[1]), found[2]
    if found := _SHORT_KIND.fullmatch(words):
        return SHORT_KINDS[found[1]], found[2].strip()
    return "", words


def resolve(places: Gazetteer, text: object, level: str, within: str) -> ResolvedPlace:
    """The area of a level that a cell means, seen from a body whose area is `within`.

    Areas inside it go first; those that lie outside are AREA-OUTSIDE, several inside AREA-AMBIGUOUS. The
    codes named are at most three. Official codes are names too, as text or as a number.
    """
    # As text, since 1, 1.0 and True are one key of a dictionary.
    query = (
        text if isinstance(text, str) else _as_text(text),
        places.effective_levels.get(level, level),
        within,
    )
    place = places.answers.get(query)
    if place is None:
        place = places.answers[query] = _resolve(places, *query)
    return place


def _as_text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _resolve(places: Gazetteer, text: str, level: str, within: str) -> ResolvedPlace:
    words = match_key(text)
    if behind := _KIND_BEHIND.fullmatch(words):  # "Biên Hòa (TP)"
        words = f"{behind[2]} {behind[1]}"
    listed = without_list_mark(words)
    codes = (
        _fitting(places, words, level)
        or _fitting(places, listed, level)
        or _fitting(places, _without_office(places, listed), level)
    )
    if not codes:
        name = _BEFORE_PARENT.split(words)[0].strip() or words
        return ResolvedPlace(None, "AREA-UNKNOWN", _close(places, name, level, within))
    near = [code for code in codes if code in places.within[within]]
    near = [code for code in near if code not in places.ended] or near
    if len(near) == 1:
        return ResolvedPlace(near[0], None, ())
    if near:
        return ResolvedPlace(None, "AREA-AMBIGUOUS", tuple(near[:_MOST_CANDIDATES]))
    return ResolvedPlace(None, "AREA-OUTSIDE", tuple(codes[:_MOST_CANDIDATES]))


def _fitting(places: Gazetteer, words: str, level: str) -> list[str]:
    """The areas of the level that the words name, alone or with the area in which they lie."""
    codes = _named(places, words, level)
    name, *parents = (part.strip() for part in _BEFORE_PARENT.split(words))
    if codes or not parents:
        return codes
    inside = [_inside(places, parent) for parent in parents if parent]
    return [code for code in _named(places, name, level) if all(code in area for area in inside)]


def _named(places: Gazetteer, words: str, level: str) -> list[str]:
    """The areas of the level so named: by the most telling key that fits any."""
    for key in _spellings(*_split(words)):
        if codes := places.by_name.get((level, key)):
            return list(codes)
    return []


def _inside(places: Gazetteer, words: str) -> frozenset[str]:
    """All that lies in the areas so named, of any level."""
    for key in _spellings(*_split(words)):
        if codes := places.parents.get(key):
            return frozenset().union(*(places.within[code] for code in codes))
    return frozenset()


def areas_of_level(places: Gazetteer, level: str, within: str) -> list[str]:
    """Return the names of the areas of a level inside an area, those that have ended left out."""
    spelled = places.spelled.get(places.effective_levels.get(level, level), {})
    codes = dict.fromkeys(code for found in spelled.values() for code in found)
    inside = places.within[within] - places.ended
    return [places.names[code] for code in codes if code in inside]


def _likeness(name: str, spelling: str) -> float:
    """How alike two names are without their kinds: "huyen khong co" is not "huyen thong nhat"."""
    return SequenceMatcher(None, name, ascii_key(_split(spelling)[1])).ratio()


def _close(places: Gazetteer, words: str, level: str, within: str) -> tuple[str, ...]:
    """The codes of areas inside `within` whose names, with their kind or without, look alike."""
    kind, name = _split(words)
    near = {
        spelling: inside
        for spelling, codes in places.spelled.get(level, {}).items()
        if (inside := [code for code in codes if code in places.within[within]])
    }
    full = ascii_key(f"{kind} {name}")
    likeness = {
        spelling: _likeness(ascii_key(name), spelling)
        for spelling in get_close_matches(full, near, _MOST_CANDIDATES, 0.7)
    }
    least = max(_LEAST_LIKENESS, max(likeness.values(), default=0) - _LESS_ALIKE)
    alike = [spelling for spelling, ratio in likeness.items() if ratio >= least]
    return tuple(dict.fromkeys(code for spelling in alike for code in near[spelling]))[:_MOST_CANDIDATES]
