"""Fill a warehouse with years of a province without reading sheets: generated rows, loaded as batches."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd
from sqlalchemy import Engine

from benchmarks.forms import FORM_SET
from plans.model import Body, Plan
from plans.reporting_calendar import scheduled_periods
from sampledata.figures import intended_rows
from warehouse.dimensions.seeds import load_reference
from warehouse.history.snapshots import close
from warehouse.indicators.materialize import materialize
from warehouse.load.batch import load_batch
from warehouse.load.submissions import Submission
from warehouse.loads import recorded_load


def plan_of(base: Plan, year: int) -> Plan:
    """Return the plan of another year, with the same bodies, areas and targets."""
    return base.model_copy(update={"code": f"DN-{year}", "year": year})


def load_years(engine: Engine, base: Plan, years: Iterable[int], seed: int) -> int:
    """Load each year's plan and all scheduled reports of it; returns how many fact rows.

    Each period is closed; afterwards every tenth body revises all reports of the year.
    """
    rows = 0
    for year in years:
        plan = plan_of(base, year)
        now = datetime(year + 1, 2, 1, tzinfo=UTC)
        later = now + timedelta(days=30)
        with engine.begin() as connection:
            load_reference(connection, plan)
            with recorded_load(connection, plan, "ingest", now) as load:
                rows += load_batch(connection, plan, load, *_year(plan, seed + year, now, plan.bodies))
                materialize(connection, plan, now, load=load)
            for period in scheduled_periods(year, plan.calendar):
                close(connection, plan, period, now)
            revised = _year(plan, seed + year + 1, later, plan.all_bodies[::10])
            with recorded_load(connection, plan, "ingest", later) as load:
                rows += load_batch(connection, plan, load, *revised)
                materialize(connection, plan, later, load=load)
    return rows


def _year(
    plan: Plan, seed: int, now: datetime, bodies: Sequence[Body]
) -> tuple[list[Submission], dict[str, pd.DataFrame], dict[int, Submission]]:
    submissions: list[Submission] = []
    rows: dict[str, list[dict[str, object]]] = {}
    chosen = {body.code for body in bodies}
    for (body, code), owed in plan.cadences.items():
        if owed.optional or owed.frequency == "A" or body not in chosen:
            continue
        form = FORM_SET.by_code[code]
        periods = [p for p in scheduled_periods(plan.year, plan.calendar) if p.kind == owed.frequency]
        for period, rows_of_period in intended_rows(
            plan, plan.bodies_by_code[body], form, periods, seed, FORM_SET.sample
        ).items():
            number = len(submissions)
            received = now - timedelta(days=1)
            submissions.append(
                Submission(body, code, period, "accepted", "file:///h", "h", "", None, 0, received)
            )
            rows.setdefault(code, []).extend(
                {"submission": number, "sheet": "", "row": n, **row}
                for n, row in enumerate(rows_of_period, 9)
            )
    frames = {code: pd.DataFrame(records) for code, records in rows.items()}
    return submissions, frames, dict(enumerate(submissions))
