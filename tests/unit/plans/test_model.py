"""What the plan's model makes of a plan, on the one that is shipped and on trees of every shape."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from plans.model import LEVELS, Plan, Target
from plans.reading import DEFAULT_PLAN, read_plan

PLAN = read_plan(DEFAULT_PLAN)
CALENDAR = {"due_working_days": dict.fromkeys(LEVELS, 4), "close_working_days": 6}


def plan_of(areas: list[dict[str, Any]], **more: Any) -> Plan:
    parts = {"bodies": [], "obligations": [], "targets": [], "calendar": CALENDAR} | more
    return Plan.model_validate(
        {"code": "P-1", "title": "Kế hoạch", "year": 2021, "area": areas[0]["code"], "areas": areas, **parts}
    )


@st.composite
def trees(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A province with districts and communes, some communes right under the province, in any order."""
    districts = draw(st.lists(st.integers(100, 199), unique=True, max_size=4))
    communes = draw(st.lists(st.integers(10_000, 10_099), unique=True, max_size=10))
    local = [{"code": str(d), "name": f"Huyện {d}", "level": "district", "parent": "75"} for d in districts]
    for commune in communes:
        parent = str(draw(st.sampled_from([75, *districts])))
        local.append({"code": str(commune), "name": f"Xã {commune}", "level": "commune", "parent": parent})
    return [{"code": "75", "name": "Tỉnh", "level": "province"}, *draw(st.permutations(local))]


def test_the_areas_of_the_shipped_plan() -> None:
    assert Counter(a.level for a in PLAN.areas) == {"province": 1, "district": 11, "commune": 170}
    assert PLAN.areas_by_code["25993"].name == "Phường Trảng Dài"
    assert PLAN.areas_by_code["25993"].kind == "Phường"
    assert all(a.name.startswith(a.kind) for a in PLAN.areas)
    assert [a.name for a in PLAN.areas if a.name == "Xã Thanh Sơn"] == ["Xã Thanh Sơn"] * 2
    assert [len(PLAN.areas_within[a.code]) for a in PLAN.areas if a.level == "province"] == [182]


def test_the_bodies_of_the_shipped_plan() -> None:
    assert len(PLAN.bodies) == 17
    assert {(b.level, b.area) for b in PLAN.bodies} == {("province", "75")}
    assert len(PLAN.local_bodies) == 11 + 170
    assert len(PLAN.all_bodies) == len(PLAN.bodies_by_code) == 198
    committee = PLAN.bodies_by_code["UBND-731"]
    assert (committee.name, committee.level, committee.area) == ("UBND Thành phố Biên Hòa", "district", "731")


def test_the_obligations_of_the_shipped_plan() -> None:
    owed = Counter((form, o.frequency, o.optional) for (_body, form), o in PLAN.cadences.items())
    assert owed == {
        ("01-PCMD", "M", False): 1,
        ("02-PCMD", "M", False): 12,
        ("03-PCMD", "M", False): 13,
        ("04-PCMD", "Q", False): 1,
        ("05-PCMD", "Q", False): 11,
        ("05-PCMD", "Q", True): 170,
        ("06-PCMD", "Q", False): 23,
        ("07-PCMD", "H", False): 14,
        ("08-PCMD", "Q", False): 14,
        ("09-PCMD", "H", False): 13,
        ("10-PCMD", "H", False): 13,
        ("11-PCMD", "Q", False): 1,
        ("12-PCMD", "A", False): 13,
    }
    assert len(PLAN.obligation_pairs) == len(PLAN.cadences)
    assert ("TAND", "04-PCMD") in PLAN.cadences
    assert ("CAT", "04-PCMD") not in PLAN.cadences


def test_the_targets_of_the_shipped_plan() -> None:
    assert {
        t.code: (t.at_least, t.at_most, t.unit, t.pace, t.reported_levels, t.breakdown_levels)
        for t in PLAN.targets
    } == {
        "T1": (30, None, "case", "linear", ("province",), ("district",)),
        "T2": (90, None, "percent", "constant", ("province",), ()),
        "T3": (100, None, "percent", "constant", ("province", "district"), ()),
        "T4": (30, None, "establishment", "linear", ("province",), ()),
        "T5": (80, None, "percent", "linear", ("province", "district"), ()),
        "T6": (80, None, "percent", "constant", ("province", "district"), ()),
        "T7": (100, None, "percent", "constant", ("province", "district"), ()),
        "T8": (80, None, "percent", "linear", ("commune",), ()),
    }


def test_the_calendar_of_the_shipped_plan() -> None:
    calendar = PLAN.calendar
    assert calendar.due_working_days == {"commune": 2, "district": 4, "province": 4}
    assert (calendar.closing_day, calendar.close_working_days) == (14, 6)
    assert calendar.timezone == "Asia/Ho_Chi_Minh"


