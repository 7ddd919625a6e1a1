"""Which forms a body fills in for a period, and which of their rows are known beforehand."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

from plans.model import Area, Body, Plan
from plans.reporting_calendar import Period
from schemas.declaration import Dimension, Form
from schemas.forms import FORMS

_ANY_PLACE = "Địa bàn"  # each form by district is recognised by it, and it is true of any level


def forms_of(plan: Plan, body: Body, period: Period) -> list[Form]:
    """The forms that the body owes, or may send, for a period of this kind; none where it does not exist."""
    in_force = plan.effective_plan(period.window_start, period.window_end)
    if body.code not in in_force.bodies_by_code:
        return []
    owed = ((form, in_force.cadences.get((body.code, form.code))) for form in FORMS)
    return [form for form, obligation in owed if obligation and obligation.frequency == period.kind]


def key_label(dimension: Dimension, plan: Plan, period: Period) -> str:
    """What stands above a key column; where another level is told of, no level is named."""
    if dimension.level is None:
        return dimension.label_vi
    last = period.window_end
    told = plan.effective_plan(period.window_start, last).effective_level(dimension.level, last)
    return dimension.label_vi if told == dimension.level else _ANY_PLACE


def choices_of(dimension: Dimension, plan: Plan, body: Body, period: Period) -> list[str]:
    """What may stand in a key column, as it is written: all codes, or all places; nothing for a date."""
    if dimension.code_list is not None:
        return [code.label_vi for code in dimension.code_list.codes]
    if dimension.level is None:
        return []
    last = period.window_end
    in_force = plan.effective_plan(period.window_start, last)
    within = in_force.areas_within[in_force.bodies_by_code[body.code].area]
    told = in_force.effective_level(dimension.level, last)
    there = [a for a in in_force.areas if a.level == told and a.code in within and a.exists(last, last)]
    return _area_names(in_force, there)


def _area_names(plan: Plan, areas: Sequence[Area]) -> list[str]:
    """The names; those that several bear with the area they lie in, as the reader takes them."""
    times = Counter(area.name for area in areas)
    return [
        f"{area.name}, {plan.areas_by_code[area.parent].name}"
        if times[area.name] > 1 and area.parent
        else area.name
        for area in areas
    ]


def known_rows(form: Form, plan: Plan, body: Body, period: Period) -> list[tuple[str, ...]]:
    """Each combination of keys; empty where they are not known beforehand (a date among them)."""
    return list(product(*(choices_of(dimension, plan, body, period) for dimension in form.dimensions)))
