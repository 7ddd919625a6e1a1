"""The targets of later plans that read a plan's reports as those of the year before."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from plans.model import Plan, Target
from plans.plan_format import upgrade_document
from plans.target_expressions import all_terms
from warehouse.form_catalog import form_set_of
from warehouse.sql_templates import read_sql


def targets_of_year_after(
    connection: Connection, plan: Plan, changed_forms: frozenset[str] | None
) -> Iterator[tuple[Plan, list[Target]]]:
    """Yield each plan of the year after with its targets that read the forms; None: any form."""
    query = text(read_sql("indicators/plans_of_year_after"))
    for document in connection.execute(query, {"plan": plan.code}).scalars().all():
        later = Plan.model_validate(upgrade_document(document))
        codes = {key: form.code for key, form in form_set_of(connection, later).by_key.items()}
        targets = [
            target
            for target in later.targets
            if any(
                term.year == "previous" and (changed_forms is None or codes[term.form] in changed_forms)
                for term in all_terms(target, later.targets_by_code)
            )
        ]
        if targets:
            yield later, targets
