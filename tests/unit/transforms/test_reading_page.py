"""The page for clerks on what is read is generated from the declarations, and its wordings are read."""

import importlib.util
from pathlib import Path
from types import ModuleType

from schemas.findings import TEXTS
from tests.support.forms import FORMS
from tests.support.grids import PLAN
from transforms.layout.cells.stated_units import read_unit
from transforms.layout.sheet_head.period_words import read_period


def _page() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "reading_page", Path(__file__).parents[3] / "docs/hooks/reading.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_wordings_of_periods_and_units_on_the_page_are_read() -> None:
    page = _page()
    for text, code in page.PERIODS.items():
        period = read_period(f"Kỳ báo cáo: {text}", PLAN.calendar)
        assert period is not None
        assert period.code == code
    for text, factor in page.UNITS.items():
        unit = read_unit(text)
        assert unit is not None
        assert (unit.base, unit.factor) == ("money", factor)


def test_the_page_has_all_forms_and_findings() -> None:
    text = _page().reading_page()
    assert all(f"| {form.code} |" in text for form in FORMS)
    assert all(f"| {code} |" in text for code in TEXTS)
