"""The map of a target over the areas of a level, in pixels: outlines where the plan has them, else tiles."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plans.model import Plan
from plans.outlines import WIDTH

_TILE, _GAP = 104, 4  # width and height of a tile, and what lies between tiles
_CHARACTER, _LINE = 9.5, 44  # width of a letter of the name, height of name and figure
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Shape:
    """An area on the map; a path for an outline, "" for a tile at x and y.

    x and y are where its text begins; is_named: the name and the figure fit inside.
    """

    area_code: str
    name: str
    x: int
    y: int
    path: str = ""
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """The shapes of a map and the size of its drawing."""

    width: int
    height: int
    shapes: list[Shape]


def draw_map(plan: Plan, areas: Iterable[tuple[str, str]]) -> DrawnMap | None:
    """Place areas, given as code and name; None if the plan's map does not have all of them."""
    given = [(code, plan.areas_by_code[code].kind, name) for code, name in areas]
    given = [(code, name.removeprefix(kind).strip(), name) for code, kind, name in given]
    codes = {code for code, *_ in given}
    if plan.map is None or not codes:
        return None
    if codes <= plan.map.outlines.keys():
        shapes = [_outlined(code, name, plan.map.outlines[code]) for code, name, _ in given]
        heights = (y for path in plan.map.outlines.values() for _, y in _points(path))
        return DrawnMap(WIDTH, max(heights), shapes)
    if codes <= plan.map.tiles.keys():
        places = plan.map.tiles
        step = _TILE + _GAP
        shapes = [
            Shape(code, name, places[code][0] * step, places[code][1] * step) for code, name, _ in given
        ]
        columns, rows = (1 + max(place[n] for place in places.values()) for n in (0, 1))
        return DrawnMap(columns * step - _GAP, rows * step - _GAP, shapes)
    return None


def _points(path: str) -> list[tuple[int, int]]:
    numbers = [int(number) for number in _NUMBER.findall(path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _outlined(code: str, name: str, path: str) -> Shape:
    """Return the shape of an outline; its text is in the middle of its largest ring."""
    rings = [_points(ring) for ring in path.split("Z") if ring]
    x, y, width, height = max((_box(ring) for ring in rings), key=lambda box: box[2] * box[3])
    needed = max(len(name), 7) * _CHARACTER
    return Shape(code, name, x, y, path, is_named=width >= needed and height >= _LINE)


def _box(ring: list[tuple[int, int]]) -> tuple[int, int, int, int]:
    """Return the centre of gravity of a ring, and the width and height of its box."""
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    weights = [x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs]
    whole = sum(weights) * 3 or 1
    x = sum((x1 + x2) * weight for ((x1, _), (x2, _)), weight in zip(pairs, weights, strict=True)) / whole
    y = sum((y1 + y2) * weight for ((_, y1), (_, y2)), weight in zip(pairs, weights, strict=True)) / whole
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return round(x), round(y), max(xs) - min(xs), max(ys) - min(ys)
