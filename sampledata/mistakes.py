"""Mistakes that a form set declares for its forms: slips that nobody notices at once, and rules broken."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from sampledata.drawn_figures import Row
from sampledata.event_model import draw_figures
from sampledata.sheet import Mark, Sheet
from schemas.declaration import Form
from schemas.sample_file import SampleFile


def slip_in(form: Form, sample: SampleFile) -> Mapping[str, int]:
    """What a first, mistaken version of the form adds to one row: it still satisfies every rule."""
    declared = sample.forms.get(form.key)
    return declared.slip if declared else {}


def slipped(rows: Sequence[Row], slip: Mapping[str, int], rng: Random) -> list[Row]:
    """The rows with the slip in one of them: what was sent before the correction."""
    wrong = rng.randrange(len(rows))
    return [
        {**row, **{key: row[key] + more for key, more in slip.items()}} if i == wrong else row
        for i, row in enumerate(rows)
    ]


def break_rule(rule_id: str, changes: Mapping[str, object]) -> Callable[[Sheet, Random], Mark]:
    """The fault that breaks this rule in some row; it sits in the column that the rule names."""

    def put(sheet: Sheet, rng: Random) -> Mark:
        column = next(rule.column for rule in sheet.form.rules if rule.id == rule_id)
        changed = [_changed(row, changes, sheet.form, rng) for row in sheet.rows]
        at = _row_for(changed, sheet, rng)
        sheet.shown[at] |= changed[at]
        return Mark(at, column)

    return put


def _changed(row: Row, changes: Mapping[str, object], form: Form, rng: Random) -> Row:
    values = draw_figures(changes, form, rng, row, {})
    return {key: values[key] for key in changes if key in form.columns}


def _row_for(changed: Sequence[Row], sheet: Sheet, rng: Random) -> int:
    """Some row; if the fault changes a key, one that has that key already, so that no key comes twice."""
    keys = [d.key for d in sheet.form.dimensions if d.key in changed[0]]
    for at, row in enumerate(changed if keys else ()):
        if all(row[key] == sheet.rows[at][key] for key in keys):
            return at
    return rng.randrange(len(sheet.rows))
