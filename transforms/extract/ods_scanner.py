"""Extents, errors, merged and hidden cells of the tables of an .ods file."""

from transforms.extract.file_safety import MAX_CELLS, MAX_EXPANDED_BYTES, MAX_SHEETS, parse_xml, too_large
from transforms.extract.scan import Scan
from transforms.extract.sheet import MergedRange


def scan_ods(data: bytes) -> list[Scan]:
    """One scan for each table of an .ods file's content.xml, with its merged cells, which calamine hides."""
    reader = _OdsReader()
    parse_xml(data, reader.start, reader.end, reader.text)
    if reader.expanded > MAX_EXPANDED_BYTES:
        too_large("expands_too_far")
    return reader.scans


class _OdsReader:
    """Walks the tables of content.xml; rows and cells stand there once with the number of their repeats."""

    def __init__(self) -> None:
        self.scans: list[Scan] = []
        self.row = self.column = 0
        self.row_count = 1
        self.seen = 0
        self.repeats = 1  # of the cell at hand
        self.expanded = 0  # characters that repeated values become

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += tag.startswith("table:table-")
        if self.seen > MAX_CELLS:  # empty rows and cells count here, for what they cost
            too_large("too_many_cells")
        if tag == "table:table":
            self.scans.append(Scan())
            self.row = 0
            if len(self.scans) > MAX_SHEETS:
                too_large("too_many_sheets")
        elif tag == "table:table-row":
            self.row_count = int(attributes.get("table:number-rows-repeated", 1))
            self.column = 0
        elif tag in ("table:table-cell", "table:covered-table-cell") and self.scans:
            self.cell(attributes)

    def cell(self, attributes: dict[str, str]) -> None:
        scan, place = self.scans[-1], (self.row, self.column)
        count = int(attributes.get("table:number-columns-repeated", 1))
        down = int(attributes.get("table:number-rows-spanned", 1))
        across = int(attributes.get("table:number-columns-spanned", 1))
        if "office:value-type" in attributes:
            scan.value_at(*place, self.row_count, count)
            self.repeats = self.row_count * count
            self.text("".join(attributes.values()) if self.repeats > 1 else "")
            if attributes.get("calcext:value-type") == "error":
                scan.errors.add(place)
        elif "table:formula" in attributes:
            scan.formulas.add(place)
        if down > 1 or across > 1:
            scan.merged.append(MergedRange(*place, self.row + down - 1, self.column + across - 1))
        self.column += count

    def text(self, text: str) -> None:
        if self.repeats > 1:
            self.expanded += len(text) * self.repeats

    def end(self, tag: str) -> None:
        if tag == "table:table-row":
            self.row += self.row_count
        elif tag == "table:table-cell":
            self.repeats = 1
