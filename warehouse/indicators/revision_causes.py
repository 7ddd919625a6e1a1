"""Record which submissions a figure of a closed period changed with.

This happens when the figure changes; to find it out later takes long.
"""

from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.form_catalog import form_set_of
from warehouse.indicators.indicator_compiler import forms_of
from warehouse.sql_templates import read_sql


def record_revision_causes(connection: Connection, plan: Plan, load_id: int) -> None:
    """Record for each changed figure of a closed period the submissions of a load that it draws on.

    Reads the temporary table changed_figure of the refresh; call it in the transaction of the load, when the
    facts are loaded and the figures computed.
    """
    forms = form_set_of(connection, plan)
    drawn_on = [
        (target.code, form) for target in plan.targets for form in sorted(forms_of(plan, forms, target))
    ]
    parameters = {
        "plan": plan.code,
        "province": plan.area,
        "load_id": load_id,
        "targets": [target for target, _ in drawn_on],
        "forms": [form for _, form in drawn_on],
    }
    connection.execute(text(read_sql("indicators/revision_causes")), parameters)
