"""The colours of a drawn sheet: what the reader took each cell for."""

import re
from collections.abc import Mapping

from transforms.cell_names import cell_name, column_number

FIGURE, TOTAL = "r-figure", "r-total"
# The class of the style sheet and the label of each role; a role that is not here has no colour.
_LOOKS = {
    "letterhead": ("r-letter", "role_head"),
    "form_code": ("r-letter", "role_head"),
    "period": ("r-letter", "role_head"),
    "window": ("r-letter", "role_head"),
    "title": ("r-title", "role_head"),
    "header": ("r-head", "role_header"),
    "unit": ("r-head", "role_header"),
    "column_number": ("r-colno", "role_header"),
    "ordinal": ("r-name", "role_key"),
    "key": ("r-name", "role_key"),
    "section": ("r-name", "role_key"),
    "measure": (FIGURE, "role_figure"),
    "total": (TOTAL, "role_total"),
    "left_out": ("r-none", "role_unused"),
    "note": ("r-none", "role_unused"),
    "footer": ("r-none", "role_unused"),
    "unused_column": ("r-none", "role_unused"),
    "other_form": ("r-none", "role_unused"),
}
_RANGE = re.compile(r"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?")


def classes_of(roles: Mapping[str, str], rows: int, columns: int) -> dict[str, str]:
    """Return the class of each cell with a role, by its A1 name, within the first rows and columns.

    `roles` are ranges by role, as `audit.submission.roles` has them for a sheet.
    """
    classes: dict[str, str] = {}
    for role, ranges in roles.items():
        if role not in _LOOKS:
            continue
        look, _ = _LOOKS[role]
        for left, top, right, bottom in _RANGE.findall(ranges):
            last_row, last_column = int(bottom or top), column_number(right or left)
            for row in range(int(top), min(last_row, rows) + 1):
                for column in range(column_number(left), min(last_column, columns - 1) + 1):
                    classes[cell_name(row, column)] = look
    return classes


def legend_of(roles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the class and the label of each colour that a sheet has, in order of the sheet."""
    shown = {label: look for role, (look, label) in reversed(_LOOKS.items()) if role in roles}
    return [(look, label) for label, look in reversed(shown.items())]
