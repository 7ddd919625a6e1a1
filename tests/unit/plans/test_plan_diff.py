"""The difference between two versions of a plan."""

from datetime import date
from typing import Any

import pytest

from plans.model import Plan
from plans.plan_diff import FieldChange, PartChange, diff_plans
from plans.reading import DEFAULT_PLAN, read_plan

PLAN = read_plan(DEFAULT_PLAN)


def with_part(kind: str, index: int, **changes: Any) -> Plan:
    """The shipped plan with one changed part."""
    parts = list(getattr(PLAN, kind))
    parts[index] = parts[index].model_copy(update=changes)
    return PLAN.model_copy(update={kind: tuple(parts)})


def test_a_plan_does_not_differ_from_itself() -> None:
    assert not diff_plans(PLAN, PLAN)
    assert not diff_plans(PLAN, PLAN.model_copy(deep=True))


def test_a_changed_threshold_is_a_changed_field_of_its_target() -> None:
    assert diff_plans(PLAN, with_part("targets", 0, at_least=40.0)).changes == (
        PartChange("targets", "T1", "changed", (FieldChange("at_least", 30.0, 40.0),)),
    )


def test_added_and_removed_parts_are_named() -> None:
    fewer = PLAN.model_copy(update={"targets": PLAN.targets[1:]})
    assert diff_plans(PLAN, fewer).changes == (PartChange("targets", "T1", "removed"),)
    assert diff_plans(fewer, PLAN).changes == (PartChange("targets", "T1", "added"),)


def test_an_obligation_at_another_cadence_is_another_obligation() -> None:
    changes = diff_plans(PLAN, with_part("obligations", 0, frequency="Q")).changes
    assert [(change.key, change.action) for change in changes] == [
        ("01-PCMD M by CAT", "removed"),
        ("01-PCMD Q by CAT", "added"),
    ]


def test_the_calendar_is_compared_field_by_field() -> None:
    calendar = PLAN.calendar.model_copy(update={"extra_days_off": (date(2020, 4, 29),)})
    (change,) = diff_plans(PLAN, PLAN.model_copy(update={"calendar": calendar})).changes
    assert change == PartChange(
        "plan", "DN-2020", "changed", (FieldChange("calendar.extra_days_off", [], ["2020-04-29"]),)
    )


def test_an_area_that_changes_within_the_year_has_a_key_for_each_state() -> None:
    first = PLAN.areas[-1].model_copy(update={"last_day": date(2020, 6, 30)})
    second = PLAN.areas[-1].model_copy(update={"valid_from": date(2020, 7, 1), "name": "Xã Mới"})
    changed = PLAN.model_copy(update={"areas": (*PLAN.areas[:-1], first, second)})
    assert {(change.key, change.action) for change in diff_plans(PLAN, changed).changes} == {
        (first.code, "changed"),
        (f"{first.code} from 2020-07-01", "added"),
    }


def test_plans_of_different_codes_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="plan DN-2020 cannot be compared with plan DN-2021"):
        diff_plans(PLAN, PLAN.model_copy(update={"code": "DN-2021"}))
