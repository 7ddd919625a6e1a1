"""Lay out one blank form on its sheet: letterhead, header, known rows, input rules, totals."""

from dataclasses import dataclass
from itertools import groupby

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from plans.model import Body, Plan
from plans.reporting_calendar import Period, due_day
from publishing.blank_forms import styles as looks
from publishing.blank_forms.inputs import Lists, choose, day_rule, enter
from publishing.blank_forms.openings import NO_OPENINGS, Openings
from publishing.blank_forms.rows import choices_of, key_label, known_rows, superior
from publishing.i18n import STATE_MOTTOS, body_text, in_sentence
from publishing.workbook_files import merge, put
from schemas.declaration import Dimension, Form, Measure

_FREE_ROWS = 15  # for forms whose rows are not known in advance
_HEADER_ROW = 8
_KEY_LETTERS = 26  # per line of a key column
_LINE_HEIGHT, _LETTER_WIDTH = 16, 1.15  # of the font, in points and in letters of a column's width
_FIRST_MEASURE_LETTERS = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class _Task:
    """A form with its body, period and known rows, and the position of its table (from 1)."""

    form: Form
    plan: Plan
    body: Body
    period: Period
    rows: list[tuple[str, ...]]
    openings: Openings

    @property
    def width(self) -> int:
        return 1 + len(self.form.columns)  # the ordinal comes first

    @property
    def header_rows(self) -> int:
        return 2 if any(m.group for m in self.form.measures) else 1

    @property
    def number_row(self) -> int:
        return _HEADER_ROW + self.header_rows

    @property
    def first_row(self) -> int:
        return self.number_row + 1

    @property
    def last_row(self) -> int:
        return self.number_row + (len(self.rows) or _FREE_ROWS)

    @property
    def keys_are_fixed(self) -> bool:
        """Whether every known row is required; otherwise rows with nothing to report may be cleared."""
        return self.form.rows_expected is not None and bool(self.rows)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the form in the language of the plan."""
        return body_text(self.plan.language, key, **values)


def write_form(
    sheet: Worksheet,
    form: Form,
    plan: Plan,
    body: Body,
    period: Period,
    lists: Lists,
    openings: Openings = NO_OPENINGS,
) -> None:
    """Lay the form out on an empty sheet; `openings` are known opening values by the labels of a row."""
    form = form.of_window(period.window_start, period.window_end)
    task = _Task(form, plan, body, period, known_rows(form, plan, body, period), openings)
    _set_widths(sheet, task)
    _write_top(sheet, task)
    _write_header(sheet, task)
    _write_rows(sheet, task)
    _add_inputs(sheet, task, lists)
    end = _write_total(sheet, task)
    _write_footer(sheet, task, end + 2)
    sheet.freeze_panes = f"{get_column_letter(2 + len(form.dimensions))}{task.first_row}"
    looks.set_up_print(sheet, f"{_HEADER_ROW}:{task.number_row}")
    looks.protect(sheet)


def _line(sheet: Worksheet, row: int, first: int, last: int, text: str, **look: bool) -> None:
    looks.as_line(put(sheet, row, first, text), **look)
    if last > first:
        merge(sheet, row, first, row, last)


def _write_top(sheet: Worksheet, task: _Task) -> None:
    form, period = task.form, task.period
    left = max(2, task.width // 2 - 1)
    _line(sheet, 1, 1, left, superior(task.plan, task.body), centred=True)
    _line(sheet, 2, 1, left, in_sentence(task.body.name), bold=True, centred=True)
    motto = STATE_MOTTOS.get(task.plan.calendar.country, ())
    for row, motto_line in enumerate(motto, 1):
        _line(sheet, row, left + 1, task.width, motto_line, bold=True, centred=True)
    _line(sheet, 3, 1, left, task.say("form", form=form.code))
    due = due_day(period, task.body.level, task.plan.calendar)
    _line(sheet, 3, left + 1, task.width, task.say("due", due=due), centred=True, italic=True)
    _line(sheet, 4, 1, task.width, form.title, bold=True, centred=True)
    _line(sheet, 5, 1, task.width, task.say("period", period=period.name_vi), centred=True)
    window = task.say("window", first=period.window_start, last=period.window_end)
    _line(sheet, 6, 1, task.width, window, centred=True, italic=True)
    hint = task.say("hint") + ("" if task.keys_are_fixed else task.say("hint.may-clear"))
    _line(sheet, 7, 1, task.width, hint, italic=True)
    if motto:
        _fit_height(sheet, 1, motto[0], left + 1, task.width)
    _fit_height(sheet, 2, task.body.name, 1, left)
    _fit_height(sheet, 4, form.title, 1, task.width)
    _fit_height(sheet, 7, hint, 1, task.width)


def _fit_height(sheet: Worksheet, row: int, text: str, first: int, last: int) -> None:
    """Set the height that a text needs over merged columns: programs do not grow rows for merged cells."""
    width = sum(sheet.column_dimensions[get_column_letter(c)].width for c in range(first, last + 1))
    sheet.row_dimensions[row].height = _LINE_HEIGHT * -(-len(text) * _LETTER_WIDTH // width) + 4


def _label(task: _Task, column: Dimension | Measure) -> str:
    """Return the label, with the unit in brackets for numbers."""
    if isinstance(column, Dimension):
        return key_label(column, task.plan, task.period)
    return f"{column.label_vi} ({column.unit.label_vi})" if column.is_number else column.label_vi


def _write_header(sheet: Worksheet, task: _Task) -> None:
    for row in range(_HEADER_ROW, task.first_row):
        for column in range(1, task.width + 1):
            looks.as_header(put(sheet, row, column, None), bold=row < task.number_row)
    put(sheet, _HEADER_ROW, 1, task.say("ordinal"))
    groups = ["", *(c.group if isinstance(c, Measure) else "" for c in task.form.columns.values())]
    for column, declared in enumerate(task.form.columns.values(), 2):
        lower = bool(groups[column - 1])
        put(sheet, _HEADER_ROW + lower, column, _label(task, declared))
    for group, columns in groupby(range(1, task.width + 1), lambda c: groups[c - 1]):
        _merge_header(sheet, task, group, list(columns))
    letters = 1 + len(task.form.dimensions)
    for column in range(1, task.width + 1):
        numbered = _FIRST_MEASURE_LETTERS[column - 1] if column <= letters else f"({column - letters})"
        put(sheet, task.number_row, column, numbered)
    sheet.row_dimensions[task.number_row - 1].height = 64


def _merge_header(sheet: Worksheet, task: _Task, group: str, columns: list[int]) -> None:
    """Merge a group over its columns; a label without a group spans the height of the header."""
    bottom = task.number_row - 1
    if group:
        put(sheet, _HEADER_ROW, columns[0], group)
        merge(sheet, _HEADER_ROW, columns[0], _HEADER_ROW, columns[-1])
    elif bottom > _HEADER_ROW:
        for column in columns:
            merge(sheet, _HEADER_ROW, column, bottom, column)


def _number_format(column: Dimension | Measure) -> str:
    if isinstance(column, Measure):
        return ("#,##0" if column.unit.whole else "#,##0.###") if column.is_number else "General"
    return "General" if column.level or column.code_list else "DD/MM/YYYY"


def _write_rows(sheet: Worksheet, task: _Task) -> None:
    for row in range(task.first_row, task.last_row + 1):
        number = row - task.first_row
        looks.as_known(put(sheet, row, 1, number + 1), centred=True)
        keys = task.rows[number] if task.rows else ()
        opening = task.openings.get(keys, {})
        lines = max((-(-len(key) // _KEY_LETTERS) for key in keys), default=1)
        sheet.row_dimensions[row].height = 3 + 16 * lines
        for column, declared in enumerate(task.form.columns.values(), 2):
            value = keys[column - 2] if column - 2 < len(keys) else opening.get(declared.key)
            cell = put(sheet, row, column, value)
            if isinstance(declared, Dimension) and task.keys_are_fixed:
                looks.as_known(cell)
            else:
                looks.as_open(cell, _number_format(declared), centred=_is_short(declared))


def _is_short(column: Dimension | Measure) -> bool:
    return isinstance(column, Measure) and not column.is_number


def _add_inputs(sheet: Worksheet, task: _Task, lists: Lists) -> None:
    for column, declared in enumerate(task.form.columns.values(), 2):
        rule = _input_of(task, declared, lists)
        if rule is not None:
            letter = get_column_letter(column)
            rule.add(f"{letter}{task.first_row}:{letter}{task.last_row}")
            sheet.add_data_validation(rule)


def _input_of(task: _Task, column: Dimension | Measure, lists: Lists) -> DataValidation | None:
    if isinstance(column, Measure):
        return enter(lists, column, task.form)
    if task.keys_are_fixed:
        return None
    if column.level is None and column.code_list is None:
        return day_rule(lists, _label(task, column), task.period)
    choices = choices_of(column, task.plan, task.body, task.period)
    return choose(lists, _label(task, column), choices) if choices else None


def _write_total(sheet: Worksheet, task: _Task) -> int:
    """Write the total row if any measure can be added; return the last row of the table."""
    additive = [m.is_additive for m in task.form.measures]
    if not any(additive) or task.first_row == task.last_row:
        return task.last_row
    row, keys = task.last_row + 1, len(task.form.dimensions)
    for column in range(1, task.width + 1):
        looks.as_known(put(sheet, row, column, None), bold=True, centred=column == 1)
    put(sheet, row, 1, task.say("total"))
    sheet.row_dimensions[row].height = 3 + _LINE_HEIGHT
    merge(sheet, row, 1, row, 1 + keys)
    for column, measure in enumerate(task.form.measures, 2 + keys):
        if measure.is_additive:
            letter = get_column_letter(column)
            cell = sheet.cell(row, column, f"=SUM({letter}{task.first_row}:{letter}{task.last_row})")
            cell.number_format = _number_format(measure)
    return row


def _write_footer(sheet: Worksheet, task: _Task, row: int) -> None:
    """Write the signature block into one row, which no program splits over two pages."""
    half = max(2, task.width // 2)
    left, right = task.say("signature.left"), task.say("signature.right")
    for first, last, lines in ((1, half, left), (half + 1, task.width, right)):
        looks.as_block(put(sheet, row, first, lines))
        merge(sheet, row, first, row, last)
    sheet.row_dimensions[row].height = 6 * _LINE_HEIGHT


def _set_widths(sheet: Worksheet, task: _Task) -> None:
    sheet.column_dimensions["A"].width = 6
    for column, declared in enumerate(task.form.columns.values(), 2):
        wide = 30 if isinstance(declared, Dimension) else 18 if declared.unit.money else 14
        sheet.column_dimensions[get_column_letter(column)].width = wide
