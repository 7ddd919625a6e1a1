"""The role of one cell of a parsed sheet."""

from collections.abc import Sequence

from transforms.layout.parsed_sheet import RoleBlock


def role_at(blocks: Sequence[RoleBlock], row: int, column: int) -> str | None:
    """Return the role of a cell (row 1-based, column from 0), None where it has none."""
    for block in blocks:
        if block.first_row <= row <= block.last_row:
            for run in block.runs:
                if run.first_column <= column <= run.last_column:
                    return run.role
    return None
