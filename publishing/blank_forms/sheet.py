"""Lay out one blank form on its sheet: letterhead, header, known rows, input rules, totals."""

from dataclasses import dataclass, replace
from itertools import groupby

from xlsxwriter.utility import xl_col_to_name

from plans.model import Body, Plan
from plans.reporting_calendar import Period, due_day
from publishing.blank_forms.form_book import BLOCK, HEADER, KNOWN, LINE, NUMBERS, OPEN, FormSheet, Look
from publishing.blank_forms.inputs import Lists, Rule, choose, day_rule, enter
from publishing.blank_forms.openings import NO_OPENINGS, Openings
from publishing.blank_forms.rows import choices_of, key_label, known_rows, superior
from publishing.i18n import STATE_MOTTOS, body_text
from schemas.declaration import Dimension, Form, Measure
from schemas.printed_form import printed_form
from transforms.text.sentences import in_sentence

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
    sheet: FormSheet,
    form: Form,
    plan: Plan,
    body: Body,
    period: Period,
    lists: Lists,
    openings: Openings = NO_OPENINGS,
) -> None:
    """Lay the form out on an empty sheet; `openings` are known opening values by the labels of a row."""
    form = printed_form(form).of_window(period.window_start, period.window_end)
    task = _Task(form, plan, body, period, known_rows(form, plan, body, period), openings)
    _set_widths(sheet, task)
    _write_top(sheet, task)
    _write_header(sheet, task)
    _write_rows(sheet, task)
    _add_inputs(sheet, task, lists)
    end = _write_total(sheet, task)
    _write_footer(sheet, task, end + 2)
    sheet.freeze(task.first_row, 2 + len(form.dimensions))
    sheet.set_up_print((_HEADER_ROW, task.number_row))
    sheet.protect()


