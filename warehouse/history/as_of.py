"""The target table as it was known at any moment, as a function of the database that BI tools can call.

What the table said is kept (mart.target_indicator_history): that is the answer, whatever the plan, its
thresholds and areas have become since. Periods of which the table did not tell yet are reckoned by the
definition of the table itself: the same statements, with the moment in place of the present.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from inspect import getsource
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.bulk_copy import run_script
from warehouse.indicators import classification, evaluation_grid, indicator_compiler, materialize
from warehouse.indicators.evaluation_grid import CELLS, REPORTS
from warehouse.indicators.materialize import RefreshScope, as_known_at, figures_as_of, grid_as_of
from warehouse.models.target_tables import TARGET_INDICATOR, TARGET_INDICATOR_HISTORY
from warehouse.sql_templates import sources_digest

NAME = "mart.target_indicator_as_of"
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)\b")
_COLUMNS = ", ".join(column.name for column in TARGET_INDICATOR.columns)
_KEY = ", ".join(column.name for column in TARGET_INDICATOR.primary_key)
_KEPT = (
    f"SELECT {_COLUMNS} FROM {TARGET_INDICATOR.fullname} WHERE computed_at <= {{moment}}"
    f" UNION ALL SELECT {_COLUMNS} FROM {TARGET_INDICATOR_HISTORY.fullname}"
    " WHERE computed_at <= {moment} AND superseded_at > {moment}"
)
_UNTOLD = """
    SELECT pl.plan_key, pl.plan_code, array_agg(p.period_code) AS periods
    FROM dw.dim_plan pl JOIN dw.dim_period p ON p.year = pl.year AND p.period_kind <> 'A'
        AND p.window_end < ({moment} AT TIME ZONE pl.timezone)::date
    LEFT JOIN audit.indicator_coverage t ON t.plan_code = pl.plan_code AND t.period_code = p.period_code
        AND t.covered_since <= {moment}
    WHERE ({plan} IS NULL OR pl.plan_code = {plan}) AND ({period} IS NULL OR p.period_code = {period})
        AND t.plan_code IS NULL
    GROUP BY pl.plan_key ORDER BY pl.plan_key"""


def rows_as_of(
    connection: Connection, plan: Plan, moment: datetime, period: str, area: str
) -> list[dict[str, Any]]:
    """The rows of the target table of one period and area as they were known at a moment.

    As the function of the database gives them, which an account may lack that has loaded a plan of its own.
    """
    asked = {"moment": moment, "plan": plan.code, "period": period, "area": area}
    at = "CAST(:moment AS timestamptz)"
    kept = connection.execute(
        text(
            f"SELECT * FROM ({_KEPT.format(moment=at)}) kept"
            " WHERE plan_code = :plan AND period_code = :period AND area_code = :area"
        ),
        asked,
    )
    rows = [dict(row) for row in kept.mappings()]
    untold = _UNTOLD.format(moment=at, plan="CAST(:plan AS text)", period="CAST(:period AS text)")
    if connection.execute(text(untold), asked).first() is not None:
        told = {row["target_code"] for row in rows}
        reckoned = as_known_at(connection, plan, moment, RefreshScope(periods=(period,), areas=(area,)))
        rows += [row for row in reckoned if row["target_code"] not in told]
    return rows


def create_as_of(connection: Connection, plan: Plan) -> None:
    """Make the functions of a loaded plan, and those for all plans, where this account may make functions.

    Once another state of the plan is loaded, that of the plan refuses to answer until it is made again.
    """
    if connection.scalar(text("SELECT has_schema_privilege(current_user, 'mart', 'CREATE')")):
        query = text("SELECT plan_key, definition_sha256 FROM dw.dim_plan WHERE plan_code = :plan")
        plan_key, digest = connection.execute(query, {"plan": plan.code}).one()
        run_script(connection, f"{_of_plan(plan, plan_key, digest)};\n{_OF_ALL}")


def create_all_as_of(connection: Connection) -> None:
    """The same for all plans that were ever loaded, as they were read then."""
    for document in connection.execute(text("SELECT document FROM dw.dim_plan")).scalars().all():
        create_as_of(connection, Plan.model_validate(document))


def definition() -> str:
    """What the functions are made by; where that changed, they are to be made anew."""
    return "\n".join(
        (
            _OF_ALL,
            _FUNCTION,
            *(getsource(part) for part in (materialize, evaluation_grid, indicator_compiler, classification)),
            sources_digest(),
        )
    )


# One statement does it all, for which the planner is kept from the loops that it would choose for want of
# statistics: a transaction that only reads may make no temporary tables that could be analysed.
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {{name}}(moment timestamptz, asked text[])
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan
SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $of_plan$
#variable_conflict use_column
BEGIN
IF (SELECT definition_sha256 FROM dw.dim_plan WHERE plan_key = {{plan_key}}) <> {{digest}} THEN
    RAISE EXCEPTION 'the plan has changed: run chitieu init as the owner of the database';
END IF;
RETURN QUERY {{query}};
END $of_plan$;
COMMENT ON FUNCTION {{name}}(timestamptz, text[]) IS {{comment}};
REVOKE ALL ON FUNCTION {{name}}(timestamptz, text[]) FROM PUBLIC"""


