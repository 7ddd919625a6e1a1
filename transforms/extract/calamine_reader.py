"""Cells of workbooks through calamine, completed by what the scanners found."""

import io

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from transforms.extract.cell_styles import Styles, shown_cells
from transforms.extract.file_safety import MAX_SHEETS, UnreadableFile, check_extents, too_large
from transforms.extract.scan import Scan
from transforms.extract.sheet import CellFlag, MergedRange, Sheet, covered_cells

_NOTHING = Scan()


def read_cells(content: bytes, scans: dict[int, Scan], styles: Styles) -> list[Sheet]:
    """Read the worksheets of a workbook that was found safe; `scans` are by position in the workbook."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return _sheets_of(workbook, scans, styles)
    except (UnreadableFile, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust code is no Exception
        if "assword" in str(error):
            raise UnreadableFile("FILE-UNREADABLE", "encrypted") from None
        raise UnreadableFile("FILE-UNREADABLE", "damaged") from error


def _sheets_of(workbook: CalamineWorkbook, scans: dict[int, Scan], styles: Styles) -> list[Sheet]:
    described = workbook.sheets_metadata
    if len(described) > MAX_SHEETS:
        too_large("too_many_sheets")
    if any(sheet.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for sheet in described):
        raise UnreadableFile("FILE-MACRO", "macro")
    sheets: list[Sheet] = []
    extents: list[tuple[int, int]] = []
    for position, sheet in enumerate(described):
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        grid = workbook.get_sheet_by_index(position)
        last_row, last_column = grid.end or (-1, -1)
        extents.append((last_row + 1, last_column + 1))
        check_extents(extents)  # two sheets may share one part
        made = _sheet(grid, scans.get(position, _NOTHING), styles)
        made.hidden = sheet.visible != SheetVisibleEnum.Visible
        sheets.append(made)
    return sheets


def _sheet(grid: CalamineSheet, scan: Scan, styles: Styles) -> Sheet:
    rows: list[list[object]] = [
        [None if value == "" else value for value in row] for row in grid.to_python(skip_empty_area=False)
    ]
    height, width = len(rows), len(rows[0]) if rows else 0
    for row, column in scan.errors:
        if row < height and column < width:
            rows[row][column] = None  # calamine gives "" or the text of the error, as the format has it
    for (row, column), text in scan.stored.items():
        if row < height and column < width and isinstance(rows[row][column], str | None):
            rows[row][column] = text or None
    ranges = [(*first, *last) for first, last in grid.merged_cell_ranges or []] or scan.merged
    merged = [
        MergedRange(top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in sorted(ranges)
        if top < height and left < width
    ]
    sheet = Sheet(grid.name, rows, merged)
    if not scan.is_plain():
        sheet.hidden_rows = frozenset(scan.hidden_rows)
        sheet.hidden_columns = frozenset(scan.hidden_columns)
        sheet.printed = tuple(scan.printed)
        sheet.flags, sheet.displayed = shown_cells(rows, scan, styles)
    if merged and (covered := covered_cells(rows, merged)):
        sheet.flags = dict.fromkeys(covered, CellFlag.INVISIBLE) | dict(sheet.flags)
    return sheet
