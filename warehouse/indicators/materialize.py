"""Materialise the target tables: what each target has reached, for every area of its scopes and period."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from plans.model import Dated, Plan, Target
from plans.reporting_calendar import Period, scheduled_periods, year_window
from warehouse.analyze import analyze_if_stale
from warehouse.indicators.evaluation_grid import CLEAR, GRID, OWED
from warehouse.indicators.indicator_compiler import forms_of, target_statement, text_array
from warehouse.indicators.revision_causes import record_revision_causes

# Rules that need the target's threshold and pace, said once for figures that should be high and once for low.
_RULES = {
    "at_least": {
        "met": "value >= target_value",
        "surely": "value_min >= target_value",
        "surely_not": "value_max < target_value",
        "on_track": "value >= expected_value",
        "lost": "FALSE",
    },
    "at_most": {
        "met": "is_year_end AND value <= target_value",
        "surely": "value_max <= target_value",
        "surely_not": "value_min > target_value",
        "on_track": "value <= expected_value",
        "lost": "value_min > target_value AND unit <> 'percent'",  # a sum never falls again
    },
}
_COLUMNS = (
    "plan_code, target_code, area_code, area_name, area_level, period_code, window_start, window_end,"
    " numerator, denominator, value, unit, target_value, achievement_pct, expected_value, status, value_min,"
    " value_max, verdict, completeness_pct, is_final, computed_at"
)
_KEY = ("plan_code", "target_code", "area_code", "period_code")
# The parts table shows figures at further levels; there nothing is promised.
_TARGET_ONLY = ("target_value", "achievement_pct", "expected_value", "status", "verdict")


@dataclass(frozen=True, slots=True)
class Scope:
    """What to recompute: forms that changed, and the periods and areas that they speak of (None: all)."""

    forms: frozenset[str] | None = None
    periods: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None


EVERYTHING = Scope()


def materialize(
    connection: Connection,
    plan: Plan,
    now: datetime,
    scope: Scope = EVERYTHING,
    only_missing: bool = False,
) -> int:
    """Recompute the target tables within the scope; rows whose figures stay as they are stay untouched.

    Periods whose window has not closed by `now` have no rows. `only_missing`: only targets that have not
    yet a row for each area and period. Returns how many rows changed.
    """
    changed = 0
    complete = _complete(connection, plan, now) if only_missing else frozenset()
    stale = [
        target
        for target in plan.targets
        if target.code not in complete and (scope.forms is None or forms_of(target) & scope.forms)
    ]
    if not stale:
        return 0
    _prepare(connection, plan, now, scope, None)
    for target in stale:
        for table, levels in (
            ("target_indicator", target.reported_levels),
            ("target_breakdown", target.breakdown_levels),
        ):
            if levels:
                statement = _upsert(plan, target, table)
                result = connection.execute(text(statement), _parameters(plan, target, levels, now, None))
                changed += result.rowcount
    connection.execute(text(CLEAR))
    analyze_if_stale(connection, "mart.target_indicator", _KEY, changed)
    if changed:
        record_revision_causes(connection, plan, now)
    if scope.forms is None and scope.areas is None:
        _note_told(connection, plan, now, scope)
    return changed


def _note_told(connection: Connection, plan: Plan, now: datetime, scope: Scope) -> None:
    """Note since when the table, with its past, tells of the periods that have closed."""
    told = [p.code for p in _ended(plan, now) if scope.periods is None or p.code in scope.periods]
    connection.execute(
        text(
            "INSERT INTO audit.indicator_coverage (plan_code, period_code, covered_since)"
            " SELECT :plan, unnest(CAST(:told AS text[])), :now ON CONFLICT DO NOTHING"
        ),
        {"plan": plan.code, "told": told, "now": now},
    )


def lacks_figures(connection: Connection, plan: Plan, now: datetime) -> bool:
    """Whether some target has no row yet for some area of its scopes and some period that has closed."""
    return len(_complete(connection, plan, now)) < len(plan.targets)


def figures_by_key(
    connection: Connection, plan: Plan, table: str = "target_indicator"
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """All figures and verdicts by (target, area, period), to compare one state with another.

    `table` may be target_snapshot, whose rows are each of the period that was closed.
    """
    told = "numerator, denominator, value, status, verdict, value_min, value_max, completeness_pct, is_final"
    rows = connection.execute(
        text(f"SELECT target_code, area_code, period_code, {told} FROM mart.{table} WHERE plan_code = :plan"),
        {"plan": plan.code},
    )
    names = told.split(", ")
    return {(row[0], row[1], row[2]): dict(zip(names, row[3:], strict=True)) for row in rows}


def as_known_at(connection: Connection, plan: Plan, moment: datetime, scope: Scope) -> list[dict[str, Any]]:
    """The rows of the target table as they were known at a moment; nothing is written."""
    return _reckoned(connection, plan, moment, scope, moment)


def as_in_force(connection: Connection, plan: Plan, now: datetime) -> list[dict[str, Any]]:
    """The rows of the target table reckoned again from the facts in force; nothing is written."""
    return _reckoned(connection, plan, now, EVERYTHING, None)


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def grid_as_of(plan: Plan) -> dict[str, object]:
    """The parameters of the grid for statements that the database itself fills in.

    :as_of, :now, :today and :periods are what is asked for: what stands here means nothing.
    """
    return _grid_parameters(plan, _NEVER, EVERYTHING)


def figures_as_of(plan: Plan, columns: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The queries of the figures that `as_known_at` tells, target by target, each with its parameters."""
    for target in plan.targets:
        query = f"{_figures(plan, target)}SELECT {columns} FROM judged"
        yield query, _parameters(plan, target, target.reported_levels, _NEVER, None)