def _of_plan(plan: Plan, plan_key: int, digest: str) -> str:
    figures = [_filled(query, values, plan) for query, values in figures_as_of(plan, _COLUMNS)]
    cells = grid_as_of(plan)
    said = [f"{n} AS MATERIALIZED ({_filled(q, cells, plan)})" for n, q in (CELLS | REPORTS).items()]
    nothing = f"SELECT * FROM {TARGET_INDICATOR.fullname} WHERE FALSE"  # a plan may have no targets
    together = " UNION ALL ".join((nothing, *(f"SELECT * FROM ({query}) of_target" for query in figures)))
    return _FUNCTION.format(
        name=f"dw.targets_of_plan_{plan_key}",
        plan_key=plan_key,
        digest=_literal(digest),
        query=f"WITH {', '.join(said)} {together}",
        comment=_literal(f"The target table of the plan {plan.code}, reckoned as of a moment."),
    )


# Plans of which the table does not tell yet; one whose function could not be made is left out.
_OF_ALL = f"""
CREATE OR REPLACE FUNCTION dw.targets_not_covered(moment timestamptz, who name, plan text, period text)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $of_all$
DECLARE
    untold record;
    of_plan text;
BEGIN
    FOR untold IN {_UNTOLD.format(moment="moment", plan="plan", period="period")} LOOP
        of_plan := format('dw.targets_of_plan_%s', untold.plan_key);
        IF to_regprocedure(of_plan || '(timestamptz, text[])') IS NOT NULL THEN
            RETURN QUERY EXECUTE
                format('SELECT * FROM %s($1, $2) WHERE ($3 IS NULL OR area_code = ANY($3))'
                    || ' AND plan_code || ''/'' || target_code <> ALL ($4) AND ({_KEY}) NOT IN ('
                    || 'SELECT {_KEY} FROM ({_KEPT.format(moment="$1")}) kept WHERE plan_code = $5)', of_plan)
                USING moment, untold.periods, audit.areas_seen(who), audit.targets_withheld(who),
                    untold.plan_code;
        END IF;
    END LOOP;
END $of_all$;
COMMENT ON FUNCTION dw.targets_not_covered(timestamptz, name, text, text)
    IS 'What of the target table as known at a moment is to be reckoned, as far as an account may see it.';
CREATE OR REPLACE FUNCTION {NAME}(moment timestamptz)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE sql STABLE
BEGIN ATOMIC
    {_KEPT.format(moment="moment")}
    UNION ALL SELECT {_COLUMNS} FROM dw.targets_not_covered(moment, current_user, NULL, NULL);
END;
COMMENT ON FUNCTION {NAME}(timestamptz) IS 'The target table as it was known at a moment, of all plans.';
CREATE OR REPLACE FUNCTION {NAME}(moment timestamptz, plan text, period text DEFAULT NULL)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT * FROM (
        {_KEPT.format(moment="moment")}
        UNION ALL SELECT {_COLUMNS} FROM dw.targets_not_covered(moment, current_user, plan, period)
    ) known WHERE plan_code = plan AND (period IS NULL OR period_code = period);
END;
COMMENT ON FUNCTION {NAME}(timestamptz, text, text)
    IS 'The target table as it was known at a moment, of one plan, and of one period where that is given.'"""


def _filled(statement: str, values: Mapping[str, object], plan: Plan) -> str:
    """The statement with its parameters written out; those that are the moment become the function's own."""
    today = f"(moment AT TIME ZONE {_literal(plan.calendar.timezone)})::date"
    spoken = {"as_of": "moment", "now": "moment", "today": today, "periods": "asked"}
    return _PARAMETER.sub(lambda found: spoken.get(found[1]) or _literal(values[found[1]]), statement)


def _literal(value: object) -> str:
    return sql.Literal(value).as_string()
