"""The target table as it was known at any moment, as a function of the database that BI tools can call.

By the definition of the table itself: the same statements, with the moment in place of the present.
"""

import re
from collections.abc import Mapping

from psycopg import sql
from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.copying import run_script
from warehouse.indicators import figures_as_of, grid_as_of
from warehouse.tables import TARGET_INDICATOR
from warehouse.target_grid import CELLS, CLEAR, GRID, OWED, REPORTS

NAME = "mart.target_indicator_as_of"
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)\b")


def create_as_of(connection: Connection, plan: Plan) -> None:
    """Make the functions of a loaded plan, and those for all plans, where this account may make functions.

    Once another state of the plan is loaded, they refuse to answer until they are made again.
    """
    if connection.scalar(text("SELECT has_schema_privilege(current_user, 'mart', 'CREATE')")):
        query = text("SELECT plan_key, file_sha256 FROM dw.dim_plan WHERE plan_code = :plan")
        plan_key, digest = connection.execute(query, {"plan": plan.code}).one()
        run_script(connection, f"{_of_plan(plan, plan_key, digest)};\n{_OF_ALL}")


def create_all_as_of(connection: Connection) -> None:
    """The same for all plans that were ever loaded, as they were read then."""
    for document in connection.execute(text("SELECT document FROM dw.dim_plan")).scalars().all():
        create_as_of(connection, Plan.model_validate(document))


def definition() -> str:
    """What the functions are made by; where that changed, they are to be made anew."""
    made_of = (_OF_ALL, _FUNCTION, *_WITH_TABLES, *_WITHOUT_TABLES, *CELLS.values(), *REPORTS.values())
    return "\n".join(made_of)


# A transaction that only reads may make no temporary tables. There one statement does it all, for which the
# planner is kept from the loops that it would choose for want of statistics: for a whole year half as long
# again, for one period faster.
_WITH_TABLES = ("", "")
_WITHOUT_TABLES = ("_at_once", "SET enable_nestloop = off SET enable_mergejoin = off SET jit = off")
_FUNCTION = f"""
DROP FUNCTION IF EXISTS {{name}}(timestamptz);
CREATE OR REPLACE FUNCTION {{name}}(moment timestamptz, asked text[])
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan {{settings}} AS $of_plan$
#variable_conflict use_column
BEGIN
IF (SELECT file_sha256 FROM dw.dim_plan WHERE plan_key = {{plan_key}}) <> {{digest}} THEN
    RAISE EXCEPTION 'the plan has changed: run chitieu init as the owner of the database';
END IF;
{{body}};
END $of_plan$;
COMMENT ON FUNCTION {{name}}(timestamptz, text[]) IS {{comment}};
REVOKE ALL ON FUNCTION {{name}}(timestamptz, text[]) FROM PUBLIC"""


def _of_plan(plan: Plan, plan_key: int, digest: str) -> str:
    columns = ", ".join(column.name for column in TARGET_INDICATOR.columns)
    figures = [_filled(query, values, plan) for query, values in figures_as_of(plan, columns)]
    cells = grid_as_of(plan)
    tables = [_filled(statement, cells, plan) for statement in (*GRID, *OWED)]
    with_tables = [*tables, *(f"RETURN QUERY {query}" for query in figures), CLEAR]
    said = [f"{n} AS MATERIALIZED ({_filled(q, cells, plan)})" for n, q in (CELLS | REPORTS).items()]
    nothing = f"SELECT * FROM {TARGET_INDICATOR.fullname} WHERE FALSE"  # a plan may have no targets
    together = " UNION ALL ".join((nothing, *(f"SELECT * FROM ({query}) of_target" for query in figures)))
    without_tables = f"RETURN QUERY WITH {', '.join(said)} {together}"
    return ";\n".join(
        _FUNCTION.format(
            name=f"dw.targets_of_plan_{plan_key}{suffix}",
            settings=settings,
            plan_key=plan_key,
            digest=_literal(digest),
            body=body,
            comment=_literal(f"The target table of the plan {plan.code} as it was known at a moment."),
        )
        for (suffix, settings), body in (
            (_WITH_TABLES, ";\n".join(with_tables)),
            (_WITHOUT_TABLES, without_tables),
        )
    )


# The plans of all years and provinces, or one; one whose function could not be made is left out.
_OF_ALL = f"""
CREATE OR REPLACE FUNCTION dw.targets_of_all(moment timestamptz, who name, plan text, period text)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $of_all$
DECLARE
    of_plan text;
    suffix text := CASE WHEN period IS NOT NULL OR current_setting('transaction_read_only')::boolean
        THEN '{_WITHOUT_TABLES[0]}' ELSE '{_WITH_TABLES[0]}' END;
    seen text[] := audit.areas_seen(who);
    withheld text[] := audit.targets_withheld(who);
BEGIN
    FOR of_plan IN SELECT format('dw.targets_of_plan_%s%s', plan_key, suffix) FROM dw.dim_plan
        WHERE plan IS NULL OR plan_code = plan ORDER BY plan_key LOOP
        IF to_regprocedure(of_plan || '(timestamptz, text[])') IS NOT NULL THEN
            RETURN QUERY EXECUTE
                format('SELECT * FROM %s($1, $4) WHERE ($2 IS NULL OR area_code = ANY($2))'
                    || ' AND plan_code || ''/'' || target_code <> ALL ($3)', of_plan)
                USING moment, seen, withheld, CASE WHEN period IS NOT NULL THEN ARRAY[period] END;
        END IF;
    END LOOP;
END $of_all$;
COMMENT ON FUNCTION dw.targets_of_all(timestamptz, name, text, text)
    IS 'The target table as it was known at a moment, as far as an account may see it.';
CREATE OR REPLACE FUNCTION {NAME}(moment timestamptz)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE sql
BEGIN ATOMIC
    SELECT * FROM dw.targets_of_all(moment, current_user, NULL, NULL);
END;
COMMENT ON FUNCTION {NAME}(timestamptz) IS 'The target table as it was known at a moment, of all plans.';
CREATE OR REPLACE FUNCTION {NAME}(moment timestamptz, plan text, period text DEFAULT NULL)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE sql
BEGIN ATOMIC
    SELECT * FROM dw.targets_of_all(moment, current_user, plan, period);
END;
COMMENT ON FUNCTION {NAME}(timestamptz, text, text)
    IS 'The target table as it was known at a moment, of one plan, and of one period where that is given.';
DROP FUNCTION IF EXISTS dw.targets_of_all(timestamptz, name)"""


def _filled(statement: str, values: Mapping[str, object], plan: Plan) -> str:
    """The statement with its parameters written out; those that are the moment become the function's own."""
    today = f"(moment AT TIME ZONE {_literal(plan.calendar.timezone)})::date"
    spoken = {"as_of": "moment", "now": "moment", "today": today, "periods": "asked"}
    return _PARAMETER.sub(lambda found: spoken.get(found[1]) or _literal(values[found[1]]), statement)


def _literal(value: object) -> str:
    return sql.Literal(value).as_string()
