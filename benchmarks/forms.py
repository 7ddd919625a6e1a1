"""The form set whose reports are measured."""

from schemas.form_set import shipped_form_set

FORM_SET = shipped_form_set("pcmd")
