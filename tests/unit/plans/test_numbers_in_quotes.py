"""A number in quotes is not converted: "20.000" would be read as 20."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from plans.reading import PlanError
from schemas.form_files import UnitFile
from tests.support.small_plans import PROVINCE, plan_of, target

CASES = "sum(enforcement.cases_prosecuted)"


def figures(value: object) -> dict[str, Any]:
    stated = {"label_vi": "Dân số", "unit": "person", "values": {"75": value}}
    return {"area_figures": {"people": stated}}


@pytest.mark.parametrize(
    "changes",
    [
        {"targets": [target("T", CASES, at_least="1.200")]},
        {"targets": [target("T", CASES, at_most="1.200")]},
        {"targets": [target("T", CASES, overrides=[{"areas": ["731"], "threshold": "1.200"}])]},
        figures("1.200"),
        {"calendar": PROVINCE["calendar"] | {"close_completeness_floor_pct": "1.200"}},
    ],
)
def test_a_number_in_quotes_is_named(changes: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(PlanError) as caught:
        plan_of(tmp_path, **changes)
    message = str(caught.value)
    assert "the number '1.200' is in quotes: write it without them" in message


def test_numbers_without_quotes_are_read(tmp_path: Path) -> None:
    assert plan_of(tmp_path, **figures(20000)).area_figures["people"].values == {"75": 20000}
    assert plan_of(tmp_path, targets=[target("T", CASES, at_least=1.5)]).targets[0].at_least == 1.5


def test_the_highest_value_of_a_unit_is_read_as_strictly() -> None:
    stated = {"label_vi": "vụ", "label_en": "cases", "max_value": 100000}
    assert UnitFile.model_validate(stated).max_value == 100000
    with pytest.raises(ValidationError, match=r"the number '100\.000' is in quotes"):
        UnitFile.model_validate(stated | {"max_value": "100.000"})
