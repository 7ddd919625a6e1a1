"""Prepare the database: the schema, the plans and the roles."""

from collections.abc import Sequence

from sqlalchemy import Connection

from plans.model import Plan
from plans.renamed_measures import with_present_names
from services.context import AppContext, explain_drift
from warehouse.blocking_readers import begin_writing
from warehouse.dimensions.plan_documents import plan_state
from warehouse.dimensions.plan_sync import apply_plan
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_roles


def prepare_database(contexts: Sequence[AppContext]) -> tuple[list[Plan], list[str]]:
    """Migrate the schema, apply the plans unless their files changed, and create the roles; safe to repeat.

    Returns the plans in force, and a warning for each changed plan file and for each role not created.
    """
    engine = contexts[0].engine
    warnings: list[str] = []
    plans: list[Plan] = []
    migrate(engine)
    for context in contexts:
        with begin_writing(engine) as connection:
            plans.append(_applied(connection, context, warnings))
    return plans, warnings + create_roles(engine)


def _applied(connection: Connection, context: AppContext, warnings: list[str]) -> Plan:
    """Apply a plan unless its file changed, which is a warning; returns the plan in force.

    A file that only follows renamed measures did not change. Otherwise the applied plan follows them, for the
    columns of the tables have their new names.
    """
    state = plan_state(connection, context.plan)
    if state.drift == "plan" and state.applied is not None:
        followed = with_present_names(state.applied, context.forms.present_names)
        if followed != context.plan:
            warnings.append(" ".join(explain_drift(context, state)))
            if followed != state.applied:
                apply_plan(connection, followed, context.now)
            return followed
    apply_plan(connection, context.plan, context.now)
    return context.plan
