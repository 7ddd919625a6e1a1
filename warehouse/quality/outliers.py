"""Reported values far from what their body usually reports: a table that every load keeps current.

As a view it would be computed from all facts for each reader, and take longer the older a warehouse grows.
"""

from collections.abc import Collection

from sqlalchemy import Connection, text

from schemas.declaration import Form
from schemas.form_catalog import FormCatalog
from schemas.linked_measures import withheld_columns
from warehouse.form_catalog import catalog_of
from warehouse.sql_templates import read_sql, render

_MIN_PERIODS = 8  # of a body and measure, before any value is an outlier
_MAX_SCORE = 3.5


def refresh_outliers(connection: Connection, form: Form, province: str, bodies: Collection[str]) -> None:
    """Find the outliers among what the bodies have reported on a form again; other rows stay untouched."""
    _refresh(connection, form, {"province": province, "bodies": list(bodies)})


def find_all_outliers(connection: Connection) -> None:
    """Find the outliers of all forms and bodies."""
    for form in catalog_of(connection).forms:
        _refresh(connection, form, {"province": None, "bodies": None})


def definition(catalog: FormCatalog) -> str:
    """What the table is computed by; if it has changed, the table has to be computed again.

    Not the rendered statements: this is looked up at the start of each command.
    """
    measures = {form.code: _measures(form) for form in catalog.forms}
    return f"{read_sql('quality/refresh_outliers')} {_MIN_PERIODS} {_MAX_SCORE} {measures}"


def _refresh(connection: Connection, form: Form, parameters: dict[str, object]) -> None:
    if _measures(form):
        connection.execute(text(_statement(form)), parameters)


def _measures(form: Form) -> list[str]:
    """The measures that add up and are never withheld."""
    withheld = withheld_columns(form)
    return [m.key for m in form.measures if m.is_additive and m.is_number and m.key not in withheld]


def _statement(form: Form) -> str:
    return render(
        "quality/refresh_outliers",
        form_code=form.code,
        fact_table=f"dw.fact_{form.key}",
        measures=_measures(form),
        min_periods=_MIN_PERIODS,
        max_score=_MAX_SCORE,
    )
