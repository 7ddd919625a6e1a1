"""A sheet drawn as the clerk sees it: merged cells are merged, and no marked cell is hidden."""

from openpyxl.worksheet.worksheet import Worksheet

from publishing.site.sheet_preview import MOST_COLUMNS, MOST_ROWS, draw, with_changes
from tests.support.reports import workbook


def drawn(ranges: list[str], marked: set[str]) -> dict[str, tuple[int, int]]:
    def merge(sheet: Worksheet) -> None:
        for cells in ranges:
            sheet.merge_cells(cells)

    content = workbook("06-PCMD", "SYT", "Quý I năm 2020", spoil=merge)
    _, grid = draw(content, "a.xlsx", "Bieu", marked)
    return {cell.name: (cell.down, cell.across) for _, cells in grid for cell in cells}


def test_merged_cells_are_drawn_merged() -> None:
    inside = {"B1", "C1", "A2", "B2", "C2"}
    plain, merged = drawn([], inside), drawn(["A1:C2"], set())
    assert merged["A1"] == (2, 3)
    assert set(plain) - set(merged) == inside


def test_a_line_of_the_letterhead_has_the_room_to_its_right() -> None:
    cells = drawn([], set())
    assert cells["A1"][1] > 1
    assert drawn([], {"B1"})["A1"] == (1, 1)


def test_blank_cells_at_the_end_of_a_row_are_drawn_only_if_marked() -> None:
    assert "A5" not in drawn([], set())
    assert {"A5", "B5", "C5"} <= set(drawn([], {"C5"}))


def test_a_marked_cell_is_never_hidden() -> None:
    assert "B2" in drawn(["A1:C2"], {"B2"})
    assert drawn(["A1:C2"], {"A1"})["A1"] == (2, 3)


def test_what_is_merged_beyond_the_drawing_ends_with_it() -> None:
    cells = drawn(["A1:AZ300"], set())
    assert cells["A1"][0] <= MOST_ROWS
    assert cells["A1"][1] <= MOST_COLUMNS
    assert len(cells) == 1


def test_a_revision_shows_what_it_changed_unless_its_layout_differs() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C12"] = 999

    first = workbook("06-PCMD", "SYT", "Quý I năm 2020")
    second = workbook("06-PCMD", "SYT", "Quý I năm 2020", spoil=change)
    _, earlier = draw(first, "a.xlsx", "Bieu", set())
    _, later = draw(second, "a.xlsx", "Bieu", set())
    changed = [c for _, cells in with_changes(later, earlier) for c in cells if c.before is not None]
    assert [(c.name, c.text) for c in changed] == [("C12", "999")]
    assert changed[0].before != "999"
    _, other = draw(workbook("02-PCMD", "UBND-742", "Tháng 1 năm 2020"), "b.xlsx", "Bieu", set())
    assert all(c.before is None for _, cells in with_changes(later, other) for c in cells)
