"""The target table as it was known at any moment, as a function of the database that BI tools can call.

By the definition of the table itself: the same statements, with the moment in place of the present.
"""

import re
from collections.abc import Mapping

from psycopg import sql
from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.copying import run_script
from warehouse.indicators import statements_as_of
from warehouse.tables import TARGET_INDICATOR
from warehouse.target_grid import CLEAR

NAME = "mart.target_indicator_as_of"
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)\b")


def create_as_of(connection: Connection, plan: Plan) -> None:
    """Make the function of a loaded plan, and the one for all plans, where this account may make functions.

    Once another state of the plan is loaded, the function refuses to answer until it is made again.
    """
    if connection.scalar(text("SELECT has_schema_privilege(current_user, 'mart', 'CREATE')")):
        query = text("SELECT plan_key, file_sha256 FROM dw.dim_plan WHERE plan_code = :plan")
        plan_key, digest = connection.execute(query, {"plan": plan.code}).one()
        run_script(connection, f"{_of_plan(plan, plan_key, digest)};\n{_OF_ALL}")


def _of_plan(plan: Plan, plan_key: int, digest: str) -> str:
    statements = statements_as_of(plan, [column.name for column in TARGET_INDICATOR.columns])
    body = ";\n".join(_filled(statement, values, plan) for statement, values in statements)
    return f"""
CREATE OR REPLACE FUNCTION dw.targets_of_plan_{plan_key}(moment timestamptz)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $of_plan$
#variable_conflict use_column
BEGIN
IF (SELECT file_sha256 FROM dw.dim_plan WHERE plan_key = {plan_key}) <> {_literal(digest)} THEN
    RAISE EXCEPTION 'the plan has changed: run chitieu init as the owner of the database';
END IF;
{body};
{CLEAR};
END $of_plan$;
COMMENT ON FUNCTION dw.targets_of_plan_{plan_key}(timestamptz)
    IS {_literal(f"The target table of the plan {plan.code} as it was known at a moment.")};
REVOKE ALL ON FUNCTION dw.targets_of_plan_{plan_key}(timestamptz) FROM PUBLIC"""


# The plans of all years and provinces; one whose function could not be made is left out.
_OF_ALL = f"""
CREATE OR REPLACE FUNCTION dw.targets_of_all(moment timestamptz, who name)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $of_all$
DECLARE
    of_plan text;
    seen text[] := audit.areas_seen(who);
    withheld text[] := audit.targets_withheld(who);
BEGIN
    FOR of_plan IN SELECT format('dw.targets_of_plan_%s', plan_key) FROM dw.dim_plan ORDER BY plan_key LOOP
        IF to_regprocedure(of_plan || '(timestamptz)') IS NOT NULL THEN
            RETURN QUERY EXECUTE
                format('SELECT * FROM %s($1) WHERE ($2 IS NULL OR area_code = ANY($2))'
                    || ' AND plan_code || ''/'' || target_code <> ALL ($3)', of_plan)
                USING moment, seen, withheld;
        END IF;
    END LOOP;
END $of_all$;
COMMENT ON FUNCTION dw.targets_of_all(timestamptz, name)
    IS 'The target table as it was known at a moment, of all plans, as far as an account may see it.';
CREATE OR REPLACE FUNCTION {NAME}(moment timestamptz)
RETURNS SETOF {TARGET_INDICATOR.fullname} LANGUAGE sql
BEGIN ATOMIC
    SELECT * FROM dw.targets_of_all(moment, current_user);
END;
COMMENT ON FUNCTION {NAME}(timestamptz) IS 'The target table as it was known at a moment, of all plans.'"""


def _filled(statement: str, values: Mapping[str, object], plan: Plan) -> str:
    """The statement with its parameters written out; those that are the moment become the function's own."""
    today = f"(moment AT TIME ZONE {_literal(plan.calendar.timezone)})::date"
    spoken = {"as_of": "moment", "now": "moment", "today": today}
    return _PARAMETER.sub(lambda found: spoken.get(found[1]) or _literal(values[found[1]]), statement)


def _literal(value: object) -> str:
    return sql.Literal(value).as_string()