def _reckoned(
    connection: Connection, plan: Plan, now: datetime, scope: Scope, as_of: datetime | None
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    _prepare(connection, plan, now, scope, as_of)
    for target in plan.targets:
        statement = f"{_figures(plan, target)}SELECT {_COLUMNS} FROM judged"
        found = connection.execute(
            text(statement), _parameters(plan, target, target.reported_levels, now, as_of)
        )
        rows += [dict(row) for row in found.mappings()]
    connection.execute(text(CLEAR))
    return rows


def _prepare(connection: Connection, plan: Plan, now: datetime, scope: Scope, as_of: datetime | None) -> None:
    for statement in (*GRID, *OWED):
        connection.execute(text(statement), {**_grid_parameters(plan, now, scope), "as_of": as_of})


def _ended(plan: Plan, now: datetime) -> list[Period]:
    """The plan's periods whose window has closed."""
    today = now.astimezone(ZoneInfo(plan.calendar.timezone)).date()
    return [period for period in scheduled_periods(plan.year, plan.calendar) if period.window_end < today]


def _complete(connection: Connection, plan: Plan, now: datetime) -> frozenset[str]:
    """The targets that have a row for each area of their scopes and each period whose window has closed."""
    scheduled = _ended(plan, now)
    at_level = Counter(
        (area.level, period.code)
        for period in scheduled
        for area in plan.areas
        if area.exists(period.window_end, period.window_end)
    )
    rows = connection.execute(
        text("SELECT target_code, count(*) FROM mart.target_indicator WHERE plan_code = :plan GROUP BY 1"),
        {"plan": plan.code},
    )
    there = {row[0]: row[1] for row in rows}
    return frozenset(
        target.code
        for target in plan.targets
        if there.get(target.code, 0)
        == sum(
            at_level[level, period.code]
            for period in scheduled
            if target.exists(period.window_end, period.window_end)
            for level in target.reported_levels
        )
    )


def _grid_parameters(plan: Plan, now: datetime, scope: Scope) -> dict[str, object]:
    return {
        "plan": plan.code,
        "province": plan.area,
        "periods": list(scope.periods) if scope.periods is not None else None,
        "areas": list(scope.areas) if scope.areas is not None else None,
        "today": now.astimezone(ZoneInfo(plan.calendar.timezone)).date(),
        "year": plan.year,
    }


def _parameters(
    plan: Plan, target: Target, levels: Sequence[str], now: datetime, as_of: datetime | None
) -> dict[str, object]:
    year_start, year_end = year_window(plan.year, plan.calendar)
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
        "now": now,
    }


