"""The grid of cells that every file format is read into."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

MOST_PRINTED = 100  # print areas of a sheet
_MOST_COVERED = 1_000_000  # cells below merged ranges that are looked at
Position = tuple[int, int]
"""Row and column of a cell, both counted from 0."""


class MergedRange(NamedTuple):
    """A merged range: its corner cells, inclusive, counted from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class CellFlag(StrEnum):
    """Why the stored value of a cell may differ from what a person reads there.

    ERROR: an error value such as #REF!; the grid holds None.
    UNCALCULATED: a formula without a saved value (None), or with a default that no program calculated.
    STRUCK_OUT: the cell or a part of its text is crossed out; `displayed` has the text without that part.
    SUPERSCRIPT: a part of the text is raised or lowered; `displayed` has these digits as "²" or "₂".
    AMBIGUOUS: the number format is unknown, so that the figure shown may be another.
    INVISIBLE: the text has the colour of its cell, is tiny or below a merged range: nobody sees it.
    """

    ERROR = "error"
    UNCALCULATED = "uncalculated"
    STRUCK_OUT = "struck_out"
    SUPERSCRIPT = "superscript"
    AMBIGUOUS = "ambiguous"
    INVISIBLE = "invisible"


@dataclass(slots=True)
class Sheet:
    """A grid of cells; rows[0][0] is A1, blank cells are None, all coordinates count from 0.

    rows: the stored values (str, float, bool, date, datetime, time, timedelta).
    merged: the merged ranges, in order, clipped to the grid.
    hidden: whether the sheet is hidden or very hidden.
    hidden_rows, hidden_columns: those hidden by hand, by a filter, by a collapsed group or by zero size.
    open_fields: of a text table that ends without a line break, the fields of its last line; else 0.
    printed: the print areas, none where all is printed.
    displayed: the text a person sees, only where it differs from the stored value. A number is written
    without grouping and with "." as its decimal sign: "85%", "1.5", "06"; a date that shows no day "3/2020".
    as_typed: the texts of cells that were put into the reader's words (see `layout.sheet_language`).
    """

    name: str
    rows: list[list[object]]
    merged: list[MergedRange] = field(default_factory=list)
    hidden: bool = False
    is_text_table: bool = False
    open_fields: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    printed: tuple[MergedRange, ...] = ()
    flags: Mapping[Position, CellFlag] = field(default_factory=dict)
    displayed: Mapping[Position, str] = field(default_factory=dict)
    as_typed: dict[Position, str] = field(default_factory=dict)

    @property
    def visible(self) -> bool:
        """Whether the sheet is shown when the file is opened."""
        return not self.hidden

    @property
    def error_cells(self) -> frozenset[Position]:
        """The cells with an error value."""
        return self._flagged(CellFlag.ERROR)

    @property
    def formula_without_value(self) -> frozenset[Position]:
        """The cells whose formula was never calculated."""
        return self._flagged(CellFlag.UNCALCULATED)

    def _flagged(self, wanted: CellFlag) -> frozenset[Position]:
        return frozenset(position for position, flag in self.flags.items() if flag is wanted)


def covered_cells(rows: list[list[object]], merged: list[MergedRange]) -> list[Position]:
    """Return the cells below merged ranges that hold another value than the range shows."""
    covered: list[Position] = []
    visited = 0
    for area in merged:
        shown = rows[area.first_row][area.first_column]
        for row in range(area.first_row, area.last_row + 1):
            values = rows[row][area.first_column : area.last_column + 1]
            visited += len(values)
            if visited > _MOST_COVERED:
                return covered
            covered += [
                (row, area.first_column + i)
                for i, value in enumerate(values)
                if value is not None and value != shown
            ]
    return covered


class Contents(NamedTuple):
    """The sheets of a file in their order, pairs of part name and text outside the cells, and unseen texts.

    unseen_texts: what neither a cell nor a printed page shows, see `unseen_text`.
    """

    sheets: list[Sheet]
    other_text: list[tuple[str, str]]
    unseen_texts: Collection[str] = ()
