"""Forms that a body fills in for a period, and the rows of each form that are known in advance."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

from plans.model import Area, Body, Plan
from plans.reporting_calendar import Period
from publishing.i18n import STATE_MOTTOS, body_text
from schemas.declaration import Dimension, Form
from schemas.form_set import FormSet
from transforms.text.sentences import in_sentence


def forms_of(plan: Plan, forms: FormSet, body: Body, period: Period) -> list[Form]:
    """Return the forms that the body owes or may send for the period; none if it does not exist then."""
    effective = plan.effective_plan(period.window_start, period.window_end)
    if body.code not in effective.bodies_by_code:
        return []
    owed = ((form, effective.cadences.get((body.code, form.code))) for form in forms.forms)
    return [form for form, obligation in owed if obligation and obligation.frequency == period.kind]


def key_label(dimension: Dimension, plan: Plan, period: Period) -> str:
    """Return the heading of a key column; that of the plan's level if the plan reports at another one."""
    if dimension.level is None:
        return dimension.label_vi
    last = period.window_end
    level = plan.effective_plan(period.window_start, last).effective_level(dimension.level, last)
    if level == dimension.level:
        return dimension.label_vi
    return _heading(plan, level)


def _heading(plan: Plan, level: str) -> str:
    """The heading of a column of areas: that of the level, else one for areas of any level."""
    known = plan.levels_by_key.get(level)
    return known.heading_vi if known else body_text(plan.language, "any-place")


def choices_of(dimension: Dimension, plan: Plan, body: Body, period: Period) -> list[str]:
    """Return the labels allowed in a key column, as `labels_by_code` has them."""
    return list(labels_by_code(dimension, plan, body, period).values())


def labels_by_code(dimension: Dimension, plan: Plan, body: Body, period: Period) -> dict[str, str]:
    """Return the codes that a body reports on, or the areas, with their labels; empty for a date."""
    if dimension.code_list is not None:
        codes = dimension.code_list.codes
        return {c.code: c.label_vi for c in codes if not c.reported_by or body.level in c.reported_by}
    if dimension.level is None:
        return {}
    last = period.window_end
    effective = plan.effective_plan(period.window_start, last)
    within = effective.areas_within[effective.bodies_by_code[body.code].area]
    level = effective.effective_level(dimension.level, last)
    areas = [a for a in effective.areas if a.level == level and a.code in within and a.exists(last, last)]
    return dict(zip((area.code for area in areas), _area_names(effective, areas), strict=True))


def _area_names(plan: Plan, areas: Sequence[Area]) -> list[str]:
    """Return the names; a name shared by several areas gets its parent, as the reader expects."""
    times = Counter(area.name for area in areas)
    return [
        f"{area.name}, {plan.areas_by_code[area.parent].name}"
        if times[area.name] > 1 and area.parent
        else area.name
        for area in areas
    ]


def known_rows(form: Form, plan: Plan, body: Body, period: Period) -> list[tuple[str, ...]]:
    """Return each combination of keys; empty if one of them is a date, which is not known in advance."""
    return list(product(*(choices_of(dimension, plan, body, period) for dimension in form.dimensions)))


def superior(plan: Plan, body: Body) -> str:
    """Return what is above a body, as the first line of a letterhead names it: a local body, or an area."""
    area = plan.areas_by_code[body.area]
    is_local = any(local.code == body.code for local in plan.local_bodies)
    above = plan.areas_by_code[area.parent] if area.parent and is_local else area
    local = (other.name for other in plan.local_bodies if other.area == above.code != body.area)
    committee = "UBND " if plan.calendar.country in STATE_MOTTOS else ""
    return in_sentence(next(local, f"{committee}{above.name}"))
