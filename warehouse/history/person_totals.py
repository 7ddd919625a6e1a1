"""Publish sums of persons over a province when a quarter or a year is closed."""

from datetime import datetime

from sqlalchemy import Connection, text

from plans.model import Plan
from plans.plan_years import plan_periods
from plans.reporting_calendar import Period
from schemas.form_set import FormSet
from schemas.linked_measures import SMALLEST_SHOWN, linked_counts, linked_measures, published_total
from warehouse.form_catalog import form_set_of
from warehouse.sql_templates import render
from warehouse.views.form_context import form_context


def publish_person_totals(
    connection: Connection, plan: Plan, period: Period, closed: frozenset[str], now: datetime
) -> int:
    """Publish the sums of a quarter or year that give no withheld count away; returns how many.

    `closed` are the periods that were closed before. A year is the sum of its quarters, where any of them was
    closed: computed again it would show what was revised between.
    """
    quarters = [
        p.code
        for p in plan_periods(plan)
        if p.kind == "Q" and period.window_start <= p.window_start and p.window_end <= period.window_end
    ]
    if period.kind not in ("Q", "Y"):
        return 0
    values = {
        "plan": plan.code,
        "province": plan.area,
        "period": period.code,
        "window_start": period.window_start,
        "window_end": period.window_end,
        "quarters": quarters if period.kind == "Y" else [],
        "from_rows": period.kind == "Q" or not closed & set(quarters),
        "now": now,
    }
    forms = form_set_of(connection, plan)
    return sum(connection.execute(text(statement), values).rowcount for statement in _statements(forms))


def _statements(forms: FormSet) -> list[str]:
    """A statement for each count of persons whose sums may be published."""
    statements = []
    for form in forms.forms:
        for group, counts in zip(linked_measures(form), linked_counts(form), strict=True):
            published = published_total(form, group)
            if published is not None:
                count = next(count for count in counts if count.key == published.key)
                statements.append(
                    render(
                        "suppression/publish_totals",
                        form=form_context(form),
                        group=counts,
                        count=count,
                        single=len(counts) == 1,
                        smallest_shown=SMALLEST_SHOWN,
                    )
                )
    return statements
