"""Tile maps: the position of each district in a grid, by province."""

from functools import cache
from importlib.resources import files
from typing import cast

import yaml


def tile_positions(province: str) -> dict[str, tuple[int, int]]:
    """Return the column and row of each district by area code; empty where the province has no tile map."""
    return {area: (column, row) for area, (column, row) in _tile_maps().get(province, {}).items()}


@cache
def _tile_maps() -> dict[str, dict[str, tuple[int, int]]]:
    source = files("publishing").joinpath("tile_maps.yaml").read_text("utf-8")
    return cast(dict[str, dict[str, tuple[int, int]]], yaml.safe_load(source))
