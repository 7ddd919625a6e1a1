"""Parts of a report that were recorded before, as far as validation needs them.

Apart from `report_parts`, so that commands that only look them up do without pandas.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownPart:
    """A part of a report that was recorded before, accepted or not."""

    part_set: int
    part_no: int
    source_url: str
    file_name: str
    sheet_name: str
