"""Read the current fact rows of a form back, without pandas: publishing does so when nothing has changed."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from plans.model import Plan
from plans.plan_years import years_of
from schemas.declaration import Form
from warehouse.sql_templates import render

REPORT_COLUMNS = ("body", "period", "submission", "window_start", "window_end")


def current_rows(
    connection: Connection, form: Form, bodies: Iterable[str], plan: Plan
) -> list[tuple[object, ...]]:
    """The current rows of the bodies: `REPORT_COLUMNS`, then the form's columns; each key once per report.

    Those of the plan, and of plans of other years in its province.
    """
    query = render("load/facts_in_force", view=f"dw.current_{form.key}", columns=list(form.columns))
    wanted = {
        "province": plan.area,
        "bodies": sorted(bodies),
        "plan": plan.code,
        "years": list(years_of(plan)),
    }
    names = [*REPORT_COLUMNS, *form.columns]
    key = [names.index(name) for name in ("body", "period", *(d.key for d in form.dimensions))]
    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    for row in connection.execute(text(query), wanted):
        rows.setdefault(tuple(row[index] for index in key), tuple(row))
    return list(rows.values())
