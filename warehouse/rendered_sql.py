"""The SQL of views, functions, triggers, policies and targets as it runs for a plan."""

from collections.abc import Iterator

from plans.model import Plan
from schemas.form_catalog import FormCatalog
from schemas.form_set import FormSet
from warehouse import sql_objects
from warehouse.history.as_of import plan_function_sql
from warehouse.indicators.computed_figures import figures_as_of
from warehouse.models.target_tables import TARGET_INDICATOR

_PLAN_FUNCTION = "dw.targets_of_plan"
_TARGET_HEADER = """-- Target {target} of plan {plan}, one row per area and period. It runs over the temporary
-- tables grid, moments, inside and owed. :as_of is null for the present. Parameters:
{parameters}
"""


def sql_names(plan: Plan, catalog: FormCatalog) -> list[str]:
    """The names that `rendered_sql` knows: database objects, then the plan's targets."""
    return [*_database_objects(catalog), _PLAN_FUNCTION, *(target.code for target in plan.targets)]


def rendered_sql(name: str, plan: Plan, catalog: FormCatalog) -> str:
    """The statements of a database object, or the query of a target; KeyError for an unknown name."""
    if name == _PLAN_FUNCTION:
        return plan_function_sql(plan, catalog.of(plan), 1, "hash of the loaded plan")
    return {**_database_objects(catalog), **dict(_target_queries(plan, catalog.of(plan)))}[name]


def _database_objects(catalog: FormCatalog) -> dict[str, str]:
    views = (*sql_objects.views(catalog), *sql_objects.derived(catalog))
    objects = (*views, *sql_objects.functions(), *sql_objects.guards(catalog))
    return {one.name: one.statements for one in objects}


def _target_queries(plan: Plan, forms: FormSet) -> Iterator[tuple[str, str]]:
    columns = ", ".join(column.name for column in TARGET_INDICATOR.columns)
    queries = figures_as_of(plan, forms, plan.year, columns)
    for target, (query, values) in zip(plan.targets, queries, strict=True):
        parameters = "\n".join(
            f"--   :{key} = {value}" for key, value in values.items() if key not in ("as_of", "now")
        )
        header = _TARGET_HEADER.format(target=target.code, plan=plan.code, parameters=parameters)
        yield target.code, f"{header}{query}"
