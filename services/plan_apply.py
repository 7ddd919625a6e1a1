"""Compare a plan with the applied one, and apply it on purpose."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

from sqlalchemy import Connection, Engine

from plans.errors import ChitieuError
from plans.plan_diff import PartChange, diff_plans
from services.context import AppContext, upgrade_schema
from warehouse.blocking_readers import exclusively
from warehouse.dimensions.plan_documents import Drift, plan_state
from warehouse.dimensions.plan_sync import FigureKey, FigureState, apply_plan, figure_states
from warehouse.migrations.release import reject_newer
from warehouse.migrations.upgrade import has_warehouse, schema_is_current
from warehouse.privacy.access import loaded_plans


class FigureChange(TypedDict):
    """A figure before and after a plan was applied; None where there is no such figure."""

    target_code: str
    area_code: str
    period_code: str
    was: FigureState | None
    becomes: FigureState | None


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """How a plan differs from the applied one of its code: parts of the plan, and figures."""

    plan_code: str
    drift: Drift
    parts: tuple[PartChange, ...]
    figures: list[FigureChange]

    def as_json(self) -> dict[str, Any]:
        """Return the comparison for programs."""
        return {
            "plan": self.plan_code,
            "drift": self.drift,
            "parts": [asdict(part) for part in self.parts],
            "figures": self.figures,
        }


def compare_plan(context: AppContext) -> PlanComparison:
    """Compare the plan of the context with the applied one: it is applied, and that is rolled back.

    Raises ChitieuError where the database lacks the schema of this release.
    """
    if not schema_is_current(context.engine):
        reject_newer(context.engine)
        raise ChitieuError(
            "The database lacks the schema of this release or of these forms.",
            "Run chitieu init.",
        )
    with (
        exclusively(context.engine, "ingest"),
        context.engine.connect() as connection,
        connection.begin() as transaction,
    ):
        comparison = _apply_and_compare(connection, context)
        transaction.rollback()
    return comparison


def apply_compared_plan(context: AppContext) -> PlanComparison:
    """Apply the plan of the context in one transaction; returns what changed.

    An applied plan changes nothing. The audit chain records the plan.
    """
    upgrade_schema(context.engine)
    with exclusively(context.engine, "ingest"), context.engine.begin() as connection:
        return _apply_and_compare(connection, context)


def _apply_and_compare(connection: Connection, context: AppContext) -> PlanComparison:
    plan = context.plan
    state = plan_state(connection, plan)
    if state.drift == "none":
        return PlanComparison(plan.code, "none", (), [])
    before = figure_states(connection, plan.code)
    apply_plan(connection, plan, context.now)
    figures = _figure_changes(before, figure_states(connection, plan.code))
    parts = diff_plans(state.applied, plan).changes if state.applied else ()
    return PlanComparison(plan.code, state.drift, parts, figures)


def _figure_changes(
    before: Mapping[FigureKey, FigureState], after: Mapping[FigureKey, FigureState]
) -> list[FigureChange]:
    return [
        {
            "target_code": key[0],
            "area_code": key[1],
            "period_code": key[2],
            "was": before.get(key),
            "becomes": after.get(key),
        }
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def holds_plan(engine: Engine) -> bool:
    """Whether a plan was ever applied in the database; where none was, there is nothing to change."""
    if not has_warehouse(engine):
        return False
    with engine.connect() as connection:
        return bool(loaded_plans(connection))
