"""Figures to compare: those of the target table, and those computed again, today's or as once known."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, select, text

from plans.model import Plan
from plans.plan_years import years_of
from schemas.form_set import FormSet
from warehouse.form_catalog import form_set_of
from warehouse.indicators.evaluation import (
    EVERYTHING,
    RefreshScope,
    create_grid,
    grid_parameters,
    grouped,
    target_parameters,
)
from warehouse.indicators.evaluation_grid import CLEAR
from warehouse.indicators.indicator_compiler import figures_statement
from warehouse.models.target_tables import TARGET_INDICATOR, TARGET_SNAPSHOT, mart_view

_COLUMNS = [column.name for column in mart_view(TARGET_INDICATOR).columns]
_COMPARED = (
    "numerator",
    "denominator",
    "value",
    "status",
    "verdict",
    "value_min",
    "value_max",
    "completeness_pct",
    "is_final",
)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def figures_by_key(
    connection: Connection, plan: Plan, edition: int | None = None
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """All figures and verdicts by (target, area, period), to compare one state with another.

    With an edition: the frozen ones of that edition of each closed period.
    """
    columns = (TARGET_SNAPSHOT if edition else TARGET_INDICATOR).columns
    query = select(
        columns.target_code,
        columns.area_code,
        columns.period_code,
        *(columns[name] for name in _COMPARED),
    ).where(columns.plan_code == plan.code)
    if edition:
        query = query.where(columns.edition == edition)
    return {
        (row.target_code, row.area_code, row.period_code): {name: getattr(row, name) for name in _COMPARED}
        for row in connection.execute(query)
    }


def as_known_at(
    connection: Connection, plan: Plan, moment: datetime, scope: RefreshScope
) -> list[dict[str, Any]]:
    """The rows of the target table as they were known at a moment; nothing is written."""
    return _computed_rows(connection, plan, moment, scope, moment)


def as_in_force(connection: Connection, plan: Plan, now: datetime) -> list[dict[str, Any]]:
    """The rows of the target table computed again from the current facts; nothing is written."""
    return _computed_rows(connection, plan, now, EVERYTHING, None)


def grid_as_of(plan: Plan, year: int) -> dict[str, object]:
    """The parameters of the grid of a year for statements that the database itself completes.

    It supplies :as_of, :now, :today and :periods; their values here are placeholders.
    """
    return grid_parameters(plan, year, _NEVER, EVERYTHING)


def figures_as_of(
    plan: Plan, forms: FormSet, year: int, columns: str
) -> Iterator[tuple[str, dict[str, object]]]:
    """The queries behind `as_known_at`, target by target, each with its parameters."""
    for target in plan.targets:
        query = figures_statement(plan, forms, target, [columns])
        yield query, target_parameters(plan, target, year, target.reported_levels, _NEVER, None)


def _computed_rows(
    connection: Connection, plan: Plan, now: datetime, scope: RefreshScope, as_of: datetime | None
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    forms = form_set_of(connection, plan)
    for year, (group, within) in product(years_of(plan), [*grouped(plan.targets, scope)]):
        create_grid(connection, plan, year, now, within, as_of)
        for target in group:
            statement = figures_statement(plan, forms, target, _COLUMNS)
            parameters = target_parameters(plan, target, year, target.reported_levels, now, as_of)
            rows += [dict(row) for row in connection.execute(text(statement), parameters).mappings()]
        connection.execute(text(CLEAR))
    return [row for row in rows if scope.areas is None or row["area_code"] in scope.areas]
