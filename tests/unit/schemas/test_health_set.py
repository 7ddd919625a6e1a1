"""The shipped set of health reports: its schemas accept a valid row and find each broken rule."""

import pandas as pd
import pandera.pandas as pa
import pytest

from schemas.declaration import Form, Measure
from schemas.form_set import shipped_form_set
from schemas.pandera_schema import frame_schema

HEALTH = shipped_form_set("health")
VALID: dict[str, dict[str, object]] = {
    "births": {
        "commune": "25993", "deliveries": 12.0, "attended_deliveries": 11.0, "caesarean_deliveries": 3.0,
        "live_births_male": 6.0, "live_births_female": 7.0, "low_birth_weight": 1.0, "stillbirths": 0.0,
    },
    "vaccinations": {
        "commune": "25993", "vaccine": "POLIO", "doses_under_1_male": 4.0, "doses_under_1_female": 5.0,
        "doses_1_4_male": 2.0, "doses_1_4_female": 1.0, "doses_5_up_male": 0.0, "doses_5_up_female": 0.0,
        "doses": 12.0, "adverse_events": 1.0,
    },
    "consultations": {
        "commune": "25993", "age_group": "AGE_15_UP", "visits_male": 80.0, "visits_female": 90.0,
        "insured_visits": 160.0, "referrals": 4.0,
    },
    "district_readiness": {
        "district": "731", "has_ambulance": True, "has_cold_chain": False, "stockout_days": 0.0, "beds": 120.0,
        "beds_in_use": 97.0, "grade": "GOOD",
    },
    "facility_services": {
        "facility": "25993-1", "open_all_day": True, "staff": 12.0, "staff_on_leave": 1.0, "outpatients": 90.0,
    },
}  # fmt: skip
# For each rule a change of the valid row that breaks it.
BREAKING: dict[str, dict[str, object]] = {
    "BIRTH-01": {"attended_deliveries": 13.0},
    "BIRTH-02": {"caesarean_deliveries": 13.0},
    "BIRTH-03": {"low_birth_weight": 14.0},
    "BIRTH-04": {"live_births_male": 2.0, "live_births_female": 2.0},
    "VACC-01": {"doses_5_up_male": 1.0},
    "VACC-02": {"adverse_events": 13.0},
    "CONS-01": {"insured_visits": 171.0},
    "CONS-02": {"referrals": 171.0},
    "READINESS-01": {"beds_in_use": 121.0},
    "READINESS-02": {"stockout_days": 2.0},
    "FAC-01": {"staff_on_leave": 13.0},
}
RULES = [(form, rule.id) for form in HEALTH.forms for rule in form.rules]


def found(form: Form, changes: dict[str, object]) -> set[str]:
    """The checks that fail for the valid row of a form with some changes."""
    frame = pd.DataFrame([{"submission": 1, "row": 8, **VALID[form.key.removeprefix("health_")], **changes}])
    try:
        frame_schema(form).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return set(errors.failure_cases["check"])
    return set()


@pytest.mark.parametrize("form", HEALTH.forms, ids=lambda form: form.key)
def test_a_valid_row_passes(form: Form) -> None:
    assert set(VALID[form.key.removeprefix("health_")]) == set(form.columns)
    assert found(form, {}) == set()


@pytest.mark.parametrize(("form", "rule"), RULES, ids=[rule for _, rule in RULES])
def test_each_rule_finds_a_broken_row(form: Form, rule: str) -> None:
    assert found(form, BREAKING[rule]) == {rule}


@pytest.mark.parametrize("form", HEALTH.forms, ids=lambda form: form.key)
def test_implausible_values_and_unknown_codes_are_found(form: Form) -> None:
    for column in form.columns.values():
        if column.code_list is not None:
            assert "VALUE-CODE" in found(form, {column.key: "UNKNOWN"})
        elif isinstance(column, Measure) and column.is_number:
            assert "VALUE-NEGATIVE" in found(form, {column.key: -1.0})
            assert "VALUE-RANGE" in found(form, {column.key: column.unit.max_value + 1.0})
