"""The rows that bodies mean to report: a whole year that satisfies every rule of the forms.

A row is a dict of the form's columns by key: area codes and codes as text, counts as int, amounts as float,
flags as bool. Figures depend on the seed, the body and the form only, never on which part is asked for.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from random import Random

from plans.model import LEVELS, Body, Level, Plan
from plans.reporting_calendar import Period
from sampledata.drawn_figures import TO_DATE, Memory, Row, draw_measures
from sampledata.event_model import draw_figures
from schemas.declaration import Dimension, Form
from schemas.sample_file import PartialRows, SampledForm, SampleFile

MONTHS = {"W": 1, "D": 1, "M": 1, "Q": 3, "H": 6, "Y": 12, "A": 1}
NOTHING_DECLARED = SampleFile()
_LAST = "last values"  # in the memory of a row


def intended_rows(
    plan: Plan,
    body: Body,
    form: Form,
    periods: Sequence[Period],
    seed: int,
    sample: SampleFile = NOTHING_DECLARED,
) -> dict[str, list[Row]]:
    """The rows that `body` means to send in `form`, by period code; `periods` are in order.

    Those of forms about areas and codes follow on one another: `periods` are all of the plan's. Empty where
    the plan has no area for the form's place column.
    """
    if any(_is_date(dimension) for dimension in form.dimensions):
        return {period.code: _events(plan, body, form, period, seed, sample) for period in periods}
    return year_of_rows(plan, body, form, periods, seed, sample)


def year_of_rows(
    plan: Plan,
    body: Body,
    form: Form,
    periods: Sequence[Period],
    seed: int,
    sample: SampleFile = NOTHING_DECLARED,
) -> dict[str, list[Row]]:
    """The rows of a form without dates, as `intended_rows` returns them."""
    keys = row_keys(plan, body, form, Random(f"{seed}/{body.code}/{form.key}"), sample)
    year: dict[str, list[Row]] = {period.code: [] for period in periods}
    teller = _teller(body, form)
    repeated = {dimension.key for dimension in form.dimensions if dimension.is_repeated_count}
    for key in keys:
        rng, memory = Random(f"{seed}/{teller}/{form.key}/{sorted(key.items())}"), Memory(key)
        # The codes of a repeated count are about the same things.
        among = sorted(item for item in key.items() if item[0] not in repeated)
        memory["share"] = Random(f"{seed}/{teller}/establishments/{among}").random()
        memory["first"] = True
        for before, period in zip((None, *periods), periods, strict=False):
            if before and period.year != before.year:
                memory["first"] = True
                memory.pop(TO_DATE, None)
            measures = _measures(form, rng, memory, key, period, sample)
            memory["first"] = False
            year[period.code].append({**key, **measures})
    return year


def _teller(body: Body, form: Form) -> str:
    """Several bodies may report on an area: what happened there does not depend on who reports it."""
    return "" if form.area_dimension and form.rows_expected else body.code


def _measures(form: Form, rng: Random, memory: Memory, key: Row, period: Period, sample: SampleFile) -> Row:
    """The measures of the row of a key, by the form set's expressions if it has one for each of the form's.

    Else all are drawn from the rules, as for a measure that was added to the form since.
    """
    declared = _of_form(form, sample)
    months = MONTHS[period.kind]
    if declared is None or not all(measure.key in declared.figures for measure in form.measures):
        return draw_measures(form, rng, memory, months, key)
    known = {**key, "months": months, "first": memory["first"], "share": memory["share"]}
    values = draw_figures(declared.figures, form, rng, known, memory.get(_LAST, {}))
    memory[_LAST] = values
    return {measure.key: values[measure.key] for measure in form.measures}


def _of_form(form: Form, sample: SampleFile) -> SampledForm | None:
    return sample.forms.get(form.key)


def _events(plan: Plan, body: Body, form: Form, period: Period, seed: int, sample: SampleFile) -> list[Row]:
    """The events of a period that a body reports on in a form with dates; the dates as ISO text.

    One to three, or one in each place where the form expects a row for each.
    """
    teller = _teller(body, form)
    rng = Random(f"{seed}/{teller}/{form.key}/{period.code}")
    dates = [dimension.key for dimension in form.dimensions if _is_date(dimension)]
    others = row_keys(plan, body, form, rng, sample)
    if form.rows_expected and form.area_dimension:
        place = form.area_dimension.key
        by_place = {key[place]: [k for k in others if k[place] == key[place]] for key in others}
        chosen = [rng.choice(keys) for keys in by_place.values()]
    else:
        chosen = rng.sample(others, min(len(others), rng.choice((1, 1, 2, 3))))
    rows = []
    for other in chosen:
        days = {key: _day_in(period, rng).isoformat() for key in dates}
        key = {d.key: days.get(d.key) or other[d.key] for d in form.dimensions}
        window = {
            "window_start": period.window_start.isoformat(),
            "window_end": period.window_end.isoformat(),
        }
        share = Random(f"{seed}/{teller}/establishments/{sorted(key.items())}").random()
        memory: Memory = {"first": True, "share": share}
        measures = _measures(form, rng, memory, key | window, period, sample)
        rows.append({**key, **measures})
    return rows


def _day_in(period: Period, rng: Random) -> date:
    return period.window_start + timedelta(days=rng.randrange(period.days) if period.days > 1 else 0)


def _is_date(dimension: Dimension) -> bool:
    return dimension.level is None and dimension.code_list is None


def row_keys(
    plan: Plan, body: Body, form: Form, rng: Random, sample: SampleFile = NOTHING_DECLARED
) -> list[dict[str, str]]:
    """The keys of the rows that a body fills in, in the order of the form and without dates."""
    dimensions = [dimension for dimension in form.dimensions if not _is_date(dimension)]
    choices = [_keys_of(plan, body, form, dimension, rng, sample) for dimension in dimensions]
    names = [dimension.key for dimension in dimensions]
    return [dict(zip(names, values, strict=True)) for values in product(*choices)]


def effective_level(plan: Plan, level: Level) -> Level:
    """Return the level that replaces a form's level: communes where there are no districts."""
    there = {area.level for area in plan.areas}
    order = next((keys for keys in ((*plan.levels_by_key,), LEVELS) if level in keys), (level,))
    return next((lower for lower in order[order.index(level) :] if lower in there), level)


