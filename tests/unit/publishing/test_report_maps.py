"""The map of a report: a report without one states why, where the plan has a map."""

from plans.area_map import AreaMap
from publishing.documents.report_drawings import has_map, why_no_map
from tests.support.reports import PLAN


def test_a_plan_without_a_map_needs_no_reason() -> None:
    assert why_no_map(PLAN.model_copy(update={"map": None})) == ""


def test_a_map_that_is_not_drawn_is_explained() -> None:
    outlines = AreaMap(outlines={PLAN.areas[1].code: "M0 0L9 0L9 9Z"})
    plan = PLAN.model_copy(update={"map": outlines})
    assert not has_map(plan, [])
    assert "trang công bố" in why_no_map(plan)
    assert why_no_map(PLAN).startswith("Không vẽ bản đồ: ")