@given(trees())
def test_up_and_down_the_tree_agree(areas: list[dict[str, Any]]) -> None:
    plan = plan_of(areas)
    parents = {a["code"]: a.get("parent") for a in areas}
    for code in parents:
        app = plan.ancestors(code)
        assert (app[0], app[-1]) == (code, "75")
        assert [parents[step] for step in app[:-1]] == [*app[1:]]
        assert plan.areas_within[code] == {c for c in parents if code in plan.ancestors(c)}
    assert plan.areas_within["75"] == set(parents)


@given(trees())
def test_every_local_area_has_a_body_of_its_own(areas: list[dict[str, Any]]) -> None:
    plan = plan_of(areas, local_body_prefix="UB-")
    assert {(b.code, b.name, b.level, b.area) for b in plan.local_bodies} == {
        (f"UB-{a['code']}", f"UBND {a['name']}", a["level"], a["code"]) for a in areas[1:]
    }


@given(trees(), st.sets(st.sampled_from(["district", "commune"]), min_size=1))
def test_a_level_means_all_its_bodies_or_is_rejected(areas: list[dict[str, Any]], levels: set[str]) -> None:
    obligation = {"form": "05-PCMD", "bodies": sorted(levels), "frequency": "Q"}
    if levels <= {a["level"] for a in areas}:
        plan = plan_of(areas, obligations=[obligation])
        expected = {f"UBND-{a['code']}" for a in areas if a["level"] in levels}
        assert {body.code for body, _o in plan.obligation_pairs} == expected
        assert set(plan.cadences) == {(code, "05-PCMD") for code in expected}
    else:
        with pytest.raises(ValidationError, match="no area has the level"):
            plan_of(areas, obligations=[obligation])


@given(trees(), st.data())
def test_an_area_torn_from_the_tree_is_refused(areas: list[dict[str, Any]], data: st.DataObject) -> None:
    inner = [a["code"] for a in areas[1:] if any(b.get("parent") == a["code"] for b in areas)]
    if inner:
        lost = data.draw(st.sampled_from(inner))
        with pytest.raises(ValidationError, match=f"has the unknown parent {lost}"):
            plan_of([a for a in areas if a["code"] != lost])


def test_the_plan_s_own_area_may_lie_in_one_that_is_not_listed() -> None:
    district = {"code": "731", "name": "Thành phố Biên Hòa", "level": "district", "parent": "75"}
    commune = {"code": "25993", "name": "Phường Trảng Dài", "level": "commune", "parent": "731"}
    plan = plan_of([district, commune])
    assert plan.ancestors("25993") == ("25993", "731")
    assert [b.code for b in plan.local_bodies] == ["UBND-731", "UBND-25993"]


def test_an_unknown_area_has_no_ancestors() -> None:
    assert PLAN.ancestors("00000") == ()


def test_a_local_body_may_be_named_in_an_obligation() -> None:
    areas = [
        {"code": "75", "name": "Tỉnh", "level": "province"},
        {"code": "731", "name": "Biên Hòa", "level": "district", "parent": "75"},
    ]
    plan = plan_of(areas, obligations=[{"form": "01-PCMD", "bodies": ["UBND-731"], "frequency": "M"}])
    assert [body.code for body, _o in plan.obligation_pairs] == ["UBND-731"]


def test_the_codes_and_names_of_local_bodies_may_be_as_long_as_can_be() -> None:
    areas = [
        {"code": "75", "name": "Tỉnh", "level": "province"},
        {"code": "1234567890", "name": "x" * 190, "level": "district", "parent": "75"},
    ]
    (body,) = plan_of(areas, local_body_prefix="P" * 30).local_bodies
    assert body.code == "P" * 30 + "1234567890"
    (short,) = plan_of(areas, local_body_prefix="").local_bodies
    assert short.code == "1234567890"


def test_a_level_at_which_nobody_reports_needs_no_due_day() -> None:
    areas = [{"code": "75", "name": "Tỉnh", "level": "province"}]
    calendar = CALENDAR | {"due_working_days": {"province": 3}}
    body = {"code": "CAT", "name": "Công an tỉnh", "level": "province", "area": "75"}
    plan = plan_of(
        areas,
        bodies=[body],
        calendar=calendar,
        obligations=[{"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M"}],
    )
    assert plan.calendar.due_working_days == {"province": 3}


@pytest.mark.parametrize("limits", [{"at_least": 30}, {"at_most": 30}, {"at_most": 0}, {"at_least": 0.5}])
def test_the_threshold_is_the_limit_given(limits: dict[str, Any]) -> None:
    target = Target(
        code="T", label_vi="t", numerator="x", unit="case", reported_levels=("province",), **limits
    )
    assert target.threshold == next(iter(limits.values()))


def test_a_plan_does_not_change_after_reading() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PLAN.year = 2021  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        PLAN.calendar.extra_days_off = (date(2020, 1, 2),)  # type: ignore[misc]
