"""Rows as declared from rows as printed: each code that is spread over columns becomes a row of its own."""

from dataclasses import replace

from schemas.declaration import Form
from schemas.form_set import FormSet
from schemas.printed_form import combinations, declared_key, printed_form, printed_key
from transforms.layout.parsed_sheet import SheetReading


def make_rows(reading: SheetReading, declared: FormSet) -> None:
    """Make the rows of a reading those of its declared form.

    Each printed row becomes one row per combination of codes, all with its row number; findings are about the
    declared columns. `columns` keeps the printed ones, from which the cell of a figure follows.
    """
    form = declared.by_code.get(reading.form_code or "")
    if form is None or not form.across:
        return
    places = {key: place for place, key in enumerate(printed_form(form).columns)}
    sources = [_sources(form, codes, places) for codes in combinations(form)]
    reading.values = [
        [source if isinstance(source, str) else printed[source] for source in row]
        for printed in reading.values
        for row in sources
    ]
    reading.rows = [number for number in reading.rows for _ in sources]
    reading.row_sheets = [sheet for sheet in reading.row_sheets for _ in sources]
    reading.findings = [replace(f, column_key=declared_key(f.column_key)) for f in reading.findings]


def _sources(form: Form, codes: tuple[str, ...], places: dict[str, int]) -> list[int | str]:
    """For each declared column the place of its value in a printed row, or the code that it has."""
    spread = dict(zip((dimension.key for dimension in form.across), codes, strict=True))
    keys: list[int | str] = [spread.get(d.key) or places[d.key] for d in form.dimensions]
    return [*keys, *(places[printed_key(measure.key, codes)] for measure in form.measures)]
