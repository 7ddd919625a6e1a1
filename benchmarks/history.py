"""Years of a province in a warehouse without any sheet: figures that bodies mean, loaded as a batch."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pandas as pd
from sqlalchemy import Engine

from benchmarks.generator.figures import year_of_rows
from plans.model import Plan
from schemas.forms import BY_CODE
from transforms.calendar import scheduled_periods
from warehouse.indicators import materialize
from warehouse.loading import load_batch
from warehouse.reference import load_reference
from warehouse.submissions import Submission


def plan_of(base: Plan, year: int) -> Plan:
    """The plan of another year, with the same bodies, areas and targets."""
    return base.model_copy(update={"code": f"DN-{year}", "year": year})


def load_years(engine: Engine, base: Plan, years: Iterable[int], seed: int) -> int:
    """Load each year's plan and all scheduled reports of it; returns how many fact rows."""
    rows = 0
    for year in years:
        plan = plan_of(base, year)
        now = datetime(year + 1, 2, 1, tzinfo=UTC)
        submissions, frames, numbers = _year(plan, seed + year, now)
        with engine.begin() as connection:
            load_reference(connection, plan)
            rows += load_batch(connection, plan, submissions, frames, numbers, now)
            materialize(connection, plan, now)
    return rows


def _year(
    plan: Plan, seed: int, now: datetime
) -> tuple[list[Submission], dict[str, pd.DataFrame], dict[int, Submission]]:
    submissions: list[Submission] = []
    rows: dict[str, list[dict[str, object]]] = {}
    for (body, code), owed in plan.cadences.items():
        if owed.optional or owed.every == "A":
            continue
        form = BY_CODE[code]
        periods = [p for p in scheduled_periods(plan.year, plan.calendar) if p.kind == owed.every]
        for period, told in year_of_rows(plan, plan.bodies_by_code[body], form, periods, seed).items():
            number = len(submissions)
            received = now - timedelta(days=1)
            submissions.append(
                Submission(body, code, period, "accepted", "file:///h", "h", "", None, 0, received)
            )
            rows.setdefault(code, []).extend(
                {"submission": number, "row": n, **row} for n, row in enumerate(told, 9)
            )
    frames = {code: pd.DataFrame(told) for code, told in rows.items()}
    return submissions, frames, dict(enumerate(submissions))
