"""The target table as it was known at any moment, as a database function for BI tools.

dw.target_indicator_history keeps replaced rows, and they are the answer even if the plan, its thresholds
or its areas changed later. For periods that the table did not cover yet, the statements that fill the table
run again with the moment in place of the present: one function per loaded plan.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, column, func, select, text, union_all
from sqlalchemy.sql import CompoundSelect

from plans.model import Plan
from plans.plan_years import years_of
from schemas.form_set import FormSet
from warehouse.bulk_copy import run_script
from warehouse.form_catalog import form_set_of
from warehouse.indicators.computed_figures import as_known_at, figures_as_of, grid_as_of
from warehouse.indicators.evaluation import RefreshScope
from warehouse.indicators.evaluation_grid import CELLS, REPORTS
from warehouse.models.tables import DIM_PLAN
from warehouse.models.target_tables import TARGET_INDICATOR, TARGET_INDICATOR_HISTORY, mart_view
from warehouse.sql_templates import quote_literal, render

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)\b")
_COLUMNS = ", ".join(column.name for column in TARGET_INDICATOR.columns)


def rows_as_of(
    connection: Connection, plan: Plan, moment: datetime, period: str, area: str
) -> list[dict[str, Any]]:
    """The rows of the target table of one period and area as they were known at a moment.

    Same rows as the database function gives, which an account that loaded a plan of its own may lack.
    """
    if not connection.scalar(select(func.has_schema_privilege(func.current_user(), "audit", "USAGE"))):
        visible = func.mart.target_indicator_as_of(moment, plan.code, period).alias("visible")
        query = select(text("visible.*")).select_from(visible).where(column("area_code") == area)
        return [dict(row) for row in connection.execute(query).mappings()]
    recorded = connection.execute(_recorded_rows(plan.code, moment, period, area)).mappings()
    rows = [dict(row) for row in recorded]
    uncovered = select(text("*")).select_from(func.audit.uncovered_periods(moment, plan.code, period))
    if connection.execute(uncovered).first() is not None:
        targets = {row["target_code"] for row in rows}
        computed = as_known_at(connection, plan, moment, RefreshScope(periods=(period,), areas=(area,)))
        rows += [row for row in computed if row["target_code"] not in targets]
    return rows


def create_as_of(connection: Connection, plan: Plan) -> None:
    """Create the function of a loaded plan, where this account may create functions.

    Once another version of the plan is loaded, the function fails until it is created again.
    """
    if connection.scalar(select(func.has_schema_privilege(func.current_user(), "mart", "CREATE"))):
        _, statements = plan_function(connection, plan)
        run_script(connection, statements)


def plan_functions(connection: Connection) -> dict[str, str]:
    """The name and statements of the function of each loaded plan, as it was read then."""
    documents = connection.execute(select(DIM_PLAN.c.document).order_by(DIM_PLAN.c.plan_key)).scalars().all()
    return dict(plan_function(connection, Plan.model_validate(document)) for document in documents)


def plan_function(connection: Connection, plan: Plan) -> tuple[str, str]:
    """The name and statements of the function of a loaded plan."""
    query = select(DIM_PLAN.c.plan_key, DIM_PLAN.c.definition_sha256)
    plan_key, digest = connection.execute(query.where(DIM_PLAN.c.plan_code == plan.code)).one()
    return f"dw.targets_of_plan_{plan_key}", plan_function_sql(
        plan, form_set_of(connection, plan), plan_key, digest
    )


def plan_function_sql(plan: Plan, forms: FormSet, plan_key: int, digest: str) -> str:
    """The statements of a plan's function; `digest` is the loaded definition that it computes."""
    return render("plan_functions/dw.targets_of_plan", **plan_function_values(plan, forms, plan_key, digest))


def plan_function_values(plan: Plan, forms: FormSet, plan_key: int, digest: str) -> dict[str, object]:
    """The values of the template of a plan's function."""
    return {
        "name": f"dw.targets_of_plan_{plan_key}",
        "plan_key": plan_key,
        "plan_code": plan.code,
        "plan_digest": digest,
        "years": [
            {
                "tables": [
                    (name, _fill(query, grid_as_of(plan, year), plan))
                    for name, query in (CELLS | REPORTS).items()
                ],
                "figures": [
                    _fill(query, values, plan) for query, values in figures_as_of(plan, forms, year, _COLUMNS)
                ],
            }
            for year in years_of(plan)
        ],
    }


def _recorded_rows(plan_code: str, moment: datetime, period: str, area: str) -> CompoundSelect[Any]:
    """The query of the rows that the table, or its history, had at the moment."""
    parts = []
    names = [column.name for column in mart_view(TARGET_INDICATOR).columns]
    for table in (TARGET_INDICATOR, TARGET_INDICATOR_HISTORY):
        columns = mart_view(table).columns
        query = select(*(columns[name] for name in names)).where(
            columns.plan_code == plan_code,
            columns.period_code == period,
            columns.area_code == area,
            columns.computed_at <= moment,
        )
        if table is TARGET_INDICATOR_HISTORY:
            query = query.where(columns.superseded_at > moment)
        parts.append(query)
    return union_all(*parts)


def _fill(statement: str, values: Mapping[str, object], plan: Plan) -> str:
    """Replace the parameters of a statement by literals, and the moment by the function's own parameters."""
    today = f"(moment AT TIME ZONE {quote_literal(plan.calendar.timezone)})::date"
    own = {"as_of": "moment", "now": "moment", "today": today, "periods": "asked"}

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return own[name] if name in own else quote_literal(values[name])

    return _PARAMETER.sub(value, statement)
