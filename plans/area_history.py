"""Areas and bodies over time: their states as the plans of the years tell them, and what each area became.

A plan speaks of its own year, and beyond it where it gives a date; a state lasts until a later plan says
otherwise. What it does not name does not exist in its year any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar

from plans.model import Area, Body, Plan, Succession
from plans.reporting_calendar import year_window

ALWAYS = date.max  # the first day after a state that has no end
State = TypeVar("State", "AreaState", "BodyState")

# What is no part of a state: its days, and an address that tells nobody who somebody is.
_TIMELESS: dict[str, object] = {"valid_from": None, "last_day": None, "email": ""}


@dataclass(frozen=True, slots=True)
class AreaState:
    """An area as it is from a day until the day `end`, on which it is so no more.

    `founded` is the day on which other areas came to lie in it: from then on it is another area.
    """

    area: Area
    province: str
    ancestors: tuple[str, ...]
    founded: date | None
    start: date
    end: date = ALWAYS


@dataclass(frozen=True, slots=True)
class BodyState:
    """A body as it is from a day until the day `end`."""

    body: Body
    start: date
    end: date = ALWAYS


def area_states(plans: Sequence[Plan]) -> list[AreaState]:
    """The states of all areas of a province, by code and day, from its plans of whatever years."""
    founded = _foundings(plans)
    steps: dict[str, dict[date, AreaState | None]] = {}
    for number, plan in enumerate(_in_order(plans)):
        begin = _begin(plan, number)
        for code in {*steps, *plan.areas_by_code}:
            _overrule(steps.setdefault(code, {}), begin, plan.areas, code)
        for area in plan.areas:
            start = area.valid_from or begin
            in_force = plan.effective_plan(start, start)
            parent = None if area.code == plan.area else area.parent
            timeless = area.model_copy(update={**_TIMELESS, "parent": parent})
            state = AreaState(timeless, plan.area, in_force.ancestors(area.code), None, start)
            days = [start, *(day for day in founded.get(area.code, ()) if start < day <= area.ends_on)]
            for day in days:
                since = max((d for d in founded.get(area.code, ()) if d <= day), default=None)
                steps[area.code][day] = replace(state, founded=since, start=day)
            if area.last_day is not None:
                steps[area.code].setdefault(area.last_day + timedelta(days=1), None)
    return [state for code in sorted(steps) for state in _lasting(steps[code])]


def body_states(plans: Sequence[Plan]) -> list[BodyState]:
    """The states of all bodies of a province, by code and day."""
    steps: dict[str, dict[date, BodyState | None]] = {}
    for number, plan in enumerate(_in_order(plans)):
        begin = _begin(plan, number)
        for code in {*steps, *plan.bodies_by_code}:
            _overrule(steps.setdefault(code, {}), begin, plan.all_bodies, code)
        for body in plan.all_bodies:
            start = body.valid_from or begin
            steps[body.code][start] = BodyState(body.model_copy(update=_TIMELESS), start)
            if body.last_day is not None:
                steps[body.code].setdefault(body.last_day + timedelta(days=1), None)
    return [state for code in sorted(steps) for state in _lasting(steps[code])]


class Lifetime(NamedTuple):
    """An area from a day until the day `end`: its province, code, and the codes of all that it lies in."""

    province: str
    code: str
    ancestors: tuple[str, ...]
    start: date
    end: date


def became(lives: Sequence[Lifetime], successions: Iterable[Succession]) -> dict[int, set[int]]:
    """For each life, by its place in `lives`, all lives that the area, or a part of it, came to lie in.

    Itself among them. An area that ended without a word on it became what the areas in it became, or what
    it lay in. The successions say their provinces; `lives` may be of several.
    """
    at: dict[tuple[str | None, str], list[int]] = {}
    for number, life in enumerate(lives):
        at.setdefault((life.province, life.code), []).append(number)
    said: dict[tuple[str | None, str, date], list[tuple[str | None, str]]] = {}
    for s in successions:
        said.setdefault((s.old_province, s.old, s.from_day), []).append((s.new_province, s.new))

    def on(province: str | None, code: str, day: date) -> list[int]:
        return [n for n in at.get((province, code), []) if lives[n].start <= day < lives[n].end]

    def named(province: str, code: str, day: date) -> list[int]:
        return [n for new in said.get((province, code, day), []) for n in on(*new, day)]

    def above(life: Lifetime) -> list[int]:
        for code in life.ancestors[1:]:
            if found := on(life.province, code, life.end) or named(life.province, code, life.end):
                return found
        return []

    def following(number: int) -> list[int]:
        life = lives[number]
        if life.end == ALWAYS:
            return []
        if found := named(life.province, life.code, life.end) or on(life.province, life.code, life.end):
            return found
        inside = [
            n
            for n, other in enumerate(lives)
            if other.end == life.end and other.province == life.province and life.code in other.ancestors[1:]
        ]
        return [n for i in inside for n in following(i)] or above(life)

    closure: dict[int, set[int]] = {}
    # What an area became ends later than the area itself: the last ones are known first.
    for number in sorted(range(len(lives)), key=lambda n: lives[n].end, reverse=True):
        closure[number] = {number}.union(*(closure[later] for later in following(number)))
    return closure


def located(province: str, successions: Iterable[Succession]) -> list[Succession]:
    """The successions of a plan of the province, each with its provinces said."""
    return [
        s.model_copy(
            update={"old_province": s.old_province or province, "new_province": s.new_province or province}
        )
        for s in successions
    ]


def _in_order(plans: Sequence[Plan]) -> list[Plan]:
    return sorted(plans, key=lambda plan: (plan.year, plan.code))


def _begin(plan: Plan, number: int) -> date:
    """From when a plan speaks: the first one of all time before its year as well."""
    return date.min if number == 0 else year_window(plan.year, plan.calendar)[0]


def _foundings(plans: Sequence[Plan]) -> dict[str, list[date]]:
    days: dict[str, set[date]] = {}
    for plan in plans:
        for s in located(plan.area, plan.successions):
            if s.new_province == plan.area and (s.kind in ("merged", "split")):
                days.setdefault(s.new, set()).add(s.from_day)
    return {code: sorted(found) for code, found in days.items()}


def _overrule(
    steps: dict[date, AreaState | None] | dict[date, BodyState | None],
    begin: date,
    states: Iterable[Area] | Iterable[Body],
    code: str,
) -> None:
    """Take away what earlier plans say of the time that a plan speaks of; without a word on it, end it."""
    mine = [state for state in states if state.code == code]
    first = min((state.valid_from or begin for state in mine), default=begin)
    for day in [day for day in steps if day >= first]:
        del steps[day]
    if not mine and steps:
        steps[begin] = None


def _lasting(steps: Mapping[date, State | None]) -> list[State]:
    """The states one after the other, each with its end; equal ones that follow each other are one."""
    found: list[State] = []
    for day, following in pairwise([*sorted(steps), ALWAYS]):
        state = steps[day]
        if state is None:
            continue
        if found and found[-1].end == day and replace(found[-1], start=day, end=ALWAYS) == state:
            found[-1] = replace(found[-1], end=following)
        else:
            found.append(replace(state, end=following))
    return found
