"""Materialise the target tables: the figure of each target for every area of its levels and every period."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, func, select, text

from plans.model import Plan, Target
from plans.plan_years import plan_periods, plan_window, years_of
from plans.reporting_calendar import Period, year_window
from schemas.form_set import FormSet
from warehouse.analyze import analyze_if_stale
from warehouse.form_catalog import form_set_of
from warehouse.indicators.evaluation_grid import CLEAR, GRID, OWED
from warehouse.indicators.indicator_compiler import (
    classification,
    figures_statement,
    forms_of,
    is_derived,
)
from warehouse.indicators.revision_causes import record_revision_causes
from warehouse.indicators.year_after import targets_of_year_after
from warehouse.loads import Load, recorded_load
from warehouse.models.target_tables import (
    FIGURE_KEY,
    TARGET_BREAKDOWN,
    TARGET_INDICATOR,
    TARGET_SNAPSHOT,
    mart_view,
)
from warehouse.sql_templates import read_sql, render

_COLUMNS = [column.name for column in mart_view(TARGET_INDICATOR).columns]
_KEY = (*FIGURE_KEY, "is_sensitive")
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
_CREATE_CHANGED = (
    "CREATE TEMPORARY TABLE changed_figure (target_code text, area_code text, period_code text)"
    " ON COMMIT DROP"
)
_REMOVE_EARLY = "SELECT audit.remove_early_figures(:plan, :now)"


@dataclass(frozen=True, slots=True)
class RefreshScope:
    """What to recompute: the forms that changed, and the periods and areas they are about (None: all)."""

    forms: frozenset[str] | None = None
    periods: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None


EVERYTHING = RefreshScope()


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
    complete = _complete_targets(connection, plan, now) if only_missing else frozenset()
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
    for year, (group, within) in product(years_of(plan), [*_grouped(targets, scope)]):
        create_grid(connection, plan, year, now, within, None)
        for target in group:
            changed += _write_target(connection, plan, target, year, now)
        connection.execute(text(CLEAR))
    analyze_if_stale(connection, TARGET_INDICATOR.fullname, _KEY, changed)
    if changed:
        record_revision_causes(connection, plan, load.load_id)
    connection.execute(text("DROP TABLE changed_figure"))
    if scope.forms is None and scope.areas is None:
        _note_coverage(connection, plan, now, scope)
    return changed


def _grouped(targets: Sequence[Target], scope: RefreshScope) -> Iterator[tuple[list[Target], RefreshScope]]:
    """The targets with the scope of their grid: figures of other targets are needed for all areas."""
    plain = [target for target in targets if not is_derived(target)]
    derived = [target for target in targets if is_derived(target)]
    if plain:
        yield plain, scope
    if derived:
        yield derived, replace(scope, areas=None)


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


def _note_coverage(connection: Connection, plan: Plan, now: datetime, scope: RefreshScope) -> None:
    """Note since when the target table, with its history, covers the periods that have ended."""
    covered = [
        period.code
        for period in _ended_periods(plan, now)
        if scope.periods is None or period.code in scope.periods
    ]
    connection.execute(
        text(read_sql("indicators/note_coverage")), {"plan": plan.code, "periods": covered, "now": now}
    )


def lacks_figures(connection: Connection, plan: Plan, now: datetime) -> bool:
    """Whether some target has no row yet for some area of its levels and some period that has ended."""
    return len(_complete_targets(connection, plan, now)) < len(plan.targets)


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


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def grid_as_of(plan: Plan, year: int) -> dict[str, object]:
    """The parameters of the grid of a year for statements that the database itself completes.

    It supplies :as_of, :now, :today and :periods; their values here are placeholders.
    """
    return _grid_parameters(plan, year, _NEVER, EVERYTHING)


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
    for year, (group, within) in product(years_of(plan), [*_grouped(plan.targets, scope)]):
        create_grid(connection, plan, year, now, within, as_of)
        for target in group:
            statement = figures_statement(plan, forms, target, _COLUMNS)
            parameters = target_parameters(plan, target, year, target.reported_levels, now, as_of)
            rows += [dict(row) for row in connection.execute(text(statement), parameters).mappings()]
        connection.execute(text(CLEAR))
    return [row for row in rows if scope.areas is None or row["area_code"] in scope.areas]


def create_grid(
    connection: Connection, plan: Plan, year: int, now: datetime, scope: RefreshScope, as_of: datetime | None
) -> None:
    """Create the temporary tables that the statements of all targets read for a year of the plan.

    `CLEAR` drops them.
    """
    parameters = {**_grid_parameters(plan, year, now, scope), "as_of": as_of}
    for statement in (*GRID, *OWED):
        connection.execute(text(statement), parameters)


def _ended_periods(plan: Plan, now: datetime) -> list[Period]:
    """The plan's periods whose window has ended."""
    today = now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
    return [period for period in plan_periods(plan) if period.window_end < today]


def _complete_targets(connection: Connection, plan: Plan, now: datetime) -> frozenset[str]:
    """The targets that have a row for each area of their levels and each period whose window has ended."""
    ended = _ended_periods(plan, now)
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


def _grid_parameters(plan: Plan, year: int, now: datetime, scope: RefreshScope) -> dict[str, object]:
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
