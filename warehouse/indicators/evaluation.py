"""What an evaluation of targets covers, and the parameters and temporary tables that its statements read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from plans.model import Plan, Target
from plans.plan_years import plan_window
from plans.reporting_calendar import year_window
from warehouse.indicators.evaluation_grid import GRID, OWED
from warehouse.indicators.indicator_compiler import is_derived


@dataclass(frozen=True, slots=True)
class RefreshScope:
    """What to recompute: the forms that changed, and the periods and areas they are about (None: all)."""

    forms: frozenset[str] | None = None
    periods: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None


EVERYTHING = RefreshScope()


def grouped(targets: Sequence[Target], scope: RefreshScope) -> Iterator[tuple[list[Target], RefreshScope]]:
    """The targets with the scope of their grid: figures of other targets are needed for all areas."""
    plain = [target for target in targets if not is_derived(target)]
    derived = [target for target in targets if is_derived(target)]
    if plain:
        yield plain, scope
    if derived:
        yield derived, replace(scope, areas=None)


def create_grid(
    connection: Connection, plan: Plan, year: int, now: datetime, scope: RefreshScope, as_of: datetime | None
) -> None:
    """Create the temporary tables that the statements of all targets read for a year of the plan.

    `CLEAR` drops them.
    """
    parameters = {**grid_parameters(plan, year, now, scope), "as_of": as_of}
    for statement in (*GRID, *OWED):
        connection.execute(text(statement), parameters)


def grid_parameters(plan: Plan, year: int, now: datetime, scope: RefreshScope) -> dict[str, object]:
    """The parameters of the grid of a year of the plan."""
    return {
        "plan": plan.code,
        "province": plan.area,
        "periods": list(scope.periods) if scope.periods is not None else None,
        "areas": list(scope.areas) if scope.areas is not None else None,
        "today": now.astimezone(ZoneInfo(plan.calendar.timezone)).date(),
        "year": year,
    }


def target_parameters(
    plan: Plan, target: Target, year: int, levels: Sequence[str], now: datetime, as_of: datetime | None
) -> dict[str, object]:
    """The parameters of a target's statement for a year of the plan."""
    year_start, year_end = year_window(year, plan.calendar)
    plan_start, plan_end = plan_window(plan)
    return {
        "plan": plan.code,
        "province": plan.area,
        "target": target.code,
        "unit": target.unit,
        "threshold": target.threshold,
        "levels": list(levels),
        "as_of": as_of,
        "year_start": year_start,
        "year_end": year_end,
        "plan_start": plan_start,
        "plan_end": plan_end,
        "now": now,
    }
