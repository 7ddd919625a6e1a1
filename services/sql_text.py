"""The SQL of a view, function or target, for people who want to read or run it."""

from collections.abc import Sequence
from difflib import get_close_matches

from plans.model import Plan
from schemas.form_catalog import FormCatalog
from services.plan_choice import Wanted, choose_plan
from warehouse import rendered_sql as warehouse_sql


def plan_of_sql(plans: Sequence[Plan], plan_code: str | None, name: str | None) -> Plan:
    """Return the plan for which SQL is rendered: that of the code or of the target. Raises UsageError.

    The SQL of views and functions is the same under all plans.
    """
    is_target = any(target.code == name for plan in plans for target in plan.targets)
    if plan_code is None and not is_target:
        return plans[0]
    return choose_plan(plans, Wanted(plan_code, target=name))


def sql_names(plan: Plan, catalog: FormCatalog) -> list[str]:
    """The names of all views, functions, groups of triggers and policies, and of the plan's targets."""
    return warehouse_sql.sql_names(plan, catalog)


def rendered_sql(plan: Plan, catalog: FormCatalog, name: str) -> str:
    """The SQL of a name as it runs for the plan. Raises LookupError with the nearest names."""
    names = sql_names(plan, catalog)
    if name in names:
        return warehouse_sql.rendered_sql(name, plan, catalog)
    ends = {known.rpartition(".")[2].lower(): known for known in names}  # mart.area is found by "area" too
    near = dict.fromkeys(ends[end] for end in get_close_matches(name.rpartition(".")[2].lower(), ends))
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise LookupError(f"There is no view, function or target {name!r}.{hint}")
