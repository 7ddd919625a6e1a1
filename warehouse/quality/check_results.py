"""Run the checkpoint and keep its results in audit.check_result."""

from datetime import datetime

from sqlalchemy import Connection, Engine, func, select

from plans.model import Plan
from warehouse.models.monitoring_tables import CHECK_RESULT
from warehouse.quality.checkpoint import Checked, Outcome, run_checkpoint


def run_recorded_checkpoint(engine: Engine, plan: Plan, now: datetime) -> Checked:
    """Check all expectations of a plan and record the results, where this account may write them."""
    checked = run_checkpoint(engine, plan, now)
    with engine.begin() as connection:
        may_insert = func.has_table_privilege(CHECK_RESULT.fullname, "INSERT")
        if checked.outcomes and connection.scalar(select(may_insert)):
            _record(connection, plan, checked.outcomes)
    return checked


def _record(connection: Connection, plan: Plan, outcomes: list[Outcome]) -> None:
    checked_at = connection.scalar(select(func.clock_timestamp()))
    rows = [
        {
            "checked_at": checked_at,
            "plan_code": plan.code,
            "relation": outcome.suite.relation,
            "check_code": outcome.expectation.id,
            "severity": outcome.expectation.severity,
            "label_vi": outcome.expectation.label_vi,
            "label_en": outcome.expectation.label_en,
            "outcome": "passed" if outcome.holds else "error" if outcome.problem else "failed",
            "wrong_rows": outcome.wrong,
        }
        for outcome in outcomes
    ]
    connection.execute(CHECK_RESULT.insert(), rows)