def _upsert(plan: Plan, target: Target, table: str) -> str:
    columns = [
        c for c in _COLUMNS.replace(",", "").split() if table == "target_indicator" or c not in _TARGET_ONLY
    ]
    told = [c for c in columns if c not in (*_KEY, "computed_at")]
    return (
        f"{_figures(plan, target)}"
        f"INSERT INTO mart.{table} AS kept ({', '.join(columns)}) SELECT {', '.join(columns)} FROM judged"
        f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET"
        f" {', '.join(f'{c} = excluded.{c}' for c in (*told, 'computed_at'))}"
        f" WHERE ({', '.join(f'kept.{c}' for c in told)}) IS DISTINCT FROM"
        f" ({', '.join(f'excluded.{c}' for c in told)})"
    )


def _figures(plan: Plan, target: Target) -> str:
    """The head of a statement over `judged`: the target's figures with all that the table says of them."""
    return f"WITH figures AS ({target_statement(plan, target)}),{_judged(target)}\n"


def _threshold(target: Target) -> str:
    """The threshold of a figure of area a up to the end of period p: of overrides the last that fits."""
    cases = "".join(
        f" WHEN {_within(override, 'p.window_end')}"
        + (f" AND a.area_code = ANY({text_array(override.areas)})" if override.areas else "")
        + f" THEN {override.threshold!r}::double precision"
        for override in reversed(target.overrides)
    )
    plain = "CAST(:threshold AS double precision)"
    return f"CASE{cases} ELSE {plain} END" if cases else plain


def _within(dated: Dated, day: str) -> str:
    """The condition that a day is one of those on which something exists."""
    first = f"{day} >= DATE '{dated.valid_from}'" if dated.valid_from else "TRUE"
    last = f"{day} <= DATE '{dated.last_day}'" if dated.last_day else "TRUE"
    return f"{first} AND {last}"


def _judged(target: Target) -> str:
    rules = _RULES["at_least" if target.at_least is not None else "at_most"]
    factor = "100.0 * " if target.unit == "percent" else ""
    over = " / nullif(denominator, 0)" if target.denominator else ""
    share = (
        ""
        if target.pace == "constant"
        else (
            " * (p.window_end - CAST(:year_start AS date) + 1)"
            " / (CAST(:year_end AS date) - CAST(:year_start AS date) + 1)"
        )
    )
    return f"""
measured AS (
    SELECT CAST(:plan AS text) AS plan_code, CAST(:target AS text) AS target_code, a.area_code, a.area_name,
        a.area_level, p.period_code, p.window_start, p.window_end, f.numerator, f.denominator,
        ({factor}f.numerator{over})::double precision AS value, CAST(:unit AS text) AS unit,
        h.threshold AS target_value, h.threshold{share} AS expected_value,
        round(100.0 * received / nullif(expected, 0), 2)::double precision AS completeness_pct,
        expected > 0 AND received = expected AS is_final,
        ({factor}f.least{over})::double precision AS least, ({factor}f.most{over})::double precision AS most,
        p.window_end = :year_end AS is_year_end, CAST(:now AS timestamptz) AS computed_at
    FROM figures f JOIN dw.dim_area a USING (area_key) JOIN dw.dim_period p USING (period_key)
    CROSS JOIN LATERAL (SELECT {_threshold(target)} AS threshold) h
    WHERE {_within(target, "p.window_end")}
),
bounded AS (
    SELECT *, CASE WHEN is_final THEN coalesce(value, least) ELSE least END AS value_min,
        CASE WHEN is_final THEN coalesce(value, most) ELSE most END AS value_max,
        100.0 * value / nullif(target_value, 0) AS achievement_pct
    FROM measured
),
decided AS (
    SELECT *, CASE WHEN {rules["surely"]} THEN 'met' WHEN {rules["surely_not"]} THEN 'not_met'
        ELSE 'undecided' END AS verdict
    FROM bounded
),
judged AS (
    SELECT *, CASE WHEN value IS NULL THEN 'no_data' WHEN {rules["met"]} THEN 'met'
        WHEN {rules["lost"]} THEN 'missed'
        WHEN is_year_end AND (is_final OR verdict = 'not_met') THEN 'missed'
        WHEN {rules["on_track"]} THEN 'on_track' ELSE 'behind' END AS status
    FROM decided
)"""
