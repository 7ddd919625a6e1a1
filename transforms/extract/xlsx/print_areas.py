"""The print areas that the workbook part of an .xlsx file declares."""

import re
from collections.abc import Iterator

from transforms.extract.file_safety import MAX_COLUMN, MAX_ROW
from transforms.extract.sheet import MOST_PRINTED, MergedRange
from transforms.extract.sum_formulas import column_index
from transforms.extract.xml_elements import attributes_of, elements

_NAME = "_xlnm.Print_Area"
_AREA = re.compile(r"!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?(?![0-9A-Z(])")
_QUOTED_NAME = re.compile(r"'[^']*'")
_COLUMNS = re.compile(r"!\$?([A-Z]{1,3}):\$?([A-Z]{1,3})(?![0-9A-Z(])")
_LONGEST = 5  # digits of the place of a sheet


def print_areas(workbook: bytes) -> Iterator[tuple[int, list[MergedRange]]]:
    """Yield the places of the sheets that have print areas, with these; not those given by a formula."""
    for attributes, text in elements(workbook, "definedName"):
        declared = attributes_of(attributes)
        place = declared.get("localSheetId", "")
        if declared.get("name") == _NAME and place.isdecimal() and len(place) <= _LONGEST:
            yield int(place), areas_of(text.decode("utf-8", "replace"))


def areas_of(reference: str) -> list[MergedRange]:
    """Return the areas of a reference such as "Sheet1!$A$1:$D$13,Sheet1!$F:$G"."""
    found: list[MergedRange] = []
    reference = _QUOTED_NAME.sub("", reference)
    if "(" in reference:  # a formula
        return found
    for part in reference.split(",", MOST_PRINTED)[:MOST_PRINTED]:
        if cells := _AREA.search(part):
            last_column, last_row = cells[3] or cells[1], cells[4] or cells[2]
            corner = (int(last_row) - 1, column_index(last_column))
            found.append(MergedRange(int(cells[2]) - 1, column_index(cells[1]), *corner))
        elif columns := _COLUMNS.search(part):
            found.append(
                MergedRange(0, column_index(columns[1]), MAX_ROW, min(column_index(columns[2]), MAX_COLUMN))
            )
    return found
