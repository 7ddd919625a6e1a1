"""The role of one cell of a parsed sheet."""

from collections.abc import Mapping

from openpyxl.utils import range_boundaries


def role_at(ranges: Mapping[str, str], row: int, column: int) -> str | None:
    """Return the role of a cell (row 1-based, column from 0) by the ranges of each role, None without one."""
    for role, of_role in ranges.items():
        for area in of_role.split():
            left, top, right, bottom = (int(str(bound)) for bound in range_boundaries(area))
            if top <= row <= bottom and left <= column + 1 <= right:
                return role
    return None
