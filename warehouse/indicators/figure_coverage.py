"""Which targets have a figure for each area of their levels and each period that has ended."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, text

from plans.model import Plan
from plans.plan_years import plan_periods
from plans.reporting_calendar import Period
from warehouse.indicators.evaluation import RefreshScope
from warehouse.models.target_tables import TARGET_INDICATOR
from warehouse.sql_templates import read_sql


def lacks_figures(connection: Connection, plan: Plan, now: datetime) -> bool:
    """Whether some target has no row yet for some area of its levels and some period that has ended."""
    return len(complete_targets(connection, plan, now)) < len(plan.targets)


def complete_targets(connection: Connection, plan: Plan, now: datetime) -> frozenset[str]:
    """The targets that have a row for each area of their levels and each period whose window has ended."""
    ended = ended_periods(plan, now)
    areas = Counter(
        (area.level, period.code)
        for period in ended
        for area in plan.areas
        if area.exists(period.window_end, period.window_end)
    )
    columns = TARGET_INDICATOR.columns
    query = (
        select(columns.target_code, func.count())
        .where(columns.plan_code == plan.code)
        .group_by(columns.target_code)
    )
    stored = {row[0]: row[1] for row in connection.execute(query)}
    return frozenset(
        target.code
        for target in plan.targets
        if stored.get(target.code, 0)
        == sum(
            areas[level, period.code]
            for period in ended
            if target.exists(period.window_end, period.window_end)
            and (not target.periods or period.kind in target.periods)
            for level in target.reported_levels
        )
    )


def note_coverage(connection: Connection, plan: Plan, now: datetime, scope: RefreshScope) -> None:
    """Note since when the target table, with its history, covers the periods that have ended."""
    covered = [
        period.code
        for period in ended_periods(plan, now)
        if scope.periods is None or period.code in scope.periods
    ]
    connection.execute(
        text(read_sql("indicators/note_coverage")), {"plan": plan.code, "periods": covered, "now": now}
    )


def ended_periods(plan: Plan, now: datetime) -> list[Period]:
    """The plan's periods whose window has ended."""
    today = now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
    return [period for period in plan_periods(plan) if period.window_end < today]
