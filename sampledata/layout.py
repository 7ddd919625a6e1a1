"""From a sheet and its style to a grid of cells, with the cell in which the fault sits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from plans.languages.catalog import DEFAULT
from plans.languages.cldr import separators
from plans.model import Plan
from sampledata import heads
from sampledata.columns import Column, draw_columns
from sampledata.mess import Cell, Typing, code_words, date_words, flag_words, number_words, place_words
from sampledata.sheet import Exactly, Mark, Sheet
from sampledata.style import Style
from schemas.declaration import Dimension, Measure

NOTES = ("", "", "đã đối chiếu", "tăng so với kỳ trước", "số liệu ước")


@dataclass
class Grid:
    """Cells by (row, column) from 0, merged ranges as (top, left, bottom, right), places of marks."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    marks: dict[Mark, tuple[int, int]] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Cell, mark: Mark | None = None) -> None:
        """Set a cell and remember it under its mark."""
        self.cells[row, column] = value
        if mark:
            self.marks[mark] = (row, column)

    def address(self, mark: Mark | None) -> str | None:
        """The cell of a mark in A1 notation."""
        if mark is None:
            return None
        row, column = self.marks[mark]
        letters = ""
        column += 1
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{row + 1}"

    def typed(self, typing: Typing) -> "Grid":
        """The same grid with every text as the typist's program stores it."""
        for place, value in self.cells.items():
            if isinstance(value, str):
                self.cells[place] = typing(value)
        return self


def lay_out(sheet: Sheet, style: Style, sent: date, rng: Random, *, as_text: bool) -> Grid:
    """The grid of a sheet sent on the day `sent`; `as_text`: the file knows neither numbers nor merges."""
    grid = Grid()
    columns = draw_columns(sheet, style, rng)
    row = _head(grid, sheet, style, rng)
    row = _header(grid, columns, style, row, merges=not as_text)
    row = _table(grid, sheet, columns, style, row, rng, as_text)
    _footer(grid, sheet, style.left, max(c.at for c in columns), row + 1, sent)
    return grid


def _head(grid: Grid, sheet: Sheet, style: Style, rng: Random) -> int:
    """Write the lines above the table; return the row of its header."""
    left, period, language = style.left, sheet.period, sheet.plan.language
    motto = heads.motto(sheet.plan)
    words = {
        "form": heads.form_words(sheet.form.code, rng, language),
        "body": heads.body_words(sheet.body, rng, style.dirt),
        "period": heads.period_words(period, rng, language),
        "window": heads.window_words(period.window_start, period.window_end, rng, language)
        if style.window_line
        else "",
    } | sheet.words
    lines = [
        (heads.superior(sheet.plan, sheet.body), "", motto[0]),
        (words["body"], "", motto[1]),
        ("", "", ""),
        (words["form"], "" if style.title_below else sheet.form.title, ""),
        *([("", sheet.form.title, "")] if style.title_below else []),
        (heads.period_line(words["period"], rng, style.dirt, language) if words["period"] else "", "", ""),
        (words["window"], "", ""),
        ("", "", ""),
    ]
    for i, texts in enumerate(lines):
        for offset, text in zip((0, 2, 4), texts, strict=True):
            if text:
                grid.put(style.top + i, left + offset, text)
    return style.top + len(lines)


def _header(grid: Grid, columns: Sequence[Column], style: Style, row: int, *, merges: bool) -> int:
    """Write the header of one or two rows and the row of column numbers; return the first row below."""
    grouped = any(c.group for c in columns)
    two_rows = style.two_rows and grouped
    for i, column in enumerate(columns):
        if not two_rows:
            grid.put(row, column.at, f"{column.group} - {column.label}" if column.group else column.label)
        elif not column.group:
            grid.put(row, column.at, column.label)
            if merges:
                grid.merged.append((row, column.at, row + 1, column.at))
        else:
            grid.put(row + 1, column.at, column.label)
            if i == 0 or columns[i - 1].group != column.group:
                grid.put(row, column.at, column.group)
                last = max(c.at for c in _run(columns[i:]))
                if merges and last > column.at:
                    grid.merged.append((row, column.at, row, last))
    row += 1 + two_rows
    if style.number_row:
        for number, column in enumerate((c for c in columns if c.source or c.key == "ordinal"), 1):
            grid.put(row, column.at, f"({number})")
        row += 1
    return row


def _run(columns: Sequence[Column]) -> list[Column]:
    """The columns from the first on that share its group."""
    run = []
    for column in columns:
        if column.group != columns[0].group:
            break
        run.append(column)
    return run


def _table(
    grid: Grid, sheet: Sheet, columns: Sequence[Column], style: Style, row: int, rng: Random, as_text: bool
) -> int:
    """Write the rows and the total row; return the first row below."""
    total = style.total or ("bottom" if sheet.wrong_total else "")
    total = total if len(sheet.shown) > 1 or sheet.wrong_total else ""
    if total == "top":
        _total(grid, sheet, columns, style, row, rng)
        row += 1
    first = row
    at_rows = []
    place = next((c for c in columns if isinstance(c.source, Dimension)), None)
    one_place = style.one_place and place is not None and len(sheet.printed.dimensions) > 1
    for i, shown in enumerate(sheet.shown):
        if not one_place and row > first and rng.random() < style.blank_rows:
            row += 1
        _row(grid, sheet, columns, style, row, i, shown, rng, as_text)
        at_rows.append(row)
        row += 1
    if one_place and place is not None:
        _name_once(grid, sheet, place, at_rows)
    if total == "bottom":
        _total(grid, sheet, columns, style, row, rng)
        row += 1
    return row


