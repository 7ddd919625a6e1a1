"""The map of a plan: areas as tiles of a grid, or with their outlines from a GeoJSON file (RFC 7946)."""

from collections import Counter
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from plans.plan_types import AreaCode, Part, Whole

MOST_TILES = 40  # columns and rows of the grid
GridIndex = Annotated[Whole, Field(ge=0, lt=MOST_TILES)]
# Moves and lines between whole numbers, closed: what `plans.outlines` makes, and nothing else.
Outline = Annotated[str, StringConstraints(pattern=r"^(M\d+ \d+(L\d+ \d+)+Z)+$", max_length=100_000)]


class AreaMap(Part):
    """Where areas lie on the map of a target: `tiles` are column and row of each area, north is up.

    `geojson` is a file with the outlines of areas, relative to the plan file; the property `code_property` of
    its features is the code of the area. The pages draw the outlines where there are any, documents the
    tiles. `outlines` is made when the file is read: a path of SVG by area.
    """

    tiles: dict[AreaCode, tuple[GridIndex, GridIndex]] = Field(default_factory=dict)
    geojson: str = Field("", max_length=200)
    code_property: str = Field("code", min_length=1, max_length=100)
    outlines: dict[AreaCode, Outline] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_area_on_a_tile(self) -> "AreaMap":
        doubles = [place for place, times in Counter(self.tiles.values()).items() if times > 1]
        if doubles:
            named = ", ".join(code for code, place in self.tiles.items() if place == doubles[0])
            raise ValueError(
                f"the areas {named} are on one tile, column {doubles[0][0]} and row {doubles[0][1]}"
            )
        return self
