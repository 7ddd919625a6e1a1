"""Drives for form sets that share keys of columns and forms with shipped ones."""

from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from sampledata.sheet import Entry
from schemas.form_set import FormSet, read_texts

STARTER = files("schemas.sets").joinpath("starter")
STARTER_PLAN = read_plan(DEFAULT_PLAN.with_name("starter.yaml"))
FILES = ("set.yaml", "lists.yaml", "forms/courses.yaml", "forms/readiness.yaml")


def _starter(*changes: tuple[str, str, str]) -> FormSet:
    """The starter set with texts replaced: file, old, new."""
    texts = {name: STARTER.joinpath(name).read_text("utf-8") for name in FILES}
    for file, old, new in changes:
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new)
    return read_texts(texts, "own")


def _plan(**changes: Any) -> Plan:
    return Plan.model_validate(STARTER_PLAN.model_dump(mode="json") | {"targets": []} | changes)


def _drive(folder: Path, form_set: FormSet, plan: Plan, **options: Any) -> list[Entry]:
    return make_drive(folder, plan, form_set=form_set, **({"seed": 1, "fault_share": 0} | options))


@pytest.mark.parametrize("key", ["team_level", "budget_level", "activity_type"])
def test_a_dimension_named_as_one_of_a_shipped_set_has_its_own_codes(key: str, tmp_path: Path) -> None:
    changes = [(file, "course_topic", key) for file in ("lists.yaml", "forms/courses.yaml")]
    form_set = _starter(*changes)
    listed = {code.code for code in form_set.code_lists[key].codes}
    for entry in _drive(tmp_path, form_set, _plan()):
        if entry["form"] == "01-TH":
            assert {row[key] for row in entry["rows"]} == listed


@pytest.mark.parametrize("key", ["training", "inspections", "flash"])
def test_a_form_named_as_one_of_a_shipped_set_has_its_own_columns(key: str, tmp_path: Path) -> None:
    form_set = _starter(
        ("set.yaml", "code: starter", 'code: starter\nprefix: ""'),
        ("forms/courses.yaml", "key: courses\n", f"key: {key}\n"),
    )
    for entry in _drive(tmp_path, form_set, _plan(), fault_share=0.5):
        if entry["form"] == "01-TH":
            assert all(list(row) == list(form_set.by_code["01-TH"].columns) for row in entry["rows"])


def test_an_ad_hoc_form_reports_on_a_few_days(tmp_path: Path) -> None:
    plan = _plan(obligations=[{"form": "01-TH", "bodies": ["SNV"], "frequency": "A"}])
    seen: Counter[int] = Counter()
    for seed in range(6):
        truth = _drive(tmp_path / str(seed), _starter(), plan, seed=seed)
        seen[len({entry["period"] for entry in truth})] += 1
    assert set(seen) <= {0, 1, 2, 3, 4}
    assert len(seen) > 1


@pytest.mark.parametrize("frequency", ["W", "D"])
def test_faults_of_periods_fit_weeks_and_thirds_of_months(frequency: str, tmp_path: Path) -> None:
    calendar = STARTER_PLAN.calendar.model_dump(mode="json") | {"periods": ["D", "W", "M", "Q", "H", "Y"]}
    obligations = [{"form": "01-TH", "bodies": ["SNV"], "frequency": frequency}]
    truth = _drive(tmp_path, _starter(), _plan(calendar=calendar, obligations=obligations), fault_share=1)
    assert "PERIOD-INVALID" in {entry["code"] for entry in truth}