def _row(
    grid: Grid,
    sheet: Sheet,
    columns: Sequence[Column],
    style: Style,
    row: int,
    i: int,
    shown: dict[str, object],
    rng: Random,
    as_text: bool,
) -> None:
    measured: list[tuple[int, Cell]] = []
    for column in columns:
        value: Cell = None
        mark = Mark(i, column.key)
        if column.key == "ordinal":
            value = i + 1
        elif column.key == "note":
            value = rng.choice(NOTES) if sheet.plan.language == DEFAULT else ""
            if sheet.note and sheet.note[0] == i:
                value, mark = sheet.note[1], Mark("note")
        elif column.source:
            value = _cell(sheet, column.source, shown[column.source.key], style.dirt, rng, as_text)
            if isinstance(column.source, Measure):
                measured.append((column.at, value))
        if value not in (None, ""):
            grid.put(row, column.at, value)
        grid.marks.setdefault(mark, (row, column.at))
    if all(value is None for _at, value in measured):
        # A row may have blank measures, but not only such.
        grid.put(row, measured[0][0], 0)


def _cell(
    sheet: Sheet, source: Dimension | Measure, value: object, dirt: float, rng: Random, as_text: bool
) -> Cell:
    if isinstance(value, Exactly):
        return value.value
    language = sheet.plan.language
    if language != DEFAULT:  # the messy wordings of cells are those of the default language
        dirt = 0
        if isinstance(value, bool):
            return heads.text_of(language, "flag.yes" if value else "flag.no")
        if as_text and isinstance(value, float):
            return str(value).replace(".", separators(language).decimal)
    if source.code_list:
        code = next(c for c in source.code_list.codes if c.code == value)
        return code_words(code, rng, dirt)
    if isinstance(source, Dimension):
        return (
            _place(sheet.plan, sheet, str(value), rng, dirt)
            if source.level
            else date_words(date.fromisoformat(str(value)), rng, dirt)
        )
    if isinstance(value, bool):
        return flag_words(value, rng, dirt)
    assert isinstance(value, int | float)  # noqa: S101 - narrows the type
    return number_words(value, source, rng, dirt, as_text)


def _place(plan: Plan, sheet: Sheet, code: str, rng: Random, dirt: float) -> str:
    area = plan.areas_by_code[code]
    within = plan.areas_within[sheet.body.area] | {code}
    others = [a for a in plan.areas if a.level == area.level and a.code in within and a.code != code]
    if any(o.name == area.name for o in others) and area.parent:
        return f"{area.name}, {plan.areas_by_code[area.parent].name}"
    return place_words(area, others, rng, dirt)


def _name_once(grid: Grid, sheet: Sheet, place: Column, at_rows: Sequence[int]) -> None:
    """Merge a key that rows below each other share over these rows, and name it in the first only."""
    values = [shown[place.key] for shown in sheet.shown]
    start = 0
    for i in range(1, len(values) + 1):
        if i < len(values) and values[i] == values[start]:
            continue
        if i - start > 1 and not isinstance(values[start], Exactly):
            grid.merged.append((at_rows[start], place.at, at_rows[i - 1], place.at))
            for row in at_rows[start + 1 : i]:
                grid.cells.pop((row, place.at), None)
        start = i


def _total(grid: Grid, sheet: Sheet, columns: Sequence[Column], style: Style, row: int, rng: Random) -> None:
    label = heads.total_label(sheet.plan, rng)
    keys = [c.at for c in columns if isinstance(c.source, Dimension)]
    if style.total_under_ordinal and columns[0].key == "ordinal" and min(keys) == columns[0].at + 1:
        grid.put(row, columns[0].at, label)
        grid.merged.append((row, columns[0].at, row, columns[0].at + 1))
    else:
        grid.put(row, min(keys), label)
    for column in columns:
        if isinstance(column.source, Measure) and column.source.is_additive:
            total = round(sum(_counted(sheet, i, column.key) for i in range(len(sheet.shown))), 1)
            off = 7 if column.key == sheet.wrong_total else 0
            grid.put(row, column.at, total + off, Mark("total", column.key))


def _counted(sheet: Sheet, i: int, key: str) -> float:
    """What a printed cell adds to the total: its number, or the intended one where it is none."""
    value = sheet.shown[i][key]
    if isinstance(value, Exactly):
        return value.value if not isinstance(value.value, str) else 0
    return float(value) if isinstance(value, float) else int(value)


def _footer(grid: Grid, sheet: Sheet, left: int, right: int, row: int, sent: date) -> None:
    at = max(left + 2, right - 1)
    above, by, head = heads.signatures(sheet.plan, sent)
    grid.put(row, at, above)
    grid.put(row + 1, left + 1, by)
    grid.put(row + 1, at, head)
    if sheet.loose:
        grid.put(row + 2, left + 1, sheet.loose, Mark("loose"))
