"""The map of a plan: tiles in the file, outlines from a GeoJSON file beside it, and what is rejected."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.outlines import WIDTH, OutlineError, outlines_of
from plans.reading import PlanError
from publishing.site.area_maps import draw_map
from tests.support.small_plans import plan_of

SQUARE = [[106.0, 10.0], [107.0, 10.0], [107.0, 11.0], [106.0, 11.0], [106.0, 10.0]]
CODES = ("731", "732")
NAMES = [("731", "Thành phố Biên Hòa"), ("732", "Thành phố Long Khánh")]


def feature(code: object, *rings: Any, kind: str = "Polygon", key: str = "code") -> dict[str, Any]:
    coordinates = list(rings) if kind == "Polygon" else [[ring] for ring in rings]
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {key: code}, "geometry": geometry}


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def moved(ring: list[list[float]], east: float) -> list[list[float]]:
    return [[x + east, y] for x, y in ring]


def test_outlines_are_drawn_beside_each_other_north_up() -> None:
    made = outlines_of(collection(feature("731", SQUARE), feature(732, moved(SQUARE, 1))), "code", CODES)
    side = WIDTH / 2
    height = round(side / math.cos(math.radians(10.5)))
    assert made == {
        "731": f"M0 {height}L500 {height}L500 0L0 0Z",
        "732": f"M500 {height}L1000 {height}L1000 0L500 0Z",
    }


def test_parts_and_holes_belong_to_their_area_and_islets_are_left_out() -> None:
    islet = [[108.0, 10.0], [108.001, 10.0], [108.001, 10.001], [108.0, 10.0]]
    hole = [[106.4, 10.4], [106.6, 10.4], [106.6, 10.6], [106.4, 10.4]]
    parts = feature("731", SQUARE, islet, kind="MultiPolygon")
    made = outlines_of(collection(parts, feature("732", moved(SQUARE, 1), moved(hole, 1))), "code", CODES)
    assert (made["731"].count("M"), made["732"].count("M")) == (1, 2)


@given(st.lists(st.tuples(st.floats(106, 107), st.floats(10, 11)), min_size=3, max_size=60))
def test_any_ring_gives_a_path_inside_the_drawing(points: list[tuple[float, float]]) -> None:
    ring = [list(point) for point in (*points, points[0])]
    made = outlines_of(
        collection(feature("731", SQUARE), feature("732", moved(SQUARE, 1), ring)), "code", CODES
    )
    for path in made.values():
        assert re.fullmatch(r"(M\d+ \d+(L\d+ \d+)+Z)+", path)
        assert all(int(number) <= WIDTH for number in re.findall(r"\d+", path))


def test_points_that_nobody_sees_are_left_out() -> None:
    circle = [[106 + math.cos(n / 500) / 2, 10.5 + math.sin(n / 500) / 2] for n in range(3141)]
    made = outlines_of(collection(feature("731", [*circle, circle[0]])), "code", CODES)
    assert 20 < made["731"].count("L") < 80


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("{}", "no GeoJSON collection"),
        (collection(feature(None, SQUARE)), "no code in the property 'code'"),
        (collection(feature("731", SQUARE, key="ma")), "no code in the property 'code'"),
        (collection({"properties": {"code": "731"}, "geometry": None}), "no Polygon"),
        (collection(feature("731", SQUARE[:-1])), "not closed"),
        (collection(feature("731", [["a", 1]] * 4)), "no pair of numbers"),
        (collection(feature("731", [[float("nan"), 1]] * 4)), "no pair of numbers"),
        (collection(feature("731", [[399_000, 1_210_000]] * 4)), "not in degrees"),
        (collection(feature("731", [[106, 10]] * 4)), "too small to be drawn"),
        (collection(feature("799", SQUARE)), "no feature has the code of an area of the plan"),
    ],
)
def test_a_file_that_cannot_be_used(text: str, fault: str) -> None:
    with pytest.raises(OutlineError, match=fault):
        outlines_of(text, "code", CODES)


def test_a_plan_names_a_file_and_the_property(tmp_path: Path) -> None:
    features = [feature(code, moved(SQUARE, n), key="ma_huyen") for n, (code, _) in enumerate(NAMES)]
    (tmp_path / "huyen.geojson").write_text(collection(*features), encoding="utf-8")
    plan = plan_of(tmp_path, map={"geojson": "huyen.geojson", "code_property": "ma_huyen"})
    assert plan.map is not None
    assert list(plan.map.outlines) == ["731", "732"]
    assert type(plan).model_validate_json(plan.model_dump_json()) == plan  # as the warehouse keeps it
    drawn = draw_map(plan, NAMES)
    assert drawn is not None
    assert [(shape.x, shape.is_named, bool(shape.path)) for shape in drawn.shapes] == [
        (250, True, True),
        (750, True, True),
    ]
    assert draw_map(plan, [*NAMES, ("25993", "Phường Trảng Dài")]) is None


def test_features_of_other_provinces_are_left_out(tmp_path: Path) -> None:
    features = [feature(code, moved(SQUARE, n)) for n, code in enumerate((*CODES, "799"))]
    (tmp_path / "a.geojson").write_text(collection(*features), encoding="utf-8")
    plan = plan_of(tmp_path, map={"geojson": "a.geojson"})
    assert plan.map is not None
    assert list(plan.map.outlines) == ["731", "732"]
    assert plan.map.outlines["732"].startswith("M500 ")


def test_tiles_that_do_not_cover_a_level_draw_no_map(tmp_path: Path) -> None:
    for tiles, is_drawn in (({"731": [0, 0], "732": [1, 0], "799": [2, 0]}, True), ({"731": [0, 0]}, False)):
        assert (draw_map(plan_of(tmp_path, map={"tiles": tiles}), NAMES) is not None) == is_drawn


def test_a_changed_file_is_another_plan(tmp_path: Path) -> None:
    file = tmp_path / "huyen.geojson"
    file.write_text(collection(*(feature(c, moved(SQUARE, n)) for n, (c, _) in enumerate(NAMES))))
    before = plan_of(tmp_path, map={"geojson": file.name})
    file.write_text(collection(*(feature(c, moved(SQUARE, 2 * n)) for n, (c, _) in enumerate(NAMES))))
    assert plan_of(tmp_path, map={"geojson": file.name}) != before


@pytest.mark.parametrize(
    ("area_map", "fault"),
    [
        (
            {"geojson": "missing.geojson"},
            "names missing.geojson for its map, which cannot be read: No such file",
        ),
        ({"geojson": "huyen.geojson", "code_property": "ma"}, "cannot be used: feature 1 has no code"),
        ({"geojson": "huyen.geojson"}, "at map.geojson: .*the map lacks areas of the level district: 732"),
        ({"tiles": {"731": [0, 0], "732": [0, 0]}}, "731, 732 are on one tile, column 0 and row 0"),
        ({"tiles": {"731": [-1, 0]}}, "it must be at least 0, not -1"),
        ({"outlines": {"731": 'M0 0L1 1"/><script>'}}, "is not written as it must be"),
    ],
)
def test_a_map_that_does_not_fit_the_plan(area_map: dict[str, Any], fault: str, tmp_path: Path) -> None:
    (tmp_path / "huyen.geojson").write_text(collection(feature("731", SQUARE)), encoding="utf-8")
    with pytest.raises(PlanError, match=fault):
        plan_of(tmp_path, map=area_map)
