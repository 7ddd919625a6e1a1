"""The colours of a drawn sheet: what the reader took each cell for."""

import re
from collections.abc import Mapping

from transforms.cell_names import cell_name, column_number

FIGURE, TOTAL, KEY = "f", "s", "k"
FAULTY, DOUBTFUL, CHANGED = "e", "w", "d"
# The class of the style sheet and the label of each role; a role that is not here has no colour.
_LOOKS = {
    "letterhead": ("l", "role_head"),
    "form_code": ("l", "role_head"),
    "period": ("l", "role_head"),
    "window": ("l", "role_head"),
    "title": ("t", "role_head"),
    "header": ("h", "role_header"),
    "unit": ("h", "role_header"),
    "column_number": ("c", "role_header"),
    "ordinal": (KEY, "role_key"),
    "key": (KEY, "role_key"),
    "section": (KEY, "role_key"),
    "measure": (FIGURE, "role_figure"),
    "total": (TOTAL, "role_total"),
    "left_out": ("x", "role_unused"),
    "note": ("x", "role_unused"),
    "footer": ("x", "role_unused"),
    "unused_column": ("x", "role_unused"),
    "other_form": ("x", "role_unused"),
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
