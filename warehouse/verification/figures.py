"""Verify the current figures: computed again from the facts, each column of the target tables is the same."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import ValidationError
from sqlalchemy import Connection, Table, select, text, union

from plans.model import Plan, Target
from plans.plan_format import upgrade_document
from plans.plan_years import plan_periods, years_of
from warehouse.form_catalog import form_set_of
from warehouse.indicators.evaluation import RefreshScope, create_grid, target_parameters
from warehouse.indicators.evaluation_grid import CLEAR
from warehouse.indicators.indicator_compiler import classification, depends_on_present
from warehouse.models.tables import DIM_PLAN, LOAD
from warehouse.models.target_tables import (
    FIGURE_KEY,
    INDICATOR_COVERAGE,
    TARGET_BREAKDOWN,
    TARGET_INDICATOR,
)
from warehouse.sql_templates import render

_AFTER_ALL_PERIODS = datetime(9999, 1, 1, tzinfo=UTC)
_TABLES = (TARGET_INDICATOR, TARGET_BREAKDOWN)


def verify_figures(connection: Connection) -> list[str]:
    """Report figures that the facts do not give, or that are missing; loads record when they are computed."""
    wrong: list[str] = []
    applied = connection.execute(
        select(DIM_PLAN.c.plan_code, DIM_PLAN.c.document).order_by(DIM_PLAN.c.plan_key)
    )
    codes: dict[str, list[str]] = {}
    for code, document in applied.all():
        try:
            plan = Plan.model_validate(upgrade_document(document))
        except (ValidationError, LookupError, TypeError, ValueError, AttributeError):
            wrong.append(f"The plan {code} of dw.dim_plan cannot be read.")
            continue
        codes[plan.code] = [target.code for target in plan.targets]
        wrong += figures_that_differ(connection, plan)
    for table in _TABLES:
        wrong += _of_no_target(connection, table, codes)
    return wrong


def figures_that_differ(connection: Connection, plan: Plan) -> list[str]:
    """Report the figures of a plan that are not what the facts give, naming their columns."""
    periods = _recorded_periods(connection, plan)
    known = {period.code for period in plan_periods(plan)}
    wrong = [
        f"{plan.code} has figures for {code}, which is no period of it."
        for code in periods
        if code not in known
    ]
    for year in years_of(plan):
        create_grid(connection, plan, year, _AFTER_ALL_PERIODS, RefreshScope(periods=periods), None)
        for target in plan.targets:
            for table, levels in _levels(target):
                for moment in _moments(connection, plan, target, table):
                    parameters = target_parameters(plan, target, year, levels, moment, None)
                    wrong += _of_target(connection, plan, target, table, parameters | {"year": year})
        connection.execute(text(CLEAR))
    return list(dict.fromkeys(wrong))


def _levels(target: Target) -> tuple[tuple[Table, Sequence[str]], ...]:
    """The target tables with the levels for which they have figures of a target."""
    return (TARGET_INDICATOR, target.reported_levels), (TARGET_BREAKDOWN, target.breakdown_levels)


def _recorded_periods(connection: Connection, plan: Plan) -> tuple[str, ...]:
    """The periods for which the tables have, or must have, figures of a plan.

    Coverage later than the last load is of a clock that was ahead; the figures may have been removed.
    """
    covered = INDICATOR_COVERAGE.c
    last = select(LOAD.c.started_at).where(LOAD.c.plan_code == plan.code).order_by(LOAD.c.load_id.desc())
    query = union(
        *(select(t.c.period_code).where(t.c.plan_code == plan.code) for t in _TABLES),
        select(covered.period_code).where(
            covered.plan_code == plan.code, covered.covered_since <= last.limit(1).scalar_subquery()
        ),
    )
    return tuple(connection.execute(query).scalars())


def _moments(connection: Connection, plan: Plan, target: Target, table: Table) -> Sequence[datetime]:
    """As of when to compute a target: figures that depend on the present are those of their own moment."""
    if not depends_on_present(plan, form_set_of(connection, plan), target):
        return [_AFTER_ALL_PERIODS]
    own = (table.c.plan_code == plan.code, table.c.target_code == target.code)
    moments = connection.execute(select(table.c.computed_at).distinct().where(*own)).scalars().all()
    return moments or [_AFTER_ALL_PERIODS]


def _of_target(
    connection: Connection, plan: Plan, target: Target, table: Table, parameters: Mapping[str, object]
) -> Iterator[str]:
    forms = form_set_of(connection, plan)
    compared = [column.name for column in table.columns if column.name not in ("computed_at", *FIGURE_KEY)]
    statement = render(
        "verification/differing_figures",
        c=classification(plan, forms, target),
        table=table.fullname,
        compared=compared,
        of_moment=depends_on_present(plan, forms, target),
    )
    for area, period, is_missing, is_extra, differing in connection.execute(text(statement), parameters):
        figure = f"{table.fullname}: {target.code} {area} {period}"
        if is_missing:
            yield f"{figure} is missing."
        elif is_extra:
            yield f"{figure} is not given by the facts."
        else:
            yield f"{figure}: {', '.join(differing)} are not what the facts give."


def _of_no_target(connection: Connection, table: Table, codes: dict[str, list[str]]) -> Iterator[str]:
    """Figures of targets that no applied plan has."""
    query = select(table.c.plan_code, table.c.target_code).distinct()
    for plan, target in connection.execute(query):
        if target not in codes.get(plan, ()):
            yield f"{table.fullname}: {target} of {plan} is a target of no applied plan."