def _keys_of(
    plan: Plan, body: Body, form: Form, dimension: Dimension, rng: Random, sample: SampleFile
) -> Sequence[str]:
    if dimension.level:
        within, level = plan.areas_within[body.area], effective_level(plan, dimension.level)
        inside = [a.code for a in plan.areas if a.code in within and a.level == level]
        return inside or [c for c in plan.ancestors(body.area) if plan.areas_by_code[c].level == level]
    listed = dimension.code_list.codes if dimension.code_list else ()
    codes = [code.code for code in listed if not code.reported_by or body.level in code.reported_by]
    declared = sample.codes.get(dimension.key)
    if declared is None:
        return codes
    if body.level in declared.first_body:
        pairs = plan.obligation_pairs
        owing = [b.code for b, o in pairs if o.form == form.code and b.level == body.level]
        if owing[:1] == [body.code]:
            return declared.first_body[body.level]
    codes = list(declared.by_level.get(body.level, codes))
    return _without_some(codes, body, declared.partial, rng) if declared.partial else codes


def _without_some(codes: list[str], body: Body, partial: PartialRows, rng: Random) -> list[str]:
    if partial.levels and body.level not in partial.levels:
        return codes
    if partial.bodies < 1 and rng.random() >= partial.bodies:
        return codes
    return [c for c in codes if c in partial.always or rng.random() < partial.kept] or codes[:1]
