"""The twelve report forms; to add one, declare it in a module of its own and list it here."""

from schemas.forms import (
    border_control,
    budget,
    commune_status,
    communications,
    enforcement,
    flash,
    hotspots,
    inspections,
    social_support,
    support_models,
    training,
    trials,
)

FORMS = (
    enforcement.FORM,
    hotspots.FORM,
    inspections.FORM,
    trials.FORM,
    commune_status.FORM,
    communications.FORM,
    training.FORM,
    social_support.FORM,
    budget.FORM,
    support_models.FORM,
    border_control.FORM,
    flash.FORM,
)
BY_CODE = {form.code: form for form in FORMS}
BY_KEY = {form.key: form for form in FORMS}
