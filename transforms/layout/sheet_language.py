"""A sheet in the language of its plan, made ready for the reader: decoded, or put into the reader's words.

The reader knows the words of one language, whose texts may be typed in legacy fonts. Another one is data:
see `transforms.text.reading_words`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from plans.languages.catalog import DEFAULT
from schemas.findings import Finding
from transforms.cell_names import cell_name
from transforms.extract.sheet import Sheet
from transforms.layout.cells.cell_values import shown
from transforms.layout.form_search import decode_sheet
from transforms.text.normalise import ascii_key
from transforms.text.reading_words import in_readers_words

# What the sheets of a language need before they are read, beside its words. A language adds its own here.
_DECODERS: Mapping[str, Callable[[Sheet], Sheet]] = {DEFAULT: decode_sheet}


def prepare_sheet(sheet: Sheet, language: str, phrases: frozenset[str]) -> Sheet:
    """Return the sheet as the reader takes it; `phrases` are the plan's and the forms' own, which stay.

    The texts of its cells that were put into other words are kept in `as_typed`.
    """
    if decode := _DECODERS.get(language):
        return decode(sheet)
    for row, values in enumerate(sheet.rows):
        for column, value in enumerate(values):
            if not isinstance(value, str) or _is_own(value, phrases):
                continue
            words = in_readers_words(value, language)
            if words != value:
                values[column], sheet.as_typed[row, column] = words, value
    return sheet


def _is_own(text: str, phrases: frozenset[str]) -> bool:
    """Whether a text is a label, a title or a place of the plan, perhaps with a unit in brackets."""
    return ascii_key(text) in phrases or ("(" in text and ascii_key(text.partition("(")[0]) in phrases)


def sheet_as_typed(sheet: Sheet) -> Sheet:
    """Return a sheet with the texts of its cells as they were typed."""
    if not sheet.as_typed:
        return sheet
    rows = [list(values) for values in sheet.rows]
    for (row, column), text in sheet.as_typed.items():
        rows[row][column] = text
    return replace(sheet, rows=rows)


def findings_as_typed(findings: Iterable[Finding], sheets: Iterable[Sheet]) -> list[Finding]:
    """Return findings that show the texts of cells as they were typed."""
    typed = {
        (sheet.name, cell_name(row + 1, column)): (sheet.rows[row][column], text)
        for sheet in sheets
        for (row, column), text in sheet.as_typed.items()
    }
    found = list(findings)
    for number, finding in enumerate(found if typed else ()):
        read, text = typed.get((finding.sheet_name, finding.cell), (None, ""))
        if read is not None and finding.value_shown == shown(read):
            found[number] = replace(finding, value_shown=shown(text))
    return found