def _write_top(sheet: FormSheet, task: _Task) -> None:
    form, period = task.form, task.period
    left = max(2, task.width // 2 - 1)
    centred, bold = replace(LINE, centred=True), replace(LINE, centred=True, bold=True)
    small = replace(LINE, italic=True)
    sheet.span((1, 1, 1, left), superior(task.plan, task.body), centred)
    sheet.span((2, 1, 2, left), in_sentence(task.body.name), bold)
    motto = STATE_MOTTOS.get(task.plan.calendar.country, ())
    for row, motto_line in enumerate(motto, 1):
        sheet.span((row, left + 1, row, task.width), motto_line, bold)
    sheet.span((3, 1, 3, left), task.say("form", form=form.code), LINE)
    due = due_day(period, task.body.level, task.plan.calendar)
    sheet.span((3, left + 1, 3, task.width), task.say("due", due=due), replace(small, centred=True))
    sheet.span((4, 1, 4, task.width), form.title, bold)
    sheet.span((5, 1, 5, task.width), task.say("period", period=period.name_vi), centred)
    window = task.say("window", first=period.window_start, last=period.window_end)
    sheet.span((6, 1, 6, task.width), window, replace(small, centred=True))
    hint = task.say("hint") + ("" if task.keys_are_fixed else task.say("hint.may-clear"))
    sheet.span((7, 1, 7, task.width), hint, small)
    if motto:
        _fit_height(sheet, 1, motto[0], left + 1, task.width)
    _fit_height(sheet, 2, task.body.name, 1, left)
    _fit_height(sheet, 4, form.title, 1, task.width)
    _fit_height(sheet, 7, hint, 1, task.width)


def _fit_height(sheet: FormSheet, row: int, text: str, first: int, last: int) -> None:
    """Set the height that a text needs over merged columns: programs do not grow rows for merged cells."""
    sheet.set_height(row, _height_of(sheet, text, first, last))


def _height_of(sheet: FormSheet, text: str, first: int, last: int) -> float:
    width = sum(sheet.widths[column] for column in range(first, last + 1))
    return _LINE_HEIGHT * -(-len(text) * _LETTER_WIDTH // width) + 4


def _label(task: _Task, column: Dimension | Measure) -> str:
    """Return the label, with the unit in brackets for numbers."""
    if isinstance(column, Dimension):
        return key_label(column, task.plan, task.period)
    return f"{column.label_vi} ({column.unit.label_vi})" if column.is_number else column.label_vi


def _write_header(sheet: FormSheet, task: _Task) -> None:
    bottom = task.number_row - 1
    labels = [task.say("ordinal"), *(_label(task, column) for column in task.form.columns.values())]
    groups = ["", *(c.group if isinstance(c, Measure) else "" for c in task.form.columns.values())]
    heights = [_LINE_HEIGHT + 4.0]
    for group, numbers in groupby(range(task.width), lambda number: groups[number]):
        columns = [number + 1 for number in numbers]
        if group:
            sheet.span((_HEADER_ROW, columns[0], _HEADER_ROW, columns[-1]), group, HEADER)
            heights.append(_height_of(sheet, group, columns[0], columns[-1]))
        for column in columns:
            sheet.span((_HEADER_ROW + bool(group), column, bottom, column), labels[column - 1], HEADER)
    letters = 1 + len(task.form.dimensions)
    for column in range(1, task.width + 1):
        numbered = _FIRST_MEASURE_LETTERS[column - 1] if column <= letters else f"({column - letters})"
        sheet.write(task.number_row, column, numbered, NUMBERS)
    if task.header_rows > 1:
        sheet.set_height(_HEADER_ROW, max(heights))
    sheet.set_height(bottom, 64)


def _number_format(column: Dimension | Measure) -> str:
    if isinstance(column, Measure):
        return ("#,##0" if column.unit.whole else "#,##0.###") if column.is_number else "General"
    return "General" if column.level or column.code_list else "DD/MM/YYYY"


def _write_rows(sheet: FormSheet, task: _Task) -> None:
    columns = list(task.form.columns.values())
    looks = [_look_of(task, column) for column in columns]
    for row in range(task.first_row, task.last_row + 1):
        number = row - task.first_row
        sheet.write(row, 1, number + 1, replace(KNOWN, centred=True))
        keys = task.rows[number] if task.rows else ()
        opening = task.openings.get(keys, {})
        lines = max((-(-len(key) // _KEY_LETTERS) for key in keys), default=1)
        sheet.set_height(row, 3 + 16 * lines)
        for column, (declared, look) in enumerate(zip(columns, looks, strict=True), 2):
            value = keys[column - 2] if column - 2 < len(keys) else opening.get(declared.key)
            sheet.write(row, column, value, look)


def _look_of(task: _Task, column: Dimension | Measure) -> Look:
    if isinstance(column, Dimension) and task.keys_are_fixed:
        return KNOWN
    return replace(OPEN, number_format=_number_format(column), centred=_is_short(column))


def _is_short(column: Dimension | Measure) -> bool:
    return isinstance(column, Measure) and not column.is_number


def _add_inputs(sheet: FormSheet, task: _Task, lists: Lists) -> None:
    for column, declared in enumerate(task.form.columns.values(), 2):
        rule = _input_of(task, declared, lists)
        if rule is not None:
            sheet.limit((task.first_row, column, task.last_row, column), rule)


def _input_of(task: _Task, column: Dimension | Measure, lists: Lists) -> Rule | None:
    if isinstance(column, Measure):
        return enter(lists, column, task.form)
    if task.keys_are_fixed:
        return None
    if column.level is None and column.code_list is None:
        return day_rule(lists, _label(task, column), task.period)
    choices = choices_of(column, task.plan, task.body, task.period)
    return choose(lists, _label(task, column), choices) if choices else None


def _write_total(sheet: FormSheet, task: _Task) -> int:
    """Write the total row if any measure can be added; return the last row of the table."""
    additive = [m.is_additive for m in task.form.measures]
    if not any(additive) or task.first_row == task.last_row:
        return task.last_row
    row, keys, look = task.last_row + 1, len(task.form.dimensions), replace(KNOWN, bold=True)
    sheet.span((row, 1, row, 1 + keys), task.say("total"), replace(look, centred=True))
    sheet.set_height(row, 3 + _LINE_HEIGHT)
    for column, measure in enumerate(task.form.measures, 2 + keys):
        if measure.is_additive:
            letter = xl_col_to_name(column - 1)
            look_of_sum = replace(look, number_format=_number_format(measure))
            sheet.write_sum(row, column, f"{letter}{task.first_row}:{letter}{task.last_row}", look_of_sum)
        else:
            sheet.write(row, column, None, look)
    return row


def _write_footer(sheet: FormSheet, task: _Task, row: int) -> None:
    """Write the signature block into one row, which no program splits over two pages."""
    half = max(2, task.width // 2)
    sheet.span((row, 1, row, half), task.say("signature.left"), BLOCK)
    sheet.span((row, half + 1, row, task.width), task.say("signature.right"), BLOCK)
    sheet.set_height(row, 6 * _LINE_HEIGHT)


def _set_widths(sheet: FormSheet, task: _Task) -> None:
    sheet.set_width(1, 6)
    for column, declared in enumerate(task.form.columns.values(), 2):
        wide = 30 if isinstance(declared, Dimension) else 18 if declared.unit.money else 14
        sheet.set_width(column, wide)
