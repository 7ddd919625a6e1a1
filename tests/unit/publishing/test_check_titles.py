"""The page of checks: each table has a title, whichever form set the plan uses."""

from pathlib import Path

import pytest

from plans.reading import DEFAULT_PLAN, read_plan
from publishing.i18n import labels
from publishing.site.check_pages import SUITES_WITHOUT_FORM, forms_by_relation
from schemas.form_set import shipped_form_set
from warehouse.quality.expectations import suites


@pytest.mark.parametrize("file", sorted(DEFAULT_PLAN.parent.glob("*.yaml")), ids=lambda file: file.stem)
def test_each_suite_is_of_a_form_or_has_a_label(file: Path) -> None:
    plan = read_plan(file)
    forms = shipped_form_set(plan.form_set)
    relations = {suite.relation for suite in suites(plan, forms)}
    without = relations - forms_by_relation(forms).keys()
    assert without == set(SUITES_WITHOUT_FORM)
    assert all(SUITES_WITHOUT_FORM[relation] in labels("en") for relation in without)
