"""Materialise the target tables: the figure of each target for every area of its levels and every period."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product

from sqlalchemy import Connection, Table, text

from plans.model import Plan, Target
from plans.plan_years import years_of
from schemas.form_set import FormSet
from warehouse.analyze import analyze_if_stale
from warehouse.form_catalog import form_set_of
from warehouse.indicators.evaluation import EVERYTHING, RefreshScope, create_grid, grouped, target_parameters
from warehouse.indicators.evaluation_grid import CLEAR
from warehouse.indicators.figure_coverage import complete_targets, note_coverage
from warehouse.indicators.indicator_compiler import classification, forms_of
from warehouse.indicators.revision_causes import record_revision_causes
from warehouse.indicators.year_after import targets_of_year_after
from warehouse.loads import Load, recorded_load
from warehouse.models.target_tables import (
    FIGURE_KEY,
    TARGET_BREAKDOWN,
    TARGET_INDICATOR,
)
from warehouse.sql_templates import render

_KEY = (*FIGURE_KEY, "is_sensitive")
_CREATE_CHANGED = (
    "CREATE TEMPORARY TABLE changed_figure (target_code text, area_code text, period_code text)"
    " ON COMMIT DROP"
)
_REMOVE_EARLY = "SELECT audit.remove_early_figures(:plan, :now)"


def materialize(
    connection: Connection,
    plan: Plan,
    now: datetime,
    scope: RefreshScope = EVERYTHING,
    only_missing: bool = False,
    load: Load | None = None,
) -> int:
    """Recompute the target tables within the scope; rows whose figures stay the same stay untouched.

    Also those of the plan of the year after that compare with this year. Periods whose window has not ended
    by `now` have no rows; those that a clock that was ahead left are removed. `only_missing`: only targets
    that lack a row for some area and period. `load`: the batch that the refresh belongs to; without one it
    is a load of its own. Returns how many rows changed.
    """
    forms = form_set_of(connection, plan)
    complete = complete_targets(connection, plan, now) if only_missing else frozenset()
    stale = [
        target
        for target in plan.targets
        if target.code not in complete
        and (scope.forms is None or forms_of(plan, forms, target) & scope.forms)
    ]
    changed = _refresh_in(connection, plan, stale, scope, now, load) if stale else 0
    if not only_missing:
        for later, targets in targets_of_year_after(connection, plan, scope.forms):
            read = RefreshScope(forms=scope.forms or frozenset(o.form for o in plan.obligations))
            changed += _refresh_in(connection, later, targets, read, now, None)
    return changed


def _refresh_in(
    connection: Connection,
    plan: Plan,
    targets: Sequence[Target],
    scope: RefreshScope,
    now: datetime,
    load: Load | None,
) -> int:
    """Write figures within a load, or in one of their own; returns how many rows changed."""
    if load is not None:
        return _refresh(connection, plan, targets, scope, now, load)
    with recorded_load(connection, plan, "materialize", now) as own_load:
        return _refresh(connection, plan, targets, scope, now, own_load)


def _refresh(
    connection: Connection,
    plan: Plan,
    targets: Sequence[Target],
    scope: RefreshScope,
    now: datetime,
    load: Load,
) -> int:
    """Write the figures of the targets; returns how many rows changed."""
    changed = int(connection.scalar(text(_REMOVE_EARLY), {"plan": plan.code, "now": now}) or 0)
    connection.execute(text(_CREATE_CHANGED))
    for year, (group, within) in product(years_of(plan), [*grouped(targets, scope)]):
        create_grid(connection, plan, year, now, within, None)
        for target in group:
            changed += _write_target(connection, plan, target, year, now)
        connection.execute(text(CLEAR))
    analyze_if_stale(connection, TARGET_INDICATOR.fullname, _KEY, changed)
    if changed:
        record_revision_causes(connection, plan, load.load_id)
    connection.execute(text("DROP TABLE changed_figure"))
    if scope.forms is None and scope.areas is None:
        note_coverage(connection, plan, now, scope)
    return changed


def _write_target(connection: Connection, plan: Plan, target: Target, year: int, now: datetime) -> int:
    """Write the figures of a target at all its levels; returns how many rows changed."""
    changed, forms = 0, form_set_of(connection, plan)
    for table, levels in (
        (TARGET_INDICATOR, target.reported_levels),
        (TARGET_BREAKDOWN, target.breakdown_levels),
    ):
        if levels:
            parameters = target_parameters(plan, target, year, levels, now, None)
            changed += connection.execute(
                text(_write_statement(plan, forms, target, table)), parameters
            ).rowcount
    return changed


def _write_statement(plan: Plan, forms: FormSet, target: Target, table: Table) -> str:
    """The statement that writes a target's classified figures into a target table."""
    columns = [column.name for column in table.columns]
    return render(
        "indicators/write_figures",
        c=classification(plan, forms, target),
        table=table.fullname,
        columns=columns,
        key=_KEY,
        compared=[name for name in columns if name not in (*_KEY, "computed_at")],
    )
