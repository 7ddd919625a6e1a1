"""The form set whose reports are generated."""

from schemas.declaration import Form
from schemas.form_set import shipped_form_set

FORM_SET = shipped_form_set("pcmd")


def has_own_figures(form: Form) -> bool:
    """Whether the form is one of the set that rows, slips and faults are declared for, not a namesake."""
    return FORM_SET.by_code.get(form.code) is form
