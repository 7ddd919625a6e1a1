"""The recorded versions of a plan: the applied one, how a file differs from it, and the one at a closing."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from pydantic import ValidationError
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.model import Plan
from plans.plan_format import upgrade_document
from schemas.form_set import FormSet
from warehouse.form_catalog import form_set_of
from warehouse.integrity.events import append_event
from warehouse.integrity.reference import ReferenceState, reference_digests
from warehouse.loads import plan_digest
from warehouse.models.audit_tables import PLAN_DOCUMENT
from warehouse.models.tables import DIM_PLAN
from warehouse.sql_templates import read_sql

# never_applied: the warehouse has no plan of this code; forms: the plan is the same, but the forms or
# aggregation functions of the software changed; plan: the plan file changed, perhaps the forms as well.
Drift = Literal["none", "never_applied", "forms", "plan"]


@dataclass(frozen=True, slots=True)
class PlanState:
    """How a declared plan differs from the applied one of its code; `applied` is None if there is none."""

    drift: Drift
    applied: Plan | None


def plan_state(connection: Connection, declared: Plan) -> PlanState:
    """Compare the declared plan with the applied one; one small query where nothing differs.

    A document that this release cannot read was applied by an older one and counts as changed forms.
    """
    if reference_is_current(connection, declared):
        return PlanState("none", declared)
    document = connection.scalar(select(DIM_PLAN.c.document).where(DIM_PLAN.c.plan_code == declared.code))
    if document is None:
        return PlanState("never_applied", None)
    try:
        applied = Plan.model_validate(upgrade_document(document))
    except ValidationError:
        return PlanState("forms", declared)
    return PlanState("forms" if applied == declared else "plan", applied)


@lru_cache(maxsize=64)  # each command asks three times, and a plan never changes
def definition_digest(plan: Plan, forms: FormSet) -> str:
    """The SHA-256 of everything that figures derive from: the plan, the forms, the aggregation functions."""
    functions = [AGGREGATION_FUNCTIONS[name] for name in sorted(AGGREGATION_FUNCTIONS)]
    return sha256(f"{plan.model_dump_json()}{forms.declarations}{functions!r}".encode()).hexdigest()


def reference_is_current(connection: Connection, plan: Plan) -> bool:
    """Whether the plan is loaded as it is now: one query."""
    query = select(DIM_PLAN.c.definition_sha256).where(DIM_PLAN.c.plan_code == plan.code)
    return bool(connection.scalar(query) == definition_digest(plan, form_set_of(connection, plan)))


def document_is_kept(connection: Connection, plan: Plan) -> bool:
    """Whether the plan as it is now is among its recorded states."""
    columns = PLAN_DOCUMENT.columns
    kept = select(columns.plan_code).where(
        columns.plan_code == plan.code, columns.document == plan.model_dump_json()
    )
    return bool(connection.scalar(select(kept.exists())))


def record_plan_change(connection: Connection, plan: Plan, reference: ReferenceState) -> None:
    """Record a changed plan or form in the audit chain, by digests, and keep the plan's document.

    Call it when the dimensions are loaded; `reference` is their state before.
    """
    forms = {
        form.code: sha256(repr(form).encode()).hexdigest() for form in form_set_of(connection, plan).forms
    }
    digest = plan_digest(plan)
    now = connection.execute(text("SELECT audit.present()")).scalar_one()
    payload = {
        "sha256": digest,
        "forms": forms,
        "document_kept": True,
        "reference": reference_digests(connection),
        "found_changed": reference.changed,
    }
    append_event(connection, "plan", plan.code, payload, now)
    connection.execute(
        insert(PLAN_DOCUMENT)
        .values(plan_code=plan.code, recorded_at=now, sha256=digest, document=plan.model_dump_json())
        .on_conflict_do_nothing()
    )


def plan_when_closed(connection: Connection, plan: Plan, event_id: int) -> Plan:
    """The plan as it was loaded when an event closed a period; as it is where that was not kept."""
    document = connection.scalar(
        text(read_sql("dimensions/plan_when_closed")), {"plan": plan.code, "event": event_id}
    )
    return plan if document is None else Plan.model_validate_json(document)
