"""Values for sqlfluff to render the templates with: those of the product, for an intricate form."""

from dataclasses import replace

from plans.reading import DEFAULT_PLAN, read_plan
from plans.target_expressions import parse
from schemas.form_catalog import default_catalog
from schemas.linked_measures import SMALLEST_SHOWN
from warehouse.history.as_of import plan_function_values
from warehouse.indicators.evaluation_grid import CELLS, REPORTS
from warehouse.indicators.indicator_compiler import classification, target_values, term_parameters
from warehouse.privacy.roles import ROLES
from warehouse.sql_objects import table_context
from warehouse.sql_templates import quote_identifier, quote_literal
from warehouse.views.form_context import form_context

SQLFLUFF_JINJA_FILTERS = {"ident": quote_identifier, "literal": quote_literal}

_forms = default_catalog().of(read_plan(DEFAULT_PLAN))
form = form_context(_forms.by_key["enforcement"])
forms = (form, form_context(_forms.by_key["commune_status"]))
code_lists = ("establishment_type", "team_level")
smallest_shown = SMALLEST_SHOWN
group, count, single = form.groups[0], form.groups[0][-1], False
roles = list(ROLES)
fact_table = form.fact_table
dimension_tables = ["dw.dim_area", "dw.dim_plan"]
derived_tables = ["dw.target_indicator_open", "dw.suppressed_enforcement"]
globals().update(table_context(default_catalog()))
globals().update(plan_function_values(read_plan(DEFAULT_PLAN), _forms, 1, "0"))

# The statements of a target: a share of a count, with bounds. Classified rows have a short query instead.
_plan = read_plan(DEFAULT_PLAN)
_target = next(target for target in _plan.targets if target.numerator.startswith("count("))
globals().update(target_values(_plan, _forms, _target))
grid = {**CELLS, **REPORTS}
term = replace(
    term_parameters(_plan, _forms, _target, parse("last(commune_status.managed, bodies=[commune])")[0]),
    inner="SELECT * FROM figures_of_target",
    best_first="DESC",
)
c = replace(classification(_plan, _forms, _target), figures="SELECT * FROM figures_of_target")
table = "dw.target_indicator"
shown = {
    "name": "target_indicator",
    "comment": "Figures.",
    "columns": [("value", "Figure.")],
    "is_partitioned": True,
}
columns = ["plan_code", "target_code", "value"]
of_moment = True
key, others, compared = ["plan_code", "target_code"], ["value"], ["value"]
incoming = "incoming_target_indicator"

# Loading and quality: the rows of a form, its outliers, the queries of Great Expectations.
view = relation = batch = "dw.current_commune_status"
form_code = "05-PCMD"
form_name, fact_columns = "commune_status", "f.managed"
measures, min_periods, max_score = ["managed", "inspected"], 8, 3.5
keys, own, previous, flows = ["commune"], ["managed"], ["inspected"], ["sanctioned"]
province, year, plan_code, bodies = "75", 2020, "DN-2020", ["CAT"]
violated = "NOT (managed >= 0)"
