"""What the scanners report of one sheet's bytes."""

from dataclasses import dataclass, field

from transforms.extract.conditional_formats import ConditionalFormat
from transforms.extract.file_safety import MAX_CELLS, too_large
from transforms.extract.rich_text import ShownText
from transforms.extract.sheet import MergedRange, Position


@dataclass(slots=True)
class Scan:
    """How far a sheet's values reach, and what calamine does not report of its cells.

    rows, columns, cells: extent and number of the cells that hold a value;
    errors: error values; formulas: formulas without a saved value; zeros: formulas whose saved value is 0,
    with the ranges that they add up; blank_formulas: those whose saved value is an empty text;
    is_never_calculated: the program that wrote the file calculates nothing;
    styled: index of the cell style where the style may change what is shown;
    texts: what is shown of texts with struck-out or raised parts;
    conditional: the conditional formats that change what a cell shows;
    blank: figures and dates that the file itself marks as not shown;
    stored: texts of which calamine returns only a part;
    printed: the print areas, none where all is printed;
    other_texts: comments, text boxes, headers and footers of an .xls sheet.
    """

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: set[Position] = field(default_factory=set)
    formulas: set[Position] = field(default_factory=set)
    zeros: dict[Position, list[MergedRange]] = field(default_factory=dict)
    blank_formulas: set[Position] = field(default_factory=set)
    is_never_calculated: bool = False
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    styled: dict[Position, int] = field(default_factory=dict)
    texts: dict[Position, ShownText] = field(default_factory=dict)
    conditional: list[ConditionalFormat] = field(default_factory=list)
    blank: set[Position] = field(default_factory=set)
    stored: dict[Position, str] = field(default_factory=dict)
    printed: list[MergedRange] = field(default_factory=list)
    other_texts: list[str] = field(default_factory=list)

    def value_at(self, row: int, column: int, row_count: int = 1, column_count: int = 1) -> None:
        """Note a value at a 0-based position, repeated downwards and to the right."""
        self.rows = max(self.rows, row + row_count)
        self.columns = max(self.columns, column + column_count)
        self.cells += 1
        if self.cells > MAX_CELLS:
            too_large("too_many_cells")

    def is_plain(self) -> bool:
        """Whether the scan adds nothing to what calamine reports."""
        return not (
            self.errors or self.formulas or self.zeros or self.hidden_rows or self.hidden_columns
            or self.styled or self.texts or self.merged or self.stored or self.conditional
            or self.blank or self.printed
        )  # fmt: skip
