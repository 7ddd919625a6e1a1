"""Outlines of areas for a map, from the features of a GeoJSON file (RFC 7946).

A province is small enough for an equirectangular projection about its middle. Points that a person would not
see are left out by the algorithm of Douglas and Peucker (1973).
"""

import json
import math
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

WIDTH = 1000  # of the drawing; all coordinates are whole numbers from 0
_TOLERANCE = 1.5
_SMALLEST = 6.0  # area of a ring, such as an islet, that is still drawn beside a larger one
_MOST_POINTS = 2_000_000

Point = tuple[float, float]
Ring = list[Point]


class OutlineError(ValueError):
    """A GeoJSON file that cannot be used; the message is the end of a sentence about it."""


def outlines_of(text: str, code_property: str, wanted: Collection[str]) -> dict[str, str]:
    """Return a path of SVG for each wanted area of a GeoJSON text, by the property that is its code.

    Raises OutlineError for anything but a feature collection of polygons in degrees with that property, and
    where no wanted area is in it.
    """
    rings = _rings_by_code(text, code_property, wanted)
    if not rings:
        raise OutlineError(
            f"no feature has the code of an area of the plan in the property {code_property!r}"
        )
    longitudes = [x for shapes in rings.values() for ring in shapes for x, _ in ring]
    latitudes = [y for shapes in rings.values() for ring in shapes for _, y in ring]
    left, right, bottom, top = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    narrowing = math.cos(math.radians((bottom + top) / 2))
    scale = WIDTH / max((right - left) * narrowing, top - bottom, 1e-9)
    made: dict[str, str] = {}
    for code, shapes in rings.items():
        drawn = [[((x - left) * narrowing * scale, (top - y) * scale) for x, y in ring] for ring in shapes]
        largest = max(abs(_area(ring)) for ring in drawn)
        paths = (_path(ring) for ring in drawn if abs(_area(ring)) >= min(_SMALLEST, largest))
        made[code] = "".join(path for path in paths if path)
        if not made[code]:
            raise OutlineError(f"the outline of the area {code} is too small to be drawn")
    return made


def _rings_by_code(text: str, code_property: str, wanted: Collection[str]) -> dict[str, list[Ring]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise OutlineError("it is no JSON") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise OutlineError("it is no GeoJSON collection of features")
    found: dict[str, list[Ring]] = {}
    points = 0
    for number, feature in enumerate(features, 1):
        code = _code_of(feature, code_property, number)
        if code not in wanted:
            continue
        rings = list(_rings(feature, number))
        points += sum(map(len, rings))
        if points > _MOST_POINTS:
            raise OutlineError(f"it has over {_MOST_POINTS:,} points: simplify it")
        found.setdefault(code, []).extend(rings)
    return found


def _code_of(feature: Any, code_property: str, number: int) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get(code_property) if isinstance(properties, dict) else None
    if isinstance(code, bool) or not isinstance(code, str | int) or code == "":
        raise OutlineError(f"feature {number} has no code in the property {code_property!r}")
    return str(code)


def _rings(feature: Any, number: int) -> Iterator[Ring]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(kind))
    if not isinstance(polygons, list) or not polygons:
        raise OutlineError(f"feature {number} is no Polygon or MultiPolygon")
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise OutlineError(f"feature {number} has a polygon without points")
        for ring in polygon:
            yield _ring(ring, number)


def _ring(ring: Any, number: int) -> Ring:
    points: Ring = []
    for point in ring if isinstance(ring, list) else ():
        numbers = point[:2] if isinstance(point, list) else []
        if len(numbers) < 2 or not all(type(n) in (int, float) and math.isfinite(n) for n in numbers):
            raise OutlineError(f"feature {number} has a point that is no pair of numbers")
        if abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
            raise OutlineError(
                f"feature {number} is not in degrees of longitude and latitude (WGS 84): convert it"
            )
        points.append((float(numbers[0]), float(numbers[1])))
    if len(points) < 4 or points[0] != points[-1]:
        raise OutlineError(f"feature {number} has a ring that is not closed")
    return points


def _area(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _path(ring: Ring) -> str:
    """Return the path of a ring; empty where it is a line or a point in whole numbers."""
    rounded = [(round(x), round(y)) for x, y in _simplified(ring)]
    points = [point for n, point in enumerate(rounded[:-1]) if n == 0 or point != rounded[n - 1]]
    if len(set(points)) < 3:
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _simplified(ring: Ring) -> Ring:
    """Leave out the points within the tolerance of the line between those that stay."""
    kept = {0, len(ring) - 1}
    # A ring begins where it ends: the point farthest from there divides it into two lines.
    far = max(range(len(ring)), key=lambda n: math.dist(ring[0], ring[n]))
    parts = [(0, far), (far, len(ring) - 1)]
    kept.add(far)
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        farthest = max(range(first + 1, last), key=lambda n: _distance(ring[n], ring[first], ring[last]))
        if _distance(ring[farthest], ring[first], ring[last]) > _TOLERANCE:
            kept.add(farthest)
            parts += [(first, farthest), (farthest, last)]
    return [ring[n] for n in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    length = math.dist(start, end)
    if length == 0:
        return math.dist(point, start)
    (x, y), (x1, y1), (x2, y2) = point, start, end
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
