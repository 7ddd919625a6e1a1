"""The forms of the shipped set that most tests are about."""

from schemas.form_catalog import default_catalog
from schemas.form_set import shipped_form_set

FORM_SET = shipped_form_set("pcmd")
FORMS = FORM_SET.forms
BY_CODE = FORM_SET.by_code
BY_KEY = FORM_SET.by_key
CODE_LISTS = tuple(FORM_SET.code_lists.values())
CATALOG = default_catalog()
