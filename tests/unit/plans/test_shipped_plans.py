"""The plans that are shipped carry the areas of 2025 and 2026 as the decrees have them."""

from datetime import date
from typing import Any

import pytest

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from tests.support import mergers

FOLDER = DEFAULT_PLAN.parent
PLANS = {int(path.stem[-4:]): read_plan(path) for path in sorted(FOLDER.glob("dong_nai_*.yaml"))}


def actual(plan: Plan, day: date) -> dict[str, int]:
    there = [area.level for area in plan.areas if area.exists(day, day)]
    return {level: there.count(level) for level in ("province", "district", "commune")}


def states(plan: Plan) -> list[dict[str, Any]]:
    """The plan's areas, without the word before a name, which is derived where it is not given."""
    return [area.model_dump(exclude={"kind"}) for area in plan.areas]


def successions(plan: Plan) -> list[dict[str, Any]]:
    """What became of areas; the default province is the plan's own."""
    own = {"old_province": plan.area, "new_province": plan.area}
    return [own | one.model_dump(exclude_none=True) for one in plan.successions]


@pytest.mark.parametrize(
    ("year", "day", "districts", "communes"),
    [
        (2020, date(2020, 6, 30), 11, 170),
        (2025, date(2024, 12, 31), 11, 170),
        (2025, date(2025, 1, 1), 11, 159),
        (2025, date(2025, 6, 30), 11, 159),
        (2025, date(2025, 7, 1), 0, 95),
        (2026, date(2026, 6, 30), 0, 95),
    ],
)
def test_the_number_of_areas_is_that_of_the_decrees(
    year: int, day: date, districts: int, communes: int
) -> None:
    assert actual(PLANS[year], day) == {"province": 1, "district": districts, "commune": communes}


def test_the_areas_and_what_became_of_them_are_those_of_the_facts() -> None:
    _, _, of_2025, _, of_2026 = mergers.plans()
    assert states(PLANS[2025]) == states(of_2025)
    assert successions(PLANS[2025]) == successions(of_2025)
    assert states(PLANS[2026]) == states(of_2026)


@pytest.mark.parametrize("plan", PLANS.values(), ids=str)
def test_on_each_day_who_owes_is_there(plan: Plan) -> None:
    """A level that owes has bodies, and no level owes that has none."""
    for day in (
        date(plan.year, 1, 1),
        date(plan.year, 6, 30),
        date(plan.year, 7, 1),
        date(plan.year, 12, 14),
    ):
        then = plan.effective_plan(day, day)
        levels = {area.level for area in then.areas}
        owing = {name for o in then.obligations for name in o.bodies} & {"district", "commune"}
        assert owing <= levels
        assert ("district" in owing) == ("district" in levels)
