"""The examples of the plan reference are valid and show every kind of target."""

import re
from pathlib import Path
from typing import Any

import yaml

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.target_expressions import target_terms
from tests.support.small_plans import PROVINCE, plan_of

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "plan-files.md"


def examples() -> list[Any]:
    return [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.S)]


def test_the_examples_of_the_reference_are_a_plan(tmp_path: Path) -> None:
    parts: dict[str, Any] = {}
    targets: list[Any] = []
    for example in examples():
        if isinstance(example, list):
            targets += example
        else:
            parts |= example
    calendar = PROVINCE["calendar"]  # the example of a calendar is that of a school
    obligations = [*PROVINCE["obligations"], {"form": "03-PCMD", "bodies": ["district"], "frequency": "M"}]
    plan = plan_of(
        tmp_path, **{**parts, "calendar": calendar, "obligations": obligations, "targets": targets}
    )
    assert [level.key for level in plan.levels][-1] == "facility"
    used = {term.function for target in plan.targets for part in target_terms(target) for term in part}
    shown = re.findall(r"`(\w+)\([^)`]*\)`", PAGE.read_text("utf-8"))
    assert set(AGGREGATION_FUNCTIONS) - {"constant"} <= {*shown, "min", "max"}
    assert {"given", "recorded", "assessed", "on_time", "value", "rank", "reaching"} <= used
    school = plan_of(tmp_path, **{"code": "P-SCHOOL", "calendar": parts["calendar"]})
    assert school.calendar.code_prefix == "SY"
