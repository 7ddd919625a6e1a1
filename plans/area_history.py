"""Areas and bodies over time: their states according to the plans of all years, and their successors.

A plan covers its own year, and other times where it gives a date; a state lasts until a later plan
changes it. An area or body that a plan does not name no longer exists in its year.
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

# Fields that are not part of a state: its days, and the e-mail address, which identifies nothing.
_TIMELESS: dict[str, object] = {"valid_from": None, "last_day": None, "email": ""}


@dataclass(frozen=True, slots=True)
class AreaState:
    """An area from the day `start` (inclusive) to the day `end` (exclusive).

    `founded` is the day on which other areas were merged into it: from then on it counts as another area.
    """

    area: Area
    province: str
    ancestors: tuple[str, ...]
    founded: date | None
    start: date
    end: date = ALWAYS


@dataclass(frozen=True, slots=True)
class BodyState:
    """A body from the day `start` (inclusive) to the day `end` (exclusive)."""

    body: Body
    start: date
    end: date = ALWAYS


def area_states(plans: Sequence[Plan]) -> list[AreaState]:
    """Return the states of all areas of a province, by code and day, from its plans of any years."""
    founded = _foundings(plans)
    steps: dict[str, dict[date, AreaState | None]] = {}
    for number, plan in enumerate(_in_order(plans)):
        begin = _begin(plan, number)
        for code in {*steps, *plan.areas_by_code}:
            _override(steps.setdefault(code, {}), begin, plan.areas, code)
        for area in plan.areas:
            start = area.valid_from or begin
            effective = plan.effective_plan(start, start)
            parent = None if area.code == plan.area else area.parent
            timeless = area.model_copy(update={**_TIMELESS, "parent": parent})
            state = AreaState(timeless, plan.area, effective.ancestors(area.code), None, start)
            days = [start, *(day for day in founded.get(area.code, ()) if start < day <= area.ends_on)]
            for day in days:
                since = max((d for d in founded.get(area.code, ()) if d <= day), default=None)
                steps[area.code][day] = replace(state, founded=since, start=day)
            if area.last_day is not None:
                steps[area.code].setdefault(area.last_day + timedelta(days=1), None)
    return [state for code in sorted(steps) for state in _lasting(steps[code])]


def body_states(plans: Sequence[Plan]) -> list[BodyState]:
    """Return the states of all bodies of a province, by code and day."""
    steps: dict[str, dict[date, BodyState | None]] = {}
    for number, plan in enumerate(_in_order(plans)):
        begin = _begin(plan, number)
        for code in {*steps, *plan.bodies_by_code}:
            _override(steps.setdefault(code, {}), begin, plan.all_bodies, code)
        for body in plan.all_bodies:
            start = body.valid_from or begin
            steps[body.code][start] = BodyState(body.model_copy(update=_TIMELESS), start)
            if body.last_day is not None:
                steps[body.code].setdefault(body.last_day + timedelta(days=1), None)
    return [state for code in sorted(steps) for state in _lasting(steps[code])]


class Lifetime(NamedTuple):
    """An area from `start` to `end` (exclusive); `ancestors` are its own code and those around it."""

    province: str
    code: str
    ancestors: tuple[str, ...]
    start: date
    end: date


def successor_closure(
    lifetimes: Sequence[Lifetime], successions: Iterable[Succession]
) -> dict[int, set[int]]:
    """Return for each lifetime, by index, itself and all lifetimes in which a part of the area ends up.

    An area that ends without a succession is succeeded by the successors of the areas inside it, or else by
    the area around it. Successions carry their provinces; lifetimes may be of several provinces.
    """
    successors = _Successors(lifetimes, successions)
    closure: dict[int, set[int]] = {}
    # Successors end later than the area itself, so the latest lifetimes are resolved first.
    for index in sorted(range(len(lifetimes)), key=lambda i: lifetimes[i].end, reverse=True):
        closure[index] = {index}.union(*(closure[later] for later in successors.of(index)))
    return closure


class _Successors:
    """Look up the direct successors of lifetimes."""

    def __init__(self, lifetimes: Sequence[Lifetime], successions: Iterable[Succession]) -> None:
        self._lifetimes = lifetimes
        self._by_code: dict[tuple[str | None, str], list[int]] = {}
        for index, lifetime in enumerate(lifetimes):
            self._by_code.setdefault((lifetime.province, lifetime.code), []).append(index)
        self._declared: dict[tuple[str | None, str, date], list[tuple[str | None, str]]] = {}
        for s in successions:
            key = (s.old_province, s.old, s.from_day)
            self._declared.setdefault(key, []).append((s.new_province, s.new))

    def of(self, index: int) -> list[int]:
        """Return the indexes of the lifetimes that directly follow one; empty where it has no end."""
        lifetime = self._lifetimes[index]
        if lifetime.end == ALWAYS:
            return []
        direct = self._at(lifetime.province, lifetime.code, lifetime.end)
        if direct:
            return direct
        inside = [
            i
            for i, other in enumerate(self._lifetimes)
            if other.end == lifetime.end
            and other.province == lifetime.province
            and lifetime.code in other.ancestors[1:]
        ]
        return [later for i in inside for later in self.of(i)] or self._around(lifetime)

    def _around(self, lifetime: Lifetime) -> list[int]:
        for code in lifetime.ancestors[1:]:
            found = self._existing(lifetime.province, code, lifetime.end) or self._named(
                lifetime.province, code, lifetime.end
            )
            if found:
                return found
        return []

    def _at(self, province: str, code: str, day: date) -> list[int]:
        return self._named(province, code, day) or self._existing(province, code, day)

    def _existing(self, province: str | None, code: str, day: date) -> list[int]:
        indexes = self._by_code.get((province, code), [])
        return [i for i in indexes if self._lifetimes[i].start <= day < self._lifetimes[i].end]

    def _named(self, province: str, code: str, day: date) -> list[int]:
        declared = self._declared.get((province, code, day), [])
        return [i for new_province, new in declared for i in self._existing(new_province, new, day)]


def located(province: str, successions: Iterable[Succession]) -> list[Succession]:
    """Return the successions of a plan of the province, each with both provinces filled in."""
    return [
        s.model_copy(
            update={"old_province": s.old_province or province, "new_province": s.new_province or province}
        )
        for s in successions
    ]


def _in_order(plans: Sequence[Plan]) -> list[Plan]:
    return sorted(plans, key=lambda plan: (plan.year, plan.code))


def _begin(plan: Plan, number: int) -> date:
    """Return the first day that a plan covers: the first plan covers all time before its year as well."""
    return date.min if number == 0 else year_window(plan.year, plan.calendar)[0]


def _foundings(plans: Sequence[Plan]) -> dict[str, list[date]]:
    days: dict[str, set[date]] = {}
    for plan in plans:
        for s in located(plan.area, plan.successions):
            if s.new_province == plan.area and (s.kind in ("merged", "split")):
                days.setdefault(s.new, set()).add(s.from_day)
    return {code: sorted(found) for code, found in days.items()}


def _override(
    steps: dict[date, AreaState | None] | dict[date, BodyState | None],
    begin: date,
    states: Iterable[Area] | Iterable[Body],
    code: str,
) -> None:
    """Drop the states of earlier plans in the time that a plan covers; end the area if the plan has none."""
    mine = [state for state in states if state.code == code]
    first = min((state.valid_from or begin for state in mine), default=begin)
    for day in [day for day in steps if day >= first]:
        del steps[day]
    if not mine and steps:
        steps[begin] = None


def _lasting(steps: Mapping[date, State | None]) -> list[State]:
    """Return the states in order, each with its end; adjacent equal states are merged."""
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
