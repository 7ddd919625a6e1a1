"""Values for sqlfluff to render the templates with: those of the product, for an intricate form."""

from plans.reading import DEFAULT_PLAN, read_plan
from schemas.forms import BY_KEY
from warehouse.history.as_of import plan_function_values
from warehouse.privacy.roles import ROLES
from warehouse.privacy.suppression import SMALLEST_SHOWN
from warehouse.sql_objects import table_context
from warehouse.sql_templates import quote_identifier, quote_literal
from warehouse.views.form_context import form_context

SQLFLUFF_JINJA_FILTERS = {"ident": quote_identifier, "literal": quote_literal}

form = form_context(BY_KEY["commune_status"])
forms = (form, form_context(BY_KEY["enforcement"]))
smallest_shown = SMALLEST_SHOWN
roles = list(ROLES)
fact_table = forms[1].fact_table
dimension_tables = ["dw.dim_area", "dw.dim_plan"]
globals().update(table_context())
globals().update(plan_function_values(read_plan(DEFAULT_PLAN), 1, "0"))
