"""Verify the rows that BI tools see: suppressed again from the facts, each of them is the same."""

from sqlalchemy import Connection, text

from schemas.linked_measures import SMALLEST_SHOWN
from warehouse.form_catalog import catalog_of
from warehouse.models.form_tables import suppressed_table
from warehouse.sql_templates import render
from warehouse.views.form_context import form_context


def verify_suppressed_rows(connection: Connection) -> list[str]:
    """Report the rows of the suppressed tables that the facts do not give, or that are missing."""
    wrong: list[str] = []
    for form in catalog_of(connection).forms:
        if suppressed_table(form) is None:
            continue
        context = form_context(form)
        query = render("verification/suppressed_rows", form=context, smallest_shown=SMALLEST_SHOWN)
        facts = connection.scalars(text(query)).all()
        if facts:
            more = f" and {len(facts) - 1} more" if len(facts) > 1 else ""
            wrong.append(
                f"{context.suppressed_table} is not what the facts give: the row of fact {facts[0]}{more}."
            )
    return wrong
