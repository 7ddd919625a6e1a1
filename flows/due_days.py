"""The flow that plans further ingests on due days, which move with holidays: one run in the morning.

Runs that start every five minutes only to find that no report is due would be 88 a day.
"""

from typing import TypedDict

from prefect import flow, get_run_logger
from prefect.deployments import run_deployment

from services.due_days import further_ingests
from services.settings import read_settings


class PlannedIngests(TypedDict):
    """How many further ingests of today are scheduled, the first and the last of them as ISO timestamps."""

    planned: int
    first: str | None
    last: str | None


@flow(name="plan-ingests", flow_run_name="plan ingests", timeout_seconds=900)
def plan_ingests_flow(deployment: str = "ingest/ingest") -> PlannedIngests:
    """Schedule runs of the ingest deployment every five minutes of a due day; safe to repeat."""
    moments = further_ingests(read_settings())
    for moment in moments:
        run_deployment(
            deployment,
            scheduled_time=moment,
            flow_run_name=f"ingest of {moment:%H:%M}, a due day",
            idempotency_key=f"due day {moment.isoformat()}",
            as_subflow=False,
            timeout=0,  # do not wait for it
        )
    get_run_logger().info("%s further ingests are scheduled for today", len(moments))
    times = [moment.isoformat() for moment in moments]
    return {
        "planned": len(moments),
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
    }
