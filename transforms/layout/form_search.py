"""Which sheets of a file are forms: by code, header, title and the words of a period."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.declaration import Form
from schemas.form_codes import numbered_code
from schemas.form_set import FormSet
from transforms.extract.sheet import Sheet
from transforms.layout.cells.cell_values import PlaceLookup, read_cell
from transforms.layout.found_text import FoundText, Grid, texts
from transforms.layout.sheet_head.letterhead import find_form, find_title, form_code
from transforms.layout.sheet_head.seen_texts import seen_rows, written_rows
from transforms.layout.table import has_number
from transforms.layout.table_header.header import Header, find_header
from transforms.text.character_references import decode_references
from transforms.text.legacy_encodings import decode_as, recognise_cells
from transforms.text.normalise import ascii_key
from transforms.text.viqr import decode_viqr, is_viqr

_TOP_ROWS = 40  # a table may start this far down
_LEAST_FORMS_OF_A_LIST = 3  # a sheet that names so many forms and has no table of one is a list of them
_LEAST_FIGURES, _LEAST_WORDS = 3, 6  # of a sheet that a person would take for a report
_ROW_OF_FIGURES = 2
_FEW_WORDS = 2  # of such a sheet beside a form
_LONGEST_FIGURE = 15  # digits
_PERIOD = re.compile(r"\b(?:thang|quy|nam) (?:[ivx]{1,4}|\d{1,4})\b")


@dataclass(slots=True)
class FoundForm:
    """A sheet in which a form was looked for: its code, the text of the code, and its table's header.

    `written` and `seen` are its rows as `seen_texts` has them.
    """

    sheet: Sheet
    code: str | None
    code_text: FoundText | None
    header: Header | None
    written: Grid
    seen: Grid


def decode_sheet(sheet: Sheet) -> Sheet:
    """Return the sheet with text typed in a legacy font, or as character references, as Unicode."""
    written = [value for row in sheet.rows for value in row if isinstance(value, str)]
    if any("&#" in text for text in written):
        written = [decode_references(text) for text in written]
        sheet.rows = [[decode_references(v) if isinstance(v, str) else v for v in row] for row in sheet.rows]
        sheet.displayed = {cell: decode_references(text) for cell, text in sheet.displayed.items()}
    typed = [text for text in written if not text.isascii()]
    if not typed and is_viqr(written):
        sheet.rows = [[decode_viqr(v) if isinstance(v, str) else v for v in row] for row in sheet.rows]
        sheet.displayed = {cell: decode_viqr(text) for cell, text in sheet.displayed.items()}
        return sheet
    encoding = recognise_cells(typed)
    if encoding is not None:
        sheet.rows = [
            [decode_as(value, encoding) if isinstance(value, str) else value for value in row]
            for row in sheet.rows
        ]
        sheet.displayed = {cell: decode_as(text, encoding) for cell, text in sheet.displayed.items()}
    return sheet


def look_for_form(sheet: Sheet, forms: FormSet, area_headings: tuple[str, ...] = ()) -> FoundForm | None:
    """Return the form of the set that a visible sheet holds, or None.

    Its code is None where the sheet looks like a report but has no known code. `area_headings` are those
    of the plan for columns of areas, beside the form's own.
    """
    return None if sheet.hidden else look_in_sheet(sheet, forms, area_headings)


def look_in_sheet(sheet: Sheet, forms: FormSet, area_headings: tuple[str, ...] = ()) -> FoundForm | None:
    """Return the form of a sheet, hidden or not; see `look_for_form`."""
    if not sheet.rows:
        return None
    written = written_rows(sheet)
    seen = seen_rows(sheet, written)
    code, found = find_form(seen, forms)
    if code is None and seen is not written:  # a code that nobody sees counts where no other is seen
        code, found = find_form(written, forms)
    if code is not None:
        header = find_header(written, sheet.merged, forms.by_code[code], area_headings)
        if header is not None:
            return FoundForm(sheet, code, found, header, written, seen)
        if _is_list_of_forms(sheet, forms):
            return None
        if _names_a_period(sheet) or find_title(sheet.rows, forms)[0]:
            return FoundForm(sheet, code, found, None, written, seen)
        return None
    numbered = _form_by_number(sheet, (written, seen), forms, area_headings)
    if numbered is not None:
        return numbered
    likely = found is not None or find_title(sheet.rows, forms)[0] is not None or _names_a_period(sheet)
    if likely or form_of_table(sheet, forms):
        return FoundForm(sheet, None, found, None, written, seen)
    return None


def _form_by_number(
    sheet: Sheet, rows: tuple[Grid, Grid], forms: FormSet, area_headings: tuple[str, ...]
) -> FoundForm | None:
    """The form whose number alone a text above its whole table states ("Biểu số: 06" for 06-PCMD).

    `rows` are those of the sheet as written and as seen.
    """
    written, seen = rows
    for found in texts(seen, last=_TOP_ROWS):
        code = numbered_code(found.text, tuple(forms.by_code))
        if code is None:
            continue
        form = forms.by_code[code]
        header = find_header(written, sheet.merged, form, area_headings)
        if header is not None and len(header.columns) == len(form.columns) and header.first_row > found.row:
            return FoundForm(sheet, code, found, header, written, seen)
    return None


def is_headed_as_report(form: FoundForm, forms: FormSet) -> bool:
    """Whether a sheet without a known code has two of a report's signs: a code, a form's title, a period."""
    signs = (form.code_text, find_title(form.sheet.rows, forms)[0], _names_a_period(form.sheet) or None)
    return sum(sign is not None for sign in signs) >= 2


def _is_list_of_forms(sheet: Sheet, forms: FormSet) -> bool:
    codes = {form_code(found.text, forms) for found in texts(sheet.rows)} & set(forms.by_code)
    return len(codes) >= _LEAST_FORMS_OF_A_LIST


def _names_a_period(sheet: Sheet) -> bool:
    return any(
        isinstance(v, str) and "ky bao cao" in ascii_key(v) for row in sheet.rows[:_TOP_ROWS] for v in row
    )


def form_of_table(sheet: Sheet, forms: FormSet) -> Form | None:
    """Return the first form of the set most columns of which the sheet holds."""
    for form in forms.forms:
        header = find_header(sheet.rows, sheet.merged, form)
        if header is not None and len(header.columns) * 3 >= len(form.columns) * 2:
            return form
    return None


def has_row_of_figures(sheet: Sheet) -> bool:
    """Whether a row of a sheet holds two numbers that do not just count, as that of a short table does."""
    for row in sheet.rows:
        figures = [float(v) for v in row if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(figures) >= _ROW_OF_FIGURES and not _counts_rows(figures):
            return True
    return False


def looks_like_report(sheet: Sheet, *, beside_form: bool = False) -> bool:
    """Whether a person would take a sheet for a report: it holds a column of figures beside words.

    `beside_form`: another sheet of the file is a form, whose rows this one may continue.
    """
    columns, words = _figures_and_words(sheet)
    least_words = _FEW_WORDS if beside_form else _LEAST_WORDS
    return words >= least_words and any(
        len(numbers) >= _LEAST_FIGURES and not _counts_rows(numbers) for numbers in columns
    )


def holds_a_figure(sheet: Sheet) -> bool:
    """Whether a sheet holds words and a figure that is no ordinal, as a row without a heading does."""
    columns, words = _figures_and_words(sheet)
    return words > 0 and any(len(numbers) == 1 or not _counts_rows(numbers) for numbers in columns)


def holds_row_of(sheet: Sheet, form: Form, lookup: PlaceLookup) -> bool:
    """Whether a row of a sheet has a key of the form and figures behind it, as one that goes on from it.

    A list of keys with their numbers ("1", "2") has none.
    """
    least = min(_ROW_OF_FIGURES, sum(measure.is_number for measure in form.measures))
    dimensions = [d for d in form.dimensions if d.level is not None or d.code_list is not None]
    found: list[list[object]] = []
    for row in sheet.rows:
        is_figure = [has_number([value]) for value in row]
        left = sum(is_figure)
        for column, value in enumerate(row):
            left -= is_figure[column]
            if left < max(least, 1):
                break
            if isinstance(value, str) and any(
                value.strip() and read_cell(value, d, lookup).value is not None for d in dimensions
            ):
                found.append([v for v, shows in zip(row, is_figure, strict=True) if shows][-left:])
                break
    return any(len(figures) >= _ROW_OF_FIGURES for figures in found) or (
        bool(found) and [row[0] for row in found] != list(range(1, len(found) + 1))
    )


def _figures_and_words(sheet: Sheet) -> tuple[list[list[float]], int]:
    """The numbers of each column of a sheet that has some, and how many of its cells are words."""
    figures: dict[int, list[float]] = {}
    words = 0
    for row in sheet.rows:
        for column, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                figures.setdefault(column, []).append(value)
            elif isinstance(value, str) and (stripped := value.strip()):
                if stripped.isdecimal() and len(stripped) <= _LONGEST_FIGURE:
                    figures.setdefault(column, []).append(int(stripped))
                else:
                    words += len(stripped) > 1
    return list(figures.values()), words


def tells_report(sheet: Sheet) -> bool:
    """Whether a sheet is headed as a report of a month, quarter or year; its figures may be in sentences."""
    words = [ascii_key(found.text) for found in texts(sheet.rows, last=_TOP_ROWS)]
    return any(text.startswith("bao cao") for text in words) and any(map(_PERIOD.search, words))


def _counts_rows(numbers: Sequence[float]) -> bool:
    return all(b - a == 1 for a, b in pairwise(numbers))
