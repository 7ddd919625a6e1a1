"""Opening values of blank forms that are known: the closing values in force of the period before."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from plans.model import Body, Plan
from plans.reporting_calendar import Period, scheduled_periods
from publishing.blank_forms.rows import labels_by_code
from schemas.declaration import Form, RuleScope
from schemas.printed_form import printed_form, printed_key
from warehouse.load.current_rows import REPORT_COLUMNS, current_rows

Openings = Mapping[tuple[str, ...], Mapping[str, float]]
"""Opening values by the labels of a row's keys, then by measure."""

CarriedRows = dict[tuple[str, str], list[dict[str, Any]]]
"""Rows of reports by body and period."""

NO_OPENINGS: Openings = MappingProxyType({})
_CARRIED = re.compile(r"(\w+) == previous\.(\w+)")


def carried_measures(form: Form) -> dict[str, str]:
    """Return the measures that a rule equates with a measure of the period before, with that measure."""
    rules = form.rules_of(RuleScope.PREVIOUS_PERIOD)
    found = (_CARRIED.fullmatch(rule.expression) for rule in rules)
    return {match[1]: match[2] for match in found if match}


def carried_rows(connection: Connection, plan: Plan, form: Form, bodies: Iterable[str]) -> CarriedRows:
    """Read the rows in force of the bodies' reports on a form; none if no rule carries a measure over."""
    rows: CarriedRows = {}
    if carried_measures(form):
        names = [*REPORT_COLUMNS, *form.columns]
        for values in current_rows(connection, form, bodies, plan):
            row: dict[str, Any] = dict(zip(names, values, strict=True))
            rows.setdefault((row["body"], row["period"]), []).append(row)
    return rows


def opening_values(rows: CarriedRows, plan: Plan, body: Body, form: Form, period: Period) -> Openings:
    """Return the opening values of a form from the body's report in force of the period before."""
    day_before = period.window_start - timedelta(days=1)
    periods = scheduled_periods(period.year, plan.calendar) if rows else []
    previous = [p.code for p in periods if p.kind == period.kind and p.window_end == day_before]
    known = rows.get((body.code, previous[0]), []) if previous else []
    if not known:
        return NO_OPENINGS
    carried = carried_measures(form)
    dimensions = printed_form(form).dimensions
    labels = [labels_by_code(dimension, plan, body, period) for dimension in dimensions]
    openings: dict[tuple[str, ...], dict[str, float]] = {}
    for row in known:
        keys = [str(row[dimension.key]) for dimension in dimensions]
        codes = [str(row[dimension.key]) for dimension in form.across]
        if all(key in names for key, names in zip(keys, labels, strict=True)):
            named = tuple(names[key] for key, names in zip(keys, labels, strict=True))
            values = {
                printed_key(opening, codes): float(row[closing])
                for opening, closing in carried.items()
                if row[closing] is not None
            }
            openings.setdefault(named, {}).update(values)
    return openings
