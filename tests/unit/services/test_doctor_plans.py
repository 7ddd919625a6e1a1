"""Whether the doctor says that persons' names of a plan's country are recognised."""

from pathlib import Path

import pytest

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from services.doctor.settings_checks import plan_lines
from tests.support.paths import DATA


@pytest.mark.parametrize(
    ("file", "status", "sentence"),
    [
        (DEFAULT_PLAN, "ok", "Names of persons of the country VN are recognised in reports"),
        (
            DATA / "french" / "plan.yaml",
            "warning",
            "There are no names of persons of the country SN: persons' names are not recognised in its reports",
        ),
    ],
)
def test_names_are_recognised_by_country(file: Path, status: str, sentence: str) -> None:
    line = plan_lines(read_plan(file), file)[-1]
    assert (line.state, line.message) == (status, sentence)


def test_a_plan_without_a_country() -> None:
    plan = read_plan(DEFAULT_PLAN)
    calendar = plan.calendar.model_dump() | {"country": ""}
    line = plan_lines(Plan.model_validate(plan.model_dump() | {"calendar": calendar}), DEFAULT_PLAN)[-1]
    assert line.message == "The plan has no country: persons' names are not recognised in its reports"
