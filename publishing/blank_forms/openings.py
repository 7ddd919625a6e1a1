"""Opening values of blank forms that are known: the closing values in force of the period before."""

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import Connection

from plans.model import Body, Plan
from plans.reporting_calendar import Period, scheduled_periods
from publishing.blank_forms.rows import labels_by_code
from schemas.declaration import Form, RuleScope
from warehouse.load.facts import facts_in_force

Openings = Mapping[tuple[str, ...], Mapping[str, float]]
"""Opening values by the labels of a row's keys, then by measure."""

NO_OPENINGS: Openings = MappingProxyType({})
_CARRIED = re.compile(r"(\w+) == previous\.(\w+)")


def carried_measures(form: Form) -> dict[str, str]:
    """Return the measures that a rule equates with a measure of the period before, with that measure."""
    rules = form.rules_of(RuleScope.PREVIOUS_PERIOD)
    found = (_CARRIED.fullmatch(rule.expression) for rule in rules)
    return {match[1]: match[2] for match in found if match}


def opening_values(connection: Connection, plan: Plan, body: Body, form: Form, period: Period) -> Openings:
    """Read the opening values of a form from the body's report in force of the period before."""
    carried = carried_measures(form)
    day_before = period.window_start - timedelta(days=1)
    periods = scheduled_periods(period.year, plan.calendar)
    previous = [p for p in periods if p.kind == period.kind and p.window_end == day_before]
    if not carried or not previous:
        return NO_OPENINGS
    facts = facts_in_force(connection, form, [body.code], plan)
    labels = [labels_by_code(dimension, plan, body, period) for dimension in form.dimensions]
    openings: dict[tuple[str, ...], dict[str, float]] = {}
    for row in facts[facts["period"] == previous[0].code].to_dict("records"):
        keys = [str(row[dimension.key]) for dimension in form.dimensions]
        if all(key in names for key, names in zip(keys, labels, strict=True)):
            named = tuple(names[key] for key, names in zip(keys, labels, strict=True))
            openings[named] = {opening: row[closing] for opening, closing in carried.items()}
    return openings
