"""Areas over time, from the plans of the years: states that follow each other, and what each became."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plans.area_history import ALWAYS, Lifetime, area_states, body_states, successor_closure
from plans.model import Plan, Succession
from plans.reading import read_plan
from tests.support.paths import DATA

BASE = read_plan(DATA / "plan_second.yaml")
COMMUNES = [area for area in BASE.areas if area.level == "commune"]


def plan(year: int, **changes: Mapping[str, object] | None) -> Plan:
    """The invented plan of some year: areas changed by code (`c96101=...`), or left out (None)."""
    areas = [
        area.model_copy(update=changes.get(f"c{area.code}") or {})
        for area in BASE.areas
        if changes.get(f"c{area.code}", {}) is not None
    ]
    document = BASE.model_copy(update={"areas": tuple(areas), "year": year, "code": f"TN-{year}"})
    return Plan.model_validate(document.model_dump())


def days(plans: list[Plan], code: str) -> list[tuple[str, date, date]]:
    return [(s.area.name, s.start, s.end) for s in area_states(plans) if s.area.code == code]


def test_one_plan_covers_all_time() -> None:
    assert days([plan(2023)], "96101") == [("Phường Một", date.min, ALWAYS)]


def test_a_name_holds_until_a_later_plan_changes_it() -> None:
    plans = [plan(2023), plan(2024), plan(2025, c96101={"name": "Phường Mới", "kind": "Phường"})]
    meant = [("Phường Một", date.min, date(2024, 12, 20)), ("Phường Mới", date(2024, 12, 20), ALWAYS)]
    assert days(plans, "96101") == days(plans[::-1], "96101") == meant


def test_what_a_plan_leaves_out_is_gone_in_its_year_and_may_come_back() -> None:
    plans = [plan(2023), plan(2024, c96101=None), plan(2025)]
    assert days(plans, "96101") == [
        ("Phường Một", date.min, date(2023, 12, 20)),
        ("Phường Một", date(2024, 12, 20), ALWAYS),
    ]


def test_a_date_counts_beyond_the_plans_own_year() -> None:
    gone = {"last_day": date(2024, 5, 31)}
    assert days([plan(2023, c96101=gone)], "96101") == [("Phường Một", date.min, date(2024, 6, 1))]


def test_a_body_goes_with_its_area() -> None:
    states = body_states([plan(2023, c96101={"last_day": date(2023, 6, 30)})])
    mine = [(s.start, s.end) for s in states if s.body.code == "UB-96101"]
    assert mine == [(date.min, date(2023, 7, 1))]


@given(
    st.lists(
        st.tuples(
            st.integers(2020, 2026),
            st.sampled_from([area.code for area in COMMUNES]),
            st.sampled_from([None, "Xã A", "Xã B"]),
            st.none() | st.dates(date(2019, 1, 1), date(2027, 1, 1)),
        ),
        max_size=7,
        unique_by=lambda change: change[0],
    )
)
def test_states_of_an_area_never_overlap_in_any_plans(
    changes: list[tuple[int, str, str | None, date | None]],
) -> None:
    plans = []
    for year, code, name, until in changes:
        declared = (
            None if name is None and until is None else {"last_day": until} | ({"name": name} if name else {})
        )
        plans.append(plan(year, **{f"c{code}": declared}))
    plans.append(plan(2030))
    states = area_states(plans)
    assert states == area_states(plans[::-1])
    for code in {state.area.code for state in states}:
        mine = [state for state in states if state.area.code == code]
        assert all(state.start < state.end for state in mine)
        assert all(a.end <= b.start for a, b in pairwise(mine))
        assert mine[-1].end == ALWAYS  # the last plan covers all


def life(code: str, start: int, end: int | None, *above: str) -> Lifetime:
    first, last = date(start, 1, 1), date(end, 1, 1) if end else ALWAYS
    return Lifetime("9", code, (code, *above), first, last)


def succession(year: int, old: str, new: str) -> Succession:
    return Succession(from_day=date(year, 1, 1), old=old, new=new, old_province="9", new_province="9")


def test_mergers_are_followed_through_time() -> None:
    lives = [
        life("1", 2000, 2010, "9"),
        life("2", 2000, 2010, "9"),
        life("2", 2010, 2020, "9"),
        life("3", 2020, None, "9"),
        life("9", 2000, None),
    ]
    declared = [succession(2010, "1", "2"), succession(2010, "2", "2"), succession(2020, "2", "3")]
    assert successor_closure(lives, declared) == {0: {0, 2, 3}, 1: {1, 2, 3}, 2: {2, 3}, 3: {3}, 4: {4}}


def test_a_division_leads_to_all_parts() -> None:
    lives = [life("1", 2000, 2010, "9"), life("2", 2010, None, "9"), life("3", 2010, None, "9")]
    assert successor_closure(lives, [succession(2010, "1", "2"), succession(2010, "1", "3")])[0] == {0, 1, 2}


def test_what_ended_without_a_word_became_what_was_in_it_or_what_it_lay_in() -> None:
    lives = [
        life("5", 2000, 2010, "9"),  # a district, abolished
        life("51", 2000, 2010, "5", "9"),
        life("51", 2010, None, "9"),
        life("6", 2000, 2010, "9"),  # nothing in it, and nothing declared of it
        life("9", 2000, None),
    ]
    found = successor_closure(lives, [])
    assert found[0] == {0, 2}
    assert found[3] == {3, 4}
