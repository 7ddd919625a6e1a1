"""How a declared plan differs from the applied one, as the warehouse keeps it."""

from typing import Any

import pytest
from sqlalchemy import Connection, update

from plans.model import Plan
from tests.support.pipeline import PLAN
from warehouse.database import connect
from warehouse.dimensions.plan_documents import PlanState, plan_state
from warehouse.models.tables import DIM_PLAN


def state_with(connection: Connection, **columns: Any) -> PlanState:
    """The state of the shipped plan after columns of the applied one were changed by hand."""
    connection.execute(update(DIM_PLAN).values(definition_sha256="0" * 64, **columns))
    return plan_state(connection, PLAN)


def format_1() -> dict[str, Any]:
    """The document of the shipped plan as release 0.1 kept it."""
    document = PLAN.model_dump(mode="json", exclude={"format"})
    names = {"label_vi": "vi", "label_en": "en", "reported_levels": "scopes", "breakdown_levels": "shown_by"}
    document["targets"] = [
        {names.get(key, key): value for key, value in target.items()} for target in document["targets"]
    ]
    return document


def test_the_applied_plan_is_read_back(warehouse_url: str) -> None:
    renamed = Plan.model_validate(PLAN.model_dump() | {"title": "Kế hoạch mới"})
    other = Plan.model_validate(PLAN.model_dump() | {"code": "DN-2021", "year": 2021})
    with connect(warehouse_url).connect() as connection:
        assert plan_state(connection, PLAN) == PlanState("none", PLAN)
        assert plan_state(connection, renamed) == PlanState("plan", PLAN)
        assert plan_state(connection, other) == PlanState("never_applied", None)


@pytest.mark.parametrize("document", [None, format_1(), {}], ids=["the same", "format 1", "unreadable"])
def test_an_equal_plan_under_other_software_counts_as_changed_forms(
    document: dict[str, Any] | None, warehouse_url: str
) -> None:
    with connect(warehouse_url).connect() as connection:
        columns = {} if document is None else {"document": document}
        assert state_with(connection, **columns) == PlanState("forms", PLAN)
